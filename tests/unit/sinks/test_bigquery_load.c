/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bigquery-fixture.h"

#include <criterion/criterion.h>

#define UPLOAD "POST /upload/bigquery/v2/projects/my-project/jobs"
#define JOB "GET /bigquery/v2/projects/my-project/jobs/"
#define RUNNING "{\"jobReference\":{\"location\":\"EU\"},\"status\":{\"state\":\"RUNNING\"}}"
#define DONE "{\"status\":{\"state\":\"DONE\"}}"
#define FAILED(reason) \
  "{\"status\":{\"state\":\"DONE\",\"errorResult\":{\"reason\":\"" reason "\",\"message\":\"why\"}}}"

static BigQueryFixture fixture;

static void
_setup(void)
{
  bigquery_fixture_init(&fixture);
  bigquery_fixture_open(&fixture);
}

static void
_teardown(void)
{
  bigquery_fixture_clear(&fixture);
}

TestSuite(bigquery_load, .init = _setup, .fini = _teardown, .timeout = 60);

/* A preimage of so many bytes. */
static void
_append_preimage(gsize size)
{
  gchar *blob = g_strnfill(2 * size, 'a');
  gchar *text = g_strconcat("{\"time\":\"2025-06-01T00:00:00Z\",\"msg_type\":142,\"json_encoded\":"
                            "{\"requester\":1,\"blob\":\"0x",
                            blob, "\"}}", NULL);

  bigquery_fixture_append(&fixture, text);
  g_free(text);
  g_free(blob);
}

/* The row takes base64's four thirds, and is too large for a request of its own. */
static void
_append_large(void)
{
  _append_preimage(9 * 1000 * 1000);
}

static gboolean
_body_has(const Request *request, const gchar *text)
{
  return g_strstr_len(request->body, request->length, text) != NULL;
}

Test(bigquery_load, a_row_that_is_too_large_to_be_streamed_is_loaded)
{
  const Request *upload;

  bigquery_fixture_answer(&fixture, UPLOAD, 200, DONE);
  bigquery_fixture_append_ticket(&fixture, 1);
  _append_large();
  cr_assert(jam_sink_commit(fixture.sink, NULL));
  cr_assert_eq(fixture.sink->batch_rows[jam_table_lookup("preimages")], 1);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, "insertAll"), 1);
  upload = bigquery_fixture_get_request(&fixture, UPLOAD, 0);
  cr_assert_not(upload->is_gzip);
  cr_assert(_body_has(upload, "\"sourceFormat\":\"NEWLINE_DELIMITED_JSON\""));
  cr_assert(_body_has(upload, "\"createDisposition\":\"CREATE_NEVER\""));
  cr_assert(_body_has(upload, "\"location\":\"EU\""));
  cr_assert(_body_has(upload, "\"tableId\":\"preimages\""));
  cr_assert(_body_has(upload, "\r\n\r\n{\"time\":\"2025-06-01T00:00:00.000000Z\","));
}

Test(bigquery_load, a_row_just_under_the_limit_is_streamed)
{
  _append_preimage(6 * 1000 * 1000);
  bigquery_fixture_commit(&fixture);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, "insertAll"), 1);
  cr_assert_leq(bigquery_fixture_get_request(&fixture, "insertAll", 0)->length, JAM_BIGQUERY_DEFAULT_REQUEST_BYTES);
}

static gchar *
_get_job_id(guint n)
{
  const Request *upload = bigquery_fixture_get_request(&fixture, UPLOAD, n);
  const gchar *id = g_strstr_len(upload->body, upload->length, "\"jobId\":\"") + 9;

  return g_strndup(id, strcspn(id, "\""));
}

/* So that BigQuery knows it again, whoever sends it. */
Test(bigquery_load, the_job_id_comes_from_the_row)
{
  gchar *first;
  gchar *second;

  bigquery_fixture_answer(&fixture, UPLOAD, 503, "");
  bigquery_fixture_answer(&fixture, UPLOAD, 200, DONE);
  _append_large();
  bigquery_fixture_commit(&fixture);
  first = _get_job_id(0);
  second = _get_job_id(1);
  cr_assert_str_eq(first, second);
  cr_assert_eq(first[strspn(first, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-")], '\0', "%s", first);
  g_free(first);
  g_free(second);
}

Test(bigquery_load, a_job_is_awaited)
{
  const Request *request;

  bigquery_fixture_answer(&fixture, JOB, 404, "{}");
  bigquery_fixture_answer(&fixture, UPLOAD, 200, RUNNING);
  bigquery_fixture_answer(&fixture, JOB, 200, RUNNING);
  bigquery_fixture_answer(&fixture, JOB, 200, DONE);
  _append_large();
  bigquery_fixture_commit(&fixture);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, JOB), 3);
  request = bigquery_fixture_get_request(&fixture, JOB, 0);
  cr_assert_not_null(strstr(request->what, "jam-etl-jam-preimages-"));
}

Test(bigquery_load, a_job_that_is_there_already_is_not_repeated)
{
  bigquery_fixture_answer(&fixture, JOB, 200, DONE);
  _append_large();
  bigquery_fixture_commit(&fixture);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, UPLOAD), 0);
}

