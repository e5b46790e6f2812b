/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_REPORT_INTERVAL_H_INCLUDED
#define JAM_ETL_REPORT_INTERVAL_H_INCLUDED

#include <glib.h>

/* Limits the log lines about one kind of event: one at once, then one a minute with the
 * number of events. The caller locks it. */
typedef struct _JamEtlReportInterval
{
  /* events not yet reported */
  guint64 count;
  /* monotonic microseconds; 0: never */
  gint64 last_report;
} JamEtlReportInterval;

#define JAM_ETL_REPORT_INTERVAL_US (60 * G_USEC_PER_SEC)

/* Returns TRUE if there are events to report, and the last report is a minute ago or
 * @is_final. */
static inline gboolean
jam_etl_report_interval_is_due(const JamEtlReportInterval *self, gboolean is_final)
{
  return self->count > 0
         && (is_final || self->last_report == 0
             || g_get_monotonic_time() - self->last_report >= JAM_ETL_REPORT_INTERVAL_US);
}

/* Returns the number of events to report, and starts the next interval. */
static inline guint64
jam_etl_report_interval_restart(JamEtlReportInterval *self)
{
  guint64 count = self->count;

  self->count = 0;
  self->last_report = g_get_monotonic_time();
  return count;
}

#endif
