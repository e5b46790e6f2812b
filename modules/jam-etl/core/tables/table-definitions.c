/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* tables, aligned by hand */
/* clang-format off */
#include "core/tables/table-definitions.h"

#include <string.h>

#define BOTH(t) { JAM_TYPE_##t, JAM_TYPE_##t }
#define DUNE(t) { JAM_TYPE_##t, JAM_TYPE_NONE }
#define BIGQUERY(t) { JAM_TYPE_NONE, JAM_TYPE_##t }

#define TEXT(name, from) { name, from, BOTH(STRING), JAM_NULLABLE, NULL }
#define INTEGER(name, from) { name, from, BOTH(INTEGER), JAM_NULLABLE, NULL }
#define UINT64(name, from) { name, from, BOTH(UINT64), JAM_NULLABLE, NULL }
#define BYTES(name, from) { name, from, BOTH(BYTES), JAM_NULLABLE, NULL }
#define REQUIRED(name, from, type) { name, from, BOTH(type), JAM_REQUIRED, NULL }

/* what every table starts and ends with */
#define HEAD(slot) \
  REQUIRED("time", "time", TIMESTAMP), \
  REQUIRED("slot", slot, INTEGER), \
  REQUIRED("team", "team", STRING), \
  REQUIRED("sender_id", "sender_id", STRING), \
  INTEGER("elapsed", "elapsed")

#define TAIL \
  REQUIRED("time_ns", "unix_ns(time)", INTEGER), \
  REQUIRED("row_id", "row_id", STRING), \
  TEXT("codec_encoded", "codec_encoded")

static const JamColumn blocks[] =
{
  HEAD("json_encoded.header.slot"),
  TEXT("parent", "json_encoded.header.parent"),
  TEXT("parent_state_root", "json_encoded.header.parent_state_root"),
  TEXT("extrinsic_hash", "json_encoded.header.extrinsic_hash"),
  { "header_slot", "json_encoded.header.slot", DUNE(INTEGER), JAM_NULLABLE, NULL },
  INTEGER("author_index", "json_encoded.header.author_index"),
  TEXT("entropy_source", "json_encoded.header.entropy_source"),
  TEXT("seal", "json_encoded.header.seal"),
  INTEGER("num_tickets", "count(json_encoded.extrinsic.tickets)"),
  INTEGER("num_preimages", "count(json_encoded.extrinsic.preimages)"),
  INTEGER("num_guarantees", "count(json_encoded.extrinsic.guarantees)"),
  INTEGER("num_assurances", "count(json_encoded.extrinsic.assurances)"),
  INTEGER("num_verdicts", "count(json_encoded.extrinsic.disputes.verdicts)"),
  INTEGER("num_culprits", "count(json_encoded.extrinsic.disputes.culprits)"),
  INTEGER("num_faults", "count(json_encoded.extrinsic.disputes.faults)"),
  TEXT("header_hash", "header_hash(codec_encoded)"),
  TAIL,
};

static const JamColumn validatorstatistics[] =
{
  HEAD("slot(time)"),
  REQUIRED("validator_id", "index", INTEGER),
  INTEGER("current_blocks", "vals_current[index].blocks"),
  INTEGER("current_tickets", "vals_current[index].tickets"),
  INTEGER("current_pre_images", "vals_current[index].pre_images"),
  INTEGER("current_pre_images_size", "vals_current[index].pre_images_size"),
  INTEGER("current_guarantees", "vals_current[index].guarantees"),
  INTEGER("current_assurances", "vals_current[index].assurances"),
  INTEGER("last_blocks", "vals_last[index].blocks"),
  INTEGER("last_tickets", "vals_last[index].tickets"),
  INTEGER("last_pre_images", "vals_last[index].pre_images"),
  INTEGER("last_pre_images_size", "vals_last[index].pre_images_size"),
  INTEGER("last_guarantees", "vals_last[index].guarantees"),
  INTEGER("last_assurances", "vals_last[index].assurances"),
  TAIL,
};

