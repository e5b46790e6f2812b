/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "files/last-line.h"
#include "core/json/json-reader.h"

#include <string.h>

#define CHUNK_BYTES 65536

/* Finds where the last whole line among the first @size bytes ends. */
static gboolean
_find_end_of_last_line(gint fd, goffset size, goffset *end)
{
  gchar chunk[CHUNK_BYTES];

  while (size > 0)
    {
      gsize length = MIN(size, (goffset) sizeof(chunk));
      const gchar *newline;

      if (!jam_file_read_all(fd, chunk, length, size - length))
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
_is_whole_json(const JamText *text)
{
  JamJsonReader json;
  JamJsonValue value;

  jam_json_reader_init(&json, text->text, text->length);
  return jam_json_reader_value(&json, &value) && jam_json_reader_finish(&json);
}

gboolean
jam_last_line_is_torn_row(const JamText *line)
{
  return (line->text[0] == '{' || line->text[0] == '\0') && !_is_whole_json(line);
}

static JamLastLineResult
_repair_tail(const JamFileOperations *operations, gint fd, goffset from, goffset size)
{
  gchar *bytes = g_malloc(size - from);
  JamText tail = { .text = bytes, .length = size - from };
  JamLastLineResult result;

  if (!jam_file_read_all(fd, bytes, size - from, from))
    result = JAM_LAST_LINE_FAILED;
  else if (jam_last_line_is_torn_row(&tail))
    result = operations->truncate(fd, from) == 0 ? JAM_LAST_LINE_CUT : JAM_LAST_LINE_FAILED;
  else
    result = operations->write(fd, "\n", 1) == 1 ? JAM_LAST_LINE_ENDED : JAM_LAST_LINE_FAILED;
  g_free(bytes);
  return result;
}

JamLastLineResult
jam_last_line_repair(const JamFileOperations *operations, gint fd, goffset size)
{
  goffset end;

  if (!_find_end_of_last_line(fd, size, &end))
    return JAM_LAST_LINE_FAILED;
  return end == size ? JAM_LAST_LINE_WHOLE : _repair_tail(operations, fd, end, size);
}
