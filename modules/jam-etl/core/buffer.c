/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/buffer.h"

#define MINIMUM_CAPACITY 4096

void
jam_buffer_clear(JamBuffer *self)
{
  g_free(self->data);
  *self = (JamBuffer) { 0 };
}

void
jam_buffer_grow(JamBuffer *self, gsize extra)
{
  gsize wanted = self->length + extra;
  gsize doubled = self->capacity * 2;

  self->capacity = MAX(MAX(wanted, doubled), MINIMUM_CAPACITY);
  self->data = g_realloc(self->data, self->capacity);
}

void
jam_buffer_reset(JamBuffer *self, gsize keep_capacity)
{
  self->length = 0;
  if (self->capacity > keep_capacity)
    jam_buffer_clear(self);
}

void
jam_buffer_append_int64(JamBuffer *self, gint64 value)
{
  gchar digits[20];
  gchar *p = digits + sizeof(digits);
  guint64 magnitude = value < 0 ? -(guint64) value : (guint64) value;

  do
    {
      *--p = '0' + magnitude % 10;
      magnitude /= 10;
    }
  while (magnitude);
  if (value < 0)
    *--p = '-';
  jam_buffer_append(self, p, digits + sizeof(digits) - p);
}
