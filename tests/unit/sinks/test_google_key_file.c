/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "google-fixture.h"
#include "languages.h"
#include "google/google-key-file.h"
#include "small-stack.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

static GoogleFixture fixture;

static void
_setup(void)
{
  google_fixture_init(&fixture);
}

static void
_teardown(void)
{
  google_fixture_clear(&fixture);
}

TestSuite(google_key_file, .init = _setup, .fini = _teardown);

/* Takes over @path. */
static void
_assert_fails(gchar *path, JamGoogleError code, const gchar *what)
{
  GError *error = NULL;

  cr_assert_null(jam_google_key_file_read(path, &error));
  cr_assert_not_null(error);
  cr_assert_not_null(strstr(error->message, path), "%s", error->message);
  google_fixture_assert_error(&fixture, error, code, what);
  g_free(path);
}

/* Takes over @content. */
static void
_assert_is_malformed(JsonObject *content, const gchar *what)
{
  _assert_fails(google_fixture_write_key_file(&fixture, content), JAM_GOOGLE_ERROR_MALFORMED, what);
  json_object_unref(content);
}

static JamGoogleKey *
_read(JsonObject *content)
{
  gchar *path = google_fixture_write_key_file(&fixture, content);
  GError *error = NULL;
  JamGoogleKey *key = jam_google_key_file_read(path, &error);

  cr_assert_not_null(key, "%s", error ? error->message : "");
  json_object_unref(content);
  g_free(path);
  return key;
}

Test(google_key_file, a_service_account_has_its_key)
{
  JamGoogleKey *key = _read(google_fixture_make_service_account(&fixture));

  cr_assert_eq(key->type, JAM_GOOGLE_KEY_SERVICE_ACCOUNT);
  cr_assert_str_eq(key->client_email, CLIENT_EMAIL);
  cr_assert_str_eq(key->private_key_id, KEY_ID);
  cr_assert_str_eq(key->token_uri, TOKEN_URI);
  cr_assert_eq(EVP_PKEY_eq(key->private_key, google_fixture_key(&fixture)), 1);
  cr_assert_eq(key->mode, 0600);
  jam_google_key_free(key);
}

Test(google_key_file, a_user_has_a_refresh_token_for_google)
{
  JamGoogleKey *key = _read(google_fixture_make_user());

  cr_assert_eq(key->type, JAM_GOOGLE_KEY_AUTHORIZED_USER);
  cr_assert_str_eq(key->client_id, CLIENT_ID);
  cr_assert_str_eq(key->client_secret, CLIENT_SECRET);
  cr_assert_str_eq(key->refresh_token, REFRESH_TOKEN);
  cr_assert_str_eq(key->token_uri, "https://oauth2.googleapis.com/token");
  jam_google_key_free(key);
}

Test(google_key_file, a_user_s_file_may_name_another_token_endpoint)
{
  JsonObject *content = google_fixture_make_user();
  JamGoogleKey *key;

  json_object_set_string_member(content, "token_uri", "http://127.0.0.1:8080/token");
  key = _read(content);
  cr_assert_str_eq(key->token_uri, "http://127.0.0.1:8080/token");
  jam_google_key_free(key);
}

Test(google_key_file, fields_may_be_in_any_language)
{
  for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
    {
      JsonObject *content = google_fixture_make_service_account(&fixture);
      JamGoogleKey *key;

      json_object_set_string_member(content, "client_email", languages[i]);
      json_object_set_string_member(content, languages[i], languages[i]);
      key = _read(content);
      cr_assert_str_eq(key->client_email, languages[i]);
      jam_google_key_free(key);
    }
}

typedef struct _FieldCase
{
  gboolean is_user;
  const gchar *field;
} FieldCase;

static const FieldCase field_cases[] = {
  { FALSE, "type" },        { FALSE, "client_email" }, { FALSE, "private_key_id" },
  { FALSE, "private_key" }, { FALSE, "token_uri" },    { TRUE, "type" },
  { TRUE, "client_id" },    { TRUE, "client_secret" }, { TRUE, "refresh_token" },
};

static JsonObject *
_make_content(const FieldCase *c)
{
  return c->is_user ? google_fixture_make_user() : google_fixture_make_service_account(&fixture);
}

static void
_assert_field_is(JsonObject *content, const gchar *field, const gchar *what)
{
  gchar *text = g_strdup_printf("field %s %s", field, what);

  _assert_is_malformed(content, text);
  g_free(text);
}

static void
_assert_field_is_needed(const FieldCase *c)
{
  JsonObject *content = _make_content(c);

  json_object_remove_member(content, c->field);
  _assert_field_is(content, c->field, "is missing");

  content = _make_content(c);
  json_object_set_string_member(content, c->field, "");
  _assert_field_is(content, c->field, "is empty");

  content = _make_content(c);
  json_object_set_int_member(content, c->field, 7);
  _assert_field_is(content, c->field, "is not a string");

  content = _make_content(c);
  json_object_set_null_member(content, c->field);
  _assert_field_is(content, c->field, "is not a string");
}

