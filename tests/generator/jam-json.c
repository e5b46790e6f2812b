/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "jam-json.h"
#include "counters.h"
#include "json-text.h"

static gboolean
_is_since(const Protocol *protocol, GrayPaper gray_paper)
{
  return protocol->gray_paper >= gray_paper;
}

static void
_hash(Buffer *self, const gchar *name, const guint8 *hash)
{
  json_text_hex(self, name, hash, HASH_LEN);
}

static void
_counters(Buffer *self, const CounterName *names, const guint64 *counters)
{
  for (; names->name; names++)
    json_text_number(self, names->name, counters[names->counter]);
}

static void
_epoch_mark(Buffer *self, const Header *header)
{
  if (!header->has_epoch_mark)
    {
      json_text_null(self, "epoch_mark");
      return;
    }

  json_text_open_object(self, "epoch_mark");
  _hash(self, "entropy", header->entropy);
  _hash(self, "tickets_entropy", header->tickets_entropy);
  json_text_open_array(self, "validators");
  for (guint i = 0; i < header->n_validators; i++)
    {
      json_text_open_object(self, NULL);
      _hash(self, "bandersnatch", header->validators[i].bandersnatch);
      _hash(self, "ed25519", header->validators[i].ed25519);
      json_text_close_object(self);
    }
  json_text_close_array(self);
  json_text_close_object(self);
}

static void
_tickets_mark(Buffer *self, const Header *header)
{
  if (!header->has_tickets_mark)
    {
      json_text_null(self, "tickets_mark");
      return;
    }

  json_text_open_array(self, "tickets_mark");
  for (guint i = 0; i < EPOCH_SLOTS; i++)
    {
      json_text_open_object(self, NULL);
      _hash(self, "id", header->tickets_mark[i].id);
      json_text_number(self, "attempt", header->tickets_mark[i].attempt);
      json_text_close_object(self);
    }
  json_text_close_array(self);
}

static void
_offenders_mark(Buffer *self, const Header *header)
{
  json_text_open_array(self, "offenders_mark");
  for (guint i = 0; i < header->n_offenders; i++)
    _hash(self, NULL, header->offenders[i]);
  json_text_close_array(self);
}

static void
_header(Buffer *self, const Header *header, const Protocol *protocol)
{
  json_text_open_object(self, "header");
  _hash(self, "parent", header->parent);
  _hash(self, "parent_state_root", header->parent_state_root);
  _hash(self, "extrinsic_hash", header->extrinsic_hash);
  json_text_number(self, "slot", header->slot);
  _epoch_mark(self, header);
  _tickets_mark(self, header);
  if (!_is_since(protocol, GRAY_PAPER_0_7))
    _offenders_mark(self, header);
  json_text_number(self, "author_index", header->author_index);
  json_text_hex(self, "entropy_source", header->entropy_source, VRF_SIGNATURE_LEN);
  if (_is_since(protocol, GRAY_PAPER_0_7))
    _offenders_mark(self, header);
  json_text_hex(self, "seal", header->seal, VRF_SIGNATURE_LEN);
  json_text_close_object(self);
}

void
jam_json_ticket(Buffer *self, const gchar *name, const Ticket *ticket)
{
  json_text_open_object(self, name);
  json_text_number(self, "attempt", ticket->attempt);
  json_text_hex(self, "signature", ticket->signature, TICKET_SIGNATURE_LEN);
  json_text_close_object(self);
}

void
jam_json_assurance(Buffer *self, const gchar *name, const Assurance *assurance)
{
  json_text_open_object(self, name);
  _hash(self, "anchor", assurance->anchor);
  json_text_hex(self, "bitfield", assurance->bitfield, assurance->bitfield_len);
  json_text_number(self, "validator_index", assurance->validator_index);
  json_text_hex(self, "signature", assurance->signature, SIGNATURE_LEN);
  json_text_close_object(self);
}

void
jam_json_preimage(Buffer *self, const gchar *name, const Preimage *preimage)
{
  json_text_open_object(self, name);
  json_text_number(self, "requester", preimage->requester);
  json_text_hex(self, "blob", preimage->blob, preimage->blob_len);
  json_text_close_object(self);
}

