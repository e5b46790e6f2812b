/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JIP3_DEFINITIONS_H_INCLUDED
#define JAM_JIP3_DEFINITIONS_H_INCLUDED

#include <glib.h>

/* Every event of JIP-3, and the structures and enumerations that their fields are
 * made of. The decoder and its tests are made from these definitions.
 *
 * Fields are a text: "NAME:TYPE, NAME:TYPE, STRUCTURE", in their order on the wire;
 * a structure without a name has its fields in place. A type is u8, u16, u32, u64,
 * bool, hash, peer, addr, time, strN, an enumeration, a structure, "option TYPE",
 * "[TYPE]", "[u8;C]" or "[u8;ceil(C/8)]". */

#define JAM_JIP3_N_TYPES 256

typedef struct _JamJip3Structure
{
  const gchar *name;
  const gchar *fields;
} JamJip3Structure;

#define JAM_JIP3_MAX_WORDS 6

typedef struct _JamJip3Enumeration
{
  const gchar *name;
  /* terminated by NULL */
  const gchar *words[JAM_JIP3_MAX_WORDS + 1];
} JamJip3Enumeration;

/* The columns that a row may have from its chain; a bit each. */
typedef enum
{
  JAM_JIP3_BLOCK_SLOT = 0x01,
  JAM_JIP3_HEADER_HASH = 0x02,
  JAM_JIP3_CORE = 0x04,
  JAM_JIP3_WORK_PACKAGE_HASH = 0x08,
} JamJip3ChainColumn;

typedef enum
{
  JAM_JIP3_DROPPEDEVENTS,
  JAM_JIP3_STATUSEVENTS,
  JAM_JIP3_NETWORKEVENTS,
  JAM_JIP3_BLOCKEVENTS,
  JAM_JIP3_BLOCKDISTRIBUTIONEVENTS,
  JAM_JIP3_TICKETEVENTS,
  JAM_JIP3_GUARANTEEINGEVENTS,
  JAM_JIP3_AVAILABILITYEVENTS,
  JAM_JIP3_BUNDLERECOVERYEVENTS,
  JAM_JIP3_SEGMENTRECOVERYEVENTS,
  JAM_JIP3_PREIMAGEEVENTS,
  JAM_JIP3_N_TABLES,
} JamJip3TableIndex;

typedef struct _JamJip3Table
{
  const gchar *name;
  /* of JamJip3ChainColumn */
  guint from_chain;
} JamJip3Table;

typedef enum
{
  JAM_JIP3_NO_REFERENCE,
  /* to an event of any type */
  JAM_JIP3_REFERENCE_TO_ANY,
  JAM_JIP3_REFERENCE_TO_LISTED,
} JamJip3ReferenceMode;

#define JAM_JIP3_MAX_REFERENCED 2

/* A reference is a field ref_event_id, a u64, before all others. */
typedef struct _JamJip3Reference
{
  JamJip3ReferenceMode mode;
  /* the types that it may name; a single one is there twice */
  guint8 types[JAM_JIP3_MAX_REFERENCED];
} JamJip3Reference;

typedef struct _JamJip3EventDefinition
{
  guint8 type;
  const gchar *name;
  JamJip3TableIndex table;
  JamJip3Reference reference;
  /* without the reference */
  const gchar *fields;
  /* if not NULL, the fields in protocol version 0, where it has no reference */
  const gchar *version_0;
} JamJip3EventDefinition;

extern const JamJip3Structure jam_jip3_structures[];
extern const gsize jam_jip3_n_structures;

extern const JamJip3Enumeration jam_jip3_enumerations[];
extern const gsize jam_jip3_n_enumerations;

extern const JamJip3Table jam_jip3_tables[JAM_JIP3_N_TABLES];

/* by type, ascending */
extern const JamJip3EventDefinition jam_jip3_events[];
extern const gsize jam_jip3_n_events;

#endif