Test(google_key_file, each_field_must_be_a_string_with_something_in_it)
{
  for (guint i = 0; i < G_N_ELEMENTS(field_cases); i++)
    _assert_field_is_needed(&field_cases[i]);
}

Test(google_key_file, other_types_of_credentials_are_refused)
{
  JsonObject *content = google_fixture_make_service_account(&fixture);

  json_object_set_string_member(content, "type", "external_account");
  _assert_is_malformed(content, "field type is neither service_account nor authorized_user");
}

/* Takes over @pem. */
static void
_assert_key_is_refused(gchar *pem)
{
  JsonObject *content = google_fixture_make_service_account(&fixture);

  json_object_set_string_member(content, "private_key", pem);
  _assert_is_malformed(content, "field private_key is not an RSA private key in PEM form");
  g_free(pem);
}

Test(google_key_file, the_private_key_must_be_one_of_rsa_in_pem_form)
{
  EVP_PKEY *of_curve = EVP_EC_gen("P-256");

  _assert_key_is_refused(g_strdup("secret"));
  _assert_key_is_refused(g_strndup(fixture.pem, strlen(fixture.pem) / 2));
  _assert_key_is_refused(google_fixture_to_public_pem(google_fixture_key(&fixture)));
  _assert_key_is_refused(google_fixture_to_pem(of_curve, NULL));
  EVP_PKEY_free(of_curve);
}

Test(google_key_file, nobody_is_asked_for_the_password_of_a_private_key, .timeout = 20)
{
  _assert_key_is_refused(google_fixture_to_pem(google_fixture_key(&fixture), "password"));
}

Test(google_key_file, the_token_endpoint_must_be_a_plain_url)
{
  static const gchar *const urls[] = { "oauth2.googleapis.com/token",
                                       "ftp://a/token",
                                       "file:///etc/passwd",
                                       "https://user:password@a/token",
                                       "https://a/to ken",
                                       "https://a/token\r\nX: y",
                                       "https://a/t\xC3\xB6ken",
                                       NULL };

  for (guint i = 0; urls[i]; i++)
    {
      JsonObject *content = google_fixture_make_service_account(&fixture);

      json_object_set_string_member(content, "token_uri", urls[i]);
      _assert_is_malformed(content, "field token_uri is not an http(s) URL");
    }
}

Test(google_key_file, what_is_not_a_json_object_is_refused_without_a_quotation)
{
  static const gchar *const texts[] = { "",
                                        " ",
                                        "GOCSPX",
                                        "[\"GOCSPX\"]",
                                        "\"GOCSPX\"",
                                        "null",
                                        "{\"a\":GOCSPX}",
                                        "{\"a\":\"GOCSPX",
                                        "{\"GOCSPX\" 1}",
                                        "{\"a\":\"GOCSPX\xFF\"}",
                                        NULL };

  for (guint i = 0; texts[i]; i++)
    _assert_fails(google_fixture_write_text(&fixture, texts[i]), JAM_GOOGLE_ERROR_MALFORMED, "not a JSON object");
}

static void
_assert_is_not_an_object(void *text)
{
  _assert_fails(google_fixture_write_text(&fixture, text), JAM_GOOGLE_ERROR_MALFORMED, "not a JSON object");
}

Test(google_key_file, nesting_does_no_harm)
{
  gchar *brackets = g_strnfill(60000, '[');
  gchar *text = g_strconcat("{\"a\":", brackets, NULL);

  small_stack_run(_assert_is_not_an_object, text);
  g_free(text);
  g_free(brackets);
}

Test(google_key_file, a_file_that_is_not_there_cannot_be_read)
{
  _assert_fails(sink_fixture_path(&fixture.files, "none.json"), JAM_GOOGLE_ERROR_UNREADABLE,
                "No such file or directory");
}

Test(google_key_file, only_regular_files_are_read, .timeout = 20)
{
  gchar *pipe = sink_fixture_path(&fixture.files, "pipe");

  cr_assert_eq(mkfifo(pipe, 0600), 0);
  _assert_fails(pipe, JAM_GOOGLE_ERROR_UNREADABLE, "not a regular file");
  _assert_fails(g_strdup(fixture.files.directory), JAM_GOOGLE_ERROR_UNREADABLE, "not a regular file");
}

Test(google_key_file, links_are_followed)
{
  JsonObject *content = google_fixture_make_user();
  gchar *path = google_fixture_write_key_file(&fixture, content);
  gchar *link = sink_fixture_path(&fixture.files, "link");
  JamGoogleKey *key;

  cr_assert_eq(symlink(path, link), 0);
  key = jam_google_key_file_read(link, NULL);
  cr_assert_not_null(key);
  jam_google_key_free(key);
  json_object_unref(content);
  g_free(link);
  g_free(path);
}

static void
_assert_is_too_large(void *text)
{
  _assert_fails(google_fixture_write_text(&fixture, text), JAM_GOOGLE_ERROR_UNREADABLE, "too large");
}

Test(google_key_file, a_file_that_is_too_large_is_not_read)
{
  gchar *text = g_strnfill(100000, '[');

  small_stack_run(_assert_is_too_large, text);
  g_free(text);
}
