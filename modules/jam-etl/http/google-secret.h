/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_GOOGLE_SECRET_H_INCLUDED
#define JAM_GOOGLE_SECRET_H_INCLUDED

#include <glib.h>

/* Overwrites @text, if it is not NULL, and frees it. */
void jam_google_secret_free(gchar *text);

/* The same for @size bytes that may hold NULs. */
void jam_google_secret_free_sized(gchar *bytes, gsize size);

/* Returns @text as a value in a form or query; the caller frees it as a secret. */
gchar *jam_google_secret_escape(const gchar *text);

#endif