static const JamColumn corestatistics[] =
{
  HEAD("slot(time)"),
  REQUIRED("core", "index", INTEGER),
  INTEGER("da_load", "item.da_load"),
  INTEGER("popularity", "item.popularity"),
  INTEGER("imports", "item.imports"),
  INTEGER("exports", "item.exports"),
  INTEGER("extrinsic_size", "item.extrinsic_size"),
  INTEGER("extrinsic_count", "item.extrinsic_count"),
  INTEGER("bundle_size", "item.bundle_size"),
  INTEGER("gas_used", "item.gas_used"),
  TAIL,
};

static const JamColumn servicestatistics[] =
{
  HEAD("slot(time)"),
  REQUIRED("service_id", "item.id", INTEGER),
  INTEGER("provided_count", "item.record.provided_count"),
  INTEGER("provided_size", "item.record.provided_size"),
  INTEGER("refinement_count", "item.record.refinement_count"),
  INTEGER("refinement_gas_used", "item.record.refinement_gas_used"),
  INTEGER("imports", "item.record.imports"),
  INTEGER("exports", "item.record.exports"),
  INTEGER("extrinsic_size", "item.record.extrinsic_size"),
  INTEGER("extrinsic_count", "item.record.extrinsic_count"),
  INTEGER("accumulate_count", "item.record.accumulate_count"),
  INTEGER("accumulate_gas_used", "item.record.accumulate_gas_used"),
  INTEGER("on_transfers_count", "item.record.on_transfers_count"),
  INTEGER("on_transfers_gas_used", "item.record.on_transfers_gas_used"),
  INTEGER("accumulate_transfer_count", "item.record.accumulate_transfer_count"),
  TAIL,
};

static const JamColumn workreports[] =
{
  HEAD("slot(time)"),
  TEXT("work_package_hash", "json_encoded.package_spec.hash"),
  INTEGER("bundle_length", "json_encoded.package_spec.length"),
  TEXT("erasure_root", "json_encoded.package_spec.erasure_root"),
  TEXT("exports_root", "json_encoded.package_spec.exports_root"),
  INTEGER("exports_count", "json_encoded.package_spec.exports_count"),
  TEXT("anchor", "json_encoded.context.anchor"),
  TEXT("state_root", "json_encoded.context.state_root"),
  TEXT("beefy_root", "json_encoded.context.beefy_root"),
  TEXT("lookup_anchor", "json_encoded.context.lookup_anchor"),
  INTEGER("lookup_anchor_slot", "json_encoded.context.lookup_anchor_slot"),
  TEXT("prerequisites", "json(json_encoded.context.prerequisites)"),
  INTEGER("core_index", "json_encoded.core_index"),
  TEXT("authorizer_hash", "json_encoded.authorizer_hash"),
  TEXT("segment_root_lookup", "json(json_encoded.segment_root_lookup)"),
  TEXT("results", "json(json_encoded.results)"),
  INTEGER("auth_gas_used", "json_encoded.auth_gas_used"),
  INTEGER("num_results", "count(json_encoded.results)"),
  TEXT("role", "metadata.role"),
  INTEGER("num_signatures", "metadata.numSig"),
  INTEGER("anchor_slot", "json_encoded.context.anchor_slot"),
  TEXT("lookup_anchor_state_root", "json_encoded.context.lookup_anchor_state_root"),
  INTEGER("erasure_shards", "json_encoded.package_spec.erasure_shards"),
  TAIL,
};

static const JamColumn preimages[] =
{
  HEAD("slot(time)"),
  INTEGER("requester", "json_encoded.requester"),
  TEXT("preimage_hash", "blake2b256(json_encoded.blob)"),
  BYTES("blob", "json_encoded.blob"),
  TAIL,
};

