/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TEST_ENCODED_OBJECTS_H_INCLUDED
#define JAM_TEST_ENCODED_OBJECTS_H_INCLUDED

#include "random.h"

/* Random headers and work packages, each as JSON and encoded by the layout of a
 * version of the Gray Paper. */

typedef enum
{
  GRAY_PAPER_0_6,
  GRAY_PAPER_0_7,
  GRAY_PAPER_0_8,
  N_GRAY_PAPERS,
} GrayPaper;

#define ENCODED_FIELD_MAX_BYTES 96

/* A value that both forms have. */
typedef struct _EncodedField
{
  const gchar *name;
  gsize n_bytes;
  /* written as a number, not as hex */
  gboolean is_number;
  guint8 bytes[ENCODED_FIELD_MAX_BYTES];
  /* where it is in the encoded object */
  gsize at;
  /* what the JSON has instead of the right value; NULL: the right value */
  const gchar *json;
} EncodedField;

enum
{
  HEADER_PARENT,
  HEADER_PARENT_STATE_ROOT,
  HEADER_EXTRINSIC_HASH,
  HEADER_SLOT,
  HEADER_AUTHOR_INDEX,
  HEADER_ENTROPY_SOURCE,
  HEADER_SEAL,
  N_HEADER_FIELDS,
};

typedef struct _EncodedHeader
{
  EncodedField fields[N_HEADER_FIELDS];
  /* -1: no such mark */
  gint n_validators;
  gint n_tickets;
  guint n_offenders;
  /* a validator is one key, not two */
  gboolean has_single_keys;
} EncodedHeader;

enum
{
  PACKAGE_HOST,
  PACKAGE_CODE_HASH,
  PACKAGE_PARAMETERS,
  PACKAGE_AUTHORIZATION,
  PACKAGE_ANCHOR,
  PACKAGE_LOOKUP_ANCHOR_SLOT,
  N_PACKAGE_FIELDS,
};

typedef struct _EncodedPackage
{
  EncodedField fields[N_PACKAGE_FIELDS];
  guint n_prerequisites;
  guint n_items;
  /* of each item */
  guint n_payload, n_imports, n_extrinsics;
  /* the JSON's context has the members of version 0.8 */
  gboolean has_newer_context;
} EncodedPackage;

/* Fill in random values. */
void encoded_header_init(EncodedHeader *self, Random *random);
void encoded_package_init(EncodedPackage *self, Random *random, GrayPaper version);

/* Return the encoded object, and set the places of its fields; the caller frees it. */
GByteArray *encoded_header_encode(EncodedHeader *self, GrayPaper version);
GByteArray *encoded_package_encode(EncodedPackage *self, GrayPaper version);

/* Return the text of a message that has the object; the caller frees it. */
GString *encoded_header_format(const EncodedHeader *self);
GString *encoded_package_format(const EncodedPackage *self);

/* Appends a general natural with @n_following bytes behind the first, be that the
 * shortest form or not. */
void encoded_append_natural(GByteArray *bytes, guint64 value, guint n_following);

/* Appends @n bytes of @value. */
void encoded_append_bytes(GByteArray *bytes, gsize n, guint8 value);

#endif
