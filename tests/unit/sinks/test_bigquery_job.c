/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-job.h"
#include "languages.h"
#include "small-stack.h"

#include <criterion/criterion.h>
#include <string.h>

static JamBigQueryJob job;

static void
_read(const gchar *body)
{
  jam_bigquery_job_init(&job, body, strlen(body));
}

static void
_teardown(void)
{
  jam_bigquery_job_clear(&job);
}

TestSuite(bigquery_job, .fini = _teardown);

Test(bigquery_job, a_job_s_error_may_be_in_any_language)
{
  for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
    {
      gchar *body = g_strdup_printf("{\"jobReference\":{\"location\":\"EU\"},\"status\":{\"state\":\"DONE\","
                                    "\"errorResult\":{\"reason\":\"invalid\",\"message\":\"%s\"}}}",
                                    languages[i]);

      _read(body);
      cr_assert(job.is_done);
      cr_assert_eq(jam_bigquery_job_get_outcome(&job), JAM_BIGQUERY_JOB_REJECT);
      cr_assert_str_eq(jam_bigquery_job_get_words(&job), languages[i]);
      cr_assert_str_eq(job.location, "EU");
      jam_bigquery_job_clear(&job);
      g_free(body);
    }
  _read("{}");
}

Test(bigquery_job, an_error_that_is_null_is_none)
{
  _read("{\"status\":{\"state\":\"DONE\",\"errorResult\":null}}");
  cr_assert_eq(jam_bigquery_job_get_outcome(&job), JAM_BIGQUERY_JOB_SUCCEEDED);
}

Test(bigquery_job, bytes_that_are_not_utf_8_are_no_job)
{
  _read("{\"status\":{\"state\":\"DONE\",\"errorResult\":{\"reason\":\"invalid\",\"message\":\"\xFC\"}}}");
  cr_assert_not(job.is_there);
  cr_assert_not(job.is_done);
}

static void
_assert_brackets_are_no_job(void *unused G_GNUC_UNUSED)
{
  gchar *brackets = g_strnfill(100000, '[');
  gchar *body = g_strconcat("{\"status\":{\"state\":\"DONE\"},\"a\":", brackets, NULL);

  _read(body);
  cr_assert_not(job.is_there);
  g_free(body);
  g_free(brackets);
}

Test(bigquery_job, brackets_without_end_are_no_job)
{
  small_stack_run(_assert_brackets_are_no_job, NULL);
}
