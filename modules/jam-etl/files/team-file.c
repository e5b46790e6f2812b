/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "files/team-file.h"
#include "files/file-fault.h"

void
jam_team_file_clear(JamTeamFile *self)
{
  g_clear_pointer(&self->map, jam_team_map_free);
  g_free(self->path);
  g_free(self->fault);
  *self = (JamTeamFile){ 0 };
}

static void
_set_fault(JamTeamFile *self, const gchar *why)
{
  g_free(self->fault);
  self->fault = why ? g_strdup_printf("cannot read %s: %s", self->path, why) : NULL;
}

static JamTeamMap *
_parse_file(const gchar *path, GError **error)
{
  JamTeamMap *map;
  gchar *csv;
  gsize length;

  if (!g_file_get_contents(path, &csv, &length, error))
    return NULL;
  map = jam_team_map_new(csv, length, error);
  g_free(csv);
  return map;
}

static void
_read(JamTeamFile *self)
{
  GError *error = NULL;
  JamTeamMap *map = _parse_file(self->path, &error);

  g_atomic_pointer_set(&self->map, map);
  _set_fault(self, map ? NULL : error->message);
  self->is_malformed = error && error->domain == JAM_TEAM_MAP_ERROR;
  g_clear_error(&error);
}

gboolean
jam_team_file_open(JamTeamFile *self, const gchar *path, GError **error)
{
  jam_team_file_clear(self);
  self->path = g_strdup(path);
  _set_fault(self, jam_file_find_fault(path, FALSE, &self->seen));
  if (!self->fault)
    _read(self);
  if (self->is_malformed)
    g_set_error_literal(error, JAM_TEAM_MAP_ERROR, JAM_TEAM_MAP_ERROR_SYNTAX, self->fault);
  return !self->is_malformed;
}

static gboolean
_is_same(const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size
         && a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec
         && a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

void
jam_team_file_look(JamTeamFile *self)
{
  struct stat st;
  const gchar *why = jam_file_find_fault(self->path, FALSE, &st);
  gboolean has_changed = !_is_same(&st, &self->seen);

  self->seen = st;
  self->is_malformed = self->is_malformed && !has_changed;
  if (why || has_changed)
    _set_fault(self, why);
  else if (!self->is_malformed)
    _read(self);
}
