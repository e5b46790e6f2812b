/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_GOOGLE_JSON_H_INCLUDED
#define JAM_GOOGLE_JSON_H_INCLUDED

#include <glib.h>

/* A JSON object that holds secrets: a key file, or what a token endpoint answers. */
typedef struct _JamGoogleJson JamGoogleJson;

/* Returns NULL if @text is not a JSON object, or is nested as no such object is.
 * There is no error text, because the parser's would quote from @text. */
JamGoogleJson *jam_google_json_new(const gchar *text, gsize length);

/* Overwrites the object's own strings and frees it. */
void jam_google_json_free(JamGoogleJson *self);

gboolean jam_google_json_has(const JamGoogleJson *self, const gchar *name);

/* Returns the string called @name, which @self owns, or NULL. */
const gchar *jam_google_json_get_string(const JamGoogleJson *self, const gchar *name);

/* Returns FALSE if there is no integer called @name. */
gboolean jam_google_json_get_integer(const JamGoogleJson *self, const gchar *name, gint64 *value);

#endif
