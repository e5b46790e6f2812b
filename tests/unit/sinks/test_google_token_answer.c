/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "google-fixture.h"
#include "languages.h"
#include "google/google-token-answer.h"
#include "small-stack.h"

#include <criterion/criterion.h>

static const gchar *const secrets[] = { CLIENT_SECRET, REFRESH_TOKEN, NULL };

static void
_answer(JamGoogleHttpResponse *response, guint status, const gchar *body)
{
  *response = (JamGoogleHttpResponse){ .status = status };
  if (*body)
    cr_assert(jam_google_http_response_append(response, body, strlen(body)));
}

typedef struct _TokenCase
{
  const gchar *body;
  const gchar *value;
  gint64 seconds;
} TokenCase;

static const TokenCase token_cases[] = {
  { "{\"access_token\":\"t.-_~+/=\",\"expires_in\":3599,\"token_type\":\"Bearer\"}", "t.-_~+/=", 3599 },
  { "{\"access_token\":\"t\",\"expires_in\":1,\"token_type\":\"bearer\",\"id_token\":\"x\"}", "t", 1 },
  { "{\"access_token\":\"t\"}", "t", 3600 },
  { "{\"access_token\":\"t\",\"expires_in\":9223372036854775807}", "t", 86400 },
  { "{\"access_token\":\"t\",\"expires_in\":18446744073709551617}", "t", 86400 },
  { "{\"access_token\":\"u\",\"access_token\":\"t\",\"expires_in\":7}", "t", 7 },
  { "{\"access_token\":\"t\",\"scope\":\"\u65e5\u672c\u8a9e \xC3\xBC\",\"expires_in\":7}", "t", 7 },
};

static void
_assert_token(const TokenCase *c)
{
  JamGoogleHttpResponse response;
  JamGoogleToken token = { 0 };

  _answer(&response, 200, c->body);
  cr_assert(jam_google_token_answer_read(&response, secrets, &token, NULL), "%s", c->body);
  cr_assert_str_eq(token.value, c->value, "%s", c->body);
  cr_assert_eq(token.seconds, c->seconds, "%s", c->body);
  jam_google_token_clear(&token);
  jam_google_http_response_clear(&response);
}

Test(google_token_answer, a_good_answer_has_a_token_and_how_long_it_lives)
{
  for (guint i = 0; i < G_N_ELEMENTS(token_cases); i++)
    _assert_token(&token_cases[i]);
}

typedef struct _ErrorCase
{
  guint status;
  const gchar *body;
  JamGoogleError code;
  const gchar *text;
} ErrorCase;

static const ErrorCase error_cases[] = {
  { 200, "", JAM_GOOGLE_ERROR_TEMPORARY, "the answer is not a JSON object" },
  { 200, "<html>GOCSPX</html>", JAM_GOOGLE_ERROR_TEMPORARY, "the answer is not a JSON object" },
  { 200, "{}", JAM_GOOGLE_ERROR_TEMPORARY, "the answer has no access_token" },
  { 200, "{\"access_token\":\"\"}", JAM_GOOGLE_ERROR_TEMPORARY, "the answer has no access_token" },
  { 200, "{\"access_token\":7}", JAM_GOOGLE_ERROR_TEMPORARY, "the answer has no access_token" },
  { 200, "{\"access_token\":\"t\\r\\nX: y\"}", JAM_GOOGLE_ERROR_TEMPORARY, "the answer has no access_token" },
  { 200, "{\"access_token\":\"t t\"}", JAM_GOOGLE_ERROR_TEMPORARY, "the answer has no access_token" },
  { 200, "{\"access_token\":\"\xC3\xB6\"}", JAM_GOOGLE_ERROR_TEMPORARY, "the answer has no access_token" },
  { 200, "{\"access_token\":\"t\",\"token_type\":\"mac\"}", JAM_GOOGLE_ERROR_TEMPORARY,
    "the answer has a token_type other than Bearer" },
  { 200, "{\"access_token\":\"t\",\"token_type\":null}", JAM_GOOGLE_ERROR_TEMPORARY,
    "the answer has a token_type other than Bearer" },
  { 200, "{\"access_token\":\"t\",\"expires_in\":0}", JAM_GOOGLE_ERROR_TEMPORARY,
    "the answer has an expires_in that is no positive integer" },
  { 200, "{\"access_token\":\"t\",\"expires_in\":\"x\"}", JAM_GOOGLE_ERROR_TEMPORARY,
    "the answer has an expires_in that is no positive integer" },
  { 200, "{\"access_token\":\"t\",\"expires_in\":\"3599\"}", JAM_GOOGLE_ERROR_TEMPORARY,
    "the answer has an expires_in that is no positive integer" },
  { 200, "{\"access_token\":\"t\",\"expires_in\":3599.5}", JAM_GOOGLE_ERROR_TEMPORARY,
    "the answer has an expires_in that is no positive integer" },
  { 200, "{\"access_token\":\"t\",\"expires_in\":-18446744073709551617}", JAM_GOOGLE_ERROR_TEMPORARY,
    "the answer has an expires_in that is no positive integer" },
  { 200, "[\"access_token\"]", JAM_GOOGLE_ERROR_TEMPORARY, "the answer is not a JSON object" },
  { 200, "{\"access_token\":\"t\",\"scope\":\"\xFC\"}", JAM_GOOGLE_ERROR_TEMPORARY, "the answer is not a JSON object" },

  { 400, "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}", JAM_GOOGLE_ERROR_REFUSED,
    "HTTP status 400, invalid_grant: Invalid JWT Signature." },
  { 400, "{\"error\":\"invalid_grant\",\"error_description\":\"a\\r\\nb\\u0007\"}", JAM_GOOGLE_ERROR_REFUSED,
    "HTTP status 400, invalid_grant: a  b " },
  { 400, "{\"error\":\"invalid_grant\",\"error_description\":\"cut \\ud83d\"}", JAM_GOOGLE_ERROR_REFUSED,
    "HTTP status 400, invalid_grant: cut \uFFFD" },
  { 401, "{\"error\":\"invalid_client\",\"error_description\":\"\xFC\"}", JAM_GOOGLE_ERROR_REFUSED, "HTTP status 401" },
  { 401, "{\"error\":\"invalid_client\"}", JAM_GOOGLE_ERROR_REFUSED, "HTTP status 401, invalid_client" },
  { 403, "{\"error\":{\"code\":403,\"message\":\"x\"}}", JAM_GOOGLE_ERROR_REFUSED, "HTTP status 403" },
  { 404, "<html>GOCSPX</html>", JAM_GOOGLE_ERROR_REFUSED, "HTTP status 404" },
  { 400, "{\"error\":\"internal_failure\"}", JAM_GOOGLE_ERROR_TEMPORARY, "HTTP status 400, internal_failure" },
  { 400, "{\"error\":\"server_error\"}", JAM_GOOGLE_ERROR_TEMPORARY, "HTTP status 400, server_error" },
  { 400, "{\"error\":\"temporarily_unavailable\"}", JAM_GOOGLE_ERROR_TEMPORARY,
    "HTTP status 400, temporarily_unavailable" },
  { 408, "", JAM_GOOGLE_ERROR_TEMPORARY, "HTTP status 408" },
  { 429, "{}", JAM_GOOGLE_ERROR_TEMPORARY, "HTTP status 429" },
  { 302, "", JAM_GOOGLE_ERROR_TEMPORARY, "HTTP status 302" },
  { 204, "", JAM_GOOGLE_ERROR_TEMPORARY, "HTTP status 204" },
  { 500, "", JAM_GOOGLE_ERROR_TEMPORARY, "HTTP status 500" },
  { 503, "<html>", JAM_GOOGLE_ERROR_TEMPORARY, "HTTP status 503" },
  { 504, "{\"error\":\"x\"}", JAM_GOOGLE_ERROR_TEMPORARY, "HTTP status 504, x" },

  { 400, "{\"error\":\"invalid_grant\",\"error_description\":\"bad " REFRESH_TOKEN "\"}", JAM_GOOGLE_ERROR_REFUSED,
    "HTTP status 400, invalid_grant" },
  { 400, "{\"error\":\"x\",\"error_description\":\"GOCSPX-do%2Bnot%2Fprint%20this\"}", JAM_GOOGLE_ERROR_REFUSED,
    "HTTP status 400, x" },
  { 400, "{\"error\":\"" CLIENT_SECRET "\"}", JAM_GOOGLE_ERROR_REFUSED, "HTTP status 400" },
};

