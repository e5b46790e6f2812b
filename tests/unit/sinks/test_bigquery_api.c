/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bigquery-fixture.h"
#include "google-fixture.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>

static BigQueryFixture fixture;
static GoogleFixture google;

static void
_setup(void)
{
  JsonObject *content;
  gchar *path;

  google_fixture_init(&google);
  bigquery_fixture_init(&fixture);
  content = google_fixture_make_service_account(&google);
  path = google_fixture_write_key_file(&google, content);
  jam_google_credentials_free(fixture.credentials);
  fixture.credentials = jam_google_credentials_new_from_file(path, JAM_GOOGLE_EXCHANGE, &google.host);
  bigquery_fixture_make_sink(&fixture);
  json_object_unref(content);
  g_free(path);
}

static void
_teardown(void)
{
  bigquery_fixture_clear(&fixture);
  google_fixture_clear(&google);
}

TestSuite(bigquery_api, .init = _setup, .fini = _teardown, .timeout = 60);

Test(bigquery_api, urls_of_emulators_are_taken_in_each_of_their_forms)
{
  static const gchar *urls[][2] = {
    { "https://bigquery.googleapis.com", "https://bigquery.googleapis.com" },
    { "https://bigquery.googleapis.com/", "https://bigquery.googleapis.com" },
    { "http://127.0.0.1:9050/bigquery/v2", "http://127.0.0.1:9050" },
    { "http://127.0.0.1:9050/bigquery/v2/", "http://127.0.0.1:9050" },
    { "127.0.0.1:9050", "http://127.0.0.1:9050" },
    { "https://proxy/google", "https://proxy/google" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(urls); i++)
    {
      gchar *root = jam_bigquery_api_make_root(urls[i][0]);
      cr_assert_str_eq(root, urls[i][1]);
      g_free(root);
    }
}

Test(bigquery_api, requests_are_authorized)
{
  bigquery_fixture_open(&fixture);
  cr_assert_str_eq(bigquery_fixture_get_request(&fixture, "GET ", 0)->authorization, "Bearer " ACCESS_TOKEN "-1");
  cr_assert_eq(google.n_requests, 1);
}

Test(bigquery_api, a_401_gets_another_token)
{
  bigquery_fixture_open(&fixture);
  bigquery_fixture_answer_error(&fixture, "insertAll", 401, "authError");
  bigquery_fixture_append_ticket(&fixture, 1);
  bigquery_fixture_commit(&fixture);
  cr_assert_eq(google.n_requests, 2);
  cr_assert_str_eq(bigquery_fixture_get_request(&fixture, "insertAll", 1)->authorization, "Bearer " ACCESS_TOKEN "-2");
  cr_assert_eq(fixture.waits->len, 0);
}

Test(bigquery_api, a_second_401_waits)
{
  bigquery_fixture_open(&fixture);
  bigquery_fixture_answer_error(&fixture, "insertAll", 401, "authError");
  bigquery_fixture_answer_error(&fixture, "insertAll", 401, "authError");
  bigquery_fixture_append_ticket(&fixture, 1);
  bigquery_fixture_commit(&fixture);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, "insertAll"), 3);
  cr_assert_eq(fixture.waits->len, 1);
}

static gboolean
_mend(JamHttpClient *client G_GNUC_UNUSED, gint64 us G_GNUC_UNUSED)
{
  google.is_cut_off = FALSE;
  return TRUE;
}

Test(bigquery_api, while_there_is_no_token_nothing_is_sent)
{
  google.is_cut_off = TRUE;
  fixture.client.wait = _mend;
  bigquery_fixture_open(&fixture);
  cr_assert_eq(fixture.n_warnings, 1);
  google_fixture_assert_no_secret(&google, fixture.warning);
  for (guint i = 0; i < fixture.requests->len; i++)
    cr_assert_not_null(((Request *) g_ptr_array_index(fixture.requests, i))->authorization);
}

