/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_REJECT_REPORTER_H_INCLUDED
#define JAM_ETL_REJECT_REPORTER_H_INCLUDED

#include "driver.h"
#include "driver/jam-etl-report-interval.h"

#include "core/tables/reject.h"

/* Tells the operator of rejected messages: one log line a reason and minute,
 * however many there are. Workers share it. */
typedef struct _JamEtlRejectReporter
{
  LogDriver *owner;
  const gchar *reject_file;
  GMutex lock;
  /* what the lock guards */
  struct
  {
    JamEtlReportInterval interval;
    gchar latest[sizeof(((JamReject *) NULL)->text)];
  } reasons[JAM_N_REJECT_REASONS];
} JamEtlRejectReporter;

/* @owner, the driver that log lines name, must outlive @self. */
void jam_etl_reject_reporter_init(JamEtlRejectReporter *self, LogDriver *owner);
void jam_etl_reject_reporter_clear(JamEtlRejectReporter *self);

/* Counts one rejected message; reports it unless its reason was reported less
 * than a minute ago. @reject_file, where the message went, must outlive @self. */
void jam_etl_reject_reporter_add(JamEtlRejectReporter *self, const JamReject *reject, const gchar *reject_file);

/* Reports pending counts older than a minute. */
void jam_etl_reject_reporter_tick(JamEtlRejectReporter *self);

/* Reports all pending counts. */
void jam_etl_reject_reporter_flush(JamEtlRejectReporter *self);

#endif
