/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bigquery-fixture.h"
#include "languages.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <gio/gio.h>

#define INSERT "/insertAll"
#define SECOND ((gint64) G_USEC_PER_SEC)

#define ENTRY(index, reason, location, message) \
  "{\"index\":" #index ",\"errors\":[{\"reason\":\"" reason "\",\"location\":\"" location "\",\"message\":\"" message \
  "\"}]}"
#define ERRORS(entries) "{\"kind\":\"bigquery#tableDataInsertAllResponse\",\"insertErrors\":[" entries "]}\n"

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

TestSuite(bigquery_sink, .init = _setup, .fini = _teardown, .timeout = 60);

static void
_append_tickets(gint first, gint last)
{
  for (gint i = first; i <= last; i++)
    bigquery_fixture_append_ticket(&fixture, i);
}

static gint64
_wait_time(guint n)
{
  cr_assert_lt(n, fixture.waits->len, "there was no such wait");
  return g_array_index(fixture.waits, gint64, n);
}

static const JamRowRejects *
_row_rejects(guint n)
{
  cr_assert_lt(n, fixture.sink->row_rejects->len, "no row of so many messages was rejected");
  return &g_array_index(fixture.sink->row_rejects, JamRowRejects, n);
}

static const JamReject *
_first_reject(guint n)
{
  return &g_array_index(_row_rejects(n)->rejects, JamReject, 0);
}

Test(bigquery_sink, rows_go_to_their_tables_with_row_ids_as_insert_ids)
{
  const Request *request;

  bigquery_fixture_append_ticket(&fixture, 1);
  bigquery_fixture_append(&fixture, "{\"time\":\"2025-06-01T00:00:00Z\",\"msg_type\":13,\"json_encoded\":"
                                    "{\"vals_current\":[{},{}],\"cores\":[{}]}}");
  bigquery_fixture_commit(&fixture);

  cr_assert_eq(bigquery_fixture_count_requests(&fixture, INSERT), 3);
  request = bigquery_fixture_get_request(&fixture, INSERT, 0);
  cr_assert_str_eq(request->what,
                   "POST /bigquery/v2/projects/my-project/datasets/jam/tables/validatorstatistics/insertAll");
  request = bigquery_fixture_get_request(&fixture, "/tickets/insertAll", 0);
  cr_assert_eq(strncmp(request->body, "{\"rows\":[{\"insertId\":\"", 22), 0);
  cr_assert_eq(request->body[request->length - 1], '}');
  cr_assert_not_null(
    g_strstr_len(request->body, request->length, "\"json\":{\"time\":\"2025-06-01T00:00:00.000000Z\","));
  /* the id of the one place is that of the other */
  cr_assert_not_null(g_strstr_len(request->body + 22 + 34, -1, "\"row_id\":\""));
  cr_assert_eq(memcmp(request->body + 22, g_strstr_len(request->body, request->length, "\"row_id\":\"") + 10, 34), 0);
}

Test(bigquery_sink, counts_the_rows_that_are_in)
{
  gint tickets = jam_table_lookup("tickets");

  bigquery_fixture_answer(&fixture, INSERT, 200, ERRORS(ENTRY(1, "invalid", "attempt", "too many")));
  _append_tickets(1, 3);
  cr_assert(jam_sink_commit(fixture.sink, NULL));
  cr_assert_eq(fixture.sink->batch_rows[tickets], 2);
  jam_sink_finish_batch(fixture.sink);
  cr_assert_eq(fixture.sink->batch_rows[tickets], 0);
}

