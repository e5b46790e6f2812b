/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_FUZZ_JSON_GLIB_ORACLE_H_INCLUDED
#define JAM_FUZZ_JSON_GLIB_ORACLE_H_INCLUDED

#include "json-tree.h"

/* json-glib's word on a text. It is no strict reader: where it differs from
 * RFC 8259 is written down in the source, each with the rule of the RFC and a
 * text that shows it. A difference counts only while that text still shows it. */
typedef struct _JsonGlibOracle JsonGlibOracle;

/* Aborts if a difference that is written down is none by the RFC. */
JsonGlibOracle *json_glib_oracle_new(void);
void json_glib_oracle_free(JsonGlibOracle *self);

/* Compares json-glib's reading of the @length bytes at @text with @tree, what
 * they are by the RFC: NULL if they are no JSON text. Returns TRUE if both agree,
 * or if one of the differences may be why not; else FALSE, with words in @why. */
gboolean json_glib_oracle_agrees(JsonGlibOracle *self, const gchar *text, gsize length, const JsonTree *tree,
                                 GString *why);

#endif
