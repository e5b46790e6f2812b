/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "feed.h"
#include "timestamp.h"

/* Keeps the times' sequence apart from the network's. */
#define CLOCK_SEED G_GUINT64_CONSTANT(0x6a616d74617274)

#define NS_PER_MILLISECOND G_GINT64_CONSTANT(1000000)
#define FIRST_MESSAGE_NS (400 * NS_PER_MILLISECOND)
#define LONGEST_STEP_NS (20 * NS_PER_MILLISECOND)

typedef struct _Feed
{
  const FeedConfig *config;
  FeedSink sink;
  gpointer user_data;
  Network *network;
  Prng clock;
  gint64 now_ns;
  gint64 step_ns; /* the longest pause that keeps all in their slot */
  Buffer text;
  Buffer codec;
} Feed;

static void
_start_clock(Feed *self)
{
  const Network *network = self->network;
  gint64 slot_start = FEED_SLOT_ZERO_SECONDS + (gint64) network->slot * SLOT_SECONDS;
  guint messages = 4 + network->assurances->len + network->tickets->len + 3 * network->reports->len;
  gint64 room = SLOT_SECONDS * NS_PER_SECOND - FIRST_MESSAGE_NS;

  self->now_ns = slot_start * NS_PER_SECOND + prng_below(&self->clock, FIRST_MESSAGE_NS);
  self->step_ns = MIN(room / messages, LONGEST_STEP_NS);
}

/* Go leaves trailing zeros out, so that one time in ten is shorter; coarser
 * clocks than that make every length turn up. */
static gint64
_round_time(Feed *self, gint64 time_ns)
{
  gint64 unit = 1;

  if (prng_one_in(&self->clock, 8))
    for (guint64 digits = 1 + prng_below(&self->clock, 9); digits > 0; digits--)
      unit *= 10;

  return time_ns - time_ns % unit;
}

static void
_stamp(Feed *self, MessageStamp *stamp, guint sender)
{
  self->now_ns += prng_below(&self->clock, self->step_ns);
  stamp->sender = sender;
  stamp->time_ns = _round_time(self, self->now_ns);
  stamp->elapsed = 100 + prng_below(&self->clock, 300000);
}

static gboolean
_emit(Feed *self, MessageKind kind, guint sender, gconstpointer object, GError **error)
{
  MessageStamp stamp;

  /* Also when the kind is not wanted: the others keep their times. */
  _stamp(self, &stamp, sender);
  if (!(self->config->kinds & 1u << kind))
    return TRUE;

  message_write(&self->text, &self->codec, kind, &stamp, self->config->team, self->network, object);
  return self->sink(self->user_data, kind, &stamp, &self->text, error);
}

static gboolean
_emit_block(Feed *self, GError **error)
{
  const Network *network = self->network;
  guint author = network->block.header.author_index;

  if (!_emit(self, MESSAGE_BLOCK, author, NULL, error))
    return FALSE;
  if (network->block.preimage && !_emit(self, MESSAGE_PREIMAGE, author, network->block.preimage, error))
    return FALSE;
  if (!_emit(self, MESSAGE_STATISTICS, author, NULL, error))
    return FALSE;
  return !network->new_service || _emit(self, MESSAGE_SERVICE, author, network->new_service, error);
}

static gboolean
_emit_assurances(Feed *self, GError **error)
{
  const GArray *assurances = self->network->assurances;

  for (guint i = 0; i < assurances->len; i++)
    {
      const Assurance *assurance = &g_array_index(assurances, Assurance, i);

      if (!_emit(self, MESSAGE_ASSURANCE, assurance->validator_index, assurance, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
_emit_tickets(Feed *self, GError **error)
{
  const GArray *tickets = self->network->tickets;

  for (guint i = 0; i < tickets->len; i++)
    {
      const Ticket *ticket = &g_array_index(tickets, Ticket, i);

      if (!_emit(self, MESSAGE_TICKET, ticket->sender, ticket, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
_emit_core(Feed *self, const Core *core, GError **error)
{
  guint guarantor = core->package.guarantor;

  return !core->has_work
         || (_emit(self, MESSAGE_WORK_PACKAGE, guarantor, &core->package, error)
             && _emit(self, MESSAGE_SEGMENTS, guarantor, &core->package, error)
             && _emit(self, MESSAGE_WORK_REPORT, guarantor, &core->report, error));
}

static gboolean
_emit_work(Feed *self, GError **error)
{
  for (guint i = 0; i < self->config->network.cores; i++)
    if (!_emit_core(self, &self->network->cores[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
_emit_slot(Feed *self, GError **error)
{
  network_advance(self->network);
  _start_clock(self);
  return _emit_block(self, error) && _emit_assurances(self, error) && _emit_tickets(self, error)
         && _emit_work(self, error);
}

gboolean
feed_run(const FeedConfig *config, FeedSink sink, gpointer user_data, GError **error)
{
  Feed self = { .config = config, .sink = sink, .user_data = user_data };
  gboolean success = TRUE;

  self.network = network_new(&config->network);
  prng_init(&self.clock, config->network.seed ^ CLOCK_SEED);
  for (guint64 i = 0; success && i < config->slots; i++)
    success = _emit_slot(&self, error);

  network_free(self.network);
  buffer_free_data(&self.text);
  buffer_free_data(&self.codec);
  return success;
}
