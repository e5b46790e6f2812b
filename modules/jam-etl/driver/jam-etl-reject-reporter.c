/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-reject-reporter.h"

#include "messages.h"

#include <string.h>

static void
_report(JamEtlRejectReporter *self, JamRejectReason reason)
{
  msg_warning(
    "jam-etl: messages rejected", evt_tag_str("reason", jam_reject_reason_name(reason)),
    evt_tag_printf("count", "%" G_GUINT64_FORMAT, jam_etl_report_interval_restart(&self->reasons[reason].interval)),
    evt_tag_str("latest", self->reasons[reason].latest), evt_tag_str("reject_file", self->reject_file),
    evt_tag_str("driver", self->owner->id), log_pipe_location_tag(&self->owner->super));
}

static void
_report_if_due(JamEtlRejectReporter *self, JamRejectReason reason, gboolean is_final)
{
  if (jam_etl_report_interval_is_due(&self->reasons[reason].interval, is_final))
    _report(self, reason);
}

static void
_report_all_due(JamEtlRejectReporter *self, gboolean is_final)
{
  g_mutex_lock(&self->lock);
  for (gint i = 0; i < JAM_N_REJECT_REASONS; i++)
    _report_if_due(self, i, is_final);
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
  self->reasons[reject->reason].interval.count++;
  memcpy(self->reasons[reject->reason].latest, reject->text, sizeof(reject->text));
  _report_if_due(self, reject->reason, FALSE);
  g_mutex_unlock(&self->lock);
}

void
jam_etl_reject_reporter_tick(JamEtlRejectReporter *self)
{
  _report_all_due(self, FALSE);
}

void
jam_etl_reject_reporter_flush(JamEtlRejectReporter *self)
{
  _report_all_due(self, TRUE);
}