static const JamColumn assurances[] =
{
  HEAD("slot(time)"),
  TEXT("anchor", "json_encoded.anchor"),
  BYTES("bitfield", "json_encoded.bitfield"),
  INTEGER("validator_index", "json_encoded.validator_index"),
  BYTES("signature", "json_encoded.signature"),
  TAIL,
};

static const JamColumn tickets[] =
{
  HEAD("slot(time)"),
  INTEGER("attempt", "json_encoded.attempt"),
  BYTES("signature", "json_encoded.signature"),
  TAIL,
};

static const JamColumn workpackages[] =
{
  HEAD("slot(time)"),
  TEXT("work_package_hash", "work_package_hash(codec_encoded)"),
  BYTES("authorization", "json_encoded.work_package.authorization"),
  INTEGER("auth_code_host", "json_encoded.work_package.auth_code_host"),
  {
    "authorizer_code_hash", "json_encoded.work_package.authorizer.code_hash",
    BOTH(STRING), JAM_NULLABLE, "authorization_code_hash"
  },
  {
    "authorizer_params", "json_encoded.work_package.authorizer.params",
    BOTH(BYTES), JAM_NULLABLE, "parameterization_blob"
  },
  TEXT("anchor", "json_encoded.work_package.context.anchor"),
  TEXT("state_root", "json_encoded.work_package.context.state_root"),
  TEXT("beefy_root", "json_encoded.work_package.context.beefy_root"),
  TEXT("lookup_anchor", "json_encoded.work_package.context.lookup_anchor"),
  INTEGER("lookup_anchor_slot", "json_encoded.work_package.context.lookup_anchor_slot"),
  TEXT("prerequisites", "json(json_encoded.work_package.context.prerequisites)"),
  TEXT("work_items", "json(json_encoded.work_package.items)"),
  TEXT("extrinsics", "json(json_encoded.extrinsics)"),
  TEXT("import_segments", "json(json_encoded.import_segments)"),
  TEXT("justifications", "json(json_encoded.justifications)"),
  INTEGER("anchor_slot", "json_encoded.work_package.context.anchor_slot"),
  TEXT("lookup_anchor_state_root", "json_encoded.work_package.context.lookup_anchor_state_root"),
  TAIL,
};

static const JamColumn services[] =
{
  HEAD("slot(time)"),
  INTEGER("service_index", "json_encoded.service_index"),
  TEXT("code_hash", "json_encoded.code_hash"),
  UINT64("balance", "json_encoded.balance"),
  INTEGER("min_item_gas", "json_encoded.min_item_gas"),
  INTEGER("min_memo_gas", "json_encoded.min_memo_gas"),
  INTEGER("code_size", "json_encoded.code_size"),
  INTEGER("items", "json_encoded.items"),
  UINT64("deposit_offset", "json_encoded.deposit_offset"),
  INTEGER("creation_slot", "json_encoded.creation_slot"),
  INTEGER("last_accumulation_slot", "json_encoded.last_accumulation_slot"),
  INTEGER("parent_service", "json_encoded.parent_service"),
  INTEGER("version", "json_encoded.version"),
  TAIL,
};

static const JamColumn segments[] =
{
  HEAD("slot(time)"),
  TEXT("work_package_hash", "metadata.wph"),
  INTEGER("core", "metadata.c"),
  { "segment_length", "count(json_encoded)", DUNE(INTEGER), JAM_NULLABLE, NULL },
  { "index", "index", BIGQUERY(INTEGER), JAM_NULLABLE, NULL },
  { "data", "json(json_encoded)", DUNE(STRING), JAM_NULLABLE, NULL },
  { "data", "base64(item)", BIGQUERY(BYTES), JAM_NULLABLE, NULL },
  TAIL,
};

#define COLUMNS(table) .columns = table, .n_columns = G_N_ELEMENTS(table)

