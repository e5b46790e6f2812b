/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/jsonl/dedup-window.h"

#include <string.h>
#include <sys/mman.h>

#define MIN_TABLE_BITS 6
#define HUGE_PAGE (2 * 1024 * 1024)
/* identities that are asked for ahead of their use */
#define PREFETCHED 16

struct _JamDedupWindow
{
  /* those that are kept; next is the place of the oldest once it is full */
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

#define EACH_BYTE(value) (G_GUINT64_CONSTANT(0x0101010101010101) * (value))

/* Reads eight hex digits, all at a time: digits are as good as random, and so would
 * be the branches on each. */
static gboolean
_read_digits(guint64 *value, const gchar *hex)
{
  guint64 chars, digits, letters;

  memcpy(&chars, hex, sizeof(chars));
  chars = GUINT64_FROM_BE(chars);
  digits = (chars & EACH_BYTE(0x0f)) + 9 * (chars >> 6 & EACH_BYTE(1));
  letters = (digits + EACH_BYTE(6)) >> 4 & EACH_BYTE(1);
  *value = (digits | digits >> 4) & G_GUINT64_CONSTANT(0x00ff00ff00ff00ff);
  *value = (*value | *value >> 8) & G_GUINT64_CONSTANT(0x0000ffff0000ffff);
  *value = (*value | *value >> 16) & G_GUINT64_CONSTANT(0x00000000ffffffff);
  return !(digits & EACH_BYTE(0xf0)) && chars == digits + EACH_BYTE('0') + letters * ('a' - '0' - 10);
}

gboolean
jam_identity_from_hex(JamIdentity *self, const gchar *hex)
{
  guint64 parts[4];
  gboolean is_hex = TRUE;

  for (gint i = 0; i < 4; i++)
    is_hex &= _read_digits(&parts[i], hex + 8 * i);
  self->words[0] = parts[0] << 32 | parts[1];
  self->words[1] = parts[2] << 32 | parts[3];
  return is_hex;
}

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
_behind(const JamDedupWindow *self, gsize place)
{
  return (place + 1) & (((gsize) 1 << self->bits) - 1);
}

/* Returns where @identity is, or the empty place where it would be. */
static gsize
_find(const JamDedupWindow *self, const JamIdentity *identity)
{
  gsize place = _home(self, identity);

  while (!_is_empty(&self->table[place]) && !_equal(&self->table[place], identity))
    place = _behind(self, place);
  return place;
}

/* Places are touched at random, each in another page: with huge pages, where the
 * system has some, they cost no more than a miss in the cache. */
static void
_make_table(JamDedupWindow *self, guint bits)
{
  gsize size = sizeof(JamIdentity) << bits;

  self->bits = bits;
  self->table = g_aligned_alloc(1, size, MIN(size, HUGE_PAGE));
  madvise(self->table, size, MADV_HUGEPAGE);
  memset(self->table, 0, size);
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
  g_aligned_free(old);
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
  g_aligned_free(self->table);
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

/* Whether what is at @place may stand at @hole, which comes before it: its home is
 * not between the two. */
static gboolean
_may_move(const JamDedupWindow *self, gsize place, gsize hole)
{
  gsize mask = ((gsize) 1 << self->bits) - 1;
  gsize home = _home(self, &self->table[place]);

  return ((place - home) & mask) >= ((place - hole) & mask);
}

/* What stood behind it because the place was taken moves up. */
void
jam_dedup_window_release(JamDedupWindow *self, const JamIdentity *identity)
{
  JamIdentity removed = _without_zero(identity);
  gsize hole = _find(self, &removed);

  if (_is_empty(&self->table[hole]))
    return;
  for (gsize place = _behind(self, hole); !_is_empty(&self->table[place]); place = _behind(self, place))
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

/* Those that make room in the next calls are asked for ahead. */
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
