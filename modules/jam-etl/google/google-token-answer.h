/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_GOOGLE_TOKEN_ANSWER_H_INCLUDED
#define JAM_GOOGLE_TOKEN_ANSWER_H_INCLUDED

#include "google/google-http.h"

/* Starts as { 0 }. */
typedef struct _JamGoogleToken
{
  gchar *value;
  /* from when it was made */
  gint64 seconds;
} JamGoogleToken;

/* Overwrites the token and frees it. */
void jam_google_token_clear(JamGoogleToken *self);

/* Takes the token out of what a token endpoint (RFC 6749) or the metadata server
 * has answered. Else returns FALSE and sets @error: JAM_GOOGLE_ERROR_REFUSED if the
 * credentials are at fault, _TEMPORARY for anything else. Its text has the
 * server's own words, unless one of @secrets, which ends with NULL, is in them. */
gboolean jam_google_token_answer_read(const JamGoogleHttpResponse *response, const gchar *const *secrets,
                                      JamGoogleToken *token, GError **error);

#endif
