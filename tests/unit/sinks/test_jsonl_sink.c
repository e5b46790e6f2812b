/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sink-fixture.h"
#include "sinks/jsonl/jsonl-sink.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>

#define TIME "\"time\":\"2025-06-01T00:00:00Z\""
#define TICKET "{" TIME ",\"msg_type\":131,\"json_encoded\":{\"attempt\":%d,\"signature\":\"0x\"}}"
#define SERVICE "{" TIME ",\"msg_type\":143,\"json_encoded\":{\"service_index\":%d}}"
#define STATISTICS \
  "{" TIME ",\"msg_type\":13,\"json_encoded\":{\"vals_current\":[{}]," \
  "\"cores\":[{\"gas_used\":%d}]}}"

static SinkFixture fixture;
static JamTableSelection tables;
static JamSink *sink;
static JamMessage *message;

static gchar *journal_path;

static void
_make_sink(gboolean fsync)
{
  JamJsonlSinkOptions options = {
    .dialect = JAM_DIALECT_DUNE,
    .fsync = fsync,
    .tables = &tables,
    .opener = &fixture.opener,
    .journal_path = journal_path,
    .journal_layout = "",
  };

  sink = jam_jsonl_sink_new(&options);
}

static void
_setup(void)
{
  sink_fixture_init(&fixture);
  jam_table_selection_init(&tables);
  message = jam_message_new();
  journal_path = jam_journal_path(fixture.directory, "test");
  _make_sink(FALSE);
}

static void
_teardown(void)
{
  jam_sink_free(sink);
  jam_message_free(message);
  g_free(journal_path);
  jam_table_selection_clear(&tables);
  sink_fixture_clear(&fixture);
}

TestSuite(jsonl_sink, .init = _setup, .fini = _teardown);

static JamSinkResult
_append_to(const gchar *directory, const gchar *format, gint value, JamReject *reject)
{
  gchar *text = g_strdup_printf(format, value);
  GError *error = NULL;
  JamSinkResult result;

  cr_assert(jam_message_read(message, text, strlen(text), NULL, reject), "%s", reject->text);
  result = jam_sink_append(sink, message, directory, reject, &error);
  g_clear_error(&error);
  g_free(text);
  return result;
}

static void
_append(const gchar *format, gint value)
{
  JamReject reject;

  cr_assert_eq(_append_to(fixture.directory, format, value, &reject), JAM_SINK_APPENDED);
}

static void
_commit(void)
{
  GError *error = NULL;

  cr_assert(jam_sink_commit(sink, &error), "%s", error ? error->message : "");
  jam_sink_finish_batch(sink);
}

static void
_assert_commit_fails(void)
{
  GError *error = NULL;

  cr_assert_not(jam_sink_commit(sink, &error));
  cr_assert_not_null(error);
  g_error_free(error);
  jam_sink_drop_batch(sink);
}

/* Returns the number of lines in the table's file, 0 if there is none. */
static guint
_count_lines(const gchar *directory, const gchar *table)
{
  gchar *path = g_strdup_printf("%s/%s.jsonl", directory, table);
  gchar *content = NULL;
  guint n_lines = 0;

  if (g_file_get_contents(path, &content, NULL, NULL))
    {
      for (const gchar *p = content; (p = strchr(p, '\n')); p++)
        n_lines++;
      cr_assert(n_lines == 0 ? !*content : g_str_has_suffix(content, "\n"));
    }
  g_free(content);
  g_free(path);
  return n_lines;
}

static void
_assert_rows(const gchar *table, guint n_rows)
{
  cr_assert_eq(_count_lines(fixture.directory, table), n_rows, "%s has %u rows, not %u", table,
               _count_lines(fixture.directory, table), n_rows);
}

Test(jsonl_sink, rows_are_in_the_files_after_commit_and_not_before)
{
  _append(TICKET, 1);
  _append(STATISTICS, 2);
  _assert_rows("tickets", 0);
  _commit();
  _assert_rows("tickets", 1);
  _assert_rows("validatorstatistics", 1);
  _assert_rows("corestatistics", 1);
}

Test(jsonl_sink, rows_of_the_batch_are_counted_by_table)
{
  _append(TICKET, 1);
  _append(TICKET, 2);
  _append(STATISTICS, 3);
  cr_assert_eq(sink->batch_rows[jam_table_lookup("tickets")], 2);
  cr_assert_eq(sink->batch_rows[jam_table_lookup("validatorstatistics")], 1);
  cr_assert_eq(sink->batch_rows[jam_table_lookup("servicestatistics")], 0);
  _commit();
  cr_assert_eq(sink->batch_rows[jam_table_lookup("tickets")], 0);
}

Test(jsonl_sink, a_dropped_batch_leaves_nothing)
{
  _append(TICKET, 1);
  jam_sink_drop_batch(sink);
  _commit();
  _assert_rows("tickets", 0);
}

Test(jsonl_sink, a_rejected_message_leaves_no_row_in_any_table)
{
  JamReject reject;

  _append(STATISTICS, 1);
  cr_assert_eq(_append_to(fixture.directory,
                          "{" TIME ",\"msg_type\":13,\"json_encoded\":"
                          "{\"vals_current\":[{}],\"cores\":[{\"gas_used\":1.5}]}}",
                          0, &reject),
               JAM_SINK_REJECTED);
  cr_assert_str_eq(reject.table, "corestatistics");
  _append(STATISTICS, 2);
  _commit();
  _assert_rows("validatorstatistics", 2);
  _assert_rows("corestatistics", 2);
}

