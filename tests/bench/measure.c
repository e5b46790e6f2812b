/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "measure.h"

#include <stdlib.h>
#include <time.h>

/* a round is as many passes as take this long */
#define ROUND_NS 10e6

typedef struct _Lane
{
  const Contender *contender;
  gpointer state;
  gsize n_passes;
  gsize n_rows;
  gdouble *rounds;
} Lane;

/* The processor's time, so that what else runs on the machine counts less. */
static gdouble
_now(void)
{
  struct timespec t;

  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

/* Returns nanoseconds a pass. */
static gdouble
_run_round(Lane *self, const Traffic *traffic)
{
  gdouble start = _now();

  for (gsize i = 0; i < self->n_passes; i++)
    self->n_rows = self->contender->pass(self->state, traffic);
  return (_now() - start) / self->n_passes;
}

/* Goes on until a buffer that takes what is written has been filled at least once: what
 * the first touch of memory costs belongs to no round. */
static void
_warm_up(Lane *self, const Traffic *traffic)
{
  self->n_passes = 1 + 2 * CONTENDER_BATCH_BYTES / traffic->n_bytes;
  _run_round(self, traffic);
  self->n_passes = 1;
}

/* A pass when it is warm says how many make a round. */
static gboolean
_start(Lane *self, const Contender *contender, const Traffic *traffic, guint n_rounds)
{
  gdouble ns;

  *self = (Lane){ .contender = contender, .state = contender->start() };
  if (!self->state)
    return FALSE;
  self->rounds = g_new0(gdouble, n_rounds);
  _warm_up(self, traffic);
  ns = _run_round(self, traffic);
  self->n_passes = MAX(1, ROUND_NS / ns);
  return TRUE;
}

static gint
_compare(gconstpointer a, gconstpointer b)
{
  gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

  return x < y ? -1 : x > y;
}

static void
_finish(Lane *self, const Traffic *traffic, guint n_rounds, Measurement *measurement)
{
  qsort(self->rounds, n_rounds, sizeof(*self->rounds), _compare);
  *measurement = (Measurement){
    .contender = self->contender,
    .traffic = traffic,
    .median = self->rounds[n_rounds / 2],
    .minimum = self->rounds[0],
    .maximum = self->rounds[n_rounds - 1],
    .n_rows = self->n_rows,
  };
  self->contender->stop(self->state);
  g_free(self->rounds);
}

gsize
measure(const Traffic *traffic, const Contender *const *chosen, gsize n, guint n_rounds, Measurement *measurements)
{
  Lane *lanes = g_new0(Lane, n);
  gsize n_lanes = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (_start(&lanes[n_lanes], chosen[i], traffic, n_rounds))
        n_lanes++;
    }
  for (guint round = 0; round < n_rounds; round++)
    {
      for (gsize i = 0; i < n_lanes; i++)
        lanes[i].rounds[round] = _run_round(&lanes[i], traffic);
    }
  for (gsize i = 0; i < n_lanes; i++)
    _finish(&lanes[i], traffic, n_rounds, &measurements[i]);
  g_free(lanes);
  return n_lanes;
}
