/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_NETWORK_H_INCLUDED
#define JAMTART_GEN_NETWORK_H_INCLUDED

#include "jam-types.h"
#include "prng.h"

typedef struct _NetworkConfig
{
  guint64 seed;
  guint32 first_slot;
  guint validators; /* 1 to 65535 */
  guint cores;      /* 1 to MAX_CORES */
  guint services;   /* at least 1 */
  guint assurances; /* at most so many a slot */
  gsize blob_size;  /* bytes in a preimage */
  Protocol protocol;
} NetworkConfig;

/* A simulated network in one of its slots: the block and what its validators
 * say after it. Tickets, assurances and reports of one slot are in the block
 * of the next. To be read only, outside network.c and its helpers. */
typedef struct _Network
{
  NetworkConfig config;
  Prng prng;
  guint32 slot;
  gboolean is_first_slot;
  guint n_assurances; /* a slot */
  Validator *validators;
  Service *services; /* by rising id */
  Core *cores;
  guint8 epoch_entropy[HASH_LEN];
  Block block;
  guint8 header_hash[HASH_LEN]; /* of this slot's block */
  Buffer header_bytes;
  Preimage preimage;          /* in the block, if the block points to it */
  const Service *new_service; /* NULL where none was created */
  GArray *tickets;            /* of Ticket, sent in this slot */
  GArray *assurances;         /* of Assurance, sent in this slot */
  GArray *reports;            /* of WorkReport, sent in this slot */
} Network;

/* Returns a network that stands before its first slot; network_free() it.
 * The same CONFIG gives the same network, whatever the machine. */
Network *network_new(const NetworkConfig *config);

/* Frees the network and all that it holds. */
void network_free(Network *self);

/* Moves on to the next slot; what belonged to the one before is overwritten. */
void network_advance(Network *self);

#endif
