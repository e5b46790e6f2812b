/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "google/google-credentials.h"
#include "google/google-default-key.h"
#include "http/google-secret.h"
#include "google/google-token-source.h"

#include <string.h>

#define SCHEME "Bearer "

/* A token is renewed so long before its end, as Google's libraries do. More would be
 * of no use: the metadata server gives out the old token up to four or five minutes
 * before that. A tenth of its life for tokens that live shorter. */
#define RENEW_BEFORE_SECONDS 225

/* between failures to renew a token that is still good */
#define RENEW_AGAIN_SECONDS 30

struct _JamGoogleCredentials
{
  JamGoogleHost *host;
  /* which option or default names the key file; NULL if nothing is to be sent */
  const gchar *origin;
  gchar *path;
  /* asked if there is no key file; NULL if there must be one */
  gchar *metadata_host;
  JamGoogleTokenForm form;
  /* for the thread that renews; NULL while the key file is to be read */
  JamGoogleTokenSource *source;
  gboolean is_metadata;
  GMutex lock;
  /* an attempt to renew has ended */
  GCond attempted;
  /* what follows is under the lock */
  gboolean is_renewing;
  /* whose they were when a token was last asked for */
  gchar *name;
  /* the value of the header, or NULL */
  gchar *authorization;
  /* seconds since 1970 */
  gint64 renew_at;
  gint64 expires_at;
  /* why the last attempt failed, or NULL */
  GError *failure;
};

/* Takes over @path and @metadata_host. */
static JamGoogleCredentials *
_new(const gchar *origin, gchar *path, gchar *metadata_host, JamGoogleTokenForm form, JamGoogleHost *host)
{
  JamGoogleCredentials *self = g_new0(JamGoogleCredentials, 1);

  self->host = host;
  self->origin = origin;
  self->path = path;
  self->metadata_host = metadata_host;
  self->form = form;
  self->name = g_strdup(origin ? origin : "nobody");
  g_mutex_init(&self->lock);
  g_cond_init(&self->attempted);
  return self;
}

JamGoogleCredentials *
jam_google_credentials_new_none(void)
{
  return _new(NULL, NULL, NULL, JAM_GOOGLE_EXCHANGE, NULL);
}

JamGoogleCredentials *
jam_google_credentials_new_from_file(const gchar *path, JamGoogleTokenForm form, JamGoogleHost *host)
{
  return _new("credentials-file()", g_strdup(path), NULL, form, host);
}

JamGoogleCredentials *
jam_google_credentials_new_default(JamGoogleTokenForm form, JamGoogleHost *host)
{
  static const gchar origin[] = "application default credentials (credentials-file() is not set)";
  const gchar *named = jam_google_default_key_get_named_path();

  if (named)
    return _new(origin, g_strdup(named), NULL, form, host);
  return _new(origin, jam_google_default_key_get_gcloud_path(), g_strdup(jam_google_default_key_get_metadata_host()),
              form, host);
}

