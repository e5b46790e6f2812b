/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_UNMATCHED_REPORTER_H_INCLUDED
#define JAM_ETL_UNMATCHED_REPORTER_H_INCLUDED

#include "driver.h"
#include "driver/jam-etl-report-interval.h"

/* The start of a text that a sender chose: any bytes, of any length. */
typedef struct _JamEtlExcerpt
{
  gchar bytes[128];
  /* of the whole text */
  gsize length;
} JamEtlExcerpt;

/* Tells the operator of messages with an unexpected program name: one log line a
 * minute, however many there are. Any thread may add. */
typedef struct _JamEtlUnmatchedReporter
{
  LogDriver *owner;
  GMutex lock;
  /* what the lock guards */
  JamEtlReportInterval interval;
  /* of the latest message */
  JamEtlExcerpt program;
  JamEtlExcerpt peer;
} JamEtlUnmatchedReporter;

/* @owner, the driver that log lines name, must outlive @self. */
void jam_etl_unmatched_reporter_init(JamEtlUnmatchedReporter *self, LogDriver *owner);
void jam_etl_unmatched_reporter_clear(JamEtlUnmatchedReporter *self);

/* Counts a message of @program that came from @peer; reports it unless there was a
 * line less than a minute ago. */
void jam_etl_unmatched_reporter_add(JamEtlUnmatchedReporter *self, const gchar *program, gsize program_length,
                                    const gchar *peer, gsize peer_length);

/* Reports a pending count older than a minute. */
void jam_etl_unmatched_reporter_tick(JamEtlUnmatchedReporter *self);

/* Reports a pending count. */
void jam_etl_unmatched_reporter_flush(JamEtlUnmatchedReporter *self);

#endif
