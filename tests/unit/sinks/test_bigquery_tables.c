/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bigquery-fixture.h"

#include "sinks/bigquery/bigquery-live-table.h"

#include <criterion/criterion.h>

#define GET_TICKETS "GET /bigquery/v2/projects/my-project/datasets/jam/tables/tickets"
#define CREATE "POST /bigquery/v2/projects/my-project/datasets/jam/tables"
#define OLD ",\"creationTime\":\"1700000000000\"}"
#define FIELD(name, type) "{\"name\":\"" name "\",\"type\":\"" type "\"}"
#define SCHEMA(fields) "{\"schema\":{\"fields\":[" fields "]}" OLD
/* the columns of the earlier scripts' table */
#define FORMER \
  FIELD("time", "TIMESTAMP") \
  "," FIELD("team", "STRING") "," FIELD("sender_id", "STRING") "," FIELD("elapsed", "INTEGER") "," FIELD( \
    "attempt", "INT64") "," FIELD("signature", "BYTES") "," FIELD("codec_encoded", "STRING")

static BigQueryFixture fixture;

static void
_setup(void)
{
  bigquery_fixture_init(&fixture);
}

static void
_teardown(void)
{
  bigquery_fixture_clear(&fixture);
}

TestSuite(bigquery_tables, .init = _setup, .fini = _teardown, .timeout = 60);

static void
_assert_open_fails(JamSinkError code, const gchar *what)
{
  GError *error = NULL;

  cr_assert_not(jam_sink_open(fixture.sink, &error));
  cr_assert(g_error_matches(error, JAM_SINK_ERROR, code), "%s", error->message);
  cr_assert_not_null(strstr(error->message, what), "\"%s\" is not in: %s", what, error->message);
  g_error_free(error);
}

Test(bigquery_tables, every_chosen_table_is_read_once)
{
  fixture.selection.enabled[jam_table_lookup("blocks")] = FALSE;
  bigquery_fixture_open(&fixture);
  bigquery_fixture_open(&fixture);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, "GET "), JAM_N_TABLES - 1);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, "/tables/blocks"), 0);
  cr_assert_eq(fixture.n_warnings, 0);
  cr_assert_eq(fixture.waits->len, 0);
}

Test(bigquery_tables, a_missing_table_is_an_error_that_shows_how_to_make_it)
{
  bigquery_fixture_answer_error(&fixture, GET_TICKETS, 404, "notFound");
  _assert_open_fails(JAM_SINK_ERROR_UNAVAILABLE,
                     "bq mk --table --time_partitioning_type=DAY --time_partitioning_field=time "
                     "--clustering_fields=team,sender_id my-project:jam.tickets /schemas/tickets.json");
  bigquery_fixture_open(&fixture);
}

Test(bigquery_tables, a_missing_table_is_made_and_waited_for)
{
  const Request *request;
  gchar *body;

  bigquery_fixture_make_tables(&fixture, TRUE);
  bigquery_fixture_make_sink(&fixture);
  bigquery_fixture_answer_error(&fixture, GET_TICKETS, 404, "notFound");
  body = g_strdup_printf("{\"schema\":{\"fields\":[" FORMER "]},\"creationTime\":\"%" G_GINT64_FORMAT "\"}",
                         g_get_real_time() / 1000);
  bigquery_fixture_answer(&fixture, GET_TICKETS, 200, body);
  bigquery_fixture_open(&fixture);
  g_free(body);

  cr_assert_eq(bigquery_fixture_count_requests(&fixture, CREATE), 1);
  request = bigquery_fixture_get_request(&fixture, CREATE, 0);
  body = g_strndup(request->body, request->length);
  cr_assert_not_null(strstr(body, "\"tableId\":\"tickets\""));
  cr_assert_not_null(strstr(body, "\"timePartitioning\":{\"type\":\"DAY\",\"field\":\"time\"}"));
  cr_assert_not_null(strstr(body, "\"clustering\":{\"fields\":[\"team\",\"sender_id\"]}"));
  cr_assert_not_null(strstr(body, "{\"name\": \"attempt\", \"type\": \"INTEGER\", \"mode\": \"NULLABLE\"}"));
  g_free(body);
  cr_assert_eq(fixture.waits->len, 1);
  cr_assert_gt(g_array_index(fixture.waits, gint64, 0), 50 * (gint64) G_USEC_PER_SEC);
}

Test(bigquery_tables, another_collector_may_make_it_first)
{
  bigquery_fixture_make_tables(&fixture, TRUE);
  bigquery_fixture_make_sink(&fixture);
  bigquery_fixture_answer_error(&fixture, GET_TICKETS, 404, "notFound");
  bigquery_fixture_answer_error(&fixture, CREATE, 409, "duplicate");
  bigquery_fixture_open(&fixture);
}

Test(bigquery_tables, a_table_from_the_future_is_waited_for_no_longer_than_a_new_one)
{
  bigquery_fixture_answer(&fixture, GET_TICKETS, 200,
                          "{\"schema\":{\"fields\":[" FORMER "]},\"creationTime\":\"9999999999999\"}");
  bigquery_fixture_open(&fixture);
  cr_assert_leq(g_array_index(fixture.waits, gint64, 0), 60 * (gint64) G_USEC_PER_SEC);
}

