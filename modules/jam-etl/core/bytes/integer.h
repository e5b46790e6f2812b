/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_INTEGER_H_INCLUDED
#define JAM_INTEGER_H_INCLUDED

#include <glib.h>

/* Integers as text: digits are never passed through a double. */

/* Returns TRUE if the @length bytes at @text are a JSON integer (RFC 8259
 * section 6, without fraction and exponent) that 64 bits with sign hold. */
gboolean jam_integer_is_valid(const gchar *text, gsize length);

/* Returns TRUE if the @length bytes at @text are a JSON integer that 64 bits without
 * sign hold, -0 included, and stores it. */
gboolean jam_integer_parse_uint64(const gchar *text, gsize length, guint64 *number);

/* Returns TRUE if the @length bytes at @text are a number that 32 bits without sign
 * hold, in decimal, without a sign or leading zeros, and stores it. */
gboolean jam_integer_parse_uint32(const gchar *text, gsize length, guint32 *number);

/* Returns TRUE if the @length bytes at @text are decimal digits, and stores the
 * number; FALSE also when it is over G_MAXINT. */
gboolean jam_integer_parse_digits(const gchar *text, gsize length, gint *number);

#endif
