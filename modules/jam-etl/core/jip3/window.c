/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/jip3/window.h"

#define ENTRIES_PER_BLOCK 512
#define CHAINS_PER_BLOCK 256
#define N_ENTRY_BLOCKS (JAM_JIP3_WINDOW_IDS / ENTRIES_PER_BLOCK)
/* one more, for the event that takes the place of another */
#define N_CHAIN_BLOCKS (JAM_JIP3_WINDOW_IDS / CHAINS_PER_BLOCK + 1)
#define MIN_BUCKET_BITS 8
#define MAX_BUCKET_BITS 16

#define NO_CHAIN G_MAXUINT32

struct _JamJip3Window
{
  /* by the low bits of the id; an entry without a chain is none */
  JamJip3Entry *entries[N_ENTRY_BLOCKS];
  JamJip3Chain *chains[N_CHAIN_BLOCKS];
  /* chains ever made, and the first one that is free again */
  guint32 n_chains;
  guint32 free_chain;
  /* chains in the buckets */
  guint32 n_used;
  guint32 *buckets;
  guint bucket_bits;
  guint64 multiplier;
  gsize n_bytes;
};

G_STATIC_ASSERT(sizeof(JamJip3Window) + JAM_JIP3_WINDOW_IDS * sizeof(JamJip3Entry)
                  + (JAM_JIP3_WINDOW_IDS + CHAINS_PER_BLOCK) * sizeof(JamJip3Chain)
                  + 3 * (sizeof(guint32) << (MAX_BUCKET_BITS - 1))
                <= JAM_JIP3_WINDOW_MAX_BYTES);

static gpointer
_allocate(JamJip3Window *self, gsize n_bytes)
{
  self->n_bytes += n_bytes;
  return g_malloc(n_bytes);
}

static guint32 *
_make_buckets(JamJip3Window *self, guint bits)
{
  gsize n_bytes = sizeof(guint32) << bits;

  /* every byte of NO_CHAIN is the same */
  return memset(_allocate(self, n_bytes), 0xFF, n_bytes);
}

JamJip3Window *
jam_jip3_window_new(guint64 seed)
{
  JamJip3Window *self = g_new0(JamJip3Window, 1);

  self->n_bytes = sizeof(*self);
  self->free_chain = NO_CHAIN;
  /* odd, and with its bits spread */
  self->multiplier = (seed * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15)) | 1;
  self->bucket_bits = MIN_BUCKET_BITS;
  self->buckets = _make_buckets(self, MIN_BUCKET_BITS);
  return self;
}

void
jam_jip3_window_free(JamJip3Window *self)
{
  for (gsize i = 0; i < N_ENTRY_BLOCKS; i++)
    g_free(self->entries[i]);
  for (gsize i = 0; i < N_CHAIN_BLOCKS; i++)
    g_free(self->chains[i]);
  g_free(self->buckets);
  g_free(self);
}

gsize
jam_jip3_window_n_bytes(const JamJip3Window *self)
{
  return self->n_bytes;
}

static inline JamJip3Chain *
_chain(const JamJip3Window *self, guint32 place)
{
  return &self->chains[place / CHAINS_PER_BLOCK][place % CHAINS_PER_BLOCK];
}

static inline guint32 *
_bucket(const JamJip3Window *self, guint64 root)
{
  return &self->buckets[(root * self->multiplier) >> (64 - self->bucket_bits)];
}

static void
_link_chain(JamJip3Window *self, guint32 place)
{
  JamJip3Chain *chain = _chain(self, place);
  guint32 *bucket = _bucket(self, chain->root);

  chain->next = *bucket;
  *bucket = place;
}

static void
_grow_buckets(JamJip3Window *self)
{
  gsize n_old = (gsize) 1 << self->bucket_bits;
  guint32 *old = self->buckets;

  self->bucket_bits++;
  self->buckets = _make_buckets(self, self->bucket_bits);
  for (gsize i = 0; i < n_old; i++)
    {
      for (guint32 place = old[i], next; place != NO_CHAIN; place = next)
        {
          next = _chain(self, place)->next;
          _link_chain(self, place);
        }
    }
  g_free(old);
  self->n_bytes -= n_old * sizeof(*old);
}

static guint32
_take_free_chain(JamJip3Window *self)
{
  guint32 place = self->free_chain;

  if (place != NO_CHAIN)
    {
      self->free_chain = _chain(self, place)->next;
      return place;
    }
  place = self->n_chains++;
  if (place % CHAINS_PER_BLOCK == 0)
    self->chains[place / CHAINS_PER_BLOCK] = _allocate(self, CHAINS_PER_BLOCK * sizeof(JamJip3Chain));
  return place;
}

