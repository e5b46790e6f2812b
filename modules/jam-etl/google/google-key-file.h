/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_GOOGLE_KEY_FILE_H_INCLUDED
#define JAM_GOOGLE_KEY_FILE_H_INCLUDED

#include <glib.h>
#include <openssl/types.h>

typedef enum
{
  /* a service account's key, as the cloud console gives it */
  JAM_GOOGLE_KEY_SERVICE_ACCOUNT,
  /* a user's, as gcloud auth application-default login leaves it */
  JAM_GOOGLE_KEY_AUTHORIZED_USER,
} JamGoogleKeyType;

/* What a file with Google credentials holds. */
typedef struct _JamGoogleKey
{
  JamGoogleKeyType type;
  /* http:// or https:// */
  gchar *token_uri;
  /* the file's permission bits */
  guint mode;
  /* of a service account */
  gchar *client_email;
  gchar *private_key_id;
  EVP_PKEY *private_key;
  /* of a user */
  gchar *client_id;
  gchar *client_secret;
  gchar *refresh_token;
} JamGoogleKey;

/* Reads the file at @path. Returns NULL and sets @error, JAM_GOOGLE_ERROR_UNREADABLE
 * or _MALFORMED, which names the file and the field. */
JamGoogleKey *jam_google_key_file_read(const gchar *path, GError **error);

/* Overwrites the secrets and frees all. */
void jam_google_key_free(JamGoogleKey *self);

#endif
