/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_GOOGLE_TOKEN_SOURCE_H_INCLUDED
#define JAM_GOOGLE_TOKEN_SOURCE_H_INCLUDED

#include "google/google-key-file.h"
#include "google/google-token-answer.h"

#define JAM_GOOGLE_SCOPE "https://www.googleapis.com/auth/bigquery"

/* Where tokens come from. It keeps none, and belongs to one thread at a time. */
typedef struct _JamGoogleTokenSource JamGoogleTokenSource;

/* All take a text that says in messages whose tokens these are; @http must outlive
 * the source. Those with @key_ref take it over. */

/* Tokens that a service account signs itself: there is no request. */
JamGoogleTokenSource *jam_google_token_source_new_self_signed(const gchar *name, JamGoogleKey *key_ref);

/* Tokens that a service account gets for what it has signed. */
JamGoogleTokenSource *jam_google_token_source_new_exchange(const gchar *name, JamGoogleKey *key_ref,
                                                           JamGoogleHttp *http);

/* Tokens that a user gets for a refresh token. */
JamGoogleTokenSource *jam_google_token_source_new_refresh(const gchar *name, JamGoogleKey *key_ref,
                                                          JamGoogleHttp *http);

/* Tokens of the machine's service account. @host is a name, with or without port. */
JamGoogleTokenSource *jam_google_token_source_new_metadata(const gchar *name, const gchar *host, JamGoogleHttp *http);

void jam_google_token_source_free(JamGoogleTokenSource *self);

const gchar *jam_google_token_source_get_name(const JamGoogleTokenSource *self);

/* Makes a new token; @now is in seconds since 1970. Returns FALSE and sets @error,
 * any of JAM_GOOGLE_ERROR but _UNREADABLE, which says whose token it was to be. */
gboolean jam_google_token_source_fetch(JamGoogleTokenSource *self, gint64 now, JamGoogleToken *token, GError **error);

#endif
