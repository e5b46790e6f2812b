/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "wire-encode.h"

#define WIRE_NATURAL_MAX_SHORT 8

void
wire_encode_fixed(Buffer *self, guint64 value, guint width)
{
  guint8 *out = buffer_extend(self, width);

  for (guint i = 0; i < width; i++)
    out[i] = (guint8) (value >> (8 * i));
}

void
wire_encode_natural(Buffer *self, guint64 value)
{
  guint following = 0;

  while (following < WIRE_NATURAL_MAX_SHORT && value >> (7 * (following + 1)))
    following++;

  if (following == WIRE_NATURAL_MAX_SHORT)
    buffer_append_byte(self, 0xff);
  else
    buffer_append_byte(self, (guint8) (256 - (256 >> following) + (value >> (8 * following))));

  wire_encode_fixed(self, value, following);
}

void
wire_encode_blob(Buffer *self, const guint8 *data, gsize len)
{
  wire_encode_natural(self, len);
  buffer_append(self, data, len);
}

void
wire_encode_presence(Buffer *self, gboolean present)
{
  buffer_append_byte(self, present ? 1 : 0);
}
