/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "network.h"
#include "jam-hash.h"
#include "jam-wire.h"
#include "network-statistics.h"
#include "network-work.h"

#include <stdlib.h>

/* The slot of an epoch from which on no ticket is taken. */
#define CONTEST_END 10

#define MAX_TICKETS 3

#define BOOTSTRAP_SERVICE_ID 0

static gint
_compare_services(gconstpointer a, gconstpointer b)
{
  const Service *left = a, *right = b;

  return left->id < right->id ? -1 : left->id > right->id;
}

static void
_create_validators(Network *self)
{
  self->validators = g_new0(Validator, self->config.validators);
  for (guint i = 0; i < self->config.validators; i++)
    {
      Validator *validator = &self->validators[i];

      prng_fill(&self->prng, validator->bandersnatch, HASH_LEN);
      prng_fill(&self->prng, validator->ed25519, HASH_LEN);
      validator->current[VALIDATOR_BLOCKS] = prng_below(&self->prng, EPOCH_SLOTS);
      validator->current[VALIDATOR_GUARANTEES] = prng_below(&self->prng, EPOCH_SLOTS);
    }
}

/* The bootstrap service's balance is the largest that there can be. */
static void
_set_service_code(Service *service, const guint8 *code_hash, gsize blob_len)
{
  gboolean is_bootstrap = service->id == BOOTSTRAP_SERVICE_ID;

  memcpy(service->code_hash, code_hash, HASH_LEN);
  service->code_size = blob_len + 81;
  service->balance = is_bootstrap ? G_MAXUINT64 : 500120 + service->code_size;
  service->deposit_offset = is_bootstrap ? G_MAXUINT64 : 0;
}

static void
_create_services(Network *self)
{
  self->services = g_new0(Service, self->config.services);
  /* The first keeps the bootstrap service's id, which is 0. */
  for (guint i = 0; i < self->config.services; i++)
    {
      guint8 code_hash[HASH_LEN];

      if (i > 0)
        self->services[i].id = (guint32) prng_next(&self->prng);
      prng_fill(&self->prng, code_hash, HASH_LEN);
      _set_service_code(&self->services[i], code_hash, 1000 + prng_below(&self->prng, 9000));
    }

  qsort(self->services, self->config.services, sizeof(Service), _compare_services);
}

Network *
network_new(const NetworkConfig *config)
{
  Network *self = g_new0(Network, 1);

  self->config = *config;
  self->slot = config->first_slot - 1;
  self->n_assurances = MIN(config->assurances, config->validators);
  prng_init(&self->prng, config->seed);
  _create_validators(self);
  _create_services(self);
  self->cores = g_new0(Core, config->cores);
  prng_fill(&self->prng, self->epoch_entropy, HASH_LEN);
  prng_fill(&self->prng, self->header_hash, HASH_LEN);

  self->preimage.blob_len = config->blob_size;
  self->preimage.blob = g_malloc(MAX(config->blob_size, 1));
  self->tickets = g_array_new(FALSE, FALSE, sizeof(Ticket));
  self->assurances = g_array_new(FALSE, FALSE, sizeof(Assurance));
  self->reports = g_array_new(FALSE, FALSE, sizeof(WorkReport));
  self->block.tickets = g_array_new(FALSE, FALSE, sizeof(Ticket));
  self->block.assurances = g_array_new(FALSE, FALSE, sizeof(Assurance));
  self->block.guarantees = g_array_new(FALSE, FALSE, sizeof(WorkReport));
  return self;
}

void
network_free(Network *self)
{
  for (guint i = 0; i < self->config.cores; i++)
    buffer_free_data(&self->cores[i].package.bundle);

  g_array_free(self->block.guarantees, TRUE);
  g_array_free(self->block.assurances, TRUE);
  g_array_free(self->block.tickets, TRUE);
  g_array_free(self->reports, TRUE);
  g_array_free(self->assurances, TRUE);
  g_array_free(self->tickets, TRUE);
  g_free(self->preimage.blob);
  buffer_free_data(&self->header_bytes);
  g_free(self->cores);
  g_free(self->services);
  g_free(self->validators);
  g_free(self);
}

static void
_move_list(GArray **block_list, GArray **sent_list)
{
  GArray *sent = *sent_list;

  *sent_list = *block_list;
  *block_list = sent;
  g_array_set_size(*sent_list, 0);
}

static void
_include_last_slot(Network *self)
{
  _move_list(&self->block.tickets, &self->tickets);
  _move_list(&self->block.assurances, &self->assurances);
  _move_list(&self->block.guarantees, &self->reports);
}

static void
_provide_preimage(Network *self)
{
  gboolean provided = prng_one_in(&self->prng, 4) || self->is_first_slot;

  self->block.preimage = NULL;
  self->new_service = NULL;
  if (!provided)
    return;

  Service *service = &self->services[prng_below(&self->prng, self->config.services)];
  Preimage *preimage = &self->preimage;

  preimage->requester = service->id;
  prng_fill(&self->prng, preimage->blob, preimage->blob_len);
  jam_hash(preimage->hash, preimage->blob, preimage->blob_len);
  self->block.preimage = preimage;

  _set_service_code(service, preimage->hash, preimage->blob_len);
  if (!prng_one_in(&self->prng, 2) && !self->is_first_slot)
    return;

  service->creation_slot = self->slot;
  self->new_service = service;
}