static guint32
_add_chain(JamJip3Window *self, guint64 root)
{
  guint32 place = _take_free_chain(self);
  JamJip3Chain *chain = _chain(self, place);

  if (self->n_used == (guint32) 1 << self->bucket_bits && self->bucket_bits < MAX_BUCKET_BITS)
    _grow_buckets(self);
  chain->root = root;
  chain->n_events = 0;
  chain->values.known = 0;
  _link_chain(self, place);
  self->n_used++;
  return place;
}

static guint32
_find_chain(const JamJip3Window *self, guint64 root)
{
  guint32 place = *_bucket(self, root);

  while (place != NO_CHAIN && _chain(self, place)->root != root)
    place = _chain(self, place)->next;
  return place;
}

const JamJip3Chain *
jam_jip3_window_find_chain(const JamJip3Window *self, guint64 root)
{
  guint32 place = _find_chain(self, root);

  return place != NO_CHAIN ? _chain(self, place) : NULL;
}

const JamJip3Chain *
jam_jip3_window_chain_of(const JamJip3Window *self, const JamJip3Entry *entry)
{
  return _chain(self, entry->chain);
}

/* Returns the place of a chain with the root, in which one event more is. */
static guint32
_join_chain(JamJip3Window *self, guint64 root, const JamJip3ChainValues *values)
{
  guint32 place = _find_chain(self, root);

  if (place == NO_CHAIN)
    place = _add_chain(self, root);
  _chain(self, place)->n_events++;
  jam_jip3_chain_values_merge(&_chain(self, place)->values, values);
  return place;
}

static void
_remove_chain(JamJip3Window *self, guint32 place)
{
  JamJip3Chain *chain = _chain(self, place);
  guint32 *link = _bucket(self, chain->root);

  while (*link != place)
    link = &_chain(self, *link)->next;
  *link = chain->next;
  chain->next = self->free_chain;
  self->free_chain = place;
  self->n_used--;
}

static void
_leave_chain(JamJip3Window *self, guint32 place)
{
  if (--_chain(self, place)->n_events == 0)
    _remove_chain(self, place);
}

static inline const JamJip3Entry *
_find(const JamJip3Window *self, guint64 id)
{
  gsize place = id % JAM_JIP3_WINDOW_IDS;
  const JamJip3Entry *block = self->entries[place / ENTRIES_PER_BLOCK];

  return block ? &block[place % ENTRIES_PER_BLOCK] : NULL;
}

const JamJip3Entry *
jam_jip3_window_lookup(const JamJip3Window *self, guint64 id, guint64 reference)
{
  const JamJip3Entry *entry;

  if (reference >= id || id - reference > JAM_JIP3_WINDOW_IDS)
    return NULL;
  entry = _find(self, reference);
  return entry && entry->chain != NO_CHAIN && entry->id == reference ? entry : NULL;
}

static JamJip3Entry *
_ensure_entry(JamJip3Window *self, guint64 id)
{
  gsize place = id % JAM_JIP3_WINDOW_IDS;
  JamJip3Entry **block = &self->entries[place / ENTRIES_PER_BLOCK];

  if (!*block)
    {
      *block = _allocate(self, ENTRIES_PER_BLOCK * sizeof(JamJip3Entry));
      for (gsize i = 0; i < ENTRIES_PER_BLOCK; i++)
        (*block)[i].chain = NO_CHAIN;
    }
  return &(*block)[place % ENTRIES_PER_BLOCK];
}

void
jam_jip3_window_add(JamJip3Window *self, guint64 id, guint64 time, guint16 type, guint64 root,
                    const JamJip3ChainValues *values)
{
  JamJip3Entry *entry = _ensure_entry(self, id);
  guint32 left = entry->chain;

  /* first, as the chain may be the same */
  *entry = (JamJip3Entry){ id, time, _join_chain(self, root, values), type };
  if (left != NO_CHAIN)
    _leave_chain(self, left);
}

void
jam_jip3_chain_values_merge(JamJip3ChainValues *values, const JamJip3ChainValues *other)
{
  values->known |= other->known;
  if (other->known & JAM_JIP3_BLOCK_SLOT)
    values->block_slot = other->block_slot;
  if (other->known & JAM_JIP3_HEADER_HASH)
    memcpy(values->header_hash, other->header_hash, sizeof(values->header_hash));
  if (other->known & JAM_JIP3_CORE)
    values->core = other->core;
  if (other->known & JAM_JIP3_WORK_PACKAGE_HASH)
    memcpy(values->work_package_hash, other->work_package_hash, sizeof(values->work_package_hash));
}
