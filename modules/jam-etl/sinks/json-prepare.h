/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JSON_PREPARE_H_INCLUDED
#define JAM_JSON_PREPARE_H_INCLUDED

#include <glib.h>

/* Deeper than any answer of an API: a table's schema comes to 33, with the 15 levels
 * that BigQuery lets columns be nested. json-glib calls itself for each level, 160
 * bytes of stack on amd64, and without a limit before 1.10. */
#define JAM_JSON_PREPARE_MAX_DEPTH 64

/* Makes a text ready for json-glib: reads the @length bytes of @text as a whole, and
 * returns FALSE if they are not JSON by RFC 8259 in UTF-8, or nested deeper than
 * JAM_JSON_PREPARE_MAX_DEPTH. json-glib alone would take comments, several values and
 * more for JSON.
 *
 * Two things that the RFC allows are changed in place, because json-glib reads other
 * values there: half a surrogate pair becomes U+FFFD (json-glib goes on reading behind
 * the end of the string), and an integer that 64 bits do not hold becomes the nearest
 * that they do (json-glib wraps around). */
gboolean jam_json_prepare(gchar *text, gsize length);

#endif