static void
_mark_epoch(Network *self, Header *header)
{
  header->has_epoch_mark = self->slot % EPOCH_SLOTS == 0;
  if (!header->has_epoch_mark)
    return;

  memcpy(header->tickets_entropy, self->epoch_entropy, HASH_LEN);
  prng_fill(&self->prng, self->epoch_entropy, HASH_LEN);
  memcpy(header->entropy, self->epoch_entropy, HASH_LEN);
  header->validators = self->validators;
  header->n_validators = self->config.validators;
}

/* Only every second contest has tickets enough for a mark. */
static void
_mark_tickets(Network *self, Header *header)
{
  header->has_tickets_mark = self->slot % (2 * EPOCH_SLOTS) == CONTEST_END;
  if (!header->has_tickets_mark)
    return;

  for (guint i = 0; i < EPOCH_SLOTS; i++)
    {
      prng_fill(&self->prng, header->tickets_mark[i].id, HASH_LEN);
      header->tickets_mark[i].attempt = prng_below(&self->prng, 3);
    }
}

static void
_mark_offenders(Network *self, Header *header)
{
  gboolean offence = prng_one_in(&self->prng, 20);

  header->n_offenders = offence ? 1 + prng_below(&self->prng, MAX_OFFENDERS) : 0;
  for (guint i = 0; i < header->n_offenders; i++)
    {
      guint offender = prng_below(&self->prng, self->config.validators);
      memcpy(header->offenders[i], self->validators[offender].ed25519, HASH_LEN);
    }
}

static void
_hash_header(Network *self)
{
  buffer_reset(&self->header_bytes);
  jam_wire_header(&self->header_bytes, &self->block.header, self->config.protocol.gray_paper);
  jam_hash(self->header_hash, self->header_bytes.data, self->header_bytes.len);
}

static void
_make_header(Network *self)
{
  Header *header = &self->block.header;

  memcpy(header->parent, self->header_hash, HASH_LEN);
  prng_fill(&self->prng, header->parent_state_root, HASH_LEN);
  prng_fill(&self->prng, header->extrinsic_hash, HASH_LEN);
  header->slot = self->slot;
  _mark_epoch(self, header);
  _mark_tickets(self, header);
  _mark_offenders(self, header);
  header->author_index = self->slot % self->config.validators;
  prng_fill(&self->prng, header->entropy_source, VRF_SIGNATURE_LEN);
  prng_fill(&self->prng, header->seal, VRF_SIGNATURE_LEN);
  _hash_header(self);
}

static void
_fill_bitfield(Network *self, Assurance *assurance)
{
  const GArray *guarantees = self->block.guarantees;

  assurance->bitfield_len = (self->config.cores + 7) / 8;
  memset(assurance->bitfield, 0, assurance->bitfield_len);
  for (guint i = 0; i < guarantees->len; i++)
    {
      guint core = g_array_index(guarantees, WorkReport, i).core;

      if (!prng_one_in(&self->prng, 16))
        assurance->bitfield[core / 8] |= 1 << core % 8;
    }
}

static void
_assure(Network *self)
{
  guint share = self->config.validators / MAX(self->n_assurances, 1);

  g_array_set_size(self->assurances, self->n_assurances);
  for (guint i = 0; i < self->n_assurances; i++)
    {
      Assurance *assurance = &g_array_index(self->assurances, Assurance, i);

      assurance->validator_index = i * share + prng_below(&self->prng, share);
      memcpy(assurance->anchor, self->header_hash, HASH_LEN);
      _fill_bitfield(self, assurance);
      prng_fill(&self->prng, assurance->signature, SIGNATURE_LEN);
    }
}

static void
_send_tickets(Network *self)
{
  guint64 wanted = prng_below(&self->prng, MAX_TICKETS + 1);
  guint count = self->is_first_slot ? 1 : 0;

  if (self->slot % EPOCH_SLOTS < CONTEST_END)
    count = MAX(count, wanted);

  g_array_set_size(self->tickets, count);
  for (guint i = 0; i < count; i++)
    {
      Ticket *ticket = &g_array_index(self->tickets, Ticket, i);

      ticket->sender = prng_below(&self->prng, self->config.validators);
      ticket->attempt = prng_below(&self->prng, 3);
      prng_fill(&self->prng, ticket->signature, TICKET_SIGNATURE_LEN);
    }
}

static void
_enter_slot(Network *self)
{
  self->slot++;
  self->is_first_slot = self->slot == self->config.first_slot;
  if (self->slot % EPOCH_SLOTS == 0)
    network_statistics_roll_epoch(self);
}

void
network_advance(Network *self)
{
  _enter_slot(self);
  _include_last_slot(self);
  _provide_preimage(self);
  _make_header(self);
  network_statistics_count_block(self);
  _assure(self);
  _send_tickets(self);
  network_work_assign(self);
}
