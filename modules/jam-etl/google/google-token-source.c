/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "google/google-token-source.h"
#include "google/google-jwt.h"
#include "http/google-secret.h"

#include <string.h>

#define TOKEN_PATH "/computeMetadata/v1/instance/service-accounts/default/token"

struct _JamGoogleTokenSource
{
  gboolean (*fetch)(JamGoogleTokenSource *self, gint64 now, JamGoogleToken *token, GError **error);
  gchar *name;
  /* NULL for the metadata server */
  JamGoogleKey *key;
  gchar *url;
  JamGoogleHttp *http;
};

static gboolean
_request(JamGoogleTokenSource *self, const JamGoogleHttpRequest *request, const gchar *const *secrets,
         JamGoogleToken *token, GError **error)
{
  JamGoogleHttpResponse response = { 0 };
  gboolean success = jam_google_http_send(self->http, request, &response, error)
                     && jam_google_token_answer_read(&response, secrets, token, error);

  if (!success)
    g_prefix_error(error, "%s: ", request->url);
  jam_google_http_response_clear(&response);
  return success;
}

static gboolean
_post(JamGoogleTokenSource *self, const gchar *form, const gchar *const *secrets, JamGoogleToken *token, GError **error)
{
  JamGoogleHttpRequest request = { .url = self->url, .form = form, .form_length = strlen(form) };

  return _request(self, &request, secrets, token, error);
}

static gchar *
_sign(const JamGoogleKey *key, const gchar *subject, const gchar *audience, gint64 now, GError **error)
{
  JamGoogleJwt jwt = {
    .key_id = key->private_key_id,
    .issuer = key->client_email,
    .subject = subject,
    .scope = JAM_GOOGLE_SCOPE,
    .audience = audience,
    .issued_at = now,
  };

  return jam_google_jwt_sign(&jwt, key->private_key, error);
}

/* Google takes either scope or aud there; scope does not depend on the endpoint. */
static gboolean
_fetch_self_signed(JamGoogleTokenSource *self, gint64 now, JamGoogleToken *token, GError **error)
{
  token->value = _sign(self->key, self->key->client_email, NULL, now, error);
  token->seconds = JAM_GOOGLE_JWT_SECONDS;
  return token->value != NULL;
}

static gboolean
_fetch_by_exchange(JamGoogleTokenSource *self, gint64 now, JamGoogleToken *token, GError **error)
{
  gchar *assertion = _sign(self->key, NULL, self->key->token_uri, now, error);
  const gchar *secrets[] = { assertion, NULL };
  gchar *form;
  gboolean success;

  if (!assertion)
    return FALSE;
  form = g_strconcat("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=", assertion, NULL);
  success = _post(self, form, secrets, token, error);
  jam_google_secret_free(form);
  jam_google_secret_free(assertion);
  return success;
}

static gchar *
_make_refresh_form(const JamGoogleKey *key)
{
  gchar *client_id = jam_google_secret_escape(key->client_id);
  gchar *client_secret = jam_google_secret_escape(key->client_secret);
  gchar *refresh_token = jam_google_secret_escape(key->refresh_token);
  gchar *form = g_strconcat("grant_type=refresh_token&client_id=", client_id, "&client_secret=", client_secret,
                            "&refresh_token=", refresh_token, NULL);

  jam_google_secret_free(refresh_token);
  jam_google_secret_free(client_secret);
  jam_google_secret_free(client_id);
  return form;
}

static gboolean
_fetch_by_refresh(JamGoogleTokenSource *self, gint64 now G_GNUC_UNUSED, JamGoogleToken *token, GError **error)
{
  const gchar *secrets[] = { self->key->client_secret, self->key->refresh_token, NULL };
  gchar *form = _make_refresh_form(self->key);
  gboolean success = _post(self, form, secrets, token, error);

  jam_google_secret_free(form);
  return success;
}

static gboolean
_fetch_from_metadata(JamGoogleTokenSource *self, gint64 now G_GNUC_UNUSED, JamGoogleToken *token, GError **error)
{
  const gchar *secrets[] = { NULL };
  JamGoogleHttpRequest request = { .url = self->url, .header = "Metadata-Flavor: Google", .is_direct = TRUE };

  return _request(self, &request, secrets, token, error);
}

static JamGoogleTokenSource *
_new(const gchar *name, JamGoogleKey *key_ref, JamGoogleHttp *http)
{
  JamGoogleTokenSource *self = g_new0(JamGoogleTokenSource, 1);

  self->name = g_strdup(name);
  self->key = key_ref;
  self->url = key_ref ? g_strdup(key_ref->token_uri) : NULL;
  self->http = http;
  return self;
}

JamGoogleTokenSource *
jam_google_token_source_new_self_signed(const gchar *name, JamGoogleKey *key_ref)
{
  JamGoogleTokenSource *self = _new(name, key_ref, NULL);

  self->fetch = _fetch_self_signed;
  return self;
}

JamGoogleTokenSource *
jam_google_token_source_new_exchange(const gchar *name, JamGoogleKey *key_ref, JamGoogleHttp *http)
{
  JamGoogleTokenSource *self = _new(name, key_ref, http);

  self->fetch = _fetch_by_exchange;
  return self;
}

JamGoogleTokenSource *
jam_google_token_source_new_refresh(const gchar *name, JamGoogleKey *key_ref, JamGoogleHttp *http)
{
  JamGoogleTokenSource *self = _new(name, key_ref, http);

  self->fetch = _fetch_by_refresh;
  return self;
}

JamGoogleTokenSource *
jam_google_token_source_new_metadata(const gchar *name, const gchar *host, JamGoogleHttp *http)
{
  JamGoogleTokenSource *self = _new(name, NULL, http);

  self->fetch = _fetch_from_metadata;
  self->url = g_strconcat("http://", host, TOKEN_PATH, NULL);
  return self;
}

void
jam_google_token_source_free(JamGoogleTokenSource *self)
{
  if (self->key)
    jam_google_key_free(self->key);
  g_free(self->url);
  g_free(self->name);
  g_free(self);
}

const gchar *
jam_google_token_source_get_name(const JamGoogleTokenSource *self)
{
  return self->name;
}

gboolean
jam_google_token_source_fetch(JamGoogleTokenSource *self, gint64 now, JamGoogleToken *token, GError **error)
{
  if (self->fetch(self, now, token, error))
    return TRUE;
  g_prefix_error(error, "no token for %s: ", self->name);
  return FALSE;
}