static void
_prerequisites(Buffer *self, const RefinementContext *context, gboolean empty_is_null)
{
  if (!context->has_prerequisite)
    {
      json_text_empty(self, "prerequisites", empty_is_null);
      return;
    }

  json_text_open_array(self, "prerequisites");
  _hash(self, NULL, context->prerequisite);
  json_text_close_array(self);
}

static void
_context(Buffer *self, const RefinementContext *context, gboolean empty_is_null, const Protocol *protocol)
{
  json_text_open_object(self, "context");
  _hash(self, "anchor", context->anchor);
  if (_is_since(protocol, GRAY_PAPER_0_8))
    json_text_number(self, "anchor_slot", context->anchor_slot);
  _hash(self, "state_root", context->state_root);
  _hash(self, "beefy_root", context->beefy_root);
  _hash(self, "lookup_anchor", context->lookup_anchor);
  json_text_number(self, "lookup_anchor_slot", context->lookup_anchor_slot);
  if (_is_since(protocol, GRAY_PAPER_0_8))
    _hash(self, "lookup_anchor_state_root", context->lookup_anchor_state_root);
  _prerequisites(self, context, empty_is_null);
  json_text_close_object(self);
}

static void
_package_spec(Buffer *self, const WorkReport *report, const Protocol *protocol)
{
  json_text_open_object(self, "package_spec");
  _hash(self, "hash", report->package_hash);
  json_text_number(self, "length", report->bundle_len);
  _hash(self, "erasure_root", report->erasure_root);
  if (_is_since(protocol, GRAY_PAPER_0_8))
    json_text_number(self, "erasure_shards", report->erasure_shards);
  _hash(self, "exports_root", report->exports_root);
  json_text_number(self, "exports_count", report->exports_count);
  json_text_close_object(self);
}

static void
_segment_root_lookup(Buffer *self, const WorkReport *report, gboolean empty_is_null)
{
  if (!report->has_lookup)
    {
      json_text_empty(self, "segment_root_lookup", empty_is_null);
      return;
    }

  json_text_open_array(self, "segment_root_lookup");
  json_text_open_object(self, NULL);
  _hash(self, "work_package_hash", report->lookup_package_hash);
  _hash(self, "segment_tree_root", report->lookup_segment_root);
  json_text_close_object(self);
  json_text_close_array(self);
}

static void
_refine_load(Buffer *self, const guint64 *load)
{
  static const CounterName names[] = { { "gas_used", LOAD_GAS_USED },
                                       { "imports", LOAD_IMPORTS },
                                       { "extrinsic_count", LOAD_EXTRINSIC_COUNT },
                                       { "extrinsic_size", LOAD_EXTRINSIC_SIZE },
                                       { "exports", LOAD_EXPORTS },
                                       { NULL, 0 } };

  json_text_open_object(self, "refine_load");
  _counters(self, names, load);
  json_text_close_object(self);
}

static void
_result(Buffer *self, const WorkResult *result)
{
  json_text_open_object(self, NULL);
  json_text_number(self, "service_id", result->service_id);
  _hash(self, "code_hash", result->code_hash);
  _hash(self, "payload_hash", result->payload_hash);
  json_text_number(self, "accumulate_gas", result->accumulate_gas);
  json_text_open_object(self, "result");
  json_text_hex(self, "ok", result->output, result->output_len);
  json_text_close_object(self);
  _refine_load(self, result->load);
  json_text_close_object(self);
}

static void
_report(Buffer *self, const gchar *name, const WorkReport *report, gboolean empty_is_null, const Protocol *protocol)
{
  json_text_open_object(self, name);
  _package_spec(self, report, protocol);
  _context(self, &report->context, empty_is_null, protocol);
  json_text_number(self, "core_index", report->core);
  _hash(self, "authorizer_hash", report->authorizer_hash);
  if (_is_since(protocol, GRAY_PAPER_0_7))
    json_text_number(self, "auth_gas_used", report->auth_gas_used);
  json_text_string(self, "auth_output", "0x");
  _segment_root_lookup(self, report, empty_is_null);
  json_text_open_array(self, "results");
  for (guint i = 0; i < report->n_results; i++)
    _result(self, &report->results[i]);
  json_text_close_array(self);
  if (!_is_since(protocol, GRAY_PAPER_0_7))
    json_text_number(self, "auth_gas_used", report->auth_gas_used);
  json_text_close_object(self);
}

void
jam_json_report(Buffer *self, const gchar *name, const WorkReport *report, const Protocol *protocol)
{
  _report(self, name, report, TRUE, protocol);
}

