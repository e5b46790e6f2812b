/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* tables, aligned by hand */
/* clang-format off */
#include "core/jip3/definitions.h"

const JamJip3Structure jam_jip3_structures[] =
{
  { "exec", "gas_used:u64, elapsed_ns:u64" },
  {
    "block_outline",
    "block_size:u32, header_hash:hash, num_tickets:u32, num_preimages:u32, preimages_size:u32, "
    "num_guarantees:u32, num_assurances:u32, num_verdicts:u32"
  },
  { "is_authorized_cost", "total:exec, load_ns:u64, host_calls:exec" },
  {
    "refine_cost",
    "total:exec, load_ns:u64, historical_lookup:exec, machine_expunge:exec, peek_poke_pages:exec, "
    "invoke:exec, other:exec"
  },
  {
    "accumulate_cost",
    "num_calls:u32, num_transfers:u32, num_items:u32, total:exec, load_ns:u64, read_write:exec, "
    "lookup:exec, query_solicit_forget_provide:exec, info_new_upgrade_eject:exec, transfer:exec, "
    "transfer_gas:u64, other:exec"
  },
  { "service_cost", "service_id:u32, cost:accumulate_cost" },
  { "import_spec", "root:hash, index:u16" },
  {
    "work_item",
    "service_id:u32, payload_size:u32, refine_gas_limit:u64, accumulate_gas_limit:u64, "
    "extrinsic_size:u32, imports:[import_spec], num_exports:u16"
  },
  {
    "work_package_outline",
    "package_size:u32, work_package_hash:hash, anchor:hash, lookup_anchor_slot:u32, "
    "prerequisites:[hash], work_items:[work_item]"
  },
  { "work_report_outline", "work_report_hash:hash, bundle_length:u32, erasure_root:hash, exports_root:hash" },
  { "guarantee_outline", "work_report_hash:hash, guarantee_slot:u32, guarantors:[u16]" },
  { "segment_shard", "segment:u16, shard:u16" },
};
const gsize jam_jip3_n_structures = G_N_ELEMENTS(jam_jip3_structures);

const JamJip3Enumeration jam_jip3_enumerations[] =
{
  { "side", { "local", "remote" } },
  { "direction", { "ascending exclusive", "descending inclusive" } },
  {
    "guarantee_discard",
    {
      "reported on chain",
      "replaced by a better guarantee",
      "cannot be reported on chain",
      "too many guarantees",
      "other",
    },
  },
  {
    "preimage_forget",
    {
      "provided on chain",
      "not requested on chain",
      "not acquired",
      "too many announced preimages",
      "bad length",
      "other",
    },
  },
  { "preimage_discard", { "provided on chain", "not requested on chain", "too many preimages", "other" } },
};
const gsize jam_jip3_n_enumerations = G_N_ELEMENTS(jam_jip3_enumerations);

const JamJip3Table jam_jip3_tables[JAM_JIP3_N_TABLES] =
{
  [JAM_JIP3_DROPPEDEVENTS] = { "droppedevents", 0 },
  [JAM_JIP3_STATUSEVENTS] = { "statusevents", 0 },
  [JAM_JIP3_NETWORKEVENTS] = { "networkevents", 0 },
  [JAM_JIP3_BLOCKEVENTS] = { "blockevents", JAM_JIP3_BLOCK_SLOT | JAM_JIP3_HEADER_HASH },
  [JAM_JIP3_BLOCKDISTRIBUTIONEVENTS] = { "blockdistributionevents", 0 },
  [JAM_JIP3_TICKETEVENTS] = { "ticketevents", 0 },
  [JAM_JIP3_GUARANTEEINGEVENTS] = { "guaranteeingevents", JAM_JIP3_CORE | JAM_JIP3_WORK_PACKAGE_HASH },
  [JAM_JIP3_AVAILABILITYEVENTS] = { "availabilityevents", 0 },
  [JAM_JIP3_BUNDLERECOVERYEVENTS] = { "bundlerecoveryevents", 0 },
  [JAM_JIP3_SEGMENTRECOVERYEVENTS] = { "segmentrecoveryevents", JAM_JIP3_CORE | JAM_JIP3_WORK_PACKAGE_HASH },
  [JAM_JIP3_PREIMAGEEVENTS] = { "preimageevents", 0 },
};

#define NONE { JAM_JIP3_NO_REFERENCE, { 0 } }
#define ANY { JAM_JIP3_REFERENCE_TO_ANY, { 0 } }
#define TO(type) { JAM_JIP3_REFERENCE_TO_LISTED, { (type), (type) } }
#define EITHER(type, other) { JAM_JIP3_REFERENCE_TO_LISTED, { (type), (other) } }

