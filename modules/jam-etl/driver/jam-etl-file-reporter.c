/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-file-reporter.h"

#include "messages.h"

void
jam_etl_file_reporter_init(JamEtlFileReporter *self, LogDriver *owner, const gchar *missing, const gchar *in_use)
{
  self->owner = owner;
  self->missing = missing;
  self->in_use = in_use;
  g_mutex_init(&self->lock);
}

void
jam_etl_file_reporter_clear(JamEtlFileReporter *self)
{
  g_mutex_clear(&self->lock);
}

void
jam_etl_file_reporter_note_missing(JamEtlFileReporter *self, const gchar *error)
{
  g_mutex_lock(&self->lock);
  self->interval.count++;
  if (jam_etl_report_interval_is_due(&self->interval, FALSE))
    {
      msg_error(self->missing, evt_tag_str("error", error), evt_tag_str("driver", self->owner->id),
                log_pipe_location_tag(&self->owner->super));
      jam_etl_report_interval_restart(&self->interval);
      self->is_reported = TRUE;
    }
  g_mutex_unlock(&self->lock);
}

void
jam_etl_file_reporter_note_in_use(JamEtlFileReporter *self)
{
  g_mutex_lock(&self->lock);
  if (self->is_reported)
    msg_notice(self->in_use, evt_tag_str("driver", self->owner->id), log_pipe_location_tag(&self->owner->super));
  self->is_reported = FALSE;
  g_mutex_unlock(&self->lock);
}
