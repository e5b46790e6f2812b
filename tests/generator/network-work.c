/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "network-work.h"
#include "jam-hash.h"
#include "jam-wire.h"

#define BOOTSTRAP_SERVICE 0

static void
_fill_context(Network *self, RefinementContext *context, guint core)
{
  memcpy(context->anchor, self->block.header.parent, HASH_LEN);
  context->anchor_slot = MAX(self->slot, 1) - 1;
  memcpy(context->state_root, self->block.header.parent_state_root, HASH_LEN);
  prng_fill(&self->prng, context->beefy_root, HASH_LEN);
  memcpy(context->lookup_anchor, self->header_hash, HASH_LEN);
  context->lookup_anchor_slot = self->slot;
  /* Only the next block tells the root: any hash does. */
  jam_hash(context->lookup_anchor_state_root, self->header_hash, HASH_LEN);

  gboolean depends = prng_one_in(&self->prng, 2);
  context->has_prerequisite = depends && core > 0 && self->cores[core - 1].has_work;
  if (context->has_prerequisite)
    memcpy(context->prerequisite, self->cores[core - 1].package.hash, HASH_LEN);
}

static void
_fill_extrinsic(Network *self, WorkItem *item)
{
  item->has_extrinsic = prng_one_in(&self->prng, 8);
  if (!item->has_extrinsic)
    return;

  item->extrinsic_len = 1 + prng_below(&self->prng, MAX_EXTRINSIC_LEN);
  prng_fill(&self->prng, item->extrinsic, item->extrinsic_len);
  jam_hash(item->extrinsic_hash, item->extrinsic, item->extrinsic_len);
}

static void
_fill_item(Network *self, WorkItem *item)
{
  item->service_index = prng_below(&self->prng, self->config.services);

  const Service *service = &self->services[item->service_index];
  item->service = service->id;
  memcpy(item->code_hash, service->code_hash, HASH_LEN);
  item->payload_len = prng_below(&self->prng, MAX_PAYLOAD_LEN + 1);
  prng_fill(&self->prng, item->payload, item->payload_len);
  item->refine_gas_limit = 1000 + prng_below(&self->prng, 5000);
  item->accumulate_gas_limit = 1000 + prng_below(&self->prng, 100000);
  item->has_import = FALSE;
  item->export_count = 0;
  _fill_extrinsic(self, item);
}

static void
_import_segment(Network *self, WorkItem *item, const WorkPackage *exporter, guint index)
{
  item->has_import = TRUE;
  item->import_index = index;
  memcpy(item->import_root, exporter->hash, HASH_LEN);
  memcpy(item->import_segment, exporter->exports[index], SEGMENT_LEN);
  prng_fill(&self->prng, item->justification, HASH_LEN);
}

/* The package's old hash and exports are still those of the one before. */
static void
_fill_items(Network *self, WorkPackage *package)
{
  gboolean imports = package->n_exports > 0 && prng_one_in(&self->prng, 2);

  package->n_items = 1 + prng_below(&self->prng, MAX_ITEMS);
  for (guint i = 0; i < package->n_items; i++)
    {
      _fill_item(self, &package->items[i]);
      if (imports)
        _import_segment(self, &package->items[i], package, i % package->n_exports);
    }
}

static void
_fill_exports(Network *self, WorkPackage *package)
{
  gboolean exports = self->is_first_slot || prng_one_in(&self->prng, 2);

  package->n_exports = exports ? package->n_items : 0;
  for (guint i = 0; i < package->n_exports; i++)
    {
      package->items[i].export_count = 1;
      prng_fill(&self->prng, package->exports[i], SEGMENT_LEN);
    }
}

static void
_encode_bundle(WorkPackage *package, GrayPaper gray_paper)
{
  buffer_reset(&package->bundle);
  jam_wire_package(&package->bundle, package, gray_paper);
  jam_hash(package->hash, package->bundle.data, package->bundle.len);
  jam_wire_bundle_rest(&package->bundle, package);
}

/* Without parameters in 0.6, so that old measurements compare with new ones. */
static void
_fill_authorizer(Network *self, WorkPackage *package)
{
  const Service *bootstrap = &self->services[BOOTSTRAP_SERVICE];

  package->auth_code_host = bootstrap->id;
  memcpy(package->authorizer_code_hash, bootstrap->code_hash, HASH_LEN);
  package->authorizer_params_len = self->config.protocol.gray_paper == GRAY_PAPER_0_6
                                     ? 0
                                     : self->slot % (MAX_PARAMS_LEN + 1);
  memcpy(package->authorizer_params, bootstrap->code_hash, MAX_PARAMS_LEN);
}

