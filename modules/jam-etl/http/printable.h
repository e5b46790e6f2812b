/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_PRINTABLE_H_INCLUDED
#define JAM_PRINTABLE_H_INCLUDED

#include <glib.h>

/* Returns the start of @text, up to @max_bytes and up to what is no UTF-8, fit for
 * a line of a log: control characters are spaces. The caller frees it. */
gchar *jam_printable_new(const gchar *text, gsize max_bytes);

#endif
