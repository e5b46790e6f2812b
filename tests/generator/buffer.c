/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "buffer.h"

#define BUFFER_FIRST_CAPACITY 4096

void
buffer_grow(Buffer *self, gsize extra)
{
  gsize capacity = MAX(self->capacity, BUFFER_FIRST_CAPACITY);

  while (capacity - self->len < extra)
    capacity *= 2;

  self->data = g_realloc(self->data, capacity);
  self->capacity = capacity;
}

void
buffer_free_data(Buffer *self)
{
  g_free(self->data);
  memset(self, 0, sizeof(*self));
}

void
buffer_append_hex(Buffer *self, const guint8 *data, gsize len)
{
  static const gchar digits[] = "0123456789abcdef";
  guint8 *out = buffer_extend(self, 2 * len);

  for (gsize i = 0; i < len; i++)
    {
      out[2 * i] = digits[data[i] >> 4];
      out[2 * i + 1] = digits[data[i] & 0xf];
    }
}

static guint
_count_digits(guint64 value)
{
  guint digits = 1;

  for (; value >= 10; value /= 10)
    digits++;
  return digits;
}

void
buffer_append_number(Buffer *self, guint64 value)
{
  if (value < 10)
    buffer_append_byte(self, '0' + value);
  else
    buffer_append_padded(self, value, _count_digits(value));
}

void
buffer_append_padded(Buffer *self, guint64 value, guint digits)
{
  guint8 *out = buffer_extend(self, digits);

  for (; digits > 0; value /= 10)
    out[--digits] = '0' + value % 10;
}
