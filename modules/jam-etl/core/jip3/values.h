/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JIP3_VALUES_H_INCLUDED
#define JAM_JIP3_VALUES_H_INCLUDED

#include "core/bytes/buffer.h"
#include "core/jip3/cursor.h"

/* Single values as JSON. */

/* The last time that time_ns holds and jam_time_parse takes: the last microsecond of
 * 2262-04-11T23:47:15, in microseconds since 2025-01-01T12:00:00Z. */
#define JAM_JIP3_MAX_TIME G_GUINT64_CONSTANT(7487639235999999)

/* Appends "0x and the hex of @n_bytes bytes, with the quotation marks. */
void jam_jip3_append_hex(JamBuffer *out, const guint8 *bytes, gsize n_bytes);

/* Appends @unix_ns in UTC, with six fraction digits and the quotation marks; an
 * earlier time becomes 1970-01-01. */
void jam_jip3_append_unix_ns(JamBuffer *out, gint64 unix_ns);

/* Appends @time, at most JAM_JIP3_MAX_TIME, in the same form. */
void jam_jip3_append_time(JamBuffer *out, guint64 time);

/* Appends the text that inet_ntop gives for the IPv6 address @ip, with the quotation
 * marks. An IPv4-mapped one is ::ffff:127.0.0.1 there. */
void jam_jip3_append_ip(JamBuffer *out, const guint8 ip[JAM_JIP3_IP_BYTES]);

/* Appends an object of an encoded address and port. */
void jam_jip3_append_address(JamBuffer *out, const guint8 address[JAM_JIP3_ADDRESS_BYTES]);

#endif
