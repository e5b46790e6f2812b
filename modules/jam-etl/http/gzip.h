/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_GZIP_H_INCLUDED
#define JAM_GZIP_H_INCLUDED

#include "core/bytes/buffer.h"

/* Makes gzip members (RFC 1952), fast rather than small. One object serves one thread. */
typedef struct _JamGzip JamGzip;

JamGzip *jam_gzip_new(void);
void jam_gzip_free(JamGzip *self);

/* Appends the @length bytes at @bytes to @out, compressed. */
void jam_gzip_append(JamGzip *self, const gchar *bytes, gsize length, JamBuffer *out);

#endif
