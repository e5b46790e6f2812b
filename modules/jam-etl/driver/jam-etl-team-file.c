/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-team-file.h"

#define LOOK_INTERVAL_US G_USEC_PER_SEC

void
jam_etl_team_file_init(JamEtlTeamFile *self, LogDriver *owner)
{
  jam_etl_file_reporter_init(
    &self->reporter, owner,
    "jam-etl: cannot use team-map(), rows have the sender's own team until the file is in place",
    "jam-etl: team-map() is in use");
  g_mutex_init(&self->lock);
}

void
jam_etl_team_file_clear(JamEtlTeamFile *self)
{
  jam_etl_file_reporter_clear(&self->reporter);
  g_mutex_clear(&self->lock);
  jam_team_file_clear(&self->file);
}

gboolean
jam_etl_team_file_set_path(JamEtlTeamFile *self, const gchar *path, GError **error)
{
  return jam_team_file_open(&self->file, path, error);
}

const gchar *
jam_etl_team_file_get_fault(const JamEtlTeamFile *self)
{
  return self->file.fault;
}

static void
_report(JamEtlTeamFile *self)
{
  if (self->file.map)
    jam_etl_file_reporter_note_in_use(&self->reporter);
  else if (self->file.fault)
    jam_etl_file_reporter_note_missing(&self->reporter, self->file.fault);
}

void
jam_etl_team_file_look(JamEtlTeamFile *self)
{
  gint64 now = g_get_monotonic_time();

  g_mutex_lock(&self->lock);
  if (jam_etl_team_file_is_missing(self) && now >= self->next_look)
    {
      self->next_look = now + LOOK_INTERVAL_US;
      jam_team_file_look(&self->file);
      _report(self);
    }
  g_mutex_unlock(&self->lock);
}
