/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "jam-wire.h"
#include "counters.h"
#include "wire-encode.h"

static void
_hash(Buffer *self, const guint8 *hash)
{
  buffer_append(self, hash, HASH_LEN);
}

static void
_epoch_mark(Buffer *self, const Header *header, GrayPaper gray_paper)
{
  wire_encode_presence(self, header->has_epoch_mark);
  if (!header->has_epoch_mark)
    return;

  _hash(self, header->entropy);
  _hash(self, header->tickets_entropy);
  if (gray_paper >= GRAY_PAPER_0_8)
    wire_encode_natural(self, header->n_validators);
  for (guint i = 0; i < header->n_validators; i++)
    {
      _hash(self, header->validators[i].bandersnatch);
      _hash(self, header->validators[i].ed25519);
    }
}

static void
_tickets_mark(Buffer *self, const Header *header)
{
  wire_encode_presence(self, header->has_tickets_mark);
  if (!header->has_tickets_mark)
    return;

  for (guint i = 0; i < EPOCH_SLOTS; i++)
    {
      _hash(self, header->tickets_mark[i].id);
      buffer_append_byte(self, header->tickets_mark[i].attempt);
    }
}

static void
_offenders_mark(Buffer *self, const Header *header)
{
  wire_encode_natural(self, header->n_offenders);
  for (guint i = 0; i < header->n_offenders; i++)
    _hash(self, header->offenders[i]);
}

void
jam_wire_header(Buffer *self, const Header *header, GrayPaper gray_paper)
{
  _hash(self, header->parent);
  _hash(self, header->parent_state_root);
  _hash(self, header->extrinsic_hash);
  wire_encode_fixed(self, header->slot, 4);
  _epoch_mark(self, header, gray_paper);
  _tickets_mark(self, header);
  if (gray_paper == GRAY_PAPER_0_6)
    _offenders_mark(self, header);
  wire_encode_fixed(self, header->author_index, 2);
  buffer_append(self, header->entropy_source, VRF_SIGNATURE_LEN);
  if (gray_paper >= GRAY_PAPER_0_7)
    _offenders_mark(self, header);
  buffer_append(self, header->seal, VRF_SIGNATURE_LEN);
}

void
jam_wire_ticket(Buffer *self, const Ticket *ticket)
{
  buffer_append_byte(self, ticket->attempt);
  buffer_append(self, ticket->signature, TICKET_SIGNATURE_LEN);
}

void
jam_wire_assurance(Buffer *self, const Assurance *assurance)
{
  _hash(self, assurance->anchor);
  buffer_append(self, assurance->bitfield, assurance->bitfield_len);
  wire_encode_fixed(self, assurance->validator_index, 2);
  buffer_append(self, assurance->signature, SIGNATURE_LEN);
}

static void
_context(Buffer *self, const RefinementContext *context, GrayPaper gray_paper)
{
  _hash(self, context->anchor);
  if (gray_paper >= GRAY_PAPER_0_8)
    wire_encode_fixed(self, context->anchor_slot, 4);
  _hash(self, context->state_root);
  _hash(self, context->beefy_root);
  _hash(self, context->lookup_anchor);
  wire_encode_fixed(self, context->lookup_anchor_slot, 4);
  if (gray_paper >= GRAY_PAPER_0_8)
    _hash(self, context->lookup_anchor_state_root);
  wire_encode_natural(self, context->has_prerequisite ? 1 : 0);
  if (context->has_prerequisite)
    _hash(self, context->prerequisite);
}

static void
_result(Buffer *self, const WorkResult *result)
{
  wire_encode_fixed(self, result->service_id, 4);
  _hash(self, result->code_hash);
  _hash(self, result->payload_hash);
  wire_encode_fixed(self, result->accumulate_gas, 8);
  buffer_append_byte(self, 0);
  wire_encode_blob(self, result->output, result->output_len);
  for (guint i = 0; i < LOAD_COUNTERS; i++)
    wire_encode_natural(self, result->load[i]);
}

static void
_package_spec(Buffer *self, const WorkReport *report, GrayPaper gray_paper)
{
  _hash(self, report->package_hash);
  wire_encode_fixed(self, report->bundle_len, 4);
  _hash(self, report->erasure_root);
  if (gray_paper >= GRAY_PAPER_0_8)
    wire_encode_natural(self, report->erasure_shards);
  _hash(self, report->exports_root);
  wire_encode_fixed(self, report->exports_count, 2);
}

static void
_segment_root_lookup(Buffer *self, const WorkReport *report)
{
  wire_encode_natural(self, report->has_lookup ? 1 : 0);
  if (!report->has_lookup)
    return;

  _hash(self, report->lookup_package_hash);
  _hash(self, report->lookup_segment_root);
}

