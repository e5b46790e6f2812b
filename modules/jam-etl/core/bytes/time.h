/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TIME_H_INCLUDED
#define JAM_TIME_H_INCLUDED

#include <glib.h>

/* A timestamp as jam_time_format writes it. */
#define JAM_TIME_TEXT_LENGTH 27

/* Parses an RFC 3339 timestamp with 0 to 9 fraction digits and Z or a numeric
 * offset; the @length bytes at @text must be nothing else. A leap second is
 * accepted at the end of a UTC day and counts as the first of the next one.
 * Stores nanoseconds since 1970-01-01T00:00:00Z. Returns FALSE if the text is
 * no such timestamp, or is outside what 64 bits hold (1678 to 2261). */
gboolean jam_time_parse(const gchar *text, gsize length, gint64 *unix_ns);

/* Writes @unix_ns (not negative) in UTC, cut to microseconds, in the form of a
 * BigQuery TIMESTAMP: 2025-04-24T23:39:00.128032Z, without a NUL. */
void jam_time_format(gint64 unix_ns, gchar text[JAM_TIME_TEXT_LENGTH]);

/* Stores the number of the 6-second JAM slot that holds @unix_ns, counted from
 * the common era's start, 2025-01-01T12:00:00Z. Returns FALSE before that. */
gboolean jam_time_to_slot(gint64 unix_ns, gint64 *slot);

#endif