Test(bigquery_sink, bodies_are_compressed)
{
  GConverter *decompressor = G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  const Request *request;
  gchar plain[4096];
  gsize read_length;
  gsize length;

  fixture.options.compression = TRUE;
  bigquery_fixture_make_sink(&fixture);
  bigquery_fixture_open(&fixture);
  bigquery_fixture_append_ticket(&fixture, 7);
  bigquery_fixture_commit(&fixture);
  request = bigquery_fixture_get_request(&fixture, INSERT, 0);
  cr_assert(request->is_gzip);
  cr_assert_eq(g_converter_convert(decompressor, request->body, request->length, plain, sizeof(plain),
                                   G_CONVERTER_INPUT_AT_END, &read_length, &length, NULL),
               G_CONVERTER_FINISHED);
  cr_assert_eq(read_length, request->length);
  cr_assert_not_null(g_strstr_len(plain, length, "\"attempt\":\"7\""));
  g_object_unref(decompressor);
}

Test(bigquery_sink, requests_are_kept_under_both_limits)
{
  fixture.options.limits = (JamBigQueryLimits){ .bytes = JAM_BIGQUERY_DEFAULT_REQUEST_BYTES, .rows = 2 };
  bigquery_fixture_make_sink(&fixture);
  _append_tickets(1, 5);
  bigquery_fixture_commit(&fixture);
  bigquery_fixture_assert_tickets(&fixture, 0, "1 2");
  bigquery_fixture_assert_tickets(&fixture, 1, "3 4");
  bigquery_fixture_assert_tickets(&fixture, 2, "5");

  fixture.options.limits = (JamBigQueryLimits){ .bytes = 1024, .rows = 500 };
  bigquery_fixture_make_sink(&fixture);
  _append_tickets(11, 15);
  bigquery_fixture_commit(&fixture);
  for (guint i = 3; i < bigquery_fixture_count_requests(&fixture, INSERT); i++)
    cr_assert_leq(bigquery_fixture_get_request(&fixture, INSERT, i)->length, 1024);
  bigquery_fixture_assert_tickets(&fixture, 3, "11 12 13");
}

/* What follows from each answer to a request of rows 1 to 4. */
typedef struct _RequestCase
{
  glong status;
  gchar reason[24];
  /* bounds of the wait before the next request, in seconds; no wait if both are 0 */
  gint min_wait, max_wait;
  /* the requests after it */
  gchar next[2][16];
} RequestCase;

#define NOW 0, 0
#define SOON 0, 1
#define LATE 600, 600
#define AGAIN \
  { \
    "1 2 3 4", "" \
  }
#define HALVES \
  { \
    "1 2", "3 4" \
  }

ParameterizedTestParameters(bigquery_sink, what_follows_from_an_answer)
{
  static RequestCase cases[] = {
    { 0, "", SOON, AGAIN },
    { 400, "invalid", NOW, HALVES },
    { 400, "badRequest", NOW, HALVES },
    { 400, "tableUnavailable", SOON, AGAIN },
    { 403, "rateLimitExceeded", SOON, AGAIN },
    { 403, "quotaExceeded", LATE, AGAIN },
    { 408, "", SOON, AGAIN },
    { 413, "", NOW, HALVES },
    { 429, "rateLimitExceeded", SOON, AGAIN },
    { 429, "quotaExceeded", LATE, AGAIN },
    { 500, "internalError", SOON, AGAIN },
    { 502, "", SOON, AGAIN },
    { 503, "backendError", SOON, AGAIN },
    { 504, "", SOON, AGAIN },
  };

  return cr_make_param_array(RequestCase, cases, G_N_ELEMENTS(cases));
}

static void
_answer_case(const RequestCase *c)
{
  if (*c->reason)
    bigquery_fixture_answer_error(&fixture, INSERT, c->status, c->reason);
  else
    bigquery_fixture_answer(&fixture, INSERT, c->status, "<html>no JSON</html>");
}