void
jam_wire_report(Buffer *self, const WorkReport *report, GrayPaper gray_paper)
{
  gboolean is_old = gray_paper == GRAY_PAPER_0_6;

  _package_spec(self, report, gray_paper);
  _context(self, &report->context, gray_paper);
  if (is_old)
    wire_encode_fixed(self, report->core, 2);
  else
    wire_encode_natural(self, report->core);
  _hash(self, report->authorizer_hash);
  if (!is_old)
    wire_encode_natural(self, report->auth_gas_used);
  wire_encode_natural(self, 0);
  _segment_root_lookup(self, report);
  wire_encode_natural(self, report->n_results);
  for (guint i = 0; i < report->n_results; i++)
    _result(self, &report->results[i]);
  if (is_old)
    wire_encode_natural(self, report->auth_gas_used);
}

static void
_guarantee(Buffer *self, const WorkReport *report, GrayPaper gray_paper)
{
  jam_wire_report(self, report, gray_paper);
  wire_encode_fixed(self, report->slot, 4);
  wire_encode_natural(self, report->n_signatures);
  for (guint i = 0; i < report->n_signatures; i++)
    {
      wire_encode_fixed(self, report->signatures[i].validator_index, 2);
      buffer_append(self, report->signatures[i].signature, SIGNATURE_LEN);
    }
}

static void
_preimages(Buffer *self, const Preimage *preimage)
{
  wire_encode_natural(self, preimage ? 1 : 0);
  if (!preimage)
    return;

  wire_encode_fixed(self, preimage->requester, 4);
  wire_encode_blob(self, preimage->blob, preimage->blob_len);
}

static void
_disputes(Buffer *self)
{
  for (guint i = 0; i < 3; i++)
    wire_encode_natural(self, 0);
}

void
jam_wire_block(Buffer *self, const Block *block, GrayPaper gray_paper)
{
  jam_wire_header(self, &block->header, gray_paper);

  wire_encode_natural(self, block->tickets->len);
  for (guint i = 0; i < block->tickets->len; i++)
    jam_wire_ticket(self, &g_array_index(block->tickets, Ticket, i));

  _preimages(self, block->preimage);

  wire_encode_natural(self, block->guarantees->len);
  for (guint i = 0; i < block->guarantees->len; i++)
    _guarantee(self, &g_array_index(block->guarantees, WorkReport, i), gray_paper);

  wire_encode_natural(self, block->assurances->len);
  for (guint i = 0; i < block->assurances->len; i++)
    jam_wire_assurance(self, &g_array_index(block->assurances, Assurance, i));

  _disputes(self);
}

static void
_item_imports(Buffer *self, const WorkItem *item)
{
  wire_encode_natural(self, item->has_import ? 1 : 0);
  if (!item->has_import)
    return;

  _hash(self, item->import_root);
  wire_encode_fixed(self, item->import_index, 2);
}

static void
_item_extrinsics(Buffer *self, const WorkItem *item)
{
  wire_encode_natural(self, item->has_extrinsic ? 1 : 0);
  if (!item->has_extrinsic)
    return;

  _hash(self, item->extrinsic_hash);
  wire_encode_fixed(self, item->extrinsic_len, 4);
}

static void
_item(Buffer *self, const WorkItem *item, GrayPaper gray_paper)
{
  gboolean is_old = gray_paper == GRAY_PAPER_0_6;

  wire_encode_fixed(self, item->service, 4);
  _hash(self, item->code_hash);
  if (is_old)
    wire_encode_blob(self, item->payload, item->payload_len);
  wire_encode_fixed(self, item->refine_gas_limit, 8);
  wire_encode_fixed(self, item->accumulate_gas_limit, 8);
  if (!is_old)
    {
      wire_encode_fixed(self, item->export_count, 2);
      wire_encode_blob(self, item->payload, item->payload_len);
    }
  _item_imports(self, item);
  _item_extrinsics(self, item);
  if (is_old)
    wire_encode_fixed(self, item->export_count, 2);
}

static void
_package_0_6(Buffer *self, const WorkPackage *package)
{
  wire_encode_blob(self, package->authorization, package->authorization_len);
  wire_encode_fixed(self, package->auth_code_host, 4);
  _hash(self, package->authorizer_code_hash);
  wire_encode_blob(self, package->authorizer_params, package->authorizer_params_len);
  _context(self, &package->context, GRAY_PAPER_0_6);
}

static void
_package_0_7(Buffer *self, const WorkPackage *package, GrayPaper gray_paper)
{
  wire_encode_fixed(self, package->auth_code_host, 4);
  _hash(self, package->authorizer_code_hash);
  _context(self, &package->context, gray_paper);
  wire_encode_blob(self, package->authorization, package->authorization_len);
  wire_encode_blob(self, package->authorizer_params, package->authorizer_params_len);
}