Test(bigquery_api, a_key_that_is_refused_stops_the_flow)
{
  GError *error = NULL;

  google.status = 400;
  google.body = "{\"error\":\"invalid_grant\",\"error_description\":\"account not found\"}";
  cr_assert_not(jam_sink_open(fixture.sink, &error));
  cr_assert(g_error_matches(error, JAM_SINK_ERROR, JAM_SINK_ERROR_UNAVAILABLE));
  cr_assert_not_null(strstr(error->message, "invalid_grant"), "%s", error->message);
  google_fixture_assert_no_secret(&google, error->message);
  cr_assert_eq(fixture.requests->len, 0);
  g_error_free(error);
}

static void
_assert_open_fails(JamSinkError code, const gchar *what)
{
  GError *error = NULL;

  cr_assert_not(jam_sink_open(fixture.sink, &error));
  cr_assert(g_error_matches(error, JAM_SINK_ERROR, code), "%s", error->message);
  cr_assert_not_null(strstr(error->message, what), "%s", error->message);
  google_fixture_assert_no_secret(&google, error->message);
  g_error_free(error);
}

Test(bigquery_api, a_key_file_that_cannot_be_used_is_an_error_of_its_own_kind)
{
  JsonObject *content = google_fixture_make_service_account(&google);
  gchar *path = google_fixture_write_text(&google, "half a key");

  _assert_open_fails(JAM_SINK_ERROR_FILE, path);
  g_unlink(path);
  _assert_open_fails(JAM_SINK_ERROR_FILE, path);
  cr_assert_eq(fixture.requests->len + fixture.waits->len, 0);
  g_free(google_fixture_write_key_file(&google, content));
  bigquery_fixture_open(&fixture);
  json_object_unref(content);
  g_free(path);
}

Test(bigquery_api, without_its_files_the_client_is_not_tried)
{
  fixture.file_faults = "ca-file(): cannot read /x: why";
  _assert_open_fails(JAM_SINK_ERROR_FILE, "ca-file(): cannot read /x: why");
  cr_assert_eq(fixture.requests->len + google.n_requests, 0);
  fixture.file_faults = NULL;
  bigquery_fixture_open(&fixture);
}

static void
_append_to_two_tables(void)
{
  bigquery_fixture_append_ticket(&fixture, 1);
  bigquery_fixture_append(&fixture, "{\"time\":\"2025-06-01T00:00:00Z\",\"msg_type\":142,\"json_encoded\":"
                                    "{\"requester\":1,\"blob\":\"0x\"}}");
}

Test(bigquery_api, a_file_that_is_gone_later_is_told_instead_of_no_answer)
{
  bigquery_fixture_open(&fixture);
  bigquery_fixture_answer(&fixture, "insertAll", 0, "");
  fixture.file_faults = "ca-file(): cannot read /x: why";
  bigquery_fixture_append_ticket(&fixture, 1);
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_FILE, "ca-file()");
  cr_assert_eq(fixture.n_warnings, 0);
}

Test(bigquery_api, what_was_answered_counts_whatever_is_gone)
{
  bigquery_fixture_open(&fixture);
  bigquery_fixture_answer(&fixture, "tickets/insertAll", 0, "");
  bigquery_fixture_answer(&fixture, "tickets/insertAll", 0, "");
  fixture.file_faults = "ca-file(): cannot read /x: why";
  _append_to_two_tables();
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_FILE, "ca-file()");
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, "tickets/insertAll"), 2);

  fixture.file_faults = NULL;
  bigquery_fixture_open(&fixture);
  _append_to_two_tables();
  bigquery_fixture_commit(&fixture);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, "tickets/insertAll"), 3);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, "preimages/insertAll"), 1);
}

Test(bigquery_api, errors_say_whose_credentials_they_are_about_and_no_secret)
{
  bigquery_fixture_open(&fixture);
  bigquery_fixture_answer_error(&fixture, "insertAll", 403, "accessDenied");
  bigquery_fixture_append_ticket(&fixture, 1);
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_UNAVAILABLE, CLIENT_EMAIL);
}
