/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_GOOGLE_CREDENTIALS_H_INCLUDED
#define JAM_GOOGLE_CREDENTIALS_H_INCLUDED

#include "google/google-error.h"
#include "google/google-http.h"

/* Who we are to Google, and the token that proves it. All workers share one: any
 * thread may call what does not make or free it. */
typedef struct _JamGoogleCredentials JamGoogleCredentials;

/* What the host program has to say in it. */
typedef struct _JamGoogleHost JamGoogleHost;

struct _JamGoogleHost
{
  JamGoogleHttp *http;
  /* Returns seconds since 1970; NULL for the system's clock. Any thread. */
  gint64 (*now)(JamGoogleHost *self);
  /* Tells the operator. Any thread. */
  void (*warn)(JamGoogleHost *self, const gchar *text);
};

/* How a service account comes to its tokens. */
typedef enum
{
  /* from the key file's token_uri */
  JAM_GOOGLE_EXCHANGE,
  /* from nobody: it signs them itself */
  JAM_GOOGLE_SELF_SIGNED,
} JamGoogleTokenForm;

/* Credentials that send nothing, for an emulator. */
JamGoogleCredentials *jam_google_credentials_new_none(void);

/* Those of the key file at @path, of a service account or (@form does not matter)
 * a user. @host must outlive them. The file is read when it is first needed, and again
 * after the token server has refused what it holds. */
JamGoogleCredentials *jam_google_credentials_new_from_file(const gchar *path, JamGoogleTokenForm form,
                                                           JamGoogleHost *host);

/* Application default credentials, found as google-default-key.h says; @form and @host
 * are as above. Where gcloud's file is missing, it is looked for again before each
 * attempt to get a token. Main thread. */
JamGoogleCredentials *jam_google_credentials_new_default(JamGoogleTokenForm form, JamGoogleHost *host);

/* Reads the key file, if that is still to be done, so that faults show early; warns of a
 * file that others can get at. Returns FALSE and sets @error as below. To be called
 * before threads share @self. */
gboolean jam_google_credentials_read_key(JamGoogleCredentials *self, GError **error);

/* Overwrites the secrets and frees all. */
void jam_google_credentials_free(JamGoogleCredentials *self);

/* Returns whose they are, for messages; the caller frees it. */
gchar *jam_google_credentials_dup_name(JamGoogleCredentials *self);

/* Puts the value of the Authorization header into @authorization, or NULL if none
 * is to be sent; the caller frees it with jam_google_authorization_free(). Gets a new
 * token when the present one is about to expire; of several threads one does it,
 * and those that have no token meanwhile wait and share what becomes of it.
 * Returns FALSE and sets @error, JAM_GOOGLE_ERROR_TEMPORARY, _REFUSED, _STOPPED, or,
 * if the key file is at fault, _UNREADABLE or _MALFORMED, if there is no token that is
 * still good. It does not try again by itself. */
gboolean jam_google_credentials_authorize(JamGoogleCredentials *self, gchar **authorization, GError **error);

/* Says that the server has refused @authorization (401), so that the next call
 * gets a new token, unless that has happened already. NULL is let pass. */
void jam_google_credentials_refuse(JamGoogleCredentials *self, const gchar *authorization);

/* Overwrites @authorization, if it is not NULL, and frees it. */
void jam_google_authorization_free(gchar *authorization);

#endif
