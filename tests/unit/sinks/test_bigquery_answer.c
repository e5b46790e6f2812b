/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery-answer.h"

#include <criterion/criterion.h>
#include <string.h>

static JamBigQueryAnswer answer;

static gboolean
_read(const gchar *body, guint n_rows)
{
  return jam_bigquery_answer_init(&answer, body, strlen(body), n_rows);
}

static void
_teardown(void)
{
  jam_bigquery_answer_clear(&answer);
}

TestSuite(bigquery_answer, .fini = _teardown);

static const JamBigQueryRowError *
_row_error(guint i)
{
  return &g_array_index(answer.row_errors, JamBigQueryRowError, i);
}

Test(bigquery_answer, without_insert_errors_every_row_is_in)
{
  cr_assert(_read("{\"kind\":\"bigquery#tableDataInsertAllResponse\"}", 3));
  cr_assert_eq(answer.row_errors->len, 0);
  cr_assert_null(answer.reason);
}

Test(bigquery_answer, lists_the_rows_that_are_not_in_in_any_order)
{
  cr_assert(_read("{\"insertErrors\":["
                  "{\"index\":1,\"errors\":[{\"reason\":\"invalid\",\"location\":\"slot\",\"message\":\"no such field: slot.\"},"
                  "{\"reason\":\"timeout\"}]},"
                  "{\"index\":0,\"errors\":[{\"reason\":\"stopped\",\"location\":\"\",\"debugInfo\":\"\",\"message\":\"\"}]}"
                  "]}", 2));
  cr_assert_eq(answer.row_errors->len, 2);
  cr_assert_eq(_row_error(0)->index, 1);
  cr_assert_str_eq(_row_error(0)->reason, "invalid");
  cr_assert_str_eq(_row_error(0)->location, "slot");
  cr_assert_str_eq(_row_error(0)->message, "no such field: slot.");
  cr_assert_eq(_row_error(1)->index, 0);
  cr_assert_str_eq(_row_error(1)->reason, "stopped");
}

Test(bigquery_answer, an_index_of_zero_may_be_left_out_or_be_a_string)
{
  cr_assert(_read("{\"insertErrors\":[{\"errors\":[{\"reason\":\"invalid\"}]},{\"index\":\"1\",\"errors\":[]}]}", 2));
  cr_assert_eq(_row_error(0)->index, 0);
  cr_assert_eq(_row_error(1)->index, 1);
  cr_assert_str_eq(_row_error(1)->reason, "");
}

Test(bigquery_answer, an_entry_for_a_row_that_was_not_sent_is_no_answer)
{
  cr_assert_not(_read("{\"insertErrors\":[{\"index\":2,\"errors\":[{\"reason\":\"invalid\"}]}]}", 2));
}

Test(bigquery_answer, an_entry_that_makes_no_sense_is_no_answer)
{
  cr_assert_not(_read("{\"insertErrors\":[7]}", 2));
}

Test(bigquery_answer, insert_errors_that_are_no_list_are_no_answer)
{
  cr_assert_not(_read("{\"insertErrors\":\"x\"}", 2));
}

Test(bigquery_answer, html_says_nothing)
{
  cr_assert_not(_read("<html><title>413 Request Entity Too Large</title></html>", 2));
  cr_assert_null(answer.reason);
  cr_assert_eq(answer.row_errors->len, 0);
}

Test(bigquery_answer, an_empty_body_says_nothing)
{
  cr_assert_not(_read("", 2));
  cr_assert_null(answer.message);
}

Test(bigquery_answer, an_error_has_the_first_reason_and_the_message)
{
  _read("{\"error\":{\"code\":403,\"message\":\"Access Denied: Table p:d.t\",\"errors\":["
        "{\"domain\":\"global\",\"reason\":\"accessDenied\",\"message\":\"x\"}],\"status\":\"PERMISSION_DENIED\"}}", 2);
  cr_assert_str_eq(answer.reason, "accessDenied");
  cr_assert_str_eq(answer.message, "Access Denied: Table p:d.t");
}

Test(bigquery_answer, an_error_of_another_form_has_no_reason)
{
  _read("{\"error\":\"invalid_grant\",\"error_description\":\"x\"}", 2);
  cr_assert_null(answer.reason);
  cr_assert_null(answer.message);
}
