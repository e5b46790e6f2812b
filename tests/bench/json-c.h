/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BENCH_JSON_C_H_INCLUDED
#define JAM_BENCH_JSON_C_H_INCLUDED

#include <glib.h>

/* json-c's parser, taken from the library where it is installed: its names
 * clash with json-glib's, so the two cannot be linked into one program. */
typedef struct _JsonC JsonC;

/* Returns NULL if json-c is not installed. */
JsonC *json_c_new(void);
void json_c_free(JsonC *self);

/* Parses the @length bytes at @text and drops what comes of it. */
gboolean json_c_parse(JsonC *self, const gchar *text, gsize length);

#endif