#define DROPPED JAM_JIP3_DROPPEDEVENTS
#define STATUS JAM_JIP3_STATUSEVENTS
#define NETWORK JAM_JIP3_NETWORKEVENTS
#define BLOCK JAM_JIP3_BLOCKEVENTS
#define BLOCKDISTRIBUTION JAM_JIP3_BLOCKDISTRIBUTIONEVENTS
#define TICKET JAM_JIP3_TICKETEVENTS
#define GUARANTEEING JAM_JIP3_GUARANTEEINGEVENTS
#define AVAILABILITY JAM_JIP3_AVAILABILITYEVENTS
#define BUNDLERECOVERY JAM_JIP3_BUNDLERECOVERYEVENTS
#define SEGMENTRECOVERY JAM_JIP3_SEGMENTRECOVERYEVENTS
#define PREIMAGE JAM_JIP3_PREIMAGEEVENTS

const JamJip3EventDefinition jam_jip3_events[] =
{
  { 0, "dropped", DROPPED, NONE, "last_time:time, num_dropped:u64", NULL },
  { 10, "status", STATUS, NONE,
    "num_peers:u32, num_validator_peers:u32, num_announcement_peers:u32, guarantees_by_core:[u8;C], "
    "num_shards:u32, shards_size:u64, num_preimages:u32, preimages_size:u32", NULL },
  { 11, "best block changed", STATUS, NONE, "block_slot:u32, header_hash:hash", NULL },
  { 12, "finalized block changed", STATUS, NONE, "block_slot:u32, header_hash:hash", NULL },
  { 13, "sync status changed", STATUS, NONE, "is_synced:bool", NULL },
  { 20, "connection refused", NETWORK, NONE, "peer:addr", NULL },
  { 21, "connecting in", NETWORK, NONE, "peer:addr", NULL },
  { 22, "connect in failed", NETWORK, TO(21), "reason:str128", NULL },
  { 23, "connected in", NETWORK, TO(21), "peer_id:peer", NULL },
  { 24, "connecting out", NETWORK, NONE, "peer_id:peer, peer:addr", NULL },
  { 25, "connect out failed", NETWORK, TO(24), "reason:str128", NULL },
  { 26, "connected out", NETWORK, TO(24), "", NULL },
  { 27, "disconnected", NETWORK, NONE, "peer_id:peer, side:option side, reason:str128", NULL },
  { 28, "peer misbehaved", NETWORK, NONE, "peer_id:peer, reason:str128", NULL },
  { 40, "authoring", BLOCK, NONE, "block_slot:u32, parent:hash", NULL },
  { 41, "authoring failed", BLOCK, TO(40), "reason:str128", NULL },
  { 42, "authored", BLOCK, TO(40), "block_outline", NULL },
  { 43, "importing", BLOCK, NONE, "block_slot:u32, block_outline", NULL },
  { 44, "block verification failed", BLOCK, TO(43), "reason:str128", NULL },
  { 45, "block verified", BLOCK, TO(43), "", NULL },
  { 46, "block execution failed", BLOCK, EITHER(40, 43), "reason:str128", NULL },
  { 47, "block executed", BLOCK, EITHER(40, 43), "services:[service_cost]", NULL },
  { 60, "block announcement stream opened", BLOCKDISTRIBUTION, NONE, "peer_id:peer, side:side", NULL },
  { 61, "block announcement stream closed", BLOCKDISTRIBUTION, TO(60),
    "side:side, reason:str128", "peer_id:peer, side:side, reason:str128" },
  { 62, "block announced", BLOCKDISTRIBUTION, NONE,
    "peer_id:peer, side:side, block_slot:u32, header_hash:hash", NULL },
  { 63, "sending block request", BLOCKDISTRIBUTION, NONE,
    "peer_id:peer, header_hash:hash, direction:direction, max_blocks:u32", NULL },
  { 64, "receiving block request", BLOCKDISTRIBUTION, NONE, "peer_id:peer", NULL },
  { 65, "block request failed", BLOCKDISTRIBUTION, EITHER(63, 64), "reason:str128", NULL },
  { 66, "block request sent", BLOCKDISTRIBUTION, TO(63), "", NULL },
  { 67, "block request received", BLOCKDISTRIBUTION, TO(64),
    "header_hash:hash, direction:direction, max_blocks:u32", NULL },
  { 68, "block transferred", BLOCKDISTRIBUTION, EITHER(63, 64),
    "block_slot:u32, block_outline, is_last:bool", NULL },
  { 80, "generating tickets", TICKET, NONE, "epoch:u32", NULL },
  { 81, "ticket generation failed", TICKET, TO(80), "reason:str128", NULL },
  { 82, "tickets generated", TICKET, TO(80), "ticket_ids:[hash]", NULL },
  { 83, "ticket transfer failed", TICKET, NONE, "peer_id:peer, side:side, used_ce132:bool, reason:str128", NULL },
  { 84, "ticket transferred", TICKET, NONE,
    "peer_id:peer, side:side, used_ce132:bool, epoch:u32, attempt:u8, ticket_id:hash", NULL },
  { 90, "work-package submission", GUARANTEEING, NONE, "peer_id:peer, used_ce146:bool", NULL },
  { 91, "work-package being shared", GUARANTEEING, NONE, "peer_id:peer", NULL },
  { 92, "work-package failed", GUARANTEEING, EITHER(90, 91), "reason:str128", NULL },
  { 93, "duplicate work-package", GUARANTEEING, EITHER(90, 91), "core:u16, work_package_hash:hash", NULL },
  { 94, "work-package received", GUARANTEEING, EITHER(90, 91), "core:u16, work_package_outline", NULL },
  { 95, "authorized", GUARANTEEING, EITHER(90, 91), "costs:is_authorized_cost", NULL },
  { 96, "extrinsic data received", GUARANTEEING, EITHER(90, 91), "", NULL },
  { 97, "imports received", GUARANTEEING, EITHER(90, 91), "", NULL },
  { 98, "sharing work-package", GUARANTEEING, TO(90), "peer_id:peer", NULL },
  { 99, "work-package sharing failed", GUARANTEEING, TO(90), "peer_id:peer, reason:str128", NULL },
  { 100, "bundle sent", GUARANTEEING, TO(90), "peer_id:peer", NULL },
  { 101, "refined", GUARANTEEING, EITHER(90, 91), "costs:[refine_cost]", NULL },
  { 102, "work-report built", GUARANTEEING, EITHER(90, 91), "work_report_outline", NULL },
  { 103, "work-report signature sent", GUARANTEEING, TO(91), "", NULL },
  { 104, "work-report signature received", GUARANTEEING, TO(90), "peer_id:peer", NULL },
  { 105, "guarantee built", GUARANTEEING, TO(90), "guarantee_outline", NULL },
  { 106, "sending guarantee", GUARANTEEING, TO(105), "peer_id:peer", NULL },
  { 107, "guarantee send failed", GUARANTEEING, TO(106), "reason:str128", NULL },
  { 108, "guarantee sent", GUARANTEEING, TO(106), "", NULL },
  { 109, "guarantees distributed", GUARANTEEING, TO(90), "", NULL },
  { 110, "receiving guarantee", GUARANTEEING, NONE, "peer_id:peer", NULL },
  { 111, "guarantee receive failed", GUARANTEEING, TO(110), "reason:str128", NULL },
  { 112, "guarantee received", GUARANTEEING, TO(110), "guarantee_outline", NULL },
  { 113, "guarantee discarded", GUARANTEEING, NONE, "guarantee_outline, discard_reason:guarantee_discard", NULL },
  { 120, "sending shard request", AVAILABILITY, NONE, "peer_id:peer, erasure_root:hash, shard_index:u16", NULL },
  { 121, "receiving shard request", AVAILABILITY, NONE, "peer_id:peer", NULL },
  { 122, "shard request failed", AVAILABILITY, EITHER(120, 121), "reason:str128", NULL },
  { 123, "shard request sent", AVAILABILITY, TO(120), "", NULL },
  { 124, "shard request received", AVAILABILITY, TO(121), "erasure_root:hash, shard_index:u16", NULL },
  { 125, "shards transferred", AVAILABILITY, EITHER(120, 121), "", NULL },
  { 126, "distributing assurance", AVAILABILITY, NONE, "anchor:hash, bitfield:[u8;ceil(C/8)]", NULL },
  { 127, "assurance send failed", AVAILABILITY, TO(126), "peer_id:peer, reason:str128", NULL },
  { 128, "assurance sent", AVAILABILITY, TO(126), "peer_id:peer", NULL },
  { 129, "assurance distributed", AVAILABILITY, TO(126), "", NULL },
  { 130, "assurance receive failed", AVAILABILITY, NONE, "peer_id:peer, reason:str128", NULL },
  { 131, "assurance received", AVAILABILITY, NONE, "peer_id:peer, anchor:hash", NULL },
  { 140, "sending bundle shard request", BUNDLERECOVERY, ANY, "peer_id:peer, shard_index:u16", NULL },
  { 141, "receiving bundle shard request", BUNDLERECOVERY, NONE, "peer_id:peer", NULL },
  { 142, "bundle shard request failed", BUNDLERECOVERY, EITHER(140, 141), "reason:str128", NULL },
  { 143, "bundle shard request sent", BUNDLERECOVERY, TO(140), "", NULL },
  { 144, "bundle shard request received", BUNDLERECOVERY, TO(141), "erasure_root:hash, shard_index:u16", NULL },
  { 145, "bundle shard transferred", BUNDLERECOVERY, EITHER(140, 141), "", NULL },
  { 146, "reconstructing bundle", BUNDLERECOVERY, ANY, "is_trivial:bool", NULL },
  { 147, "bundle reconstructed", BUNDLERECOVERY, ANY, "", NULL },
  { 148, "sending bundle request", BUNDLERECOVERY, ANY, "peer_id:peer", NULL },
  { 149, "receiving bundle request", BUNDLERECOVERY, NONE, "peer_id:peer", NULL },
  { 150, "bundle request failed", BUNDLERECOVERY, EITHER(148, 149), "reason:str128", NULL },
  { 151, "bundle request sent", BUNDLERECOVERY, TO(148), "", NULL },
  { 152, "bundle request received", BUNDLERECOVERY, TO(149), "erasure_root:hash", NULL },
  { 153, "bundle transferred", BUNDLERECOVERY, EITHER(148, 149), "", NULL },
  { 160, "work-package hash mapped", SEGMENTRECOVERY, TO(90),
    "imported_work_package_hash:hash, segments_root:hash", NULL },
  { 161, "segments-root mapped", SEGMENTRECOVERY, TO(90), "segments_root:hash, erasure_root:hash", NULL },
  { 162, "sending segment shard request", SEGMENTRECOVERY, TO(90),
    "peer_id:peer, used_ce140:bool, shards:[segment_shard]", NULL },
  { 163, "receiving segment shard request", SEGMENTRECOVERY, NONE, "peer_id:peer, used_ce140:bool", NULL },
  { 164, "segment shard request failed", SEGMENTRECOVERY, EITHER(162, 163), "reason:str128", NULL },
  { 165, "segment shard request sent", SEGMENTRECOVERY, TO(162), "", NULL },
  { 166, "segment shard request received", SEGMENTRECOVERY, TO(163), "num_requested:u16", NULL },
  { 167, "segment shards transferred", SEGMENTRECOVERY, EITHER(162, 163), "", NULL },
  { 168, "reconstructing segments", SEGMENTRECOVERY, TO(90), "segments:[u16], is_trivial:bool", NULL },
  { 169, "segment reconstruction failed", SEGMENTRECOVERY, TO(168), "reason:str128", NULL },
  { 170, "segments reconstructed", SEGMENTRECOVERY, TO(168), "", NULL },
  { 171, "segment verification failed", SEGMENTRECOVERY, TO(90), "segments:[u16], reason:str128", NULL },
  { 172, "segments verified", SEGMENTRECOVERY, TO(90), "segments:[u16]", NULL },
  { 173, "sending segment request", SEGMENTRECOVERY, TO(90), "peer_id:peer, segments:[u16]", NULL },
  { 174, "receiving segment request", SEGMENTRECOVERY, NONE, "peer_id:peer", NULL },
  { 175, "segment request failed", SEGMENTRECOVERY, EITHER(173, 174), "reason:str128", NULL },
  { 176, "segment request sent", SEGMENTRECOVERY, TO(173), "", NULL },
  { 177, "segment request received", SEGMENTRECOVERY, TO(174), "num_requested:u16", NULL },
  { 178, "segments transferred", SEGMENTRECOVERY, EITHER(173, 174), "", NULL },
  { 190, "preimage announcement failed", PREIMAGE, NONE, "peer_id:peer, side:side, reason:str128", NULL },
  { 191, "preimage announced", PREIMAGE, NONE,
    "peer_id:peer, side:side, service_id:u32, preimage_hash:hash, preimage_length:u32", NULL },
  { 192, "announced preimage forgotten", PREIMAGE, NONE,
    "service_id:u32, preimage_hash:hash, preimage_length:u32, forget_reason:preimage_forget", NULL },
  { 193, "sending preimage request", PREIMAGE, NONE, "peer_id:peer, preimage_hash:hash", NULL },
  { 194, "receiving preimage request", PREIMAGE, NONE, "peer_id:peer", NULL },
  { 195, "preimage request failed", PREIMAGE, EITHER(193, 194), "reason:str128", NULL },
  { 196, "preimage request sent", PREIMAGE, TO(193), "", NULL },
  { 197, "preimage request received", PREIMAGE, TO(194), "preimage_hash:hash", NULL },
  { 198, "preimage transferred", PREIMAGE, EITHER(193, 194), "preimage_length:u32", NULL },
  { 199, "preimage discarded", PREIMAGE, NONE,
    "preimage_hash:hash, preimage_length:u32, discard_reason:preimage_discard", NULL },
};
const gsize jam_jip3_n_events = G_N_ELEMENTS(jam_jip3_events);
