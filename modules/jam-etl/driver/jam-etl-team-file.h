/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_TEAM_FILE_H_INCLUDED
#define JAM_ETL_TEAM_FILE_H_INCLUDED

#include "driver/jam-etl-file-reporter.h"
#include "files/team-file.h"

/* The file of team-map(). While it cannot be used, workers look for it, all of them
 * together once a second. */
typedef struct _JamEtlTeamFile
{
  JamEtlFileReporter reporter;
  GMutex lock;
  /* what the lock guards, but for file.path, which stays, and file.map */
  JamTeamFile file;
  gint64 next_look;
} JamEtlTeamFile;

/* @owner, the driver that log lines name, must outlive @self. */
void jam_etl_team_file_init(JamEtlTeamFile *self, LogDriver *owner);
void jam_etl_team_file_clear(JamEtlTeamFile *self);

/* As jam_team_file_open(). */
gboolean jam_etl_team_file_set_path(JamEtlTeamFile *self, const gchar *path, GError **error);

/* Returns why the file cannot be used, or NULL; @self owns it. Before threads share @self. */
const gchar *jam_etl_team_file_get_fault(const JamEtlTeamFile *self);

/* Looks for the file, if it is missing and the last look is a second ago; reports the
 * result. Any thread. */
void jam_etl_team_file_look(JamEtlTeamFile *self);

/* Returns TRUE if there is team-map() and the file was not read yet. Any thread. */
static inline gboolean
jam_etl_team_file_is_missing(JamEtlTeamFile *self)
{
  return self->file.path && !g_atomic_pointer_get(&self->file.map);
}

/* Returns the map, or NULL as long as there is none; @self owns it. Any thread. */
static inline const JamTeamMap *
jam_etl_team_file_get_map(JamEtlTeamFile *self)
{
  if (jam_etl_team_file_is_missing(self))
    jam_etl_team_file_look(self);
  return g_atomic_pointer_get(&self->file.map);
}

#endif