ParameterizedTest(RequestCase *c, bigquery_sink, what_follows_from_an_answer)
{
  _answer_case(c);
  _append_tickets(1, 4);
  bigquery_fixture_commit(&fixture);

  bigquery_fixture_assert_tickets(&fixture, 0, "1 2 3 4");
  bigquery_fixture_assert_tickets(&fixture, 1, c->next[0]);
  if (*c->next[1])
    bigquery_fixture_assert_tickets(&fixture, 2, c->next[1]);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, INSERT), *c->next[1] ? 3 : 2);
  cr_assert_eq(fixture.waits->len, c->max_wait > 0);
  if (c->max_wait > 0)
    {
      cr_assert_geq(_wait_time(0), c->min_wait * SECOND);
      cr_assert_leq(_wait_time(0), c->max_wait * SECOND);
    }
  /* the operator hears of what takes time, and of its end */
  cr_assert_eq(fixture.n_warnings, c->max_wait > 0);
  cr_assert_eq(fixture.n_notices, c->max_wait > 0);
}

typedef struct _StopCase
{
  glong status;
  gchar reason[24];
  gchar what[40];
} StopCase;

ParameterizedTestParameters(bigquery_sink, some_answers_stop_the_flow_and_say_what_to_do)
{
  static StopCase cases[] = {
    { 302, "", "HTTP 302" },
    { 401, "authError", "set credentials-file()" },
    { 403, "accessDenied", "bigquery.tables.updateData" },
    { 403, "billingNotEnabled", "enable billing" },
    { 404, "notFound", "check project(), dataset()" },
    { 501, "notImplemented", "HTTP 501 notImplemented" },
  };

  return cr_make_param_array(StopCase, cases, G_N_ELEMENTS(cases));
}

ParameterizedTest(StopCase *c, bigquery_sink, some_answers_stop_the_flow_and_say_what_to_do)
{
  bigquery_fixture_answer_error(&fixture, INSERT, c->status, c->reason);
  _append_tickets(1, 2);
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_UNAVAILABLE, c->what);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, INSERT), 1);
  cr_assert_eq(fixture.sink->row_rejects->len, 0);
}

typedef struct _RowCase
{
  gchar reason[24];
  gint min_wait, max_wait;
  gboolean is_rejected;
} RowCase;

ParameterizedTestParameters(bigquery_sink, what_follows_for_a_row)
{
  static RowCase cases[] = {
    { "timeout", SOON, FALSE },
    { "backendError", SOON, FALSE },
    { "internalError", SOON, FALSE },
    { "rateLimitExceeded", SOON, FALSE },
    { "quotaExceeded", LATE, FALSE },
    { "stopped", NOW, FALSE },
    { "invalid", NOW, TRUE },
    { "never heard of", NOW, TRUE },
    { "", NOW, TRUE },
  };

  return cr_make_param_array(RowCase, cases, G_N_ELEMENTS(cases));
}

ParameterizedTest(RowCase *c, bigquery_sink, what_follows_for_a_row)
{
  gchar *body = g_strdup_printf(
    "{\"insertErrors\":[{\"index\":1,\"errors\":[{\"reason\":\"%s\",\"message\":\"why\"}]}]}", c->reason);

  bigquery_fixture_answer(&fixture, INSERT, 200, body);
  _append_tickets(1, 3);
  cr_assert(jam_sink_commit(fixture.sink, NULL));
  cr_assert_eq(fixture.sink->row_rejects->len, c->is_rejected);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, INSERT), c->is_rejected ? 1 : 2);
  if (!c->is_rejected)
    bigquery_fixture_assert_tickets(&fixture, 1, "2");
  cr_assert_eq(fixture.waits->len, c->max_wait > 0);
  if (c->max_wait > 0)
    cr_assert(_wait_time(0) >= c->min_wait * SECOND && _wait_time(0) <= c->max_wait * SECOND);
  g_free(body);
}

