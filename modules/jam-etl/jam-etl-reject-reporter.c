/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "jam-etl-reject-reporter.h"

#include "messages.h"

#include <string.h>

#define REPORT_INTERVAL_US (60 * G_USEC_PER_SEC)

static void
_report(JamEtlRejectReporter *self, JamRejectReason reason)
{
  msg_warning("jam-etl: messages rejected",
              evt_tag_str("reason", jam_reject_reason_name(reason)),
              evt_tag_printf("count", "%" G_GUINT64_FORMAT, self->reasons[reason].count),
              evt_tag_str("latest", self->reasons[reason].latest),
              evt_tag_str("reject_file", self->reject_file),
              evt_tag_str("driver", self->owner->id),
              log_pipe_location_tag(&self->owner->super));
  self->reasons[reason].count = 0;
  self->reasons[reason].last_report = g_get_monotonic_time();
}

static void
_report_if_older(JamEtlRejectReporter *self, JamRejectReason reason, gint64 interval_us)
{
  gint64 last_report = self->reasons[reason].last_report;

  if (self->reasons[reason].count > 0
      && (last_report == 0 || g_get_monotonic_time() - last_report >= interval_us))
    _report(self, reason);
}

static void
_report_all_older(JamEtlRejectReporter *self, gint64 interval_us)
{
  g_mutex_lock(&self->lock);
  for (gint i = 0; i < JAM_N_REJECT_REASONS; i++)
    _report_if_older(self, i, interval_us);
  g_mutex_unlock(&self->lock);
}

void
jam_etl_reject_reporter_init(JamEtlRejectReporter *self, LogDriver *owner)
{
  self->owner = owner;
  g_mutex_init(&self->lock);
}

void
jam_etl_reject_reporter_clear(JamEtlRejectReporter *self)
{
  g_mutex_clear(&self->lock);
}

void
jam_etl_reject_reporter_add(JamEtlRejectReporter *self, const JamReject *reject, const gchar *reject_file)
{
  g_mutex_lock(&self->lock);
  self->reject_file = reject_file;
  self->reasons[reject->reason].count++;
  memcpy(self->reasons[reject->reason].latest, reject->text, sizeof(reject->text));
  _report_if_older(self, reject->reason, REPORT_INTERVAL_US);
  g_mutex_unlock(&self->lock);
}

void
jam_etl_reject_reporter_tick(JamEtlRejectReporter *self)
{
  _report_all_older(self, REPORT_INTERVAL_US);
}

void
jam_etl_reject_reporter_flush(JamEtlRejectReporter *self)
{
  _report_all_older(self, 0);
}
