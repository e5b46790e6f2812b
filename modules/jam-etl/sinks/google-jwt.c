/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/google-jwt.h"
#include "sinks/google-error.h"
#include "sinks/google-secret.h"

#include <json-c/json_object.h>
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

static void
_set_if_there(json_object *object, const gchar *name, const gchar *value)
{
  if (value)
    json_object_object_add(object, name, json_object_new_string(value));
}

/* Takes over @object. */
static gchar *
_encode_object(json_object *object)
{
  const gchar *json = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
  gchar *encoded = _encode_base64url((const guchar *) json, strlen(json));

  json_object_put(object);
  return encoded;
}

static gchar *
_encode_header(const JamGoogleJwt *self)
{
  json_object *header = json_object_new_object();

  json_object_object_add(header, "alg", json_object_new_string("RS256"));
  json_object_object_add(header, "typ", json_object_new_string("JWT"));
  _set_if_there(header, "kid", self->key_id);
  return _encode_object(header);
}

static gchar *
_encode_claims(const JamGoogleJwt *self)
{
  json_object *claims = json_object_new_object();

  _set_if_there(claims, "iss", self->issuer);
  _set_if_there(claims, "sub", self->subject);
  _set_if_there(claims, "scope", self->scope);
  _set_if_there(claims, "aud", self->audience);
  json_object_object_add(claims, "iat", json_object_new_int64(self->issued_at));
  json_object_object_add(claims, "exp", json_object_new_int64(self->issued_at + JAM_GOOGLE_JWT_SECONDS));
  return _encode_object(claims);
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