Test(bigquery_sink, a_bad_row_is_rejected_and_the_stopped_ones_are_sent_again)
{
  const JamReject *reject;

  bigquery_fixture_answer(
    &fixture, INSERT, 200,
    ERRORS(ENTRY(2, "stopped", "", "") "," ENTRY(0, "stopped", "", "") "," ENTRY(
      1, "invalid", "attempt", "Cannot convert value to integer.") "," ENTRY(3, "stopped", "", "")));
  _append_tickets(1, 4);
  cr_assert(jam_sink_commit(fixture.sink, NULL));
  bigquery_fixture_assert_tickets(&fixture, 1, "1 3 4");
  cr_assert_eq(fixture.waits->len, 0);
  cr_assert_eq(fixture.sink->row_rejects->len, 1);
  cr_assert_eq(_row_rejects(0)->message, 1);
  reject = _first_reject(0);
  cr_assert_str_eq(reject->text, "refused: Cannot convert value to integer.");
  cr_assert_str_eq(reject->table, "tickets");
  cr_assert_str_eq(reject->column, "attempt");
  cr_assert_eq(strlen(reject->row_id), 34);
}

Test(bigquery_sink, a_bad_row_is_rejected_with_words_of_any_language)
{
  for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
    {
      gchar *body = g_strdup_printf(ERRORS(ENTRY(1, "invalid", "", "%s")), languages[i]);
      gchar *expected = g_strconcat("refused: ", languages[i], NULL);

      bigquery_fixture_answer(&fixture, INSERT, 200, body);
      _append_tickets(3 * i + 1, 3 * i + 3);
      cr_assert(jam_sink_commit(fixture.sink, NULL));
      cr_assert_eq(bigquery_fixture_count_requests(&fixture, INSERT), i + 1);
      cr_assert_str_eq(_first_reject(0)->text, expected);
      cr_assert_eq(fixture.sink->batch_rows[jam_table_lookup("tickets")], 2);
      jam_sink_finish_batch(fixture.sink);
      g_free(expected);
      g_free(body);
    }
  cr_assert_eq(fixture.waits->len, 0);
}

/* A 200 that lists the same rows for ever must not make a tight loop. */
Test(bigquery_sink, stopped_rows_without_a_guilty_one_are_sent_again_after_a_pause)
{
  bigquery_fixture_answer(&fixture, INSERT, 200, ERRORS(ENTRY(0, "stopped", "", "") "," ENTRY(1, "stopped", "", "")));
  _append_tickets(1, 2);
  bigquery_fixture_commit(&fixture);
  bigquery_fixture_assert_tickets(&fixture, 1, "1 2");
  cr_assert_eq(fixture.waits->len, 1);
}

Test(bigquery_sink, a_200_that_makes_no_sense_is_no_answer)
{
  bigquery_fixture_answer(&fixture, INSERT, 200, "<html>all is well</html>");
  bigquery_fixture_answer(&fixture, INSERT, 200, "{\"status\":\"ok\"}");
  bigquery_fixture_answer(&fixture, INSERT, 200,
                          "{\"error\":{\"code\":503,\"errors\":[{\"reason\":\"backendError\"}]}}");
  bigquery_fixture_answer(&fixture, INSERT, 200, ERRORS(ENTRY(7, "invalid", "", "of a row that was not sent")));
  bigquery_fixture_answer(&fixture, INSERT, 200, ERRORS(ENTRY(1, "invalid", "", "not UTF-8: \xFC")));
  _append_tickets(1, 2);
  bigquery_fixture_commit(&fixture);
  bigquery_fixture_assert_tickets(&fixture, 1, "1 2");
  bigquery_fixture_assert_tickets(&fixture, 5, "1 2");
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, INSERT), 6);
  cr_assert_eq(fixture.sink->row_rejects->len, 0);
}

Test(bigquery_sink, pauses_grow_up_to_a_bound_and_start_anew_when_rows_go_in)
{
  for (gint i = 0; i < 8; i++)
    bigquery_fixture_answer(&fixture, INSERT, 503, "");
  bigquery_fixture_answer(&fixture, INSERT, 200, ERRORS(ENTRY(1, "backendError", "", "")));
  _append_tickets(1, 2);
  bigquery_fixture_commit(&fixture);
  cr_assert_eq(fixture.waits->len, 9);
  for (gint i = 0; i < 8; i++)
    {
      gint64 longest = MIN(1 << i, 32) * SECOND;
      cr_assert(_wait_time(i) >= longest / 2 && _wait_time(i) <= longest, "wait %d is %" G_GINT64_FORMAT, i,
                _wait_time(i));
    }
  cr_assert_leq(_wait_time(8), SECOND);
  cr_assert_eq(fixture.n_warnings, 1);
}

