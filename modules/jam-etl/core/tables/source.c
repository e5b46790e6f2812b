/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/tables/source.h"

#include <string.h>

#define PAYLOAD "json_encoded"
#define METADATA "metadata."
#define ITEM "item"
#define INDEXED "[index]."

static const struct
{
  const gchar *name;
  JamSourceKind kind;
  JamEncodedObject object;
} plain_sources[] = {
  { "time", JAM_SOURCE_TIME, JAM_ENCODED_NONE },
  { "unix_ns(time)", JAM_SOURCE_UNIX_NS, JAM_ENCODED_NONE },
  { "slot(time)", JAM_SOURCE_SLOT, JAM_ENCODED_NONE },
  { "team", JAM_SOURCE_TEAM, JAM_ENCODED_NONE },
  { "sender_id", JAM_SOURCE_SENDER_ID, JAM_ENCODED_NONE },
  { "elapsed", JAM_SOURCE_ELAPSED, JAM_ENCODED_NONE },
  { "codec_encoded", JAM_SOURCE_CODEC_ENCODED, JAM_ENCODED_NONE },
  { "row_id", JAM_SOURCE_ROW_ID, JAM_ENCODED_NONE },
  { "index", JAM_SOURCE_INDEX, JAM_ENCODED_NONE },
  { "header_hash(codec_encoded)", JAM_SOURCE_OBJECT_HASH, JAM_ENCODED_HEADER },
  { "work_package_hash(codec_encoded)", JAM_SOURCE_OBJECT_HASH, JAM_ENCODED_WORK_PACKAGE },
};

static const struct
{
  const gchar *name;
  JamSourceKind kind;
} functions[] = {
  { "json(", JAM_SOURCE_JSON },
  { "count(", JAM_SOURCE_COUNT },
  { "blake2b256(", JAM_SOURCE_BLAKE2B256 },
  { "base64(", JAM_SOURCE_BASE64 },
};

static gboolean
_parse_plain(JamSource *self, const gchar *from)
{
  for (gsize i = 0; i < G_N_ELEMENTS(plain_sources); i++)
    {
      if (strcmp(from, plain_sources[i].name) == 0)
        {
          self->kind = plain_sources[i].kind;
          self->object = plain_sources[i].object;
          return TRUE;
        }
    }
  return FALSE;
}

/* Returns the path that @from is or gives to a function. */
static const gchar *
_parse_function(JamSource *self, const gchar *from)
{
  self->kind = JAM_SOURCE_VALUE;
  for (gsize i = 0; i < G_N_ELEMENTS(functions); i++)
    {
      gsize length = strlen(functions[i].name);
      if (strncmp(from, functions[i].name, length) == 0)
        {
          gchar *path = g_strndup(from + length, strlen(from) - length - 1);
          const gchar *interned = g_intern_string(path);

          self->kind = functions[i].kind;
          g_free(path);
          return interned;
        }
    }
  return from;
}

static const gchar *
_path_below(const gchar *path, const gchar *root)
{
  gsize length = strlen(root);

  if (strncmp(path, root, length) != 0 || (path[length] != '\0' && path[length] != '.'))
    return NULL;
  return path[length] ? path + length + 1 : path + length;
}

static void
_parse_indexed_path(JamSource *self, const JamTable *table, const gchar *path)
{
  const gchar *indexed = strstr(path, INDEXED);
  const gchar *array = strrchr(table->each, '.') + 1;

  g_assert(indexed);
  self->frame = strncmp(path, array, indexed - path) == 0 ? JAM_FRAME_EACH : JAM_FRAME_PAIRED;
  self->path = indexed + strlen(INDEXED);
}

static void
_parse_path(JamSource *self, const JamTable *table, const gchar *path)
{
  self->frame = JAM_FRAME_PAYLOAD;
  if ((self->path = _path_below(path, PAYLOAD)))
    return;
  self->frame = JAM_FRAME_EACH;
  if ((self->path = _path_below(path, ITEM)))
    return;
  _parse_indexed_path(self, table, path);
}

void
jam_source_parse(JamSource *self, const JamTable *table, const JamColumn *column)
{
  *self = (JamSource){ 0 };
  if (_parse_plain(self, column->from))
    return;
  if (g_str_has_prefix(column->from, METADATA))
    {
      self->kind = JAM_SOURCE_METADATA;
      self->path = column->from + strlen(METADATA);
      self->path_length = strlen(self->path);
      return;
    }
  _parse_path(self, table, _parse_function(self, column->from));
  self->path_length = strlen(self->path);
}

gboolean
jam_source_has_path(const JamSource *self)
{
  return self->kind >= JAM_SOURCE_VALUE;
}

const gchar *
jam_source_payload_path(const gchar *path)
{
  return _path_below(path, PAYLOAD);
}
