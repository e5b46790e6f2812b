/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/json-prepare.h"
#include "core/integer.h"
#include "core/json-reader.h"

#define HALF_PAIR_STANDS_FOR "\\ufffd"
#define UNIT_BYTES (sizeof(HALF_PAIR_STANDS_FOR) - 1)

/* Returns the UTF-16 unit that is written at @p, or -1 if none is. */
static gint
_get_unit(const gchar *p)
{
  gint unit = 0;

  if (p[0] != '\\' || p[1] != 'u')
    return -1;
  for (gint i = 2; i < 6; i++)
    unit = unit << 4 | g_ascii_xdigit_value(p[i]);
  return unit;
}

static gboolean
_is_first_of_pair(gint unit)
{
  return unit >= 0xD800 && unit < 0xDC00;
}

static gboolean
_is_second_of_pair(gint unit)
{
  return unit >= 0xDC00 && unit < 0xE000;
}

/* Returns how many bytes from @p on, where an escape stands, are in order now. */
static gsize
_mend_escape(gchar *p)
{
  gint unit = _get_unit(p);

  if (unit < 0)
    return 2;
  /* behind an escape there is at least the quotation mark */
  if (_is_first_of_pair(unit) && _is_second_of_pair(_get_unit(p + UNIT_BYTES)))
    return 2 * UNIT_BYTES;
  if (_is_first_of_pair(unit) || _is_second_of_pair(unit))
    memcpy(p, HALF_PAIR_STANDS_FOR, UNIT_BYTES);
  return UNIT_BYTES;
}

static void
_mend_string(gchar *p, const gchar *end)
{
  while (p < end)
    p += *p == '\\' ? _mend_escape(p) : 1;
}

/* An integer that is too large has at least as many digits as the limit. */
static void
_mend_integer(gchar *text, gsize length)
{
  const gchar *limit = *text == '-' ? "-9223372036854775808" : "9223372036854775807";

  if (jam_integer_is_valid(text, length))
    return;
  memset(text, ' ', length);
  memcpy(text, limit, strlen(limit));
}

/* What the reader hands out lies in a text that is ours to change. */
static void
_mend_scalar(const JamJsonValue *value)
{
  gchar *text = (gchar *) value->text;

  if (value->flags & JAM_JSON_ESCAPED)
    _mend_string(text, text + value->length);
  else if (value->flags & JAM_JSON_INTEGER)
    _mend_integer(text, value->length);
}

static gboolean _read_value(JamJsonReader *reader);

static gboolean
_read_array(JamJsonReader *reader)
{
  if (!jam_json_reader_enter_array(reader))
    return FALSE;
  while (jam_json_reader_next_element(reader))
    {
      if (!_read_value(reader))
        return FALSE;
    }
  return reader->error == JAM_JSON_OK;
}

static gboolean
_read_object(JamJsonReader *reader)
{
  JamJsonValue name;

  if (!jam_json_reader_enter_object(reader))
    return FALSE;
  while (jam_json_reader_next_member(reader, &name))
    {
      _mend_scalar(&name);
      if (!_read_value(reader))
        return FALSE;
    }
  return reader->error == JAM_JSON_OK;
}

static gboolean
_read_scalar(JamJsonReader *reader)
{
  JamJsonValue value;

  if (!jam_json_reader_value(reader, &value))
    return FALSE;
  _mend_scalar(&value);
  return TRUE;
}

static gboolean
_read_value(JamJsonReader *reader)
{
  JamJsonType type = jam_json_reader_peek(reader);

  if (type != JAM_JSON_ARRAY && type != JAM_JSON_OBJECT)
    return _read_scalar(reader);
  if (reader->depth == JAM_JSON_PREPARE_MAX_DEPTH)
    return FALSE;
  return type == JAM_JSON_ARRAY ? _read_array(reader) : _read_object(reader);
}

gboolean
jam_json_prepare(gchar *text, gsize length)
{
  JamJsonReader reader;

  jam_json_reader_init(&reader, text, length);
  return _read_value(&reader) && jam_json_reader_finish(&reader);
}
