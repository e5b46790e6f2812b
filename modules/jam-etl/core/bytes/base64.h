/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BASE64_H_INCLUDED
#define JAM_BASE64_H_INCLUDED

#include <glib.h>

/* Base64 as in RFC 4648, padded. */

/* Length in characters of the base64 of @n_bytes bytes. */
#define JAM_BASE64_LENGTH(n_bytes) (((gsize) (n_bytes) + 2) / 3 * 4)

/* Writes the base64 of the @n_bytes bytes at @bytes to @text, without a NUL. */
void jam_base64_encode(const guint8 *bytes, gsize n_bytes, gchar *text);

/* Returns TRUE if the @length bytes at @text are canonical padded base64. */
gboolean jam_base64_is_valid(const gchar *text, gsize length);

#endif
