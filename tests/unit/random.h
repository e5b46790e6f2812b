/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TEST_RANDOM_BYTES_H_INCLUDED
#define JAM_TEST_RANDOM_BYTES_H_INCLUDED

#include <glib.h>

/* SplitMix64: the same numbers from the same seed, on every machine. */
typedef struct _Random
{
  guint64 state;
} Random;

static inline guint64
random_next(Random *self)
{
  guint64 z = self->state += G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

/* Returns a number from 0 to @limit - 1. */
static inline guint
random_below(Random *self, guint limit)
{
  return random_next(self) % limit;
}

static inline void
random_fill(Random *self, gchar *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    bytes[i] = random_next(self);
}

#endif
