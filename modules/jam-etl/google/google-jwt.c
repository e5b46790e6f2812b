/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "google/google-jwt.h"
#include "core/json/json-text.h"
#include "google/google-error.h"
#include "http/google-secret.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

static gchar *
_encode_base64url(const guchar *bytes, gsize length)
{
  gchar *text = g_base64_encode(bytes, length);

  g_strdelimit(text, "+", '-');
  g_strdelimit(text, "/", '_');
  text[strcspn(text, "=")] = '\0';
  return text;
}

/* The first member opens the object. */
static void
_append_name(JamBuffer *object, const gchar *name)
{
  jam_buffer_append_char(object, object->length > 0 ? ',' : '{');
  jam_json_append_string(object, name, strlen(name));
  jam_buffer_append_char(object, ':');
}

static void
_append_integer(JamBuffer *object, const gchar *name, gint64 value)
{
  _append_name(object, name);
  jam_buffer_append_int64(object, value);
}

static void
_append_if_there(JamBuffer *object, const gchar *name, const gchar *value)
{
  if (!value)
    return;
  _append_name(object, name);
  jam_json_append_string(object, value, strlen(value));
}

/* Ends @object and clears it. */
static gchar *
_encode_object(JamBuffer *object)
{
  gchar *encoded;

  jam_buffer_append_char(object, '}');
  encoded = _encode_base64url((const guchar *) object->data, object->length);
  jam_buffer_clear(object);
  return encoded;
}

static gchar *
_encode_header(const JamGoogleJwt *self)
{
  JamBuffer header = { 0 };

  _append_if_there(&header, "alg", "RS256");
  _append_if_there(&header, "typ", "JWT");
  _append_if_there(&header, "kid", self->key_id);
  return _encode_object(&header);
}

static gchar *
_encode_claims(const JamGoogleJwt *self)
{
  JamBuffer claims = { 0 };

  _append_if_there(&claims, "iss", self->issuer);
  _append_if_there(&claims, "sub", self->subject);
  _append_if_there(&claims, "scope", self->scope);
  _append_if_there(&claims, "aud", self->audience);
  _append_integer(&claims, "iat", self->issued_at);
  _append_integer(&claims, "exp", self->issued_at + JAM_GOOGLE_JWT_SECONDS);
  return _encode_object(&claims);
}

static gboolean
_sign(EVP_MD_CTX *context, EVP_PKEY *key, const gchar *text, guchar *signature, gsize *length)
{
  return EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) > 0
         && EVP_DigestSign(context, signature, length, (const guchar *) text, strlen(text)) > 0;
}

/* Returns NULL if the key cannot sign. */
static gchar *
_make_signature(const gchar *text, EVP_PKEY *key)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  gsize size = EVP_PKEY_get_size(key);
  gsize length = size;
  guchar *signature = g_malloc(size);
  gchar *encoded = NULL;

  if (_sign(context, key, text, signature, &length))
    encoded = _encode_base64url(signature, length);
  ERR_clear_error();
  jam_google_secret_free_sized((gchar *) signature, size);
  EVP_MD_CTX_free(context);
  return encoded;
}

gchar *
jam_google_jwt_sign(const JamGoogleJwt *self, EVP_PKEY *key, GError **error)
{
  gchar *header = _encode_header(self);
  gchar *claims = _encode_claims(self);
  gchar *to_sign = g_strjoin(".", header, claims, NULL);
  gchar *signature = _make_signature(to_sign, key);
  gchar *jwt = NULL;

  if (signature)
    jwt = g_strjoin(".", to_sign, signature, NULL);
  else
    g_set_error(error, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_MALFORMED, "the private key cannot sign");
  jam_google_secret_free(signature);
  g_free(to_sign);
  g_free(claims);
  g_free(header);
  return jwt;
}