void
jam_wire_package(Buffer *self, const WorkPackage *package, GrayPaper gray_paper)
{
  if (gray_paper == GRAY_PAPER_0_6)
    _package_0_6(self, package);
  else
    _package_0_7(self, package, gray_paper);
  wire_encode_natural(self, package->n_items);
  for (guint i = 0; i < package->n_items; i++)
    _item(self, &package->items[i], gray_paper);
}

static void
_bundle_extrinsics(Buffer *self, const WorkPackage *package)
{
  guint count = 0;

  for (guint i = 0; i < package->n_items; i++)
    count += package->items[i].has_extrinsic ? 1 : 0;

  wire_encode_natural(self, count);
  for (guint i = 0; i < package->n_items; i++)
    {
      const WorkItem *item = &package->items[i];

      if (item->has_extrinsic)
        wire_encode_blob(self, item->extrinsic, item->extrinsic_len);
    }
}

static void
_bundle_segments(Buffer *self, const WorkPackage *package)
{
  wire_encode_natural(self, package->n_items);
  for (guint i = 0; i < package->n_items; i++)
    {
      const WorkItem *item = &package->items[i];

      wire_encode_natural(self, item->has_import ? 1 : 0);
      if (item->has_import)
        wire_encode_blob(self, item->import_segment, SEGMENT_LEN);
    }
}

static void
_bundle_justifications(Buffer *self, const WorkPackage *package)
{
  wire_encode_natural(self, package->n_items);
  for (guint i = 0; i < package->n_items; i++)
    {
      const WorkItem *item = &package->items[i];

      wire_encode_natural(self, item->has_import ? 1 : 0);
      if (item->has_import)
        {
          wire_encode_natural(self, 1);
          _hash(self, item->justification);
        }
    }
}

void
jam_wire_bundle_rest(Buffer *self, const WorkPackage *package)
{
  _bundle_extrinsics(self, package);
  _bundle_segments(self, package);
  _bundle_justifications(self, package);
}

void
jam_wire_segments(Buffer *self, const WorkPackage *package)
{
  wire_encode_natural(self, package->n_exports);
  for (guint i = 0; i < package->n_exports; i++)
    wire_encode_blob(self, package->exports[i], SEGMENT_LEN);
}

static void
_service_history(Buffer *self, const Service *service)
{
  wire_encode_fixed(self, service->creation_slot, 4);
  wire_encode_fixed(self, service->last_accumulation_slot, 4);
  wire_encode_fixed(self, 0, 4);
}

void
jam_wire_service(Buffer *self, const Service *service, GrayPaper gray_paper)
{
  wire_encode_fixed(self, service->id, 4);
  if (gray_paper >= GRAY_PAPER_0_7)
    buffer_append_byte(self, 0);
  _hash(self, service->code_hash);
  wire_encode_fixed(self, service->balance, 8);
  wire_encode_fixed(self, 100, 8);
  wire_encode_fixed(self, 100, 8);
  wire_encode_fixed(self, service->code_size, 8);
  if (gray_paper >= GRAY_PAPER_0_7)
    wire_encode_fixed(self, service->deposit_offset, 8);
  wire_encode_fixed(self, 2, 4);
  if (gray_paper >= GRAY_PAPER_0_7)
    _service_history(self, service);
}

static void
_validator_counters(Buffer *self, const guint32 *counters)
{
  for (guint i = 0; i < VALIDATOR_COUNTERS; i++)
    wire_encode_fixed(self, counters[i], 4);
}

void
jam_wire_validator_statistics(Buffer *self, const Validator *validators, guint n_validators)
{
  for (guint i = 0; i < n_validators; i++)
    _validator_counters(self, validators[i].current);
  for (guint i = 0; i < n_validators; i++)
    _validator_counters(self, validators[i].last);
}

static void
_counters(Buffer *self, const CounterName *names, const guint64 *counters)
{
  for (; names->name; names++)
    wire_encode_natural(self, counters[names->counter]);
}

void
jam_wire_core_statistics(Buffer *self, const Core *cores, guint n_cores, GrayPaper gray_paper)
{
  for (guint i = 0; i < n_cores; i++)
    _counters(self, counters_of_core(gray_paper), cores[i].counters);
}

static guint
_count_active(const Service *services, guint n_services)
{
  guint active = 0;

  for (guint i = 0; i < n_services; i++)
    active += services[i].active ? 1 : 0;
  return active;
}

static void
_service_counters(Buffer *self, const Service *service, GrayPaper gray_paper)
{
  if (gray_paper == GRAY_PAPER_0_6)
    wire_encode_natural(self, service->id);
  else
    wire_encode_fixed(self, service->id, 4);
  _counters(self, counters_of_service(gray_paper), service->counters);
}

void
jam_wire_service_statistics(Buffer *self, const Service *services, guint n_services, GrayPaper gray_paper)
{
  wire_encode_natural(self, _count_active(services, n_services));
  for (guint i = 0; i < n_services; i++)
    if (services[i].active)
      _service_counters(self, &services[i], gray_paper);
}
