/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_TIMESTAMP_H_INCLUDED
#define JAMTART_GEN_TIMESTAMP_H_INCLUDED

#include "buffer.h"

/* Times are nanoseconds since 1970, UTC, and not before that. */

#define NS_PER_SECOND G_GINT64_CONSTANT(1000000000)

/* Adds TIME_NS as RFC 3339 with the nanoseconds as Go prints them: no
 * trailing zeros, and no point where nothing follows it. */
void timestamp_append_go(Buffer *self, gint64 time_ns);

/* Adds TIME_NS as RFC 3339 with six fraction digits, as RFC 5424 allows. */
void timestamp_append_rfc5424(Buffer *self, gint64 time_ns);

/* Adds TIME_NS as RFC 3164 has it: "Jun  1 00:00:00". */
void timestamp_append_rfc3164(Buffer *self, gint64 time_ns);

#endif
