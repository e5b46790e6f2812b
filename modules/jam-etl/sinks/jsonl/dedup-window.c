/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/jsonl/dedup-window.h"

#include <string.h>

#define MIN_TABLE_BITS 6
/* distance of prefetching, in identities */
#define PREFETCHED 16

struct _JamDedupWindow
{
  /* committed ones; next is the place of the oldest once it is full */
  JamIdentity *ring;
  guint size;
  guint length;
  guint next;
  /* open addressing, at most half full; all zero is an empty place */
  JamIdentity *table;
  guint bits;
  gsize n_used;
  guint64 factors[2];
};

/* An identity of zeros, which no message is likely to have, is taken for another
 * that is as unlikely. */
static JamIdentity
_without_zero(const JamIdentity *identity)
{
  JamIdentity result = *identity;

  if (!(result.words[0] | result.words[1]))
    result.words[1] = 1;
  return result;
}

static gboolean
_is_empty(const JamIdentity *place)
{
  return !(place->words[0] | place->words[1]);
}

static gboolean
_equal(const JamIdentity *a, const JamIdentity *b)
{
  return a->words[0] == b->words[0] && a->words[1] == b->words[1];
}

static gsize
_home(const JamDedupWindow *self, const JamIdentity *identity)
{
  return (identity->words[0] * self->factors[0] + identity->words[1] * self->factors[1]) >> (64 - self->bits);
}

static gsize
_next_place(const JamDedupWindow *self, gsize place)
{
  return (place + 1) & (((gsize) 1 << self->bits) - 1);
}

/* Returns where @identity is, or the empty place where it would be. */
static gsize
_find(const JamDedupWindow *self, const JamIdentity *identity)
{
  gsize place = _home(self, identity);

  while (!_is_empty(&self->table[place]) && !_equal(&self->table[place], identity))
    place = _next_place(self, place);
  return place;
}

static void
_make_table(JamDedupWindow *self, guint bits)
{
  self->bits = bits;
  self->table = g_new0(JamIdentity, (gsize) 1 << bits);
}

static void
_grow_table(JamDedupWindow *self)
{
  JamIdentity *old = self->table;
  gsize old_size = (gsize) 1 << self->bits;

  _make_table(self, self->bits + 1);
  for (gsize i = 0; i < old_size; i++)
    {
      if (!_is_empty(&old[i]))
        self->table[_find(self, &old[i])] = old[i];
    }
  g_free(old);
}

static guint64
_random_odd(void)
{
  return (guint64) g_random_int() << 32 | g_random_int() | 1;
}

JamDedupWindow *
jam_dedup_window_new(guint size)
{
  JamDedupWindow *self = g_new0(JamDedupWindow, 1);
  guint bits = MIN_TABLE_BITS;

  while ((gsize) 1 << bits < 2 * (gsize) size)
    bits++;
  self->size = size;
  self->ring = g_new(JamIdentity, size);
  self->factors[0] = _random_odd();
  self->factors[1] = _random_odd();
  _make_table(self, bits);
  return self;
}

void
jam_dedup_window_free(JamDedupWindow *self)
{
  g_free(self->ring);
  g_free(self->table);
  g_free(self);
}

void
jam_dedup_window_prefetch(const JamDedupWindow *self, const JamIdentity *identity)
{
  __builtin_prefetch(&self->table[_home(self, identity)], 1);
}

gboolean
jam_dedup_window_contains(const JamDedupWindow *self, const JamIdentity *identity)
{
  JamIdentity sought = _without_zero(identity);

  return !_is_empty(&self->table[_find(self, &sought)]);
}

gboolean
jam_dedup_window_reserve(JamDedupWindow *self, const JamIdentity *identity)
{
  JamIdentity added = _without_zero(identity);
  gsize place = _find(self, &added);

  if (!_is_empty(&self->table[place]))
    return FALSE;
  self->table[place] = added;
  self->n_used++;
  if (self->n_used > (gsize) 1 << (self->bits - 1))
    _grow_table(self);
  return TRUE;
}

/* Whether the identity at @place may move to @hole, which precedes it: its home is not
 * between the two. */
static gboolean
_may_move(const JamDedupWindow *self, gsize place, gsize hole)
{
  gsize mask = ((gsize) 1 << self->bits) - 1;
  gsize home = _home(self, &self->table[place]);

  return ((place - home) & mask) >= ((place - hole) & mask);
}

/* Backward-shift deletion: displaced identities move into the hole. */
void
jam_dedup_window_release(JamDedupWindow *self, const JamIdentity *identity)
{
  JamIdentity removed = _without_zero(identity);
  gsize hole = _find(self, &removed);

  if (_is_empty(&self->table[hole]))
    return;
  for (gsize place = _next_place(self, hole); !_is_empty(&self->table[place]); place = _next_place(self, place))
    {
      if (_may_move(self, place, hole))
        {
          self->table[hole] = self->table[place];
          hole = place;
        }
    }
  memset(&self->table[hole], 0, sizeof(self->table[hole]));
  self->n_used--;
}

/* The next ones to be removed are prefetched. */
static void
_make_room(JamDedupWindow *self)
{
  jam_dedup_window_release(self, &self->ring[self->next]);
  if (self->next + PREFETCHED < self->size)
    jam_dedup_window_prefetch(self, &self->ring[self->next + PREFETCHED]);
}

void
jam_dedup_window_commit(JamDedupWindow *self, const JamIdentity *identity)
{
  if (self->length == self->size)
    _make_room(self);
  else
    self->length++;
  self->ring[self->next] = *identity;
  self->next++;
  if (self->next == self->size)
    self->next = 0;
}

guint
jam_dedup_window_length(const JamDedupWindow *self)
{
  return self->length;
}

void
jam_dedup_window_copy(const JamDedupWindow *self, JamIdentity *out)
{
  guint oldest = self->length == self->size ? self->next : 0;

  for (guint i = 0; i < self->length; i++)
    out[i] = self->ring[(oldest + i) % self->size];
}
