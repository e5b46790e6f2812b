/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_JAM_TYPES_H_INCLUDED
#define JAMTART_GEN_JAM_TYPES_H_INCLUDED

#include "buffer.h"

/* What a JAM network talks about, as plain values: filled by the network,
 * written by jam-wire and jam-json. */

#define HASH_LEN 32
#define SIGNATURE_LEN 64
#define VRF_SIGNATURE_LEN 96
#define TICKET_SIGNATURE_LEN 784
#define SEGMENT_LEN 4104

#define SLOT_SECONDS 6
#define EPOCH_SLOTS 12

#define MAX_CORES 4096
#define MAX_ITEMS 2
#define MAX_SIGNATURES 3
#define MAX_OFFENDERS 2
#define MAX_PAYLOAD_LEN 40
#define MAX_EXTRINSIC_LEN 128
#define MAX_PARAMS_LEN 3

typedef enum
{
  GRAY_PAPER_0_6,
  GRAY_PAPER_0_7,
  GRAY_PAPER_0_8
} GrayPaper;

/* Whose names a node's JSON has, where there are several for one value. */
typedef enum
{
  NAMES_SEED,
  NAMES_ASN1,
  NAMES_JAMDUNA
} NameStyle;

/* How the nodes of a network write what they know. */
typedef struct _Protocol
{
  GrayPaper gray_paper;
  NameStyle names;
} Protocol;

typedef enum
{
  VALIDATOR_BLOCKS,
  VALIDATOR_TICKETS,
  VALIDATOR_PREIMAGES,
  VALIDATOR_PREIMAGES_SIZE,
  VALIDATOR_GUARANTEES,
  VALIDATOR_ASSURANCES,
  VALIDATOR_COUNTERS
} ValidatorCounter;

typedef enum
{
  CORE_DA_LOAD,
  CORE_POPULARITY,
  CORE_IMPORTS,
  CORE_EXPORTS,
  CORE_EXTRINSIC_SIZE,
  CORE_EXTRINSIC_COUNT,
  CORE_BUNDLE_SIZE,
  CORE_GAS_USED,
  CORE_COUNTERS
} CoreCounter;

typedef enum
{
  SERVICE_PROVIDED_COUNT,
  SERVICE_PROVIDED_SIZE,
  SERVICE_REFINEMENT_COUNT,
  SERVICE_REFINEMENT_GAS_USED,
  SERVICE_IMPORTS,
  SERVICE_EXPORTS,
  SERVICE_EXTRINSIC_SIZE,
  SERVICE_EXTRINSIC_COUNT,
  SERVICE_ACCUMULATE_COUNT,
  SERVICE_ACCUMULATE_TRANSFER_COUNT,
  SERVICE_ACCUMULATE_GAS_USED,
  SERVICE_ON_TRANSFERS_COUNT,
  SERVICE_ON_TRANSFERS_GAS_USED,
  SERVICE_COUNTERS
} ServiceCounter;

typedef enum
{
  LOAD_GAS_USED,
  LOAD_IMPORTS,
  LOAD_EXTRINSIC_COUNT,
  LOAD_EXTRINSIC_SIZE,
  LOAD_EXPORTS,
  LOAD_COUNTERS
} LoadCounter;

typedef struct _Validator
{
  guint8 bandersnatch[HASH_LEN];
  guint8 ed25519[HASH_LEN];            /* its messages' sender_id, too */
  guint32 current[VALIDATOR_COUNTERS]; /* this epoch */
  guint32 last[VALIDATOR_COUNTERS];    /* the epoch before */
} Validator;

typedef struct _Service
{
  guint32 id;
  guint8 code_hash[HASH_LEN];
  guint64 code_size;
  guint64 balance;
  guint64 deposit_offset;
  guint32 creation_slot;
  guint32 last_accumulation_slot;
  gboolean active; /* has counters in this block */
  guint64 counters[SERVICE_COUNTERS];
} Service;

typedef struct _TicketBody
{
  guint8 id[HASH_LEN];
  guint8 attempt;
} TicketBody;

typedef struct _Ticket
{
  guint sender; /* validator index */
  guint8 attempt;
  guint8 signature[TICKET_SIGNATURE_LEN];
} Ticket;

typedef struct _Assurance
{
  guint16 validator_index;
  guint8 anchor[HASH_LEN];
  guint8 bitfield[MAX_CORES / 8];
  gsize bitfield_len; /* one bit a core of the network */
  guint8 signature[SIGNATURE_LEN];
} Assurance;

typedef struct _Preimage
{
  guint32 requester;
  guint8 *blob;
  gsize blob_len;
  guint8 hash[HASH_LEN];
} Preimage;

