/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/last-line.h"
#include "core/json-reader.h"

#include <errno.h>
#include <unistd.h>

#define CHUNK_BYTES 65536

static gboolean
_read_at(gint fd, gchar *bytes, gsize length, goffset offset)
{
  while (length > 0)
    {
      gssize got = pread(fd, bytes, length, offset);
      if (got <= 0)
        {
          errno = got < 0 ? errno : EIO;
          return FALSE;
        }
      bytes += got;
      length -= got;
      offset += got;
    }
  return TRUE;
}

/* Finds where the last whole line among the first @size bytes ends. */
static gboolean
_find_end_of_last_line(gint fd, goffset size, goffset *end)
{
  gchar chunk[CHUNK_BYTES];

  while (size > 0)
    {
      gsize length = MIN(size, (goffset) sizeof(chunk));
      const gchar *newline;

      if (!_read_at(fd, chunk, length, size - length))
        return FALSE;
      newline = memrchr(chunk, '\n', length);
      if (newline)
        {
          *end = size - length + (newline - chunk) + 1;
          return TRUE;
        }
      size -= length;
    }
  *end = 0;
  return TRUE;
}

static gboolean
_is_whole_json(const JamBuffer *text)
{
  JamJsonReader json;
  JamJsonValue value;

  jam_json_reader_init(&json, text->data, text->length);
  return jam_json_reader_value(&json, &value) && jam_json_reader_finish(&json);
}

static gboolean
_is_part_of_a_row(const JamBuffer *text)
{
  return (text->data[0] == '{' || text->data[0] == '\0') && !_is_whole_json(text);
}

static JamLastLineResult
_repair_tail(gint fd, goffset from, goffset size)
{
  JamBuffer tail = { 0 };
  JamLastLineResult result;

  jam_buffer_grow(&tail, size - from);
  tail.length = size - from;
  if (!_read_at(fd, tail.data, tail.length, from))
    result = JAM_LAST_LINE_FAILED;
  else if (_is_part_of_a_row(&tail))
    result = ftruncate(fd, from) == 0 ? JAM_LAST_LINE_CUT : JAM_LAST_LINE_FAILED;
  else
    result = write(fd, "\n", 1) == 1 ? JAM_LAST_LINE_ENDED : JAM_LAST_LINE_FAILED;
  jam_buffer_clear(&tail);
  return result;
}

JamLastLineResult
jam_last_line_repair(gint fd, goffset size)
{
  goffset end;

  if (!_find_end_of_last_line(fd, size, &end))
    return JAM_LAST_LINE_FAILED;
  return end == size ? JAM_LAST_LINE_WHOLE : _repair_tail(fd, end, size);
}