Test(bigquery_load, a_job_that_another_collector_has_started_is_awaited)
{
  bigquery_fixture_answer(&fixture, JOB, 404, "{}");
  bigquery_fixture_answer_error(&fixture, UPLOAD, 409, "duplicate");
  bigquery_fixture_answer_error(&fixture, JOB, 404, "notFound");
  bigquery_fixture_answer(&fixture, JOB, 200, DONE);
  _append_large();
  bigquery_fixture_commit(&fixture);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, UPLOAD), 1);
}

Test(bigquery_load, a_job_that_is_never_found_is_an_error)
{
  bigquery_fixture_answer_error(&fixture, UPLOAD, 409, "duplicate");
  _append_large();
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_UNAVAILABLE, "cannot be found");
}

/* What the operator can mend is not the row's fault. */
Test(bigquery_load, a_job_that_may_not_run_stops_the_flow_and_is_followed_by_another)
{
  gchar *second;

  bigquery_fixture_answer(&fixture, UPLOAD, 200, FAILED("accessDenied"));
  _append_large();
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_UNAVAILABLE, "why");

  bigquery_fixture_answer(&fixture, JOB, 200, FAILED("accessDenied"));
  bigquery_fixture_answer(&fixture, UPLOAD, 200, DONE);
  _append_large();
  bigquery_fixture_commit(&fixture);
  second = _get_job_id(1);
  cr_assert(g_str_has_suffix(second, "-0-1"), "%s", second);
  cr_assert_eq(fixture.waits->len, 0);
  g_free(second);
}

Test(bigquery_load, a_job_that_is_out_of_quota_waits_for_minutes)
{
  bigquery_fixture_answer(&fixture, UPLOAD, 200, FAILED("quotaExceeded"));
  bigquery_fixture_answer(&fixture, UPLOAD, 200, DONE);
  _append_large();
  bigquery_fixture_commit(&fixture);
  cr_assert_geq(g_array_index(fixture.waits, gint64, 0), 600 * (gint64) G_USEC_PER_SEC);
}

Test(bigquery_load, a_job_that_fails_without_a_reason_has_failed)
{
  bigquery_fixture_answer(&fixture, UPLOAD, 200, "{\"status\":{\"state\":\"DONE\",\"errorResult\":{}}}");
  _append_large();
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_UNAVAILABLE, "gives no reason");
}

Test(bigquery_load, a_job_that_fails_for_a_time_is_followed_by_another)
{
  gchar *first;
  gchar *second;

  bigquery_fixture_answer(&fixture, UPLOAD, 200, FAILED("rateLimitExceeded"));
  bigquery_fixture_answer(&fixture, UPLOAD, 200, DONE);
  _append_large();
  bigquery_fixture_commit(&fixture);
  first = _get_job_id(0);
  second = _get_job_id(1);
  cr_assert_str_neq(first, second);
  cr_assert_eq(fixture.waits->len, 1);
  g_free(first);
  g_free(second);
}

Test(bigquery_load, a_job_that_fails_for_good_rejects_the_row)
{
  const JamRowRejects *row_rejects;

  bigquery_fixture_answer(&fixture, UPLOAD, 200, FAILED("invalid"));
  bigquery_fixture_append_ticket(&fixture, 1);
  _append_large();
  cr_assert(jam_sink_commit(fixture.sink, NULL));
  cr_assert_eq(fixture.sink->row_rejects->len, 1);
  row_rejects = &g_array_index(fixture.sink->row_rejects, JamRowRejects, 0);
  cr_assert_eq(row_rejects->message, 1);
  cr_assert_str_eq(g_array_index(row_rejects->rejects, JamReject, 0).table, "preimages");
  cr_assert_str_eq(g_array_index(row_rejects->rejects, JamReject, 0).text, "refused: why");
}

Test(bigquery_load, a_missing_permission_stops_the_flow)
{
  bigquery_fixture_answer_error(&fixture, UPLOAD, 403, "accessDenied");
  _append_large();
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_UNAVAILABLE, "bigquery.jobs.create");
}

Test(bigquery_load, a_single_row_that_the_server_finds_too_large_is_loaded)
{
  bigquery_fixture_answer(&fixture, "insertAll", 413, "<html>Request Entity Too Large</html>");
  bigquery_fixture_answer(&fixture, UPLOAD, 200, DONE);
  bigquery_fixture_append_ticket(&fixture, 1);
  bigquery_fixture_commit(&fixture);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, UPLOAD), 1);
}

/* Streaming took 1 MB at most in former years, and 5 MB after that. */
Test(bigquery_load, a_large_row_that_streaming_refuses_is_loaded)
{
  bigquery_fixture_answer(&fixture, "insertAll", 200,
                          "{\"insertErrors\":[{\"index\":0,\"errors\":[{\"reason\":\"invalid\","
                          "\"message\":\"Maximum allowed row size exceeded.\"}]}]}");
  bigquery_fixture_answer(&fixture, UPLOAD, 200, DONE);
  _append_preimage(2 * 1000 * 1000);
  cr_assert(jam_sink_commit(fixture.sink, NULL));
  cr_assert_eq(fixture.sink->row_rejects->len, 0);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, UPLOAD), 1);
}

Test(bigquery_load, a_stop_does_not_wait_for_the_job)
{
  fixture.stop_after_us = 0;
  bigquery_fixture_answer(&fixture, UPLOAD, 200, RUNNING);
  _append_large();
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_STOPPED, "stopped");
}