static void
_signature(Buffer *self, const GuaranteeSignature *signature)
{
  json_text_open_object(self, NULL);
  json_text_number(self, "validator_index", signature->validator_index);
  json_text_hex(self, "signature", signature->signature, SIGNATURE_LEN);
  json_text_close_object(self);
}

static void
_guarantee(Buffer *self, const WorkReport *report, const Protocol *protocol)
{
  json_text_open_object(self, NULL);
  _report(self, "report", report, FALSE, protocol);
  json_text_number(self, "slot", report->slot);
  json_text_open_array(self, "signatures");
  for (guint i = 0; i < report->n_signatures; i++)
    _signature(self, &report->signatures[i]);
  json_text_close_array(self);
  json_text_close_object(self);
}

static void
_disputes(Buffer *self)
{
  json_text_open_object(self, "disputes");
  json_text_empty(self, "verdicts", FALSE);
  json_text_empty(self, "culprits", FALSE);
  json_text_empty(self, "faults", FALSE);
  json_text_close_object(self);
}

static void
_extrinsic(Buffer *self, const Block *block, const Protocol *protocol)
{
  json_text_open_object(self, "extrinsic");

  json_text_open_array(self, "tickets");
  for (guint i = 0; i < block->tickets->len; i++)
    jam_json_ticket(self, NULL, &g_array_index(block->tickets, Ticket, i));
  json_text_close_array(self);

  json_text_open_array(self, "preimages");
  if (block->preimage)
    jam_json_preimage(self, NULL, block->preimage);
  json_text_close_array(self);

  json_text_open_array(self, "guarantees");
  for (guint i = 0; i < block->guarantees->len; i++)
    _guarantee(self, &g_array_index(block->guarantees, WorkReport, i), protocol);
  json_text_close_array(self);

  json_text_open_array(self, "assurances");
  for (guint i = 0; i < block->assurances->len; i++)
    jam_json_assurance(self, NULL, &g_array_index(block->assurances, Assurance, i));
  json_text_close_array(self);

  _disputes(self);
  json_text_close_object(self);
}

void
jam_json_block(Buffer *self, const gchar *name, const Block *block, const Protocol *protocol)
{
  json_text_open_object(self, name);
  _header(self, &block->header, protocol);
  _extrinsic(self, block, protocol);
  json_text_close_object(self);
}

static void
_item_imports(Buffer *self, const WorkItem *item)
{
  json_text_open_array(self, "import_segments");
  if (item->has_import)
    {
      json_text_open_object(self, NULL);
      _hash(self, "tree_root", item->import_root);
      json_text_number(self, "index", item->import_index);
      json_text_close_object(self);
    }
  json_text_close_array(self);
}

static void
_item_extrinsics(Buffer *self, const WorkItem *item)
{
  if (!item->has_extrinsic)
    {
      json_text_null(self, "extrinsic");
      return;
    }

  json_text_open_array(self, "extrinsic");
  json_text_open_object(self, NULL);
  _hash(self, "hash", item->extrinsic_hash);
  json_text_number(self, "len", item->extrinsic_len);
  json_text_close_object(self);
  json_text_close_array(self);
}

static void
_item(Buffer *self, const WorkItem *item, const Protocol *protocol)
{
  gboolean is_old = !_is_since(protocol, GRAY_PAPER_0_7);

  json_text_open_object(self, NULL);
  json_text_number(self, "service", item->service);
  _hash(self, "code_hash", item->code_hash);
  if (is_old)
    json_text_hex(self, "payload", item->payload, item->payload_len);
  json_text_number(self, "refine_gas_limit", item->refine_gas_limit);
  json_text_number(self, "accumulate_gas_limit", item->accumulate_gas_limit);
  if (!is_old)
    {
      json_text_number(self, "export_count", item->export_count);
      json_text_hex(self, "payload", item->payload, item->payload_len);
    }
  _item_imports(self, item);
  _item_extrinsics(self, item);
  if (is_old)
    json_text_number(self, "export_count", item->export_count);
  json_text_close_object(self);
}

static void
_authorization(Buffer *self, const WorkPackage *package)
{
  json_text_hex(self, "authorization", package->authorization, package->authorization_len);
}

static void
_authorizer_params(Buffer *self, const gchar *name, const WorkPackage *package)
{
  json_text_hex(self, name, package->authorizer_params, package->authorizer_params_len);
}

