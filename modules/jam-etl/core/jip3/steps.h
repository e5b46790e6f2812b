/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JIP3_STEPS_H_INCLUDED
#define JAM_JIP3_STEPS_H_INCLUDED

#include "core/jip3/definitions.h"
#include "core/json/json-text.h"

/* Fields compiled into steps: each a value to read, and the JSON text to write before
 * it. */

typedef enum
{
  JAM_JIP3_KIND_U8,
  JAM_JIP3_KIND_U16,
  JAM_JIP3_KIND_U32,
  JAM_JIP3_KIND_U64,
  JAM_JIP3_KIND_BOOLEAN,
  JAM_JIP3_KIND_HASH,
  JAM_JIP3_KIND_ADDRESS,
  JAM_JIP3_KIND_TIME,
  JAM_JIP3_KIND_STRING,
  JAM_JIP3_KIND_ENUMERATION,
  JAM_JIP3_KIND_LIST,
  /* a byte a core */
  JAM_JIP3_KIND_CORE_BYTES,
  /* a bit a core */
  JAM_JIP3_KIND_CORE_BITS,
} JamJip3StepKind;

typedef struct _JamJip3Sequence JamJip3Sequence;

/* A value, and the JSON text in front of it. */
typedef struct _JamJip3Step
{
  /* in whole blocks, to be copied as such */
  const gchar *text;
  guint text_length;
  JamJip3StepKind kind;
  gboolean is_optional;
  /* for problems */
  JamText field;
  const JamJip3Enumeration *enumeration;
  const JamJip3Sequence *element;
  /* bytes of the fields behind an array that has no length */
  gsize n_bytes_behind;
} JamJip3Step;

struct _JamJip3Sequence
{
  JamJip3Step *steps;
  gsize n_steps;
  /* the text behind the last value */
  const gchar *text;
  guint text_length;
};

/* Where the values of the chain's columns are, in bytes; undefined where there is none. */
typedef struct _JamJip3ChainOffsets
{
  gsize block_slot;
  gsize header_hash;
  gsize core;
  gsize work_package_hash;
} JamJip3ChainOffsets;

typedef struct _JamJip3Fields
{
  JamJip3Sequence sequence;
  /* the chain's columns that are among them, where, and where the last of them ends */
  guint chain_columns;
  JamJip3ChainOffsets chain_offsets;
  gsize chain_end;
} JamJip3Fields;

/* Makes the steps for the fields of @definition, which must be valid and stay; they are
 * never freed. */
JamJip3Fields *jam_jip3_fields_new(const gchar *definition);

#endif