static void
_assert_error(const ErrorCase *c)
{
  JamGoogleHttpResponse response;
  JamGoogleToken token = { 0 };
  GError *error = NULL;

  _answer(&response, c->status, c->body);
  cr_assert_not(jam_google_token_answer_read(&response, secrets, &token, &error), "%s", c->body);
  cr_assert_null(token.value);
  cr_assert(g_error_matches(error, JAM_GOOGLE_ERROR, c->code), "%u %s", c->status, c->body);
  cr_assert_str_eq(error->message, c->text, "%s", error->message);
  g_error_free(error);
  jam_google_http_response_clear(&response);
}

Test(google_token_answer, any_other_answer_is_one_kind_of_error)
{
  for (guint i = 0; i < G_N_ELEMENTS(error_cases); i++)
    _assert_error(&error_cases[i]);
}

Test(google_token_answer, of_many_words_the_first_are_shown)
{
  gchar *words = g_strnfill(301, 'x');
  gchar *cut_in_a_letter = g_strconcat(words + 2, "\xC3\xB6\xC3\xB6", NULL);
  gchar *body = g_strconcat("{\"error\":\"e\",\"error_description\":\"", cut_in_a_letter, "\"}", NULL);
  JamGoogleHttpResponse response;
  JamGoogleToken token = { 0 };
  GError *error = NULL;

  _answer(&response, 400, body);
  cr_assert_not(jam_google_token_answer_read(&response, secrets, &token, &error));
  cr_assert(g_utf8_validate(error->message, -1, NULL));
  cr_assert_eq(strlen(error->message), strlen("HTTP status 400, e: ") + 299);
  g_error_free(error);
  jam_google_http_response_clear(&response);
  g_free(body);
  g_free(cut_in_a_letter);
  g_free(words);
}

Test(google_token_answer, errors_may_be_in_any_language)
{
  for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
    {
      gchar *body = g_strdup_printf("{\"error\":\"invalid_grant\",\"error_description\":\"%s\"}", languages[i]);
      gchar *text = g_strconcat("HTTP status 400, invalid_grant: ", languages[i], NULL);
      ErrorCase error_case = { 400, body, JAM_GOOGLE_ERROR_REFUSED, text };

      _assert_error(&error_case);
      g_free(text);
      g_free(body);
    }
}

/* More than is read of an answer. */
static void
_assert_brackets_are_an_error(void *unused G_GNUC_UNUSED)
{
  JamGoogleHttpResponse response = { .status = 200, .body = g_strnfill(100000, '['), .length = 100000 };
  JamGoogleToken token = { 0 };
  GError *error = NULL;

  cr_assert_not(jam_google_token_answer_read(&response, secrets, &token, &error));
  cr_assert(g_error_matches(error, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_TEMPORARY));
  g_error_free(error);
  jam_google_http_response_clear(&response);
}

Test(google_token_answer, brackets_without_end_are_an_error)
{
  small_stack_run(_assert_brackets_are_an_error, NULL);
}
