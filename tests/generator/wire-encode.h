/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_WIRE_ENCODE_H_INCLUDED
#define JAMTART_GEN_WIRE_ENCODE_H_INCLUDED

#include "buffer.h"

/* The primitives of the JAM codec. Each adds one value at the end of SELF. */

/* Adds VALUE as WIDTH little-endian bytes, 1 to 8; higher bits are left out. */
void wire_encode_fixed(Buffer *self, guint64 value, guint width);

/* Adds VALUE as a JAM general natural, 1 to 9 bytes. */
void wire_encode_natural(Buffer *self, guint64 value);

/* Adds LEN as a general natural and then LEN bytes from DATA. */
void wire_encode_blob(Buffer *self, const guint8 *data, gsize len);

/* Adds the byte that says whether an optional value follows. */
void wire_encode_presence(Buffer *self, gboolean present);

#endif
