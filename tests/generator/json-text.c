/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "json-text.h"

static inline gboolean
_is_first(const Buffer *self)
{
  if (self->len == 0)
    return TRUE;

  guint8 last = self->data[self->len - 1];
  return last == '{' || last == '[';
}

static inline void
_begin_value(Buffer *self, const gchar *name)
{
  if (!_is_first(self))
    buffer_append_byte(self, ',');

  if (name)
    {
      buffer_append_byte(self, '"');
      buffer_append_text(self, name);
      buffer_append(self, "\":", 2);
    }
}

void
json_text_open_object(Buffer *self, const gchar *name)
{
  _begin_value(self, name);
  buffer_append_byte(self, '{');
}

void
json_text_close_object(Buffer *self)
{
  buffer_append_byte(self, '}');
}

void
json_text_open_array(Buffer *self, const gchar *name)
{
  _begin_value(self, name);
  buffer_append_byte(self, '[');
}

void
json_text_close_array(Buffer *self)
{
  buffer_append_byte(self, ']');
}

void
json_text_empty(Buffer *self, const gchar *name, gboolean as_null)
{
  _begin_value(self, name);
  buffer_append_text(self, as_null ? "null" : "[]");
}

void
json_text_null(Buffer *self, const gchar *name)
{
  json_text_empty(self, name, TRUE);
}

void
json_text_number(Buffer *self, const gchar *name, guint64 value)
{
  _begin_value(self, name);
  buffer_append_number(self, value);
}

void
json_text_open_string(Buffer *self, const gchar *name)
{
  _begin_value(self, name);
  buffer_append_byte(self, '"');
}

void
json_text_close_string(Buffer *self)
{
  buffer_append_byte(self, '"');
}

static void
_append_escaped(Buffer *self, gchar c)
{
  if (c == '"' || c == '\\')
    buffer_append_byte(self, '\\');

  if ((guchar) c >= 0x20)
    {
      buffer_append_byte(self, c);
      return;
    }

  buffer_append_text(self, "\\u00");
  buffer_append_hex(self, (const guint8 *) &c, 1);
}

void
json_text_string(Buffer *self, const gchar *name, const gchar *text)
{
  json_text_open_string(self, name);
  for (; *text; text++)
    _append_escaped(self, *text);
  json_text_close_string(self);
}

void
json_text_hex(Buffer *self, const gchar *name, const guint8 *data, gsize len)
{
  json_text_open_string(self, name);
  buffer_append(self, "0x", 2);
  buffer_append_hex(self, data, len);
  json_text_close_string(self);
}

void
json_text_base64(Buffer *self, const gchar *name, const guint8 *data, gsize len)
{
  gint state = 0, save = 0;

  json_text_open_string(self, name);
  /* What g_base64_encode_step() and _close() ask for at most. */
  gchar *out = (gchar *) buffer_extend(self, (len / 3 + 1) * 4 + 4);
  gsize written = g_base64_encode_step(data, len, FALSE, out, &state, &save);
  written += g_base64_encode_close(FALSE, out + written, &state, &save);
  self->len = (gsize) (out - (gchar *) self->data) + written;
  json_text_close_string(self);
}