const JamTable jam_tables[JAM_N_TABLES] =
{
  {
    .name = "blocks", .msg_types = { 128, -1 },
    .required_objects = { { "json_encoded" }, { "json_encoded.header" }, { "json_encoded.extrinsic" } },
    COLUMNS(blocks),
  },
  {
    .name = "validatorstatistics", .msg_types = { 13, -1 },
    .rows = JAM_ROWS_EACH, .each = "json_encoded.vals_current", .paired = "json_encoded.vals_last",
    .required_objects = { { "json_encoded" } },
    COLUMNS(validatorstatistics),
  },
  {
    .name = "corestatistics", .msg_types = { 13, -1 },
    .rows = JAM_ROWS_EACH, .each = "json_encoded.cores",
    .required_objects = { { "json_encoded" } },
    COLUMNS(corestatistics),
  },
  {
    .name = "servicestatistics", .msg_types = { 13, -1 },
    .rows = JAM_ROWS_EACH_IF_ANY, .each = "json_encoded.services",
    .member_name = "id", .member_value = "record",
    .required_objects = { { "json_encoded" } },
    COLUMNS(servicestatistics),
  },
  {
    .name = "workreports", .msg_types = { 255, -1 },
    .required_objects = { { "json_encoded" }, { "json_encoded.package_spec" }, { "json_encoded.context" } },
    COLUMNS(workreports),
  },
  {
    .name = "preimages", .msg_types = { 142, -1 },
    .required_objects = { { "json_encoded" } },
    COLUMNS(preimages),
  },
  {
    .name = "assurances", .msg_types = { 141, -1 },
    .required_objects = { { "json_encoded" } },
    COLUMNS(assurances),
  },
  {
    .name = "tickets", .msg_types = { 131, -1 },
    .required_objects = { { "json_encoded" } },
    COLUMNS(tickets),
  },
  {
    .name = "workpackages", .msg_types = { 133, 0 },
    .required_objects =
    {
      { "json_encoded" },
      { "json_encoded.work_package" },
      { "json_encoded.work_package.authorizer", "json_encoded.work_package.authorizer.code_hash" },
      { "json_encoded.work_package.context" },
    },
    COLUMNS(workpackages),
  },
  {
    .name = "services", .msg_types = { 143, -1 },
    .required_objects = { { "json_encoded" } },
    COLUMNS(services),
  },
  {
    .name = "segments", .msg_types = { 135, 3 },
    .rows = JAM_ROWS_EACH_STRING, .each = "json_encoded",
    COLUMNS(segments),
  },
};

const JamAlias jam_aliases[] =
{
  { 13, "json_encoded.vals_curr", "json_encoded.vals_current" },
  { 13, "json_encoded.vals_curr_stats", "json_encoded.vals_current" },
  { 13, "json_encoded.vals-curr", "json_encoded.vals_current" },
  { 13, "json_encoded.vals_last_stats", "json_encoded.vals_last" },
  { 13, "json_encoded.vals-last", "json_encoded.vals_last" },
  { 133, "json_encoded.work_package.auth_code_hash", "json_encoded.work_package.authorizer.code_hash" },
  { 133, "json_encoded.work_package.authorizer_config", "json_encoded.work_package.authorizer.params" },
  { 143, "json_encoded.id", "json_encoded.service_index" },
  { 143, "json_encoded.bytes", "json_encoded.code_size" },
  { 143, "json_encoded.gratis_offset", "json_encoded.deposit_offset" },
  { 143, "json_encoded.create_time", "json_encoded.creation_slot" },
  { 143, "json_encoded.recent_accumulation", "json_encoded.last_accumulation_slot" },
};

const gsize jam_n_aliases = G_N_ELEMENTS(jam_aliases);

gint
jam_table_lookup(const gchar *name)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      if (strcmp(jam_tables[i].name, name) == 0)
        return i;
    }
  return -1;
}

const gchar *
jam_column_name(const JamColumn *self, JamDialect dialect)
{
  return dialect == JAM_DIALECT_BIGQUERY && self->bigquery_name ? self->bigquery_name : self->name;
}
