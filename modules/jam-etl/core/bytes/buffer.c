/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/bytes/buffer.h"

#define MINIMUM_CAPACITY 4096

void
jam_buffer_clear(JamBuffer *self)
{
  g_free(self->data);
  *self = (JamBuffer){ 0 };
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

static const gchar pairs[] =
  "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
  "4950515253545556575859606162636465666768697071727374757677787980818283848586878889909192939495969798"
  "99";

static inline gchar *
_put_pair(gchar *p, guint number)
{
  p -= 2;
  memcpy(p, pairs + 2 * number, 2);
  return p;
}

static inline gchar *
_put_eight_digits(gchar *p, guint number)
{
  for (gint i = 0; i < 4; i++, number /= 100)
    p = _put_pair(p, number % 100);
  return p;
}

/* Back from @p; without leading zeros. */
static gchar *
_put_digits(gchar *p, guint number)
{
  for (; number >= 100; number /= 100)
    p = _put_pair(p, number % 100);
  if (number >= 10)
    return _put_pair(p, number);
  *--p = '0' + number;
  return p;
}

/* Divisions are what costs: most are made to be of 32 bits, and for two digits. */
static void
_append_integer(JamBuffer *self, gboolean is_negative, guint64 magnitude)
{
  gchar digits[20];
  gchar *p = digits + sizeof(digits);

  for (; magnitude >= 100000000; magnitude /= 100000000)
    p = _put_eight_digits(p, magnitude % 100000000);
  p = _put_digits(p, magnitude);
  if (is_negative)
    *--p = '-';
  jam_buffer_append(self, p, digits + sizeof(digits) - p);
}

void
jam_buffer_append_int64(JamBuffer *self, gint64 value)
{
  _append_integer(self, value < 0, value < 0 ? -(guint64) value : (guint64) value);
}

void
jam_buffer_append_uint64(JamBuffer *self, guint64 value)
{
  _append_integer(self, FALSE, value);
}
