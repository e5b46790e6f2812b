/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_CODEC_H_INCLUDED
#define JAM_CODEC_H_INCLUDED

#include <glib.h>

/* How long the encoded prefixes of a message's codec_encoded are: the JAM codec
 * as in the Gray Paper's appendix on serialization. Input is hex text without
 * the "0x"; it may hold anything, valid or not. */

/* What a header's length depends on beside its own bytes. */
typedef struct _JamHeaderShape
{
  gboolean has_epoch_mark;
  gboolean has_tickets_mark;
  /* bytes of all keys in the epoch mark */
  gsize epoch_keys_bytes;
  /* entries in the tickets mark */
  gsize n_tickets;
} JamHeaderShape;

/* Returns the length in bytes of the encoded block header that the @n_digits
 * hex digits at @digits start with, or 0 if none fits. */
gsize jam_codec_header_length(const gchar *digits, gsize n_digits, const JamHeaderShape *shape);

/* Returns the length in bytes of the encoded work package that the @n_digits
 * hex digits at @digits start with, or 0 if none fits. */
gsize jam_codec_work_package_length(const gchar *digits, gsize n_digits);

#endif
