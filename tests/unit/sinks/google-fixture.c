/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "google-fixture.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

/* below the folder that make check runs in */
#define KEY_OF_THIS_BUILD "tests/unit/sinks/key-of-this-build.pem"

static gboolean
_send(JamGoogleHttp *http, const JamGoogleHttpRequest *request, JamGoogleHttpResponse *response, GError **error)
{
  GoogleFixture *self = (GoogleFixture *) ((gchar *) http - G_STRUCT_OFFSET(GoogleFixture, http));
  guint n = g_atomic_int_add(&self->n_requests, 1) + 1;
  gchar *number = g_strdup_printf("%u", n);
  gchar **parts = g_strsplit(self->body, "%u", -1);
  gchar *body = g_strjoinv(number, parts);

  g_free(self->url);
  g_free(self->header);
  g_free(self->form);
  self->url = g_strdup(request->url);
  self->header = g_strdup(request->header);
  self->form = g_strndup(request->form, request->form_length);
  self->is_direct = request->is_direct;
  while (g_atomic_int_get(&self->is_held))
    g_usleep(1000);
  response->status = self->status;
  jam_google_http_response_append(response, body, strlen(body));
  g_free(body);
  g_strfreev(parts);
  g_free(number);
  if (self->is_stopped)
    g_set_error(error, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_STOPPED, "stopped");
  else if (self->is_cut_off)
    g_set_error(error, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_TEMPORARY, "cut off");
  return !self->is_stopped && !self->is_cut_off;
}

static gint64
_now(JamGoogleHost *s)
{
  return ((GoogleFixture *) s)->time;
}

static void
_warn(JamGoogleHost *s, const gchar *text)
{
  GoogleFixture *self = (GoogleFixture *) s;

  google_fixture_assert_no_secret(self, text);
  self->n_warnings++;
  g_free(self->warning);
  self->warning = g_strdup(text);
}

/* Making a key takes long, above all under valgrind, and each test is a process of
 * its own: the first keeps it for the others. */
static void
_load_pem(GoogleFixture *self)
{
  if (g_file_get_contents(KEY_OF_THIS_BUILD, &self->pem, NULL, NULL))
    return;
  self->key = EVP_RSA_gen(1024);
  self->pem = google_fixture_to_pem(self->key, NULL);
  g_file_set_contents(KEY_OF_THIS_BUILD, self->pem, -1, NULL);
}

EVP_PKEY *
google_fixture_key(GoogleFixture *self)
{
  BIO *bio;

  if (self->key)
    return self->key;
  bio = BIO_new_mem_buf(self->pem, -1);
  self->key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
  cr_assert_not_null(self->key);
  BIO_free(bio);
  return self->key;
}

void
google_fixture_init(GoogleFixture *self)
{
  *self = (GoogleFixture){
    .host = { .http = &self->http, .now = _now, .warn = _warn },
    .http = { .send = _send },
    .status = 200,
    .body = "{\"access_token\":\"" ACCESS_TOKEN "-%u\",\"expires_in\":3599,\"token_type\":\"Bearer\"}",
    .time = 1700000000,
  };
  sink_fixture_init(&self->files);
  _load_pem(self);
}

void
google_fixture_clear(GoogleFixture *self)
{
  sink_fixture_clear(&self->files);
  EVP_PKEY_free(self->key);
  g_free(self->pem);
  g_free(self->url);
  g_free(self->header);
  g_free(self->form);
  g_free(self->warning);
}

static gchar *
_take_text(BIO *bio)
{
  gchar *bytes;
  glong length = BIO_get_mem_data(bio, &bytes);
  gchar *text = g_strndup(bytes, length);

  BIO_free(bio);
  return text;
}

gchar *
google_fixture_to_pem(EVP_PKEY *key, const gchar *password)
{
  BIO *bio = BIO_new(BIO_s_mem());

  cr_assert_eq(PEM_write_bio_PKCS8PrivateKey(bio, key, password ? EVP_aes_128_cbc() : NULL, password,
                                             password ? strlen(password) : 0, NULL, NULL),
               1);
  return _take_text(bio);
}

gchar *
google_fixture_to_public_pem(EVP_PKEY *key)
{
  BIO *bio = BIO_new(BIO_s_mem());

  cr_assert_eq(PEM_write_bio_PUBKEY(bio, key), 1);
  return _take_text(bio);
}

