/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TEAM_FILE_H_INCLUDED
#define JAM_TEAM_FILE_H_INCLUDED

#include "core/tables/team-map.h"

#include <sys/stat.h>

/* The file of a team map, which is read once, as soon as it can be: a map in use stays as
 * it is. Starts as { 0 }. It belongs to one thread at a time. */
typedef struct _JamTeamFile
{
  gchar *path;
  /* NULL until the file was read. From then on it neither changes nor goes away, and any
   * thread may get it with g_atomic_pointer_get() */
  JamTeamMap *map;
  /* why there is none, with the path; NULL if that is not known yet */
  gchar *fault;
  /* what was there at the last look; zeros for nothing */
  struct stat seen;
  /* that was read, and its text is at fault */
  gboolean is_malformed;
} JamTeamFile;

void jam_team_file_clear(JamTeamFile *self);

/* Takes @path and reads the file. Returns FALSE and sets @error (JAM_TEAM_MAP_ERROR) only
 * if its text is at fault; anything else may pass, and is the fault until then. */
gboolean jam_team_file_open(JamTeamFile *self, const gchar *path, GError **error);

/* Without a map: looks for the file, and reads it if it has not changed since the last
 * look, for until then it may be half written. A malformed one is not read again before
 * it changes. */
void jam_team_file_look(JamTeamFile *self);

#endif
