/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BENCH_MEASURE_H_INCLUDED
#define JAM_BENCH_MEASURE_H_INCLUDED

#include "contender.h"

/* What one contender took to go over one traffic once. */
typedef struct _Measurement
{
  const Contender *contender;
  const Traffic *traffic;
  /* nanoseconds of processor time a pass, over the rounds */
  gdouble median, minimum, maximum;
  gsize n_rows;
} Measurement;

/* Lets the @n contenders go over @traffic in turn, @n_rounds times, and stores a
 * measurement for each of those that are installed. Returns how many. */
gsize measure(const Traffic *traffic, const Contender *const *contenders, gsize n, guint n_rounds,
              Measurement *measurements);

#endif