Test(bigquery_tables, columns_that_a_table_lacks_are_left_out_with_one_warning)
{
  const Request *request;

  bigquery_fixture_answer(&fixture, GET_TICKETS, 200, SCHEMA(FORMER));
  bigquery_fixture_open(&fixture);
  cr_assert_eq(fixture.n_warnings, 1);
  cr_assert_str_eq(fixture.warning,
                   "the table my-project:jam.tickets has no slot, time_ns, row_id: rows go in without");

  bigquery_fixture_append_ticket(&fixture, 5);
  bigquery_fixture_commit(&fixture);
  request = bigquery_fixture_get_request(&fixture, "insertAll", 0);
  cr_assert_null(g_strstr_len(request->body, request->length, "row_id"));
  cr_assert_not_null(g_strstr_len(request->body, request->length, "\"attempt\":\"5\""));

  jam_bigquery_tables_forget(fixture.live_tables);
  bigquery_fixture_answer(&fixture, GET_TICKETS, 200, SCHEMA(FORMER));
  bigquery_fixture_open(&fixture);
  cr_assert_eq(fixture.n_warnings, 1);
}

Test(bigquery_tables, columns_of_another_type_are_an_error_that_names_both)
{
  bigquery_fixture_answer(&fixture, GET_TICKETS, 200,
                          SCHEMA(FIELD("time", "TIMESTAMP") "," FIELD(
                            "attempt", "STRING") ","
                                                 "{\"name\":\"TEAM\",\"type\":\"STRING\",\"mode\":\"REPEATED\"}"));
  _assert_open_fails(
    JAM_SINK_ERROR_UNAVAILABLE,
    "the table my-project:jam.tickets does not fit: its column team is REPEATED STRING, where rows have "
    "STRING; its column attempt is STRING, where rows have INTEGER");
}

/* Balances do not fit into the INTEGER of older tables, but most of them do. */
Test(bigquery_tables, a_column_for_numbers_without_sign_may_be_of_any_type_that_holds_some)
{
  static const gchar *types[] = { "INTEGER", "INT64", "NUMERIC", "DECIMAL", "BIGNUMERIC", "bigdecimal" };
  const JamTable *table = &jam_tables[jam_table_lookup("services")];

  for (gsize i = 0; i <= G_N_ELEMENTS(types); i++)
    {
      const gchar *type = i < G_N_ELEMENTS(types) ? types[i] : "FLOAT";
      gchar *body = g_strdup_printf(
        "{\"schema\":{\"fields\":[" FIELD("time", "TIMESTAMP") ",{\"name\":\"balance\",\"type\":\"%s\"}]}}", type);
      JamBigQueryLiveTable live;
      gchar *problems = jam_bigquery_live_table_init(&live, table, body, strlen(body));

      if (i < G_N_ELEMENTS(types))
        cr_expect_null(problems, "%s: %s", type, problems);
      else
        cr_expect_str_eq(problems, "its column balance is FLOAT, where rows have NUMERIC");
      jam_bigquery_live_table_clear(&live);
      g_free(problems);
      g_free(body);
    }
}

Test(bigquery_tables, a_required_column_that_is_none_of_ours_is_an_error)
{
  bigquery_fixture_answer(&fixture, GET_TICKETS, 200,
                          SCHEMA(FORMER ",{\"name\":\"shard\",\"type\":\"STRING\",\"mode\":\"REQUIRED\"}"));
  _assert_open_fails(JAM_SINK_ERROR_UNAVAILABLE, "its column shard is REQUIRED, which rows do not have");
}

Test(bigquery_tables, a_table_without_time_is_none_of_ours)
{
  bigquery_fixture_answer(&fixture, GET_TICKETS, 200, SCHEMA(FIELD("team", "STRING")));
  _assert_open_fails(JAM_SINK_ERROR_UNAVAILABLE, "it has no column time");
}

Test(bigquery_tables, a_missing_permission_or_dataset_is_said)
{
  bigquery_fixture_answer_error(&fixture, GET_TICKETS, 403, "accessDenied");
  _assert_open_fails(JAM_SINK_ERROR_UNAVAILABLE, "bigquery.tables.get");

  bigquery_fixture_make_tables(&fixture, TRUE);
  bigquery_fixture_make_sink(&fixture);
  bigquery_fixture_answer_error(&fixture, GET_TICKETS, 404, "notFound");
  bigquery_fixture_answer_error(&fixture, CREATE, 404, "notFound");
  _assert_open_fails(JAM_SINK_ERROR_UNAVAILABLE, "check project(), dataset()");
}

Test(bigquery_tables, an_endpoint_that_does_not_answer_is_asked_again)
{
  bigquery_fixture_answer(&fixture, "GET ", 0, "");
  bigquery_fixture_answer(&fixture, "GET ", 503, "");
  bigquery_fixture_open(&fixture);
  cr_assert_eq(fixture.waits->len, 2);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, "GET "), JAM_N_TABLES + 2);
}

Test(bigquery_tables, a_stop_ends_the_wait)
{
  fixture.stop_after_us = 0;
  bigquery_fixture_answer(&fixture, "GET ", 0, "");
  _assert_open_fails(JAM_SINK_ERROR_STOPPED, "stopped");
}

Test(bigquery_tables, they_are_read_again_after_a_failure)
{
  bigquery_fixture_open(&fixture);
  bigquery_fixture_answer_error(&fixture, "insertAll", 404, "notFound");
  bigquery_fixture_append_ticket(&fixture, 1);
  bigquery_fixture_assert_failure(&fixture, JAM_SINK_ERROR_UNAVAILABLE, "notFound");
  bigquery_fixture_open(&fixture);
  cr_assert_eq(bigquery_fixture_count_requests(&fixture, "GET "), 2 * JAM_N_TABLES);
}
