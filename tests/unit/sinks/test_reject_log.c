/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sink-fixture.h"
#include "files/reject-log.h"

#include <criterion/criterion.h>

static SinkFixture fixture;
static JamRejectLog *reject_log;

static const JamRejectOrigin origin = { .received = "2025-06-01T00:00:00+00:00", .host = "node\"0" };

static void
_setup(void)
{
  gchar *path;

  sink_fixture_init(&fixture);
  path = sink_fixture_path(&fixture, "rejected.jsonl");
  reject_log = jam_reject_log_new(path, &fixture.opener);
  g_free(path);
}

static void
_teardown(void)
{
  jam_reject_log_free(reject_log);
  sink_fixture_clear(&fixture);
}

TestSuite(reject_log, .init = _setup, .fini = _teardown);

static void
_add(const gchar *message, gsize length)
{
  JamReject reject;

  jam_reject_set(&reject, JAM_REJECT_INVALID_HEX, "signature has an odd number of hex digits");
  reject.table = "tickets";
  reject.column = "signature";
  jam_reject_log_add(reject_log, &origin, &reject, message, length);
}

#define ENTRY_START \
  "{\"received\":\"2025-06-01T00:00:00+00:00\",\"host\":\"node\\\"0\"," \
  "\"reason\":\"invalid-hex: signature has an odd number of hex digits\"," \
  "\"table\":\"tickets\",\"column\":\"signature\",\"message\":"

Test(reject_log, an_entry_says_where_from_why_and_what)
{
  _add("{\"a\":\t1}", 8);
  cr_assert(jam_reject_log_write(reject_log, NULL));
  jam_reject_log_finish(reject_log);
  sink_fixture_assert_content(&fixture, "rejected.jsonl", ENTRY_START "\"{\\\"a\\\":\\t1}\"}\n");
}

Test(reject_log, bytes_that_are_no_utf8_are_kept_as_base64)
{
  _add("\xFF\x00!", 3);
  cr_assert(jam_reject_log_write(reject_log, NULL));
  jam_reject_log_finish(reject_log);
  sink_fixture_assert_content(&fixture, "rejected.jsonl",
                              ENTRY_START "\"\xEF\xBF\xBD\\u0000!\",\"message_base64\":\"/wAh\"}\n");
}

Test(reject_log, nulls_stand_for_what_is_not_known)
{
  JamReject reject;

  jam_reject_set(&reject, JAM_REJECT_INVALID_JSON, "x");
  jam_reject_log_add(reject_log, &(JamRejectOrigin){ NULL, NULL }, &reject, "", 0);
  cr_assert(jam_reject_log_write(reject_log, NULL));
  jam_reject_log_finish(reject_log);
  sink_fixture_assert_content(&fixture, "rejected.jsonl",
                              "{\"received\":null,\"host\":null,\"reason\":\"invalid-json: x\",\"table\":null,"
                              "\"column\":null,\"message\":\"\"}\n");
}

Test(reject_log, without_entries_there_is_no_file)
{
  gchar *path = sink_fixture_path(&fixture, "rejected.jsonl");

  cr_assert(jam_reject_log_write(reject_log, NULL));
  cr_assert_not(g_file_test(path, G_FILE_TEST_EXISTS));
  g_free(path);
}

Test(reject_log, a_written_batch_can_be_taken_back)
{
  _add("1", 1);
  cr_assert(jam_reject_log_write(reject_log, NULL));
  jam_reject_log_take_back(reject_log);
  sink_fixture_assert_content(&fixture, "rejected.jsonl", "");
  cr_assert_eq(jam_reject_log_batch_bytes(reject_log), 0);
}

Test(reject_log, a_full_disk_leaves_no_part_of_an_entry)
{
  GError *error = NULL;

  sink_fixture_limit_file_size(10);
  _add("1", 1);
  cr_assert_not(jam_reject_log_write(reject_log, &error));
  cr_assert_not_null(error);
  g_error_free(error);
  jam_reject_log_finish(reject_log);
  sink_fixture_assert_content(&fixture, "rejected.jsonl", "");
}

Test(reject_log, two_logs_can_share_a_file)
{
  gchar *path = sink_fixture_path(&fixture, "rejected.jsonl");
  JamRejectLog *other = jam_reject_log_new(path, &fixture.opener);
  JamReject reject;

  _add("1", 1);
  cr_assert(jam_reject_log_write(reject_log, NULL));
  jam_reject_log_finish(reject_log);
  jam_reject_set(&reject, JAM_REJECT_INVALID_JSON, "x");
  jam_reject_log_add(other, &origin, &reject, "2", 1);
  cr_assert(jam_reject_log_write(other, NULL));
  jam_reject_log_finish(other);
  _add("3", 1);
  cr_assert(jam_reject_log_write(reject_log, NULL));
  sink_fixture_assert_content(&fixture, "rejected.jsonl",
                              ENTRY_START "\"1\"}\n"
                                          "{\"received\":\"2025-06-01T00:00:00+00:00\",\"host\":\"node\\\"0\","
                                          "\"reason\":\"invalid-json: x\",\"table\":null,\"column\":null,"
                                          "\"message\":\"2\"}\n" ENTRY_START "\"3\"}\n");
  jam_reject_log_free(other);
  g_free(path);
}
