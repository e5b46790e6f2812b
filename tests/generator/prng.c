/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "prng.h"

#include <string.h>

static guint64
_split_mix(guint64 *state)
{
  guint64 z = (*state += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static inline guint64
_rotate_left(guint64 value, guint bits)
{
  return (value << bits) | (value >> (64 - bits));
}

void
prng_init(Prng *self, guint64 seed)
{
  for (guint i = 0; i < G_N_ELEMENTS(self->state); i++)
    self->state[i] = _split_mix(&seed);
}

guint64
prng_next(Prng *self)
{
  guint64 *s = self->state;
  guint64 result = _rotate_left(s[1] * 5, 7) * 9;
  guint64 t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = _rotate_left(s[3], 45);
  return result;
}

guint64
prng_below(Prng *self, guint64 limit)
{
  return prng_next(self) % limit;
}

gboolean
prng_one_in(Prng *self, guint one_in)
{
  return prng_below(self, one_in) == 0;
}

void
prng_fill(Prng *self, guint8 *data, gsize len)
{
  for (; len >= sizeof(guint64); len -= sizeof(guint64), data += sizeof(guint64))
    {
      guint64 bits = GUINT64_TO_LE(prng_next(self));
      memcpy(data, &bits, sizeof(bits));
    }

  if (len > 0)
    {
      guint64 bits = GUINT64_TO_LE(prng_next(self));
      memcpy(data, &bits, len);
    }
}
