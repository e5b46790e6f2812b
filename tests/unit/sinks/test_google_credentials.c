/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "google-fixture.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>

#define SCOPE "https://www.googleapis.com/auth/bigquery"
#define GRANT "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="

static GoogleFixture fixture;
static JamGoogleCredentials *credentials;

static void
_setup(void)
{
  static const gchar *const variables[] = { "GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_CONFIG", "GCE_METADATA_HOST",
                                            "GCE_METADATA_ROOT", NULL };

  google_fixture_init(&fixture);
  for (guint i = 0; variables[i]; i++)
    g_unsetenv(variables[i]);
  g_setenv("HOME", fixture.files.directory, TRUE);
}

static void
_teardown(void)
{
  if (credentials)
    jam_google_credentials_free(credentials);
  google_fixture_clear(&fixture);
}

TestSuite(google_credentials, .init = _setup, .fini = _teardown, .timeout = 60);

static void
_read_key(void)
{
  GError *error = NULL;

  cr_assert(jam_google_credentials_read_key(credentials, &error), "%s", error ? error->message : "");
}

static void
_assert_cannot_read_key(JamGoogleError code, const gchar *what)
{
  GError *error = NULL;

  cr_assert_not(jam_google_credentials_read_key(credentials, &error));
  google_fixture_assert_error(&fixture, error, code, what);
}

/* Takes over @content. */
static void
_use_file(JsonObject *content, JamGoogleTokenForm form)
{
  gchar *path = google_fixture_write_key_file(&fixture, content);

  credentials = jam_google_credentials_new_from_file(path, form, &fixture.host);
  _read_key();
  json_object_unref(content);
  g_free(path);
}

static void
_use_service_account(JamGoogleTokenForm form)
{
  _use_file(google_fixture_make_service_account(&fixture), form);
}

static void
_use_default(void)
{
  credentials = jam_google_credentials_new_default(JAM_GOOGLE_EXCHANGE, &fixture.host);
}

static gchar *
_authorize(void)
{
  gchar *authorization;
  GError *error = NULL;

  cr_assert(jam_google_credentials_authorize(credentials, &authorization, &error), "%s", error ? error->message : "");
  cr_assert_null(error);
  return authorization;
}

static void
_assert_authorization(const gchar *expected)
{
  gchar *authorization = _authorize();

  cr_assert_str_eq(authorization, expected);
  jam_google_authorization_free(authorization);
}

static void
_assert_fails(JamGoogleError code, const gchar *what)
{
  gchar *authorization = (gchar *) "";
  GError *error = NULL;

  cr_assert_not(jam_google_credentials_authorize(credentials, &authorization, &error));
  cr_assert_null(authorization);
  google_fixture_assert_error(&fixture, error, code, what);
}

static void
_write_in_folder(const gchar *folder, const gchar *client_id)
{
  gchar *folder_path = sink_fixture_path(&fixture.files, folder);
  gchar *name = g_build_filename(folder, "application_default_credentials.json", NULL);
  gchar *content = g_strdup_printf("{\"type\":\"authorized_user\",\"client_id\":\"%s\",\"client_secret\":\"s\","
                                   "\"refresh_token\":\"r\"}",
                                   client_id);

  g_mkdir_with_parents(folder_path, 0700);
  sink_fixture_set_content(&fixture.files, name, content);
  g_free(content);
  g_free(name);
  g_free(folder_path);
}

static void
_assert_user_is(const gchar *client_id)
{
  gchar *part = g_strdup_printf("&client_id=%s&", client_id);

  jam_google_authorization_free(_authorize());
  cr_assert_not_null(strstr(fixture.form, part), "%s", fixture.form);
  g_free(part);
}

static void
_assert_name_has(const gchar *part)
{
  gchar *name = jam_google_credentials_dup_name(credentials);

  cr_assert_not_null(strstr(name, part), "%s", name);
  g_free(name);
}

Test(google_credentials, without_credentials_no_header_is_sent)
{
  credentials = jam_google_credentials_new_none();
  cr_assert_null(_authorize());
  jam_google_credentials_refuse(credentials, NULL);
  cr_assert_null(_authorize());
  _read_key();
  _assert_name_has("nobody");
}