static void
_package_0_6(Buffer *self, const WorkPackage *package, const Protocol *protocol)
{
  _authorization(self, package);
  json_text_number(self, "auth_code_host", package->auth_code_host);
  json_text_open_object(self, "authorizer");
  _hash(self, "code_hash", package->authorizer_code_hash);
  _authorizer_params(self, "params", package);
  json_text_close_object(self);
  _context(self, &package->context, TRUE, protocol);
}

static void
_package_0_7(Buffer *self, const WorkPackage *package, const Protocol *protocol)
{
  json_text_number(self, "auth_code_host", package->auth_code_host);
  _hash(self, "auth_code_hash", package->authorizer_code_hash);
  _context(self, &package->context, TRUE, protocol);
  _authorization(self, package);
  _authorizer_params(self, "authorizer_config", package);
}

static void
_package(Buffer *self, const WorkPackage *package, const Protocol *protocol)
{
  json_text_open_object(self, "work_package");
  if (_is_since(protocol, GRAY_PAPER_0_7))
    _package_0_7(self, package, protocol);
  else
    _package_0_6(self, package, protocol);
  json_text_open_array(self, "items");
  for (guint i = 0; i < package->n_items; i++)
    _item(self, &package->items[i], protocol);
  json_text_close_array(self);
  json_text_close_object(self);
}

static void
_bundle_extrinsics(Buffer *self, const WorkPackage *package)
{
  json_text_open_array(self, "extrinsics");
  for (guint i = 0; i < package->n_items; i++)
    {
      const WorkItem *item = &package->items[i];

      if (item->has_extrinsic)
        json_text_hex(self, NULL, item->extrinsic, item->extrinsic_len);
    }
  json_text_close_array(self);
}

static void
_bundle_segments(Buffer *self, const WorkPackage *package)
{
  json_text_open_array(self, "import_segments");
  for (guint i = 0; i < package->n_items; i++)
    {
      json_text_open_array(self, NULL);
      if (package->items[i].has_import)
        json_text_base64(self, NULL, package->items[i].import_segment, SEGMENT_LEN);
      json_text_close_array(self);
    }
  json_text_close_array(self);
}

static void
_justification(Buffer *self, const WorkItem *item)
{
  json_text_open_array(self, NULL);
  if (item->has_import)
    {
      json_text_open_array(self, NULL);
      _hash(self, NULL, item->justification);
      json_text_close_array(self);
    }
  json_text_close_array(self);
}

void
jam_json_bundle(Buffer *self, const gchar *name, const WorkPackage *package, const Protocol *protocol)
{
  json_text_open_object(self, name);
  _package(self, package, protocol);
  _bundle_extrinsics(self, package);
  _bundle_segments(self, package);
  json_text_open_array(self, "justifications");
  for (guint i = 0; i < package->n_items; i++)
    _justification(self, &package->items[i]);
  json_text_close_array(self);
  json_text_close_object(self);
}

void
jam_json_segments(Buffer *self, const gchar *name, const WorkPackage *package)
{
  if (package->n_exports == 0)
    {
      json_text_null(self, name);
      return;
    }

  json_text_open_array(self, name);
  for (guint i = 0; i < package->n_exports; i++)
    json_text_base64(self, NULL, package->exports[i], SEGMENT_LEN);
  json_text_close_array(self);
}

/* Where there is no name for a value, it is not told. */
typedef struct _ServiceNames
{
  const gchar *index;
  const gchar *version;
  const gchar *code_size;
  const gchar *deposit_offset;
  const gchar *creation_slot;
  const gchar *last_accumulation;
} ServiceNames;

static const ServiceNames service_names[] = {
  [NAMES_SEED] = { "service_index", "version", "code_size", "deposit_offset", "creation_slot",
                   "last_accumulation_slot" },
  [NAMES_ASN1] = { "id", "version", "bytes", "deposit_offset", "creation_slot", "last_accumulation_slot" },
  [NAMES_JAMDUNA] = { "service_index", NULL, "bytes", "gratis_offset", "create_time", "recent_accumulation" },
};

