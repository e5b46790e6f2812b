/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JSON_SCAN_H_INCLUDED
#define JAM_JSON_SCAN_H_INCLUDED

#include <glib.h>

/* Returns the first byte in [@p, @end) that may not simply stand inside a JSON
 * string: a quotation mark, a backslash, a control character, or a byte of a
 * UTF-8 sequence; @end if there is none. Reads nothing at or past @end. */
const gchar *jam_json_scan_plain(const gchar *p, const gchar *end);

/* The same as jam_json_scan_plain, but words at a time without vector
 * instructions; public so that tests can compare the two. */
const gchar *jam_json_scan_plain_portable(const gchar *p, const gchar *end);

/* Returns the length in bytes (2 to 4) of the UTF-8 sequence at @p, whose
 * first byte is 0x80 or more, or 0 if there is no valid one (RFC 3629: no
 * overlong forms, no surrogates, nothing above U+10FFFF). */
guint jam_utf8_sequence_length(const gchar *p, const gchar *end);

#endif
