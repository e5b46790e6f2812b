/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JIP3_WINDOW_H_INCLUDED
#define JAM_JIP3_WINDOW_H_INCLUDED

#include "core/jip3/cursor.h"
#include "core/jip3/definitions.h"

/* What a connection remembers of its events: those with the last 65,536 ids, and the
 * chains that they belong to. A chain is all events with the same root, be that an
 * event of the connection or not. It is forgotten some time after the last of its
 * events has left the window. Memory is taken as it is needed, in blocks: at most
 * JAM_JIP3_WINDOW_MAX_BYTES. */

#define JAM_JIP3_WINDOW_IDS 65536
#define JAM_JIP3_WINDOW_MAX_BYTES (7680 * 1024)

#define JAM_JIP3_UNKNOWN_TIME G_MAXUINT64
/* of an event whose type was not read */
#define JAM_JIP3_UNKNOWN_TYPE JAM_JIP3_N_TYPES

/* The values of the columns that are passed on in a chain. */
typedef struct _JamJip3ChainValues
{
  /* the columns that have a value, of JamJip3ChainColumn */
  guint16 known;
  guint16 core;
  guint32 block_slot;
  guint8 header_hash[JAM_JIP3_HASH_BYTES];
  guint8 work_package_hash[JAM_JIP3_HASH_BYTES];
} JamJip3ChainValues;

typedef struct _JamJip3Chain
{
  guint64 root;
  /* events in the window */
  guint32 n_events;
  /* the next one in the same bucket, or of the free ones */
  guint32 next;
  JamJip3ChainValues values;
} JamJip3Chain;

typedef struct _JamJip3Entry
{
  guint64 id;
  /* as it is on the wire, in microseconds; JAM_JIP3_UNKNOWN_TIME */
  guint64 time;
  /* a place among the chains */
  guint32 chain;
  guint16 type;
} JamJip3Entry;

typedef struct _JamJip3Window JamJip3Window;

/* @seed, which senders must not know, scatters the roots that they choose. */
JamJip3Window *jam_jip3_window_new(guint64 seed);
void jam_jip3_window_free(JamJip3Window *self);

/* Returns the event that has the id @reference, or NULL if there is none that event @id
 * can name. It is valid until the next event is added. */
const JamJip3Entry *jam_jip3_window_lookup(const JamJip3Window *self, guint64 id, guint64 reference);

/* Returns the chain that the event @entry belongs to, valid until the next event is
 * added. */
const JamJip3Chain *jam_jip3_window_chain_of(const JamJip3Window *self, const JamJip3Entry *entry);

/* Returns the chain with the root @root, or NULL if none is known; as above. */
const JamJip3Chain *jam_jip3_window_find_chain(const JamJip3Window *self, guint64 root);

/* Adds event @id, in place of an earlier one with the same id, to the chain with the root
 * @root, which may be new. @values are the event's values of the chain's columns. */
void jam_jip3_window_add(JamJip3Window *self, guint64 id, guint64 time, guint16 type, guint64 root,
                         const JamJip3ChainValues *values);

/* Sets in @values the columns that @other has. */
void jam_jip3_chain_values_merge(JamJip3ChainValues *values, const JamJip3ChainValues *other);

/* Returns how much memory is in use, in bytes. */
gsize jam_jip3_window_n_bytes(const JamJip3Window *self);

#endif