static void
_hash_authorizer(guint8 hash[HASH_LEN], const WorkPackage *package)
{
  guint8 authorizer[HASH_LEN + MAX_PARAMS_LEN];

  memcpy(authorizer, package->authorizer_code_hash, HASH_LEN);
  memcpy(authorizer + HASH_LEN, package->authorizer_params, MAX_PARAMS_LEN);
  jam_hash(hash, authorizer, HASH_LEN + package->authorizer_params_len);
}

static void
_fill_package(Network *self, WorkPackage *package, guint core)
{
  package->core = core;
  package->authorization_len = prng_one_in(&self->prng, 2) ? 0 : sizeof(package->authorization);
  memcpy(package->authorization, "0x", sizeof(package->authorization));
  _fill_authorizer(self, package);
  _fill_context(self, &package->context, core);
  _fill_items(self, package);
  _fill_exports(self, package);
  _encode_bundle(package, self->config.protocol.gray_paper);
}

static void
_fill_result(Network *self, WorkResult *result, const WorkItem *item)
{
  result->service_index = item->service_index;
  result->service_id = item->service;
  memcpy(result->code_hash, item->code_hash, HASH_LEN);
  jam_hash(result->payload_hash, item->payload, item->payload_len);
  result->accumulate_gas = item->accumulate_gas_limit;
  result->output_len = prng_below(&self->prng, MAX_PAYLOAD_LEN + 1);
  prng_fill(&self->prng, result->output, result->output_len);
  result->load[LOAD_GAS_USED] = prng_below(&self->prng, item->refine_gas_limit);
  result->load[LOAD_IMPORTS] = item->has_import ? 1 : 0;
  result->load[LOAD_EXTRINSIC_COUNT] = item->has_extrinsic ? 1 : 0;
  result->load[LOAD_EXTRINSIC_SIZE] = item->has_extrinsic ? item->extrinsic_len : 0;
  result->load[LOAD_EXPORTS] = item->export_count;
}

/* One signer from each share of the validators: distinct, and rising. */
static void
_fill_signatures(Network *self, WorkReport *report)
{
  guint validators = self->config.validators;

  report->n_signatures = MIN(MAX_SIGNATURES, validators);
  for (guint i = 0; i < report->n_signatures; i++)
    {
      GuaranteeSignature *signature = &report->signatures[i];
      guint share = validators / report->n_signatures;

      signature->validator_index = i * share + prng_below(&self->prng, share);
      prng_fill(&self->prng, signature->signature, SIGNATURE_LEN);
    }
}

static void
_fill_exports_root(Network *self, WorkReport *report, const WorkPackage *package)
{
  report->exports_count = package->n_exports;
  if (package->n_exports > 0)
    prng_fill(&self->prng, report->exports_root, HASH_LEN);
  else
    memset(report->exports_root, 0, HASH_LEN);
}

/* The report's old package and root are those that the items import from. */
static void
_fill_lookup(WorkReport *report, const WorkPackage *package)
{
  report->has_lookup = package->items[0].has_import;
  memcpy(report->lookup_package_hash, report->package_hash, HASH_LEN);
  memcpy(report->lookup_segment_root, report->exports_root, HASH_LEN);
}

static void
_fill_report(Network *self, WorkReport *report, const WorkPackage *package)
{
  _fill_lookup(report, package);
  memcpy(report->package_hash, package->hash, HASH_LEN);
  report->bundle_len = package->bundle.len;
  prng_fill(&self->prng, report->erasure_root, HASH_LEN);
  report->erasure_shards = self->config.validators;
  _fill_exports_root(self, report, package);
  report->context = package->context;
  report->core = package->core;
  _hash_authorizer(report->authorizer_hash, package);
  report->n_results = package->n_items;
  for (guint i = 0; i < report->n_results; i++)
    _fill_result(self, &report->results[i], &package->items[i]);
  report->auth_gas_used = prng_below(&self->prng, 100);
  report->slot = self->slot;
  _fill_signatures(self, report);
}

static void
_assign_core(Network *self, guint index)
{
  Core *core = &self->cores[index];
  WorkReport *report = &core->report;

  core->has_work = prng_one_in(&self->prng, 2) || (self->is_first_slot && index == 0);
  if (!core->has_work)
    return;

  _fill_package(self, &core->package, index);
  _fill_report(self, report, &core->package);
  core->package.guarantor = report->signatures[prng_below(&self->prng, report->n_signatures)].validator_index;
  g_array_append_val(self->reports, *report);
}

void
network_work_assign(Network *self)
{
  for (guint i = 0; i < self->config.cores; i++)
    _assign_core(self, i);
}
