/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef GOOGLE_FIXTURE_H_INCLUDED
#define GOOGLE_FIXTURE_H_INCLUDED

#include "sink-fixture.h"
#include "google/google-credentials.h"

#include <json-glib/json-glib.h>
#include <openssl/types.h>

#define CLIENT_EMAIL "loader@my-project.iam.gserviceaccount.com"
#define KEY_ID "0123456789abcdef"
#define TOKEN_URI "https://oauth2.example/token"
#define CLIENT_ID "1234.apps.googleusercontent.com"
#define CLIENT_SECRET "GOCSPX-do+not/print this"
#define REFRESH_TOKEN "1//refresh-do-not-print"
#define ACCESS_TOKEN "ya29.access-do-not-print"

/* Key files with a key of this build, and a Google that answers as it is told. */
typedef struct _GoogleFixture
{
  JamGoogleHost host;
  JamGoogleHttp http;
  SinkFixture files;
  /* see google_fixture_key() */
  EVP_PKEY *key;
  gchar *pem;

  /* what is answered; a %u in the body is the number of the request */
  guint status;
  const gchar *body;
  /* there is no answer */
  gboolean is_cut_off;
  gboolean is_stopped;
  /* the answer waits until this is 0 again */
  gint is_held;
  gint64 time;

  /* what was asked; of the last request */
  gint n_requests;
  gchar *url;
  gchar *header;
  gchar *form;
  gboolean is_direct;

  guint n_warnings;
  /* the last one */
  gchar *warning;
} GoogleFixture;

void google_fixture_init(GoogleFixture *self);
void google_fixture_clear(GoogleFixture *self);

/* Returns the key; it belongs to the fixture. */
EVP_PKEY *google_fixture_key(GoogleFixture *self);

/* Return what a good key file holds; the caller unrefs it. */
JsonObject *google_fixture_make_service_account(GoogleFixture *self);
JsonObject *google_fixture_make_user(void);

/* Writes the file key.json, for nobody else to read, and returns its path; the caller frees it. */
gchar *google_fixture_write_key_file(GoogleFixture *self, JsonObject *content);
gchar *google_fixture_write_text(GoogleFixture *self, const gchar *text);

/* Return @key in PEM form; the caller frees it. With @password it is encrypted. */
gchar *google_fixture_to_pem(EVP_PKEY *key, const gchar *password);
gchar *google_fixture_to_public_pem(EVP_PKEY *key);

/* Asserts that nothing that must stay secret is in @text. */
void google_fixture_assert_no_secret(GoogleFixture *self, const gchar *text);

/* Asserts that @error has @code and says @what and no secret, and frees it. */
void google_fixture_assert_error(GoogleFixture *self, GError *error, JamGoogleError code, const gchar *what);

/* Returns the JSON in part @n of @jwt, after it has verified the signature; the caller unrefs it. */
JsonObject *google_fixture_open_jwt(const gchar *jwt, guint n, EVP_PKEY *key);

#endif
