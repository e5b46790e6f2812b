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

/* Two digits at a time: a division is what costs. */
void
jam_buffer_append_int64(JamBuffer *self, gint64 value)
{
  static const gchar pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
    "4950515253545556575859606162636465666768697071727374757677787980818283848586878889909192939495969798"
    "99";
  gchar digits[20];
  gchar *p = digits + sizeof(digits);
  guint64 magnitude = value < 0 ? -(guint64) value : (guint64) value;

  for (; magnitude >= 100; magnitude /= 100)
    {
      p -= 2;
      memcpy(p, pairs + 2 * (magnitude % 100), 2);
    }
  if (magnitude >= 10)
    *--p = '0' + magnitude % 10;
  *--p = '0' + (magnitude >= 10 ? magnitude / 10 : magnitude);
  if (value < 0)
    *--p = '-';
  jam_buffer_append(self, p, digits + sizeof(digits) - p);
}