typedef struct _RefinementContext
{
  guint8 anchor[HASH_LEN];
  guint32 anchor_slot;
  guint8 state_root[HASH_LEN];
  guint8 beefy_root[HASH_LEN];
  guint8 lookup_anchor[HASH_LEN];
  guint32 lookup_anchor_slot;
  guint8 lookup_anchor_state_root[HASH_LEN];
  gboolean has_prerequisite;
  guint8 prerequisite[HASH_LEN];
} RefinementContext;

typedef struct _WorkItem
{
  guint service_index; /* in the network's services */
  guint32 service;
  guint8 code_hash[HASH_LEN];
  guint8 payload[MAX_PAYLOAD_LEN];
  gsize payload_len;
  guint64 refine_gas_limit;
  guint64 accumulate_gas_limit;
  gboolean has_import;
  guint8 import_root[HASH_LEN];
  guint16 import_index;
  guint8 import_segment[SEGMENT_LEN];
  guint8 justification[HASH_LEN];
  gboolean has_extrinsic;
  guint8 extrinsic[MAX_EXTRINSIC_LEN];
  gsize extrinsic_len;
  guint8 extrinsic_hash[HASH_LEN];
  guint16 export_count;
} WorkItem;

typedef struct _WorkPackage
{
  guint guarantor; /* validator index of its sender */
  guint16 core;
  guint8 authorization[2];
  gsize authorization_len;
  guint32 auth_code_host;
  guint8 authorizer_code_hash[HASH_LEN];
  guint8 authorizer_params[MAX_PARAMS_LEN];
  gsize authorizer_params_len;
  RefinementContext context;
  guint n_items;
  WorkItem items[MAX_ITEMS];
  Buffer bundle; /* encoded, with the package in front */
  guint8 hash[HASH_LEN];
  guint n_exports;
  guint8 exports[MAX_ITEMS][SEGMENT_LEN];
} WorkPackage;

typedef struct _WorkResult
{
  guint service_index; /* in the network's services */
  guint32 service_id;
  guint8 code_hash[HASH_LEN];
  guint8 payload_hash[HASH_LEN];
  guint64 accumulate_gas;
  guint8 output[MAX_PAYLOAD_LEN];
  gsize output_len;
  guint64 load[LOAD_COUNTERS];
} WorkResult;

typedef struct _GuaranteeSignature
{
  guint16 validator_index;
  guint8 signature[SIGNATURE_LEN];
} GuaranteeSignature;

/* A report with the signatures that make it a guarantee. */
typedef struct _WorkReport
{
  guint8 package_hash[HASH_LEN];
  guint32 bundle_len;
  guint8 erasure_root[HASH_LEN];
  guint16 erasure_shards;
  guint8 exports_root[HASH_LEN];
  guint16 exports_count;
  RefinementContext context;
  guint16 core;
  guint8 authorizer_hash[HASH_LEN];
  gboolean has_lookup;
  guint8 lookup_package_hash[HASH_LEN];
  guint8 lookup_segment_root[HASH_LEN];
  guint n_results;
  WorkResult results[MAX_ITEMS];
  guint64 auth_gas_used;
  guint32 slot;
  guint n_signatures;
  GuaranteeSignature signatures[MAX_SIGNATURES];
} WorkReport;

typedef struct _Core
{
  gboolean has_work; /* package and report are this slot's */
  WorkPackage package;
  WorkReport report;
  guint64 counters[CORE_COUNTERS];
} Core;

typedef struct _Header
{
  guint8 parent[HASH_LEN];
  guint8 parent_state_root[HASH_LEN];
  guint8 extrinsic_hash[HASH_LEN];
  guint32 slot;
  gboolean has_epoch_mark;
  guint8 entropy[HASH_LEN];
  guint8 tickets_entropy[HASH_LEN];
  const Validator *validators; /* borrowed from the network */
  guint n_validators;
  gboolean has_tickets_mark;
  TicketBody tickets_mark[EPOCH_SLOTS];
  guint n_offenders;
  guint8 offenders[MAX_OFFENDERS][HASH_LEN];
  guint16 author_index;
  guint8 entropy_source[VRF_SIGNATURE_LEN];
  guint8 seal[VRF_SIGNATURE_LEN];
} Header;

typedef struct _Block
{
  Header header;
  GArray *tickets;          /* of Ticket */
  GArray *assurances;       /* of Assurance */
  GArray *guarantees;       /* of WorkReport */
  const Preimage *preimage; /* NULL where there is none */
} Block;

#endif
