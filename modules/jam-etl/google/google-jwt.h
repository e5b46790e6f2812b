/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_GOOGLE_JWT_H_INCLUDED
#define JAM_GOOGLE_JWT_H_INCLUDED

#include <glib.h>
#include <openssl/types.h>

/* the longest that Google takes, and exactly what it wants of self-signed ones */
#define JAM_GOOGLE_JWT_SECONDS 3600

/* What a service account says of itself. NULL leaves a claim out. */
typedef struct _JamGoogleJwt
{
  const gchar *key_id;
  const gchar *issuer;
  const gchar *subject;
  const gchar *scope;
  const gchar *audience;
  /* seconds since 1970 */
  gint64 issued_at;
} JamGoogleJwt;

/* Returns the JWT (RFC 7519) that is good for JAM_GOOGLE_JWT_SECONDS, signed
 * with the RSA key @key (RS256); the caller frees it as a secret. Returns NULL
 * and sets @error (JAM_GOOGLE_ERROR_MALFORMED) if the key cannot sign. */
gchar *jam_google_jwt_sign(const JamGoogleJwt *self, EVP_PKEY *key, GError **error);

#endif
