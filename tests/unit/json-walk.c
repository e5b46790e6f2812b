/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "json-walk.h"

static gboolean _walk_value(JamJsonReader *reader, guint *count);

static gboolean
_walk_array(JamJsonReader *reader, guint *count)
{
  guint ignored;

  if (!jam_json_reader_enter_array(reader))
    return FALSE;
  while (jam_json_reader_next_element(reader))
    {
      if (!_walk_value(reader, &ignored))
        return FALSE;
      (*count)++;
    }
  return reader->error == JAM_JSON_OK;
}

static gboolean
_walk_object(JamJsonReader *reader, guint *count)
{
  JamJsonValue key;
  guint ignored;

  if (!jam_json_reader_enter_object(reader))
    return FALSE;
  while (jam_json_reader_next_member(reader, &key))
    {
      if (!_walk_value(reader, &ignored))
        return FALSE;
      (*count)++;
    }
  return reader->error == JAM_JSON_OK;
}

static gboolean
_walk_value(JamJsonReader *reader, guint *count)
{
  JamJsonValue value;

  *count = 0;
  switch (jam_json_reader_peek(reader))
    {
    case JAM_JSON_ARRAY:
      return _walk_array(reader, count);
    case JAM_JSON_OBJECT:
      return _walk_object(reader, count);
    default:
      return jam_json_reader_value(reader, &value);
    }
}

gboolean
json_read_whole(const gchar *text, gsize length, JamJsonValue *value)
{
  JamJsonReader reader;

  jam_json_reader_init(&reader, text, length);
  return jam_json_reader_value(&reader, value) && jam_json_reader_finish(&reader);
}

gboolean
json_walk(const gchar *text, gsize length, guint *count)
{
  JamJsonReader reader;

  jam_json_reader_init(&reader, text, length);
  return _walk_value(&reader, count) && jam_json_reader_finish(&reader);
}