Test(bigquery_sink, retry_after_is_honoured)
{
  bigquery_fixture_answer_later(&fixture, INSERT, 503, "", 77);
  _append_tickets(1, 1);
  bigquery_fixture_commit(&fixture);
  cr_assert_eq(_wait_time(0), 77 * SECOND);
}

Test(bigquery_sink, one_bad_row_is_found_by_halving)
{
  bigquery_fixture_answer_error(&fixture, INSERT, 400, "invalid");
  bigquery_fixture_answer_error(&fixture, INSERT, 400, "invalid");
  bigquery_fixture_answer(&fixture, INSERT, 200, "{}");
  bigquery_fixture_answer_error(&fixture, INSERT, 400, "invalid");
  _append_tickets(1, 4);
  cr_assert(jam_sink_commit(fixture.sink, NULL));
  cr_assert_eq(fixture.sink->row_rejects->len, 1);
  cr_assert_str_eq(_first_reject(0)->text, "refused: the API's words");
  cr_assert_eq(fixture.sink->batch_rows[jam_table_lookup("tickets")], 3);
}

/* Then it is the request as such that BigQuery does not take. */
Test(bigquery_sink, a_400_for_every_row_rejects_none)
{
  for (gint i = 0; i < 7; i++)
    bigquery_fixture_answer_error(&fixture, INSERT, 400, "invalid");
  _append_tickets(1, 4);
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_UNAVAILABLE, "HTTP 400 invalid: the API's words");
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, INSERT), 7);
}

Test(bigquery_sink, a_400_for_a_row_on_its_own_is_left_to_a_load_job)
{
  bigquery_fixture_answer_error(&fixture, INSERT, 400, "invalid");
  bigquery_fixture_answer(&fixture, "POST /upload/", 200, "{\"status\":{\"state\":\"DONE\"}}");
  _append_tickets(1, 1);
  bigquery_fixture_commit(&fixture);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, "POST /upload/"), 1);
}

/* Streaming learns of new columns minutes after tables.get, which an ALTER TABLE shows. */
Test(bigquery_sink, a_column_that_is_not_known_yet_rejects_no_row)
{
  bigquery_fixture_answer(&fixture, INSERT, 200,
                          ERRORS(ENTRY(0, "invalid", "slot", "no such field: slot.") "," ENTRY(1, "stopped", "", "")));
  _append_tickets(1, 2);
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_UNAVAILABLE, "no such field: slot.");
  cr_assert_eq(fixture.sink->row_rejects->len, 0);
}

Test(bigquery_sink, many_bad_rows_of_a_message_are_counted_and_not_all_told)
{
  GString *text = g_string_new("{\"time\":\"2025-06-01T00:00:00Z\",\"msg_type\":13,\"json_encoded\":"
                               "{\"cores\":[],\"vals_current\":[{}");
  GString *errors = g_string_new(ENTRY(0, "invalid", "time", "too old"));

  for (gint i = 1; i < 300; i++)
    {
      g_string_append(text, ",{}");
      g_string_append_printf(errors, ",{\"index\":%d,\"errors\":[{\"reason\":\"invalid\"}]}", i);
    }
  g_string_append(text, "]}}");
  g_string_prepend(errors, "{\"insertErrors\":[");
  g_string_append(errors, "]}");
  bigquery_fixture_answer(&fixture, "/validatorstatistics/insertAll", 200, errors->str);
  bigquery_fixture_append(&fixture, text->str);
  cr_assert(jam_sink_commit(fixture.sink, NULL));
  cr_assert_eq(fixture.sink->row_rejects->len, 1);
  cr_assert_eq(_row_rejects(0)->n_rows, 300);
  cr_assert_eq(_row_rejects(0)->rejects->len, JAM_MAX_ROW_REJECTS);
  g_string_free(errors, TRUE);
  g_string_free(text, TRUE);
}

