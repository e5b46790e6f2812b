/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "google/google-token-answer.h"
#include "google/google-error.h"
#include "http/google-secret.h"
#include "http/json-nodes.h"
#include "http/printable.h"

#include <string.h>

/* of the server's words; more is no help */
#define MAX_WORDS_BYTES 300

/* what Google's tokens live, for an answer that does not say */
#define DEFAULT_SECONDS 3600
#define MAX_SECONDS (24 * 3600)

void
jam_google_token_clear(JamGoogleToken *self)
{
  jam_google_secret_free(self->value);
  *self = (JamGoogleToken){ 0 };
}

/* Errors of RFC 6749 and of Google's that pass, though their status is 400. */
static gboolean
_is_passing_error(const gchar *code)
{
  static const gchar *const passing[] = { "internal_failure", "server_error", "temporarily_unavailable", NULL };

  return code && g_strv_contains(passing, code);
}

static gboolean
_is_refusal(guint status, const gchar *code)
{
  return status >= 400 && status < 500 && status != 408 && status != 429 && !_is_passing_error(code);
}

/* as it is, or as it was sent */
static gboolean
_contains_secret(const gchar *words, const gchar *secret)
{
  gchar *escaped = jam_google_secret_escape(secret);
  gboolean contains = strstr(words, secret) || strstr(words, escaped);

  jam_google_secret_free(escaped);
  return contains;
}

static gboolean
_contains_any_secret(const gchar *words, const gchar *const *secrets)
{
  for (; *secrets; secrets++)
    {
      if (_contains_secret(words, *secrets))
        return TRUE;
    }
  return FALSE;
}

static void
_append_words(GString *text, const gchar *separator, const gchar *words, const gchar *const *secrets)
{
  gchar *printable;

  if (!words || !*words || _contains_any_secret(words, secrets))
    return;
  printable = jam_printable_new(words, MAX_WORDS_BYTES);
  g_string_append_printf(text, "%s%s", separator, printable);
  g_free(printable);
}

/* @json may be anything: proxies answer with HTML. */
static gboolean
_fail_with_status(guint status, JamJsonNode *json, const gchar *const *secrets, GError **error)
{
  const gchar *code = jam_json_nodes_get_string(json, "error");
  const gchar *description = jam_json_nodes_get_string(json, "error_description");
  GString *text = g_string_new(NULL);

  g_string_printf(text, "HTTP status %u", status);
  _append_words(text, ", ", code, secrets);
  _append_words(text, ": ", description, secrets);
  g_set_error(error, JAM_GOOGLE_ERROR,
              _is_refusal(status, code) ? JAM_GOOGLE_ERROR_REFUSED : JAM_GOOGLE_ERROR_TEMPORARY, "%s", text->str);
  g_string_free(text, TRUE);
  return FALSE;
}

static gboolean
_fail(GError **error, const gchar *what)
{
  g_set_error(error, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_TEMPORARY, "the answer %s", what);
  return FALSE;
}

/* Anything else could end the header line it goes into. */
static gboolean
_is_token(const gchar *text)
{
  const gchar *p = text;

  while (g_ascii_isgraph(*p))
    p++;
  return p > text && !*p;
}

static gboolean
_read_seconds(JamJsonNode *json, gint64 *seconds)
{
  *seconds = DEFAULT_SECONDS;
  if (!jam_json_nodes_has_member(json, "expires_in"))
    return TRUE;
  if (!jam_json_nodes_get_integer(json, "expires_in", seconds) || *seconds <= 0)
    return FALSE;
  *seconds = MIN(*seconds, MAX_SECONDS);
  return TRUE;
}

static gboolean
_read_token(JamJsonNode *json, JamGoogleToken *token, GError **error)
{
  const gchar *value = jam_json_nodes_get_string(json, "access_token");
  const gchar *type = jam_json_nodes_get_string(json, "token_type");

  if (!value || !_is_token(value))
    return _fail(error, "has no access_token");
  if (jam_json_nodes_has_member(json, "token_type") && (!type || g_ascii_strcasecmp(type, "Bearer") != 0))
    return _fail(error, "has a token_type other than Bearer");
  if (!_read_seconds(json, &token->seconds))
    return _fail(error, "has an expires_in that is no positive integer");
  token->value = g_strdup(value);
  return TRUE;
}

gboolean
jam_google_token_answer_read(const JamGoogleHttpResponse *response, const gchar *const *secrets, JamGoogleToken *token,
                             GError **error)
{
  JamJsonNode *json = jam_json_nodes_parse(response->body, response->length);
  gboolean success;

  if (response->status != 200)
    success = _fail_with_status(response->status, json, secrets, error);
  else if (!jam_json_nodes_is_object(json))
    success = _fail(error, "is not a JSON object");
  else
    success = _read_token(json, token, error);
  jam_json_nodes_free(json);
  return success;
}
