/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "google-fixture.h"
#include "google/google-jwt.h"

#include <criterion/criterion.h>
#include <openssl/evp.h>
#include <openssl/ec.h>

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

TestSuite(google_jwt, .init = _setup, .fini = _teardown);

static const JamGoogleJwt exchanged = {
  .key_id = KEY_ID,
  .issuer = CLIENT_EMAIL,
  .scope = "a b",
  .audience = TOKEN_URI,
  .issued_at = 1700000000,
};

static JsonObject *
_sign_and_open(const JamGoogleJwt *jwt, guint n)
{
  GError *error = NULL;
  gchar *text = jam_google_jwt_sign(jwt, google_fixture_key(&fixture), &error);
  JsonObject *object;

  cr_assert_not_null(text, "%s", error ? error->message : "");
  object = google_fixture_open_jwt(text, n, google_fixture_key(&fixture));
  g_free(text);
  return object;
}

Test(google_jwt, the_header_names_the_algorithm_and_the_key)
{
  JsonObject *header = _sign_and_open(&exchanged, 0);

  cr_assert_eq(json_object_get_size(header), 3);
  cr_assert_str_eq(json_object_get_string_member(header, "alg"), "RS256");
  cr_assert_str_eq(json_object_get_string_member(header, "typ"), "JWT");
  cr_assert_str_eq(json_object_get_string_member(header, "kid"), KEY_ID);
  json_object_unref(header);
}

Test(google_jwt, the_claims_are_good_for_an_hour)
{
  JsonObject *claims = _sign_and_open(&exchanged, 1);

  cr_assert_eq(json_object_get_size(claims), 5);
  cr_assert_str_eq(json_object_get_string_member(claims, "iss"), CLIENT_EMAIL);
  cr_assert_str_eq(json_object_get_string_member(claims, "scope"), "a b");
  cr_assert_str_eq(json_object_get_string_member(claims, "aud"), TOKEN_URI);
  cr_assert_eq(json_object_get_int_member(claims, "iat"), 1700000000);
  cr_assert_eq(json_object_get_int_member(claims, "exp"), 1700003600);
  json_object_unref(claims);
}

Test(google_jwt, claims_of_any_text_and_length_come_back_as_they_were)
{
  for (guint length = 0; length < 50; length++)
    {
      gchar *text = g_strnfill(length, '?');
      gchar *issuer = g_strconcat(text, "\"\\\n\xC3\xBF\xF0\x9F\x98\x80", NULL);
      JamGoogleJwt jwt = { .issuer = issuer };
      JsonObject *claims = _sign_and_open(&jwt, 1);

      cr_assert_str_eq(json_object_get_string_member(claims, "iss"), issuer);
      json_object_unref(claims);
      g_free(issuer);
      g_free(text);
    }
}

Test(google_jwt, a_key_that_cannot_sign_with_rs256_is_an_error)
{
  EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
  GError *error = NULL;

  cr_assert_null(jam_google_jwt_sign(&exchanged, key, &error));
  google_fixture_assert_error(&fixture, error, JAM_GOOGLE_ERROR_MALFORMED, "cannot sign");
  EVP_PKEY_free(key);
}