Test(google_credentials, a_service_account_exchanges_what_it_has_signed_for_a_token)
{
  JsonObject *claims;

  _use_service_account(JAM_GOOGLE_EXCHANGE);
  cr_assert_eq(fixture.n_requests, 0);
  _assert_authorization("Bearer " ACCESS_TOKEN "-1");
  cr_assert_str_eq(fixture.url, TOKEN_URI);
  cr_assert_null(fixture.header);
  cr_assert_not(fixture.is_direct);
  cr_assert(g_str_has_prefix(fixture.form, GRANT), "%s", fixture.form);

  claims = google_fixture_open_jwt(fixture.form + strlen(GRANT), 1, google_fixture_key(&fixture));
  cr_assert_eq(json_object_get_size(claims), 5);
  cr_assert_str_eq(json_object_get_string_member(claims, "iss"), CLIENT_EMAIL);
  cr_assert_str_eq(json_object_get_string_member(claims, "scope"), SCOPE);
  cr_assert_str_eq(json_object_get_string_member(claims, "aud"), TOKEN_URI);
  cr_assert_eq(json_object_get_int_member(claims, "iat"), fixture.time);
  cr_assert_eq(json_object_get_int_member(claims, "exp"), fixture.time + 3600);
  json_object_unref(claims);
  _assert_name_has(CLIENT_EMAIL);
}

Test(google_credentials, a_service_account_can_sign_its_tokens_itself)
{
  gchar *authorization;
  gchar *renewed;
  JsonObject *claims;

  _use_service_account(JAM_GOOGLE_SELF_SIGNED);
  authorization = _authorize();
  cr_assert(g_str_has_prefix(authorization, "Bearer "));
  claims = google_fixture_open_jwt(authorization + strlen("Bearer "), 1, google_fixture_key(&fixture));
  cr_assert_eq(json_object_get_size(claims), 5);
  cr_assert_str_eq(json_object_get_string_member(claims, "iss"), CLIENT_EMAIL);
  cr_assert_str_eq(json_object_get_string_member(claims, "sub"), CLIENT_EMAIL);
  cr_assert_str_eq(json_object_get_string_member(claims, "scope"), SCOPE);
  cr_assert_eq(json_object_get_int_member(claims, "exp") - json_object_get_int_member(claims, "iat"), 3600);
  json_object_unref(claims);
  cr_assert_eq(fixture.n_requests, 0);

  _assert_authorization(authorization);
  fixture.time += 3600 - 225;
  renewed = _authorize();
  cr_assert_str_neq(renewed, authorization);
  jam_google_authorization_free(renewed);
  jam_google_authorization_free(authorization);
}

Test(google_credentials, a_user_gets_a_token_for_the_refresh_token)
{
  _use_file(google_fixture_make_user(), JAM_GOOGLE_EXCHANGE);
  _assert_authorization("Bearer " ACCESS_TOKEN "-1");
  cr_assert_str_eq(fixture.url, "https://oauth2.googleapis.com/token");
  cr_assert_str_eq(fixture.form,
                   "grant_type=refresh_token&client_id=" CLIENT_ID
                   "&client_secret=GOCSPX-do%2Bnot%2Fprint%20this&refresh_token=1%2F%2Frefresh-do-not-print");
}

Test(google_credentials, a_token_is_kept_until_it_is_about_to_expire)
{
  _use_service_account(JAM_GOOGLE_EXCHANGE);
  _assert_authorization("Bearer " ACCESS_TOKEN "-1");
  fixture.time += 3599 - 225 - 1;
  _assert_authorization("Bearer " ACCESS_TOKEN "-1");
  fixture.time += 1;
  _assert_authorization("Bearer " ACCESS_TOKEN "-2");
  _assert_authorization("Bearer " ACCESS_TOKEN "-2");
  fixture.time += 3599 - 225;
  _assert_authorization("Bearer " ACCESS_TOKEN "-3");
}

Test(google_credentials, a_token_of_a_short_life_is_kept_for_most_of_it)
{
  fixture.body = "{\"access_token\":\"%u\",\"expires_in\":100}";
  _use_service_account(JAM_GOOGLE_EXCHANGE);
  _assert_authorization("Bearer 1");
  fixture.time += 89;
  _assert_authorization("Bearer 1");
  fixture.time += 1;
  _assert_authorization("Bearer 2");
}

