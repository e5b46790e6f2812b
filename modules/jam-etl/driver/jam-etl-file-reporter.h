/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_FILE_REPORTER_H_INCLUDED
#define JAM_ETL_FILE_REPORTER_H_INCLUDED

#include "driver.h"
#include "driver/jam-etl-report-interval.h"

/* Tells the operator of a file of the configuration that is missing or cannot be used:
 * one log line at once, then one a minute, and one when it is in use after all. Workers
 * share it. */
typedef struct _JamEtlFileReporter
{
  LogDriver *owner;
  /* the log lines' texts */
  const gchar *missing;
  const gchar *in_use;
  GMutex lock;
  /* what the lock guards */
  JamEtlReportInterval interval;
  gboolean is_reported;
} JamEtlFileReporter;

/* @owner, the driver that log lines name, and the texts must outlive @self. */
void jam_etl_file_reporter_init(JamEtlFileReporter *self, LogDriver *owner, const gchar *missing, const gchar *in_use);
void jam_etl_file_reporter_clear(JamEtlFileReporter *self);

/* Says that a file cannot be used; @error names it. */
void jam_etl_file_reporter_note_missing(JamEtlFileReporter *self, const gchar *error);

/* Says that all files are in use. */
void jam_etl_file_reporter_note_in_use(JamEtlFileReporter *self);

#endif