Test(bigquery_sink, trouble_is_over_when_the_whole_batch_is_in)
{
  bigquery_fixture_answer(&fixture, "/tickets/insertAll", 503, "");
  bigquery_fixture_append_ticket(&fixture, 1);
  bigquery_fixture_append(
    &fixture, "{\"time\":\"2025-06-01T00:00:00Z\",\"msg_type\":143,\"json_encoded\":{\"service_index\":1}}");
  bigquery_fixture_commit(&fixture);
  cr_assert_eq(fixture.n_warnings, 1);
  cr_assert_eq(fixture.n_notices, 1);
}

/* A proxy's 400 says nothing of the row, which must not be thrown out for it. */
Test(bigquery_sink, a_400_that_is_not_bigquerys_rejects_no_row)
{
  bigquery_fixture_answer(&fixture, INSERT, 400, "<html>Bad Request</html>");
  _append_tickets(1, 1);
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_UNAVAILABLE, "HTTP 400");
}

Test(bigquery_sink, a_row_that_is_in_is_not_sent_again_when_its_batch_comes_again)
{
  fixture.options.limits.rows = 2;
  bigquery_fixture_make_sink(&fixture);
  bigquery_fixture_answer(&fixture, INSERT, 200, "{}");
  bigquery_fixture_answer_error(&fixture, INSERT, 403, "accessDenied");
  _append_tickets(1, 4);
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_UNAVAILABLE, "accessDenied");

  /* by another worker, or after a reload */
  bigquery_fixture_make_sink(&fixture);
  bigquery_fixture_open(&fixture);
  _append_tickets(1, 4);
  cr_assert(jam_sink_commit(fixture.sink, NULL));
  cr_assert_eq(fixture.sink->batch_rows[jam_table_lookup("tickets")], 4);
  jam_sink_finish_batch(fixture.sink);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, INSERT), 3);
  bigquery_fixture_assert_tickets(&fixture, 2, "3 4");
  cr_assert(jam_bigquery_accepted_is_empty(fixture.accepted));
}

Test(bigquery_sink, a_batch_that_was_in_but_not_finished_sends_nothing_again)
{
  _append_tickets(1, 3);
  cr_assert(jam_sink_commit(fixture.sink, NULL));
  jam_sink_drop_batch(fixture.sink);
  _append_tickets(1, 3);
  bigquery_fixture_commit(&fixture);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, INSERT), 1);
}

Test(bigquery_sink, a_stop_ends_a_long_wait_and_loses_nothing)
{
  fixture.stop_after_us = 100 * SECOND;
  bigquery_fixture_answer_error(&fixture, INSERT, 403, "quotaExceeded");
  _append_tickets(1, 1);
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_STOPPED, "stopped");
}

Test(bigquery_sink, a_stop_is_no_trouble_to_report)
{
  fixture.is_stopping = TRUE;
  bigquery_fixture_answer(&fixture, INSERT, 0, "");
  _append_tickets(1, 1);
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_STOPPED, "stopped");
  cr_assert_eq(fixture.n_warnings, 0);
}

Test(bigquery_sink, what_cannot_become_rows_leaves_the_batch_as_it_was)
{
  const gchar *text = "{\"time\":\"2025-06-01T00:00:00Z\",\"msg_type\":131,\"json_encoded\":{\"attempt\":1.5}}";
  JamReject reject;

  _append_tickets(1, 1);
  cr_assert(jam_message_read(fixture.message, text, strlen(text), NULL, &reject));
  cr_assert_eq(jam_sink_append(fixture.sink, fixture.message, NULL, &reject, NULL), JAM_SINK_REJECTED);
  _append_tickets(2, 2);
  bigquery_fixture_commit(&fixture);
  bigquery_fixture_assert_tickets(&fixture, 0, "1 2");
}