Test(google_credentials, a_refused_token_is_replaced_once)
{
  gchar *authorization;

  _use_service_account(JAM_GOOGLE_EXCHANGE);
  authorization = _authorize();
  jam_google_credentials_refuse(credentials, authorization);
  _assert_authorization("Bearer " ACCESS_TOKEN "-2");

  /* another worker is late with the news */
  jam_google_credentials_refuse(credentials, authorization);
  _assert_authorization("Bearer " ACCESS_TOKEN "-2");
  cr_assert_eq(fixture.n_requests, 2);
  jam_google_authorization_free(authorization);
}

Test(google_credentials, a_refused_token_is_not_used_when_there_is_no_other)
{
  gchar *authorization;

  _use_service_account(JAM_GOOGLE_EXCHANGE);
  authorization = _authorize();
  jam_google_credentials_refuse(credentials, authorization);
  fixture.is_cut_off = TRUE;
  _assert_fails(JAM_GOOGLE_ERROR_TEMPORARY, "cut off");
  jam_google_authorization_free(authorization);
}

Test(google_credentials, a_token_that_cannot_be_renewed_is_used_to_its_end)
{
  _use_service_account(JAM_GOOGLE_EXCHANGE);
  _assert_authorization("Bearer " ACCESS_TOKEN "-1");
  fixture.is_cut_off = TRUE;
  fixture.time += 3599 - 225;
  _assert_authorization("Bearer " ACCESS_TOKEN "-1");
  cr_assert_eq(fixture.n_requests, 2);
  cr_assert_eq(fixture.n_warnings, 1);
  cr_assert_not_null(strstr(fixture.warning, "cut off; the present one is good for 225 s"), "%s", fixture.warning);

  fixture.time += 29;
  _assert_authorization("Bearer " ACCESS_TOKEN "-1");
  cr_assert_eq(fixture.n_requests, 2);
  fixture.time += 225 - 29 - 1;
  _assert_authorization("Bearer " ACCESS_TOKEN "-1");
  cr_assert_eq(fixture.n_requests, 3);
  fixture.time += 1;
  _assert_fails(JAM_GOOGLE_ERROR_TEMPORARY, "no token for service account " CLIENT_EMAIL);

  fixture.is_cut_off = FALSE;
  _assert_authorization("Bearer " ACCESS_TOKEN "-5");
}

Test(google_credentials, an_error_of_the_token_endpoint_is_told_with_its_words)
{
  fixture.status = 400;
  fixture.body = "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}";
  _use_service_account(JAM_GOOGLE_EXCHANGE);
  _assert_fails(JAM_GOOGLE_ERROR_REFUSED, TOKEN_URI ": HTTP status 400, invalid_grant: Invalid JWT Signature.");
  fixture.status = 503;
  fixture.body = "<html>later</html>";
  _assert_fails(JAM_GOOGLE_ERROR_TEMPORARY, TOKEN_URI ": HTTP status 503");
  cr_assert_eq(fixture.n_requests, 2);
}

Test(google_credentials, an_endpoint_that_repeats_what_it_was_sent_gives_no_secret_away)
{
  fixture.status = 400;
  fixture.body = "{\"error\":\"invalid_grant\",\"error_description\":\"Bad token " REFRESH_TOKEN "\"}";
  _use_file(google_fixture_make_user(), JAM_GOOGLE_EXCHANGE);
  _assert_fails(JAM_GOOGLE_ERROR_REFUSED, "HTTP status 400, invalid_grant");
  fixture.body = "{\"error\":\"GOCSPX-do%2Bnot%2Fprint%20this\"}";
  _assert_fails(JAM_GOOGLE_ERROR_REFUSED, "HTTP status 400");
  fixture.status = 200;
  fixture.body = "{\"access_token\":\"" ACCESS_TOKEN "\",\"token_type\":\"" ACCESS_TOKEN "\"}";
  _assert_fails(JAM_GOOGLE_ERROR_TEMPORARY, "token_type");
}

static gboolean
_repeat_the_form(JamGoogleHttp *http G_GNUC_UNUSED, const JamGoogleHttpRequest *request,
                 JamGoogleHttpResponse *response, GError **error G_GNUC_UNUSED)
{
  gchar *body = g_strdup_printf("{\"error\":\"invalid_grant\",\"error_description\":\"%s\"}", request->form);

  response->status = 400;
  jam_google_http_response_append(response, body, strlen(body));
  g_free(body);
  return TRUE;
}

