/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_PRNG_H_INCLUDED
#define JAMTART_GEN_PRNG_H_INCLUDED

#include <glib.h>

/* xoshiro256**: our own, so that a seed gives the same bytes on any machine. */
typedef struct _Prng
{
  guint64 state[4];
} Prng;

/* Starts the sequence that belongs to SEED; any value will do. */
void prng_init(Prng *self, guint64 seed);

/* Returns the next 64 random bits. */
guint64 prng_next(Prng *self);

/* Returns a number from 0 to LIMIT - 1; LIMIT is at least 1. */
guint64 prng_below(Prng *self, guint64 limit);

/* Returns TRUE once in ONE_IN calls, on average; ONE_IN is at least 1. */
gboolean prng_one_in(Prng *self, guint one_in);

/* Overwrites LEN bytes at DATA with random ones. */
void prng_fill(Prng *self, guint8 *data, gsize len);

#endif