/* One table's file has room for the batch, the other's has not. */
Test(jsonl_sink, a_batch_that_fails_in_one_file_is_taken_back_in_all)
{
  _append(TICKET, 1);
  _append(SERVICE, 1);
  _commit();

  sink_fixture_limit_file_size(2000);
  _append(SERVICE, 2);
  for (gint i = 0; i < 100; i++)
    _append(TICKET, i);
  _assert_commit_fails();
  _assert_rows("tickets", 1);
  _assert_rows("services", 1);

  sink_fixture_limit_file_size(-1);
  _append(SERVICE, 2);
  for (gint i = 0; i < 100; i++)
    _append(TICKET, i);
  _commit();
  _assert_rows("tickets", 101);
  _assert_rows("services", 2);
}

Test(jsonl_sink, disabled_tables_get_no_rows)
{
  tables.enabled[jam_table_lookup("corestatistics")] = FALSE;
  _append(STATISTICS, 1);
  _commit();
  _assert_rows("validatorstatistics", 1);
  _assert_rows("corestatistics", 0);
}

Test(jsonl_sink, tables_can_have_other_names)
{
  gint index = jam_table_lookup("tickets");

  g_free(tables.names[index]);
  tables.names[index] = g_strdup("lots");
  _append(TICKET, 1);
  _commit();
  _assert_rows("lots", 1);
}

Test(jsonl_sink, every_partition_has_files_of_its_own)
{
  gchar *one = g_build_filename(fixture.directory, "one", NULL);
  gchar *two = g_build_filename(fixture.directory, "deep", "two", NULL);
  JamReject reject;

  for (gint i = 0; i < 3; i++)
    {
      cr_assert_eq(_append_to(one, TICKET, i, &reject), JAM_SINK_APPENDED);
      cr_assert_eq(_append_to(two, TICKET, i, &reject), JAM_SINK_APPENDED);
    }
  _commit();
  cr_assert_eq(_count_lines(one, "tickets"), 3);
  cr_assert_eq(_count_lines(two, "tickets"), 3);
  g_free(one);
  g_free(two);
}

static guint
_count_open_files(void)
{
  GDir *dir = g_dir_open("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name(dir))
    n++;
  g_dir_close(dir);
  return n;
}

Test(jsonl_sink, a_few_hundred_files_are_open_at_the_most)
{
  guint at_start = _count_open_files();
  JamReject reject;

  for (gint i = 0; i < 1000; i++)
    {
      gchar *directory = g_strdup_printf("%s/%d", fixture.directory, i);
      cr_assert_eq(_append_to(directory, TICKET, i, &reject), JAM_SINK_APPENDED);
      if (jam_sink_wants_commit(sink))
        _commit();
      cr_assert_leq(_count_open_files(), at_start + 256);
      g_free(directory);
    }
  _commit();
  for (gint i = 0; i < 1000; i++)
    {
      gchar *directory = g_strdup_printf("%s/%d", fixture.directory, i);
      cr_assert_eq(_count_lines(directory, "tickets"), 1);
      g_free(directory);
    }
}

Test(jsonl_sink, idle_files_are_closed_and_opened_again_when_needed)
{
  guint at_start = _count_open_files();

  _append(TICKET, 1);
  _commit();
  cr_assert_eq(_count_open_files(), at_start + 1);
  jam_sink_release_idle(sink, 0);
  cr_assert_eq(_count_open_files(), at_start);
  _append(TICKET, 2);
  _commit();
  _assert_rows("tickets", 2);
}

Test(jsonl_sink, files_with_rows_in_the_batch_are_not_idle)
{
  guint at_start = _count_open_files();

  _append(TICKET, 1);
  jam_sink_release_idle(sink, 0);
  cr_assert_eq(_count_open_files(), at_start + 1);
  _commit();
  _assert_rows("tickets", 1);
  jam_sink_release_idle(sink, 0);
  cr_assert_eq(_count_open_files(), at_start);
}

Test(jsonl_sink, a_directory_that_cannot_be_made_fails_and_loses_nothing)
{
  gchar *in_the_way = sink_fixture_path(&fixture, "file");
  gchar *directory = g_build_filename(in_the_way, "below", NULL);
  JamReject reject;

  sink_fixture_set_content(&fixture, "file", "");
  cr_assert_eq(_append_to(directory, TICKET, 1, &reject), JAM_SINK_FAILED);
  jam_sink_drop_batch(sink);
  g_unlink(in_the_way);
  cr_assert_eq(_append_to(directory, TICKET, 1, &reject), JAM_SINK_APPENDED);
  _commit();
  cr_assert_eq(_count_lines(directory, "tickets"), 1);
  g_free(directory);
  g_free(in_the_way);
}

Test(jsonl_sink, a_large_batch_asks_to_be_committed)
{
  gchar *blob = g_strnfill(1024 * 1024, 'a');
  gchar *format = g_strconcat("{" TIME ",\"msg_type\":142,\"json_encoded\":{\"requester\":%d,\"blob\":\"0x", blob,
                              "\"}}", NULL);

  for (gint i = 0; i < 7; i++)
    {
      _append(format, i);
      cr_assert_not(jam_sink_wants_commit(sink));
    }
  _append(format, 7);
  cr_assert(jam_sink_wants_commit(sink));
  _commit();
  cr_assert_not(jam_sink_wants_commit(sink));
  g_free(format);
  g_free(blob);
}

Test(jsonl_sink, rows_can_be_synced_to_disk)
{
  jam_sink_free(sink);
  _make_sink(TRUE);
  _append(STATISTICS, 1);
  _commit();
  _assert_rows("validatorstatistics", 1);
}