Test(google_credentials, an_endpoint_that_repeats_the_assertion_does_not_get_it_into_a_message)
{
  fixture.http.send = _repeat_the_form;
  _use_service_account(JAM_GOOGLE_EXCHANGE);
  _assert_fails(JAM_GOOGLE_ERROR_REFUSED, "HTTP status 400, invalid_grant");
}

Test(google_credentials, stopping_is_an_error_of_its_own)
{
  fixture.is_stopped = TRUE;
  _use_service_account(JAM_GOOGLE_EXCHANGE);
  _assert_fails(JAM_GOOGLE_ERROR_STOPPED, "stopped");
}

static void
_assert_warns_of_mode(guint mode, const gchar *text)
{
  JsonObject *content = google_fixture_make_service_account(&fixture);
  gchar *path = google_fixture_write_key_file(&fixture, content);

  g_chmod(path, mode);
  fixture.n_warnings = 0;
  credentials = jam_google_credentials_new_from_file(path, JAM_GOOGLE_EXCHANGE, &fixture.host);
  _read_key();
  cr_assert_eq(fixture.n_warnings, 1);
  cr_assert_not_null(strstr(fixture.warning, path), "%s", fixture.warning);
  cr_assert_not_null(strstr(fixture.warning, text), "%s", fixture.warning);
  jam_google_credentials_free(credentials);
  credentials = NULL;
  g_free(path);
  json_object_unref(content);
}

Test(google_credentials, a_file_that_others_can_read_gets_a_warning)
{
  _assert_warns_of_mode(0644, "0644");
  _assert_warns_of_mode(0640, "0640");
  _assert_warns_of_mode(0604, "0604");
}

Test(google_credentials, a_file_of_the_owner_alone_gets_none)
{
  _use_service_account(JAM_GOOGLE_EXCHANGE);
  cr_assert_eq(fixture.n_warnings, 0);
}

Test(google_credentials, an_endpoint_in_clear_text_gets_a_warning_if_it_is_used)
{
  JsonObject *content = google_fixture_make_service_account(&fixture);

  json_object_set_string_member(content, "token_uri", "http://a/token");
  _use_file(json_object_ref(content), JAM_GOOGLE_SELF_SIGNED);
  cr_assert_eq(fixture.n_warnings, 0);
  jam_google_credentials_free(credentials);
  _use_file(content, JAM_GOOGLE_EXCHANGE);
  cr_assert_eq(fixture.n_warnings, 1);
  cr_assert_not_null(strstr(fixture.warning, "http://a/token"), "%s", fixture.warning);
}

/* Starts without the file, and returns its path; the caller frees it. */
static gchar *
_use_missing_file(void)
{
  gchar *path = sink_fixture_path(&fixture.files, "key.json");

  credentials = jam_google_credentials_new_from_file(path, JAM_GOOGLE_EXCHANGE, &fixture.host);
  return path;
}

static void
_write_service_account(void)
{
  JsonObject *content = google_fixture_make_service_account(&fixture);

  g_free(google_fixture_write_key_file(&fixture, content));
  json_object_unref(content);
}

Test(google_credentials, a_missing_key_file_is_told_each_time_and_read_when_it_is_there)
{
  gchar *path = _use_missing_file();
  gchar *what = g_strdup_printf("credentials-file(): cannot read %s: No such file or directory", path);

  _assert_cannot_read_key(JAM_GOOGLE_ERROR_UNREADABLE, what);
  _assert_fails(JAM_GOOGLE_ERROR_UNREADABLE, what);
  _assert_fails(JAM_GOOGLE_ERROR_UNREADABLE, what);
  _assert_name_has("credentials-file()");
  cr_assert_eq(fixture.n_requests, 0);

  _write_service_account();
  _assert_authorization("Bearer " ACCESS_TOKEN "-1");
  _assert_name_has(path);
  g_free(what);
  g_free(path);
}

Test(google_credentials, a_malformed_key_file_is_read_again)
{
  g_free(_use_missing_file());
  g_free(google_fixture_write_text(&fixture, "{\"type\":\"service_account\",\"client_ema"));
  _assert_cannot_read_key(JAM_GOOGLE_ERROR_MALFORMED, "not a JSON object");
  _assert_fails(JAM_GOOGLE_ERROR_MALFORMED, "not a JSON object");
  _write_service_account();
  _assert_authorization("Bearer " ACCESS_TOKEN "-1");
}