void
jam_json_service(Buffer *self, const gchar *name, const Service *service, const Protocol *protocol)
{
  const ServiceNames *names = &service_names[protocol->names];
  gboolean is_old = !_is_since(protocol, GRAY_PAPER_0_7);

  json_text_open_object(self, name);
  json_text_number(self, names->index, service->id);
  if (!is_old && names->version)
    json_text_number(self, names->version, 0);
  _hash(self, "code_hash", service->code_hash);
  json_text_number(self, "balance", service->balance);
  json_text_number(self, "min_item_gas", 100);
  json_text_number(self, "min_memo_gas", 100);
  json_text_number(self, names->code_size, service->code_size);
  if (!is_old)
    json_text_number(self, names->deposit_offset, service->deposit_offset);
  json_text_number(self, "items", 2);
  if (!is_old)
    {
      json_text_number(self, names->creation_slot, service->creation_slot);
      json_text_number(self, names->last_accumulation, service->last_accumulation_slot);
      json_text_number(self, "parent_service", 0);
    }
  json_text_close_object(self);
}

static void
_validator_counters(Buffer *self, const guint32 *counters)
{
  json_text_open_object(self, NULL);
  json_text_number(self, "blocks", counters[VALIDATOR_BLOCKS]);
  json_text_number(self, "tickets", counters[VALIDATOR_TICKETS]);
  json_text_number(self, "pre_images", counters[VALIDATOR_PREIMAGES]);
  json_text_number(self, "pre_images_size", counters[VALIDATOR_PREIMAGES_SIZE]);
  json_text_number(self, "guarantees", counters[VALIDATOR_GUARANTEES]);
  json_text_number(self, "assurances", counters[VALIDATOR_ASSURANCES]);
  json_text_close_object(self);
}

void
jam_json_validator_statistics(Buffer *self, const Validator *validators, guint n_validators, const Protocol *protocol)
{
  static const gchar *const names[][2] = {
    [NAMES_SEED] = { "vals_current", "vals_last" },
    [NAMES_ASN1] = { "vals_curr", "vals_last" },
    [NAMES_JAMDUNA] = { "vals_curr_stats", "vals_last_stats" },
  };

  for (guint epoch = 0; epoch < 2; epoch++)
    {
      json_text_open_array(self, names[protocol->names][epoch]);
      for (guint i = 0; i < n_validators; i++)
        _validator_counters(self, epoch == 0 ? validators[i].current : validators[i].last);
      json_text_close_array(self);
    }
}

void
jam_json_core_statistics(Buffer *self, const gchar *name, const Core *cores, guint n_cores, const Protocol *protocol)
{
  json_text_open_array(self, name);
  for (guint i = 0; i < n_cores; i++)
    {
      json_text_open_object(self, NULL);
      _counters(self, counters_of_core(protocol->gray_paper), cores[i].counters);
      json_text_close_object(self);
    }
  json_text_close_array(self);
}

static void
_service_record(Buffer *self, const gchar *name, const Service *service, const Protocol *protocol)
{
  json_text_open_object(self, name);
  _counters(self, counters_of_service(protocol->gray_paper), service->counters);
  json_text_close_object(self);
}

static void
_service_member(Buffer *self, const Service *service, const Protocol *protocol)
{
  gchar name[16];

  g_snprintf(name, sizeof(name), "%" G_GUINT32_FORMAT, service->id);
  _service_record(self, name, service, protocol);
}

static void
_service_element(Buffer *self, const Service *service, const Protocol *protocol)
{
  json_text_open_object(self, NULL);
  json_text_number(self, "id", service->id);
  _service_record(self, "record", service, protocol);
  json_text_close_object(self);
}

static gboolean
_is_any_active(const Service *services, guint n_services)
{
  for (guint i = 0; i < n_services; i++)
    if (services[i].active)
      return TRUE;
  return FALSE;
}

void
jam_json_service_statistics(Buffer *self, const gchar *name, const Service *services, guint n_services,
                            const Protocol *protocol)
{
  gboolean as_object = protocol->names == NAMES_JAMDUNA;

  if (protocol->names == NAMES_SEED && !_is_any_active(services, n_services))
    {
      json_text_null(self, name);
      return;
    }

  if (as_object)
    json_text_open_object(self, name);
  else
    json_text_open_array(self, name);
  for (guint i = 0; i < n_services; i++)
    if (services[i].active)
      (as_object ? _service_member : _service_element)(self, &services[i], protocol);
  if (as_object)
    json_text_close_object(self);
  else
    json_text_close_array(self);
}