static void _warn(JamGoogleHost *host, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

static void
_warn(JamGoogleHost *host, const gchar *format, ...)
{
  va_list arguments;
  gchar *text;

  va_start(arguments, format);
  text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  host->warn(host, text);
  g_free(text);
}

static void
_warn_of_risks(JamGoogleCredentials *self, const JamGoogleKey *key)
{
  gboolean sends_nothing = key->type == JAM_GOOGLE_KEY_SERVICE_ACCOUNT && self->form == JAM_GOOGLE_SELF_SIGNED;

  if (key->mode & 077)
    _warn(self->host,
          "%s has mode %04o, so that others than its owner can get at the secrets in it; "
          "chmod 600 or 400 is safe",
          self->path, key->mode);
  if (!sends_nothing && g_str_has_prefix(key->token_uri, "http://"))
    _warn(self->host, "%s: field token_uri is not https, so that secrets are sent to %s in clear text", self->path,
          key->token_uri);
}

static JamGoogleTokenSource *
_make_source(JamGoogleCredentials *self, JamGoogleKey *key_ref)
{
  JamGoogleTokenSource *source;
  gchar *name;

  if (key_ref->type == JAM_GOOGLE_KEY_AUTHORIZED_USER)
    name = g_strdup_printf("the user of %s", self->path);
  else
    name = g_strdup_printf("service account %s of %s", key_ref->client_email, self->path);

  if (key_ref->type == JAM_GOOGLE_KEY_AUTHORIZED_USER)
    source = jam_google_token_source_new_refresh(name, key_ref, self->host->http);
  else if (self->form == JAM_GOOGLE_SELF_SIGNED)
    source = jam_google_token_source_new_self_signed(name, key_ref);
  else
    source = jam_google_token_source_new_exchange(name, key_ref, self->host->http);
  g_free(name);
  return source;
}

static JamGoogleTokenSource *
_make_metadata_source(JamGoogleCredentials *self)
{
  gchar *name = g_strdup_printf("this machine's service account (GOOGLE_APPLICATION_CREDENTIALS is not set and "
                                "there is no %s)",
                                self->path);
  JamGoogleTokenSource *source = jam_google_token_source_new_metadata(name, self->metadata_host, self->host->http);

  g_free(name);
  return source;
}

static JamGoogleTokenSource *
_find_source(JamGoogleCredentials *self, GError **error)
{
  JamGoogleKey *key;

  self->is_metadata = self->metadata_host && !g_file_test(self->path, G_FILE_TEST_EXISTS);
  if (self->is_metadata)
    return _make_metadata_source(self);
  key = jam_google_key_file_read(self->path, error);
  if (!key)
    {
      g_prefix_error(error, "%s: ", self->origin);
      return NULL;
    }
  _warn_of_risks(self, key);
  return _make_source(self, key);
}

gboolean
jam_google_credentials_read_key(JamGoogleCredentials *self, GError **error)
{
  if (self->origin && !self->source)
    self->source = _find_source(self, error);
  return !self->origin || self->source;
}

void
jam_google_credentials_free(JamGoogleCredentials *self)
{
  if (self->source)
    jam_google_token_source_free(self->source);
  g_cond_clear(&self->attempted);
  g_mutex_clear(&self->lock);
  g_free(self->path);
  g_free(self->metadata_host);
  g_free(self->name);
  jam_google_secret_free(self->authorization);
  g_clear_error(&self->failure);
  g_free(self);
}

gchar *
jam_google_credentials_dup_name(JamGoogleCredentials *self)
{
  gchar *name;

  g_mutex_lock(&self->lock);
  name = g_strdup(self->name);
  g_mutex_unlock(&self->lock);
  return name;
}

static gint64
_now(JamGoogleCredentials *self)
{
  return self->host->now ? self->host->now(self->host) : g_get_real_time() / G_USEC_PER_SEC;
}

static gboolean
_is_fresh(JamGoogleCredentials *self)
{
  return self->authorization && _now(self) < self->renew_at;
}

static gboolean
_is_alive(JamGoogleCredentials *self)
{
  return self->authorization && _now(self) < self->expires_at;
}

static void
_keep(JamGoogleCredentials *self, const JamGoogleToken *token, gint64 made_at)
{
  jam_google_secret_free(self->authorization);
  self->authorization = g_strconcat(SCHEME, token->value, NULL);
  self->expires_at = made_at + token->seconds;
  self->renew_at = self->expires_at - MIN(RENEW_BEFORE_SECONDS, token->seconds / 10);
}

/* In the thread that renews, without the lock. */
static void
_fetch(JamGoogleCredentials *self, gint64 now, JamGoogleToken *token, GError **failure)
{
  if (jam_google_credentials_read_key(self, failure))
    jam_google_token_source_fetch(self->source, now, token, failure);
}

/* What the operator may replace, or put in place of the metadata server, is looked for
 * again. A key that only its server is too busy for is kept: its file may be gone. */
static gboolean
_must_look_again(JamGoogleCredentials *self)
{
  return g_error_matches(self->failure, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_REFUSED)
         || g_error_matches(self->failure, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_MALFORMED)
         || (self->failure && self->is_metadata);
}

static void
_update_source(JamGoogleCredentials *self)
{
  if (!self->source)
    return;
  g_free(self->name);
  self->name = g_strdup(jam_google_token_source_get_name(self->source));
  if (_must_look_again(self))
    g_clear_pointer(&self->source, jam_google_token_source_free);
}

/* Called with the lock, which is open to others while the request runs. */
static void
_renew(JamGoogleCredentials *self)
{
  JamGoogleToken token = { 0 };
  gint64 now = _now(self);
  GError *failure = NULL;

  self->is_renewing = TRUE;
  g_clear_error(&self->failure);
  g_mutex_unlock(&self->lock);
  _fetch(self, now, &token, &failure);
  g_mutex_lock(&self->lock);
  if (token.value)
    _keep(self, &token, now);
  else
    self->renew_at = MIN(_now(self) + RENEW_AGAIN_SECONDS, self->expires_at);
  self->failure = failure;
  _update_source(self);
  self->is_renewing = FALSE;
  g_cond_broadcast(&self->attempted);
  jam_google_token_clear(&token);
}

static void
_warn_that_it_goes_on(JamGoogleCredentials *self)
{
  if (!g_error_matches(self->failure, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_STOPPED))
    _warn(self->host, "%s; the present one is good for %" G_GINT64_FORMAT " s", self->failure->message,
          self->expires_at - _now(self));
}

static gboolean
_share_failure(JamGoogleCredentials *self, GError **error)
{
  g_propagate_error(error, g_error_copy(self->failure));
  return FALSE;
}

/* Called with the lock by a thread that has found nobody renewing. */
static gboolean
_renew_or_go_on(JamGoogleCredentials *self, GError **error)
{
  _renew(self);
  if (!self->failure)
    return TRUE;
  if (!_is_alive(self))
    return _share_failure(self, error);
  _warn_that_it_goes_on(self);
  return TRUE;
}

/* Called with the lock while another thread renews. Returns FALSE if that failed. */
static gboolean
_wait_for_other(JamGoogleCredentials *self, GError **error)
{
  while (self->is_renewing)
    g_cond_wait(&self->attempted, &self->lock);
  return !self->failure || _share_failure(self, error);
}

/* Called with the lock, as all below. */
static gboolean
_make_sure_of_token(JamGoogleCredentials *self, GError **error)
{
  while (!_is_fresh(self))
    {
      if (!self->is_renewing)
        return _renew_or_go_on(self, error);
      if (_is_alive(self))
        return TRUE;
      if (!_wait_for_other(self, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
jam_google_credentials_authorize(JamGoogleCredentials *self, gchar **authorization, GError **error)
{
  gboolean success;

  *authorization = NULL;
  if (!self->origin)
    return TRUE;
  g_mutex_lock(&self->lock);
  success = _make_sure_of_token(self, error);
  if (success)
    *authorization = g_strdup(self->authorization);
  g_mutex_unlock(&self->lock);
  return success;
}

void
jam_google_credentials_refuse(JamGoogleCredentials *self, const gchar *authorization)
{
  g_mutex_lock(&self->lock);
  /* a late refusal of an older one says nothing of the present one */
  if (authorization && g_strcmp0(self->authorization, authorization) == 0)
    {
      jam_google_secret_free(self->authorization);
      self->authorization = NULL;
    }
  g_mutex_unlock(&self->lock);
}

void
jam_google_authorization_free(gchar *authorization)
{
  jam_google_secret_free(authorization);
}