Test(google_credentials, a_file_that_is_read_late_is_warned_of)
{
  gchar *path = _use_missing_file();

  _assert_fails(JAM_GOOGLE_ERROR_UNREADABLE, path);
  _write_service_account();
  g_chmod(path, 0644);
  jam_google_authorization_free(_authorize());
  cr_assert_eq(fixture.n_warnings, 1);
  cr_assert_not_null(strstr(fixture.warning, "0644"), "%s", fixture.warning);
  g_free(path);
}

Test(google_credentials, a_key_that_is_refused_can_be_replaced)
{
  JsonObject *user = google_fixture_make_user();

  fixture.status = 400;
  fixture.body = "{\"error\":\"invalid_grant\"}";
  _use_service_account(JAM_GOOGLE_EXCHANGE);
  _assert_fails(JAM_GOOGLE_ERROR_REFUSED, CLIENT_EMAIL);
  g_free(google_fixture_write_key_file(&fixture, user));
  json_object_unref(user);
  _assert_fails(JAM_GOOGLE_ERROR_REFUSED, "the user of ");
}

Test(google_credentials, a_key_outlives_its_file_while_the_server_is_out_of_order)
{
  gchar *path = sink_fixture_path(&fixture.files, "key.json");

  _use_service_account(JAM_GOOGLE_EXCHANGE);
  g_unlink(path);
  fixture.is_cut_off = TRUE;
  _assert_fails(JAM_GOOGLE_ERROR_TEMPORARY, "cut off");
  fixture.is_cut_off = FALSE;
  _assert_authorization("Bearer " ACCESS_TOKEN "-2");
  g_free(path);
}

Test(google_credentials, the_file_that_the_environment_names_comes_first)
{
  gchar *path = sink_fixture_path(&fixture.files, "named/application_default_credentials.json");

  _write_in_folder("named", "named");
  _write_in_folder(".config/gcloud", "home");
  g_setenv("GOOGLE_APPLICATION_CREDENTIALS", path, TRUE);
  _use_default();
  _assert_user_is("named");
  _assert_name_has(path);
  g_free(path);
}

Test(google_credentials, a_file_that_the_environment_names_is_waited_for)
{
  gchar *path = sink_fixture_path(&fixture.files, "named/application_default_credentials.json");

  _write_in_folder(".config/gcloud", "home");
  g_setenv("GOOGLE_APPLICATION_CREDENTIALS", path, TRUE);
  _use_default();
  _assert_cannot_read_key(JAM_GOOGLE_ERROR_UNREADABLE, "(credentials-file() is not set): cannot read ");
  _assert_fails(JAM_GOOGLE_ERROR_UNREADABLE, path);
  _write_in_folder("named", "named");
  _assert_user_is("named");
  g_free(path);
}

Test(google_credentials, then_comes_the_file_of_gcloud)
{
  _write_in_folder(".config/gcloud", "home");
  g_setenv("GOOGLE_APPLICATION_CREDENTIALS", "", TRUE);
  g_setenv("GCE_METADATA_HOST", "127.0.0.1:1", TRUE);
  _use_default();
  _assert_user_is("home");
}

Test(google_credentials, gcloud_s_folder_may_be_elsewhere)
{
  gchar *folder = sink_fixture_path(&fixture.files, "elsewhere");

  _write_in_folder("elsewhere", "elsewhere");
  _write_in_folder(".config/gcloud", "home");
  g_setenv("CLOUDSDK_CONFIG", folder, TRUE);
  _use_default();
  _assert_user_is("elsewhere");
  g_free(folder);
}

Test(google_credentials, a_bad_file_of_gcloud_is_not_passed_over)
{
  _write_in_folder(".config/gcloud", "");
  _use_default();
  _assert_fails(JAM_GOOGLE_ERROR_MALFORMED, "field client_id is empty");
  cr_assert_eq(fixture.n_requests, 0);
}

Test(google_credentials, a_file_of_gcloud_that_comes_late_is_found)
{
  fixture.is_cut_off = TRUE;
  _use_default();
  _assert_fails(JAM_GOOGLE_ERROR_TEMPORARY, "metadata.google.internal");
  fixture.is_cut_off = FALSE;
  _write_in_folder(".config/gcloud", "home");
  _assert_user_is("home");
}

