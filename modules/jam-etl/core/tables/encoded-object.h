/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ENCODED_OBJECT_H_INCLUDED
#define JAM_ENCODED_OBJECT_H_INCLUDED

#include <glib.h>

/* The encoded objects that a message's codec_encoded starts with, and the values of its
 * JSON that they are compared with: see core/rows/gray-paper.h. */

typedef enum
{
  JAM_ENCODED_NONE,
  /* the header of a block, hashed as a whole, seal included */
  JAM_ENCODED_HEADER,
  JAM_ENCODED_WORK_PACKAGE,
  JAM_N_ENCODED_OBJECTS,
} JamEncodedObject;

typedef enum
{
  JAM_HEADER_PARENT,
  JAM_HEADER_PARENT_STATE_ROOT,
  JAM_HEADER_EXTRINSIC_HASH,
  JAM_HEADER_SLOT,
  JAM_HEADER_AUTHOR_INDEX,
  JAM_HEADER_ENTROPY_SOURCE,
  JAM_HEADER_SEAL,
  JAM_HEADER_EPOCH_MARK,
  JAM_HEADER_VALIDATORS,
  JAM_HEADER_TICKETS_MARK,
  JAM_HEADER_OFFENDERS_MARK,
  JAM_N_HEADER_FIELDS,
} JamHeaderField;

typedef enum
{
  JAM_PACKAGE_HOST,
  JAM_PACKAGE_CODE_HASH,
  JAM_PACKAGE_PARAMETERS,
  JAM_PACKAGE_AUTHORIZATION,
  JAM_PACKAGE_ANCHOR,
  JAM_PACKAGE_LOOKUP_ANCHOR_SLOT,
  JAM_PACKAGE_ANCHOR_SLOT,
  JAM_PACKAGE_LOOKUP_ANCHOR_STATE_ROOT,
  JAM_N_PACKAGE_FIELDS,
} JamPackageField;

#define JAM_MAX_ENCODED_FIELDS MAX(JAM_N_HEADER_FIELDS, JAM_N_PACKAGE_FIELDS)

/* Paths below json_encoded by field, and NULL after the last. */
extern const gchar *const jam_encoded_paths[JAM_N_ENCODED_OBJECTS][JAM_MAX_ENCODED_FIELDS + 1];

#endif
