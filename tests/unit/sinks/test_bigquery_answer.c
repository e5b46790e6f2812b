/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-answer.h"
#include "languages.h"
#include "small-stack.h"

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
  cr_assert(_read(
    "{\"insertErrors\":["
    "{\"index\":1,\"errors\":[{\"reason\":\"invalid\",\"location\":\"slot\",\"message\":\"no such field: slot.\"},"
    "{\"reason\":\"timeout\"}]},"
    "{\"index\":0,\"errors\":[{\"reason\":\"stopped\",\"location\":\"\",\"debugInfo\":\"\",\"message\":\"\"}]}"
    "]}",
    2));
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
        "{\"domain\":\"global\",\"reason\":\"accessDenied\",\"message\":\"x\"}],\"status\":\"PERMISSION_DENIED\"}}",
        2);
  cr_assert_str_eq(answer.reason, "accessDenied");
  cr_assert_str_eq(answer.message, "Access Denied: Table p:d.t");
}

Test(bigquery_answer, an_error_of_another_form_has_no_reason)
{
  _read("{\"error\":\"invalid_grant\",\"error_description\":\"x\"}", 2);
  cr_assert_null(answer.reason);
  cr_assert_null(answer.message);
}

Test(bigquery_answer, a_row_s_error_may_be_in_any_language)
{
  for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
    {
      gchar *body = g_strdup_printf(
        "{\"insertErrors\":[{\"index\":1,\"errors\":[{\"reason\":\"invalid\",\"location\":\"%s\","
        "\"message\":\"%s\"}]}]}",
        languages[i], languages[i]);

      cr_assert(_read(body, 2), "%s", body);
      cr_assert_str_eq(_row_error(0)->location, languages[i]);
      cr_assert_str_eq(_row_error(0)->message, languages[i]);
      jam_bigquery_answer_clear(&answer);
      g_free(body);
    }
  _read("{}", 1);
}

Test(bigquery_answer, an_error_of_the_request_may_be_in_any_language)
{
  for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
    {
      gchar *body = g_strdup_printf("{\"error\":{\"message\":\"%s\",\"errors\":[{\"reason\":\"invalid\"}]}}",
                                    languages[i]);

      cr_assert_not(_read(body, 2));
      cr_assert_str_eq(answer.reason, "invalid");
      cr_assert_str_eq(answer.message, languages[i]);
      jam_bigquery_answer_clear(&answer);
      g_free(body);
    }
  _read("{}", 1);
}

Test(bigquery_answer, words_that_were_cut_within_a_letter_are_understood)
{
  cr_assert(
    _read("{\"insertErrors\":[{\"index\":0,\"errors\":[{\"reason\":\"invalid\",\"message\":\"x \\ud83d\"}]}]}", 1));
  cr_assert_str_eq(_row_error(0)->reason, "invalid");
  cr_assert_str_eq(_row_error(0)->message, "x \uFFFD");
}

Test(bigquery_answer, an_index_that_no_row_can_have_is_no_answer)
{
  static const gchar *const indexes[] = {
    "-1",
    "\"-1\"",
    "1.0",
    "1e0",
    "true",
    "\"\"",
    "\"x\"",
    "4294967296",
    "\"4294967296\"",
    "18446744073709551616",
    "\"18446744073709551616\"",
    "-18446744073709551616",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(indexes); i++)
    {
      gchar *body = g_strdup_printf("{\"insertErrors\":[{\"index\":%s,\"errors\":[{\"reason\":\"invalid\"}]}]}",
                                    indexes[i]);

      cr_assert_not(_read(body, G_MAXUINT), "%s", body);
      jam_bigquery_answer_clear(&answer);
      g_free(body);
    }
  _read("{}", 1);
}

Test(bigquery_answer, of_two_lists_the_last_counts)
{
  cr_assert(
    _read("{\"insertErrors\":[{\"index\":0,\"errors\":[]}],\"insertErrors\":[{\"index\":1,\"errors\":[]}]}", 2));
  cr_assert_eq(answer.row_errors->len, 1);
  cr_assert_eq(_row_error(0)->index, 1);
}

Test(bigquery_answer, bytes_that_are_not_utf_8_say_nothing)
{
  cr_assert_not(
    _read("{\"insertErrors\":[{\"index\":0,\"errors\":[{\"reason\":\"invalid\",\"message\":\"\xFC\"}]}]}", 1));
  cr_assert_eq(answer.row_errors->len, 0);
}

static void
_assert_brackets_say_nothing(void *unused G_GNUC_UNUSED)
{
  gchar *brackets = g_strnfill(100000, '[');
  gchar *body = g_strconcat("{\"error\":{\"message\":\"x\"},\"insertErrors\":", brackets, NULL);

  cr_assert_not(_read(body, 1));
  cr_assert_null(answer.message);
  g_free(body);
  g_free(brackets);
}

Test(bigquery_answer, brackets_without_end_say_nothing)
{
  small_stack_run(_assert_brackets_say_nothing, NULL);
}