Test(google_credentials, without_any_file_the_metadata_server_is_asked)
{
  _use_default();
  _assert_authorization("Bearer " ACCESS_TOKEN "-1");
  cr_assert_str_eq(fixture.url, "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/"
                                "default/token");
  cr_assert_str_eq(fixture.header, "Metadata-Flavor: Google");
  cr_assert_null(fixture.form);
  cr_assert(fixture.is_direct);
}

Test(google_credentials, the_environment_says_where_the_metadata_server_is)
{
  g_setenv("GCE_METADATA_ROOT", "root", TRUE);
  _use_default();
  jam_google_authorization_free(_authorize());
  cr_assert(g_str_has_prefix(fixture.url, "http://root/"), "%s", fixture.url);
  jam_google_credentials_free(credentials);

  g_setenv("GCE_METADATA_HOST", "host:8080", TRUE);
  _use_default();
  jam_google_authorization_free(_authorize());
  cr_assert(g_str_has_prefix(fixture.url, "http://host:8080/computeMetadata/"), "%s", fixture.url);
}

Test(google_credentials, without_anything_the_error_says_where_credentials_were_looked_for)
{
  fixture.is_cut_off = TRUE;
  _use_default();
  _assert_fails(JAM_GOOGLE_ERROR_TEMPORARY, "GOOGLE_APPLICATION_CREDENTIALS is not set and there is no ");
  _assert_fails(JAM_GOOGLE_ERROR_TEMPORARY, "/.config/gcloud/application_default_credentials.json");
  _assert_fails(JAM_GOOGLE_ERROR_TEMPORARY, "http://metadata.google.internal/");
}

#define N_THREADS 8

static gint n_waiting;

static gpointer
_authorize_in_thread(gpointer error)
{
  gchar *authorization;

  g_atomic_int_inc(&n_waiting);
  jam_google_credentials_authorize(credentials, &authorization, error);
  return authorization;
}

static void
_authorize_in_threads(gchar **authorizations, GError **errors)
{
  GThread *threads[N_THREADS];

  fixture.is_held = TRUE;
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new("worker", _authorize_in_thread, &errors[i]);
  while (g_atomic_int_get(&n_waiting) < N_THREADS)
    g_usleep(1000);
  /* from there to the lock it is a few instructions */
  g_usleep(100000);
  g_atomic_int_set(&fixture.is_held, FALSE);
  for (guint i = 0; i < N_THREADS; i++)
    authorizations[i] = g_thread_join(threads[i]);
}

Test(google_credentials, several_threads_share_one_renewal)
{
  gchar *authorizations[N_THREADS];
  GError *errors[N_THREADS] = { NULL };

  _use_service_account(JAM_GOOGLE_EXCHANGE);
  _authorize_in_threads(authorizations, errors);
  for (guint i = 0; i < N_THREADS; i++)
    {
      cr_assert_str_eq(authorizations[i], "Bearer " ACCESS_TOKEN "-1");
      jam_google_authorization_free(authorizations[i]);
    }
  cr_assert_eq(fixture.n_requests, 1);
}

Test(google_credentials, several_threads_share_one_failure)
{
  gchar *authorizations[N_THREADS];
  GError *errors[N_THREADS] = { NULL };

  fixture.is_cut_off = TRUE;
  _use_service_account(JAM_GOOGLE_EXCHANGE);
  _authorize_in_threads(authorizations, errors);
  for (guint i = 0; i < N_THREADS; i++)
    {
      cr_assert_null(authorizations[i]);
      google_fixture_assert_error(&fixture, errors[i], JAM_GOOGLE_ERROR_TEMPORARY, "cut off");
    }
  cr_assert_eq(fixture.n_requests, 1);
}

Test(google_credentials, a_token_that_is_still_good_is_used_while_another_thread_renews_it)
{
  GThread *thread;
  gchar *authorization;

  _use_service_account(JAM_GOOGLE_EXCHANGE);
  _assert_authorization("Bearer " ACCESS_TOKEN "-1");
  fixture.time += 3599 - 225;
  fixture.is_held = TRUE;
  thread = g_thread_new("worker", _authorize_in_thread, NULL);
  while (g_atomic_int_get(&fixture.n_requests) < 2)
    g_usleep(1000);
  _assert_authorization("Bearer " ACCESS_TOKEN "-1");
  g_atomic_int_set(&fixture.is_held, FALSE);
  authorization = g_thread_join(thread);
  cr_assert_str_eq(authorization, "Bearer " ACCESS_TOKEN "-2");
  jam_google_authorization_free(authorization);
}
