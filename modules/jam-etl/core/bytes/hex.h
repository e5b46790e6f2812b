/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_HEX_H_INCLUDED
#define JAM_HEX_H_INCLUDED

#include "core/bytes/buffer.h"

/* A 32-byte BLAKE2b digest as "0x" and lower-case hex. */
#define JAM_HASH_TEXT_LENGTH 66

/* Decodes @n_bytes bytes from the 2 * @n_bytes hex digits (either case) at
 * @digits. Returns FALSE if any of them is none; @bytes is then undefined. */
gboolean jam_hex_decode(const gchar *digits, gsize n_bytes, guint8 *bytes);

/* Returns TRUE if all @n_digits bytes at @digits are hex digits. */
gboolean jam_hex_is_valid(const gchar *digits, gsize n_digits);

/* Writes 2 * @n_bytes lower-case digits to @digits, without a NUL. */
void jam_hex_encode(const guint8 *bytes, gsize n_bytes, gchar *digits);

/* Appends the base64 (RFC 4648, padded) of the bytes that the 2 * @n_bytes hex
 * digits at @digits stand for. Returns FALSE if any of them is none; what was
 * appended is then undefined. */
gboolean jam_hex_append_base64(JamBuffer *out, const gchar *digits, gsize n_bytes);

/* Writes the BLAKE2b hash with a 32-byte digest (RFC 7693, unkeyed) of the
 * bytes that the 2 * @n_bytes hex digits at @digits stand for. Returns FALSE if
 * any of them is none; @text is then undefined. */
gboolean jam_hex_blake2b256(const gchar *digits, gsize n_bytes, gchar text[JAM_HASH_TEXT_LENGTH]);

#endif