JsonObject *
google_fixture_make_service_account(GoogleFixture *self)
{
  JsonObject *content = json_object_new();

  json_object_set_string_member(content, "type", "service_account");
  json_object_set_string_member(content, "project_id", "my-project");
  json_object_set_string_member(content, "private_key_id", KEY_ID);
  json_object_set_string_member(content, "private_key", self->pem);
  json_object_set_string_member(content, "client_email", CLIENT_EMAIL);
  json_object_set_string_member(content, "token_uri", TOKEN_URI);
  return content;
}

JsonObject *
google_fixture_make_user(void)
{
  JsonObject *content = json_object_new();

  json_object_set_string_member(content, "type", "authorized_user");
  json_object_set_string_member(content, "client_id", CLIENT_ID);
  json_object_set_string_member(content, "client_secret", CLIENT_SECRET);
  json_object_set_string_member(content, "refresh_token", REFRESH_TOKEN);
  return content;
}

gchar *
google_fixture_write_text(GoogleFixture *self, const gchar *text)
{
  gchar *path = sink_fixture_path(&self->files, "key.json");

  sink_fixture_set_content(&self->files, "key.json", text);
  g_chmod(path, 0600);
  return path;
}

gchar *
google_fixture_write_key_file(GoogleFixture *self, JsonObject *content)
{
  JsonNode *node = json_node_init_object(json_node_alloc(), content);
  gchar *text = json_to_string(node, TRUE);
  gchar *path = google_fixture_write_text(self, text);

  g_free(text);
  json_node_unref(node);
  return path;
}

/* A folder's random name may look like anything. */
static gchar *
_without_folder(GoogleFixture *self, const gchar *text)
{
  gchar **parts = g_strsplit(text, self->files.directory, -1);
  gchar *result = g_strjoinv("", parts);

  g_strfreev(parts);
  return result;
}

void
google_fixture_assert_no_secret(GoogleFixture *self, const gchar *text)
{
  gchar **lines = g_strsplit(self->pem, "\n", -1);
  gchar *said = _without_folder(self, text);

  /* all but BEGIN and END */
  for (guint i = 1; lines[i] && *lines[i] != '-'; i++)
    cr_assert_null(strstr(said, lines[i]), "the private key is in: %s", text);
  cr_assert_null(strstr(said, "MII"), "the private key is in: %s", text);
  cr_assert_null(strstr(said, "GOCSPX"), "the client secret is in: %s", text);
  cr_assert_null(strstr(said, "do-not-print"), "a token is in: %s", text);
  cr_assert_null(strstr(said, "eyJ"), "a JWT is in: %s", text);
  g_free(said);
  g_strfreev(lines);
}

void
google_fixture_assert_error(GoogleFixture *self, GError *error, JamGoogleError code, const gchar *what)
{
  cr_assert_not_null(error);
  cr_assert(g_error_matches(error, JAM_GOOGLE_ERROR, code), "%d, not %d: %s", error->code, code, error->message);
  cr_assert_not_null(strstr(error->message, what), "\"%s\" is not in: %s", what, error->message);
  google_fixture_assert_no_secret(self, error->message);
  g_error_free(error);
}

static guchar *
_decode_base64url(const gchar *text, gsize *length)
{
  gchar *base64 = g_strconcat(text, &"===="[4 - (4 - strlen(text) % 4) % 4], NULL);
  guchar *bytes;

  cr_assert_eq(strcspn(text, "+/="), strlen(text), "not base64url: %s", text);
  g_strdelimit(base64, "-", '+');
  g_strdelimit(base64, "_", '/');
  bytes = g_base64_decode(base64, length);
  g_free(base64);
  return bytes;
}

static void
_verify(const gchar *jwt, const gchar *signature, EVP_PKEY *key)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  gsize length;
  guchar *bytes = _decode_base64url(signature, &length);

  cr_assert_eq(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key), 1);
  cr_assert_eq(EVP_DigestVerify(context, bytes, length, (const guchar *) jwt, signature - 1 - jwt), 1,
               "the signature is wrong");
  g_free(bytes);
  EVP_MD_CTX_free(context);
}

JsonObject *
google_fixture_open_jwt(const gchar *jwt, guint n, EVP_PKEY *key)
{
  gchar **parts = g_strsplit(jwt, ".", -1);
  JsonParser *parser = json_parser_new();
  JsonObject *object;
  gsize length;
  guchar *json;

  cr_assert_eq(g_strv_length(parts), 3);
  _verify(jwt, strrchr(jwt, '.') + 1, key);
  json = _decode_base64url(parts[n], &length);
  cr_assert(json_parser_load_from_data(parser, (const gchar *) json, length, NULL));
  object = json_object_ref(json_node_get_object(json_parser_get_root(parser)));
  g_free(json);
  g_object_unref(parser);
  g_strfreev(parts);
  return object;
}
