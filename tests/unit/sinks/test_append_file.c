/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sink-fixture.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static SinkFixture fixture;
static JamAppendFile *file;

static void
_setup(void)
{
  gchar *path;

  sink_fixture_init(&fixture);
  path = sink_fixture_path(&fixture, "table.jsonl");
  file = jam_append_file_new(path, &fixture.opener);
  g_free(path);
}

static void
_teardown(void)
{
  jam_append_file_free(file);
  sink_fixture_clear(&fixture);
}

TestSuite(append_file, .init = _setup, .fini = _teardown);

static void
_gather(const gchar *lines)
{
  jam_buffer_append(&file->batch, lines, strlen(lines));
}

static void
_write_batch(const gchar *lines)
{
  GError *error = NULL;

  _gather(lines);
  cr_assert(jam_append_file_write(file, &error), "%s", error ? error->message : "");
  jam_append_file_forget_batch(file);
}

static void
_assert_write_fails(void)
{
  GError *error = NULL;

  cr_assert_not(jam_append_file_write(file, &error));
  cr_assert_not_null(error);
  cr_assert_eq(error->domain, G_FILE_ERROR);
  cr_assert_not_null(strstr(error->message, file->path), "%s", error->message);
  g_error_free(error);
}

Test(append_file, batches_stand_behind_what_the_file_holds)
{
  sink_fixture_set_content(&fixture, "table.jsonl", "{\"a\":1}\n");
  _write_batch("{\"a\":2}\n");
  _write_batch("{\"a\":3}\n{\"a\":4}\n");
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{\"a\":4}\n");
  cr_assert_eq(fixture.n_opened, 1);
}

Test(append_file, a_batch_that_does_not_fit_leaves_nothing_behind)
{
  _write_batch("{\"a\":1}\n");
  sink_fixture_limit_file_size(12);
  _gather("{\"a\":2}\n{\"a\":3}\n");
  _assert_write_fails();
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\n");

  sink_fixture_limit_file_size(-1);
  jam_append_file_forget_batch(file);
  _write_batch("{\"a\":2}\n");
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\n{\"a\":2}\n");
}

Test(append_file, a_written_batch_can_be_taken_back)
{
  _write_batch("{\"a\":1}\n");
  _gather("{\"a\":2}\n");
  cr_assert(jam_append_file_write(file, NULL));
  jam_append_file_take_back(file);
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\n");
}

Test(append_file, only_a_batch_that_is_not_finished_can_be_taken_back)
{
  _write_batch("{\"a\":1}\n");
  jam_append_file_take_back(file);
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\n");
}

Test(append_file, the_rest_of_a_batch_that_could_not_be_cut_is_cut_before_the_next_write)
{
  gint fd;

  _write_batch("{\"a\":1}\n");
  _gather("{\"a\":2}\n");
  cr_assert(jam_append_file_write(file, NULL));

  /* a descriptor that cannot be cut stands in for a failing disk */
  fd = file->fd;
  file->fd = -1;
  jam_append_file_take_back(file);
  file->fd = fd;
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\n{\"a\":2}\n");

  jam_append_file_close(file);
  jam_append_file_forget_batch(file);
  _write_batch("{\"a\":3}\n");
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\n{\"a\":3}\n");
}

Test(append_file, a_file_that_was_moved_away_is_made_anew)
{
  gchar *moved = sink_fixture_path(&fixture, "moved");

  _write_batch("{\"a\":1}\n");
  g_rename(file->path, moved);
  _write_batch("{\"a\":2}\n");
  sink_fixture_assert_content(&fixture, "moved", "{\"a\":1}\n");
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":2}\n");
  g_free(moved);
}

Test(append_file, a_file_that_was_deleted_is_made_anew)
{
  _write_batch("{\"a\":1}\n");
  g_unlink(file->path);
  _write_batch("{\"a\":2}\n");
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":2}\n");
}

Test(append_file, the_unfinished_line_of_a_crash_is_cut_off)
{
  sink_fixture_set_content(&fixture, "table.jsonl", "{\"a\":1}\n{\"a\":");
  _write_batch("{\"a\":2}\n");
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\n{\"a\":2}\n");
  cr_assert_eq(fixture.n_warnings, 1);
}

Test(append_file, an_unfinished_line_longer_than_a_chunk_is_cut_off)
{
  gchar *blob = g_strnfill(200000, 'a');
  gchar *content = g_strconcat("{\"a\":1}\n{\"a\":\"", blob, NULL);

  sink_fixture_set_content(&fixture, "table.jsonl", content);
  _write_batch("{\"a\":2}\n");
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\n{\"a\":2}\n");
  g_free(content);
  g_free(blob);
}

Test(append_file, a_whole_line_without_its_end_is_kept)
{
  sink_fixture_set_content(&fixture, "table.jsonl", "{\"a\":1}");
  _write_batch("{\"a\":2}\n");
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\n{\"a\":2}\n");
  cr_assert_eq(fixture.n_warnings, 1);
}

Test(append_file, a_last_line_that_is_no_row_is_kept)
{
  sink_fixture_set_content(&fixture, "table.jsonl", "{\"a\":1}\nnot ours");
  _write_batch("{\"a\":2}\n");
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\nnot ours\n{\"a\":2}\n");
}

static void
_set_bytes(const gchar *bytes, gsize length)
{
  cr_assert(g_file_set_contents(file->path, bytes, length, NULL));
}

Test(append_file, zeros_that_a_power_cut_left_are_cut_off)
{
  _set_bytes("{\"a\":1}\n\0\0\0\0", 12);
  _write_batch("{\"a\":2}\n");
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\n{\"a\":2}\n");
}

Test(append_file, whole_lines_behind_a_zero_are_kept)
{
  static const gchar lines[] = "{\"a\":1}\n\0\n{\"a\":2}\n";
  gchar *content;
  gsize length;

  _set_bytes(lines, sizeof(lines) - 1);
  _write_batch("{\"a\":3}\n");
  cr_assert(g_file_get_contents(file->path, &content, &length, NULL));
  cr_assert_eq(length, sizeof(lines) - 1 + strlen("{\"a\":3}\n"));
  cr_assert_eq(fixture.n_warnings, 0);
  g_free(content);
}

Test(append_file, a_written_batch_stays_if_another_writer_added_to_the_unlocked_file)
{
  JamAppendFile *other = jam_append_file_new(file->path, &fixture.opener);

  _gather("{\"a\":1}\n");
  cr_assert(jam_append_file_write(file, NULL));
  jam_append_file_unlock(file);
  jam_buffer_append(&other->batch, "{\"b\":1}\n", 8);
  cr_assert(jam_append_file_write(other, NULL));
  jam_append_file_free(other);
  jam_append_file_take_back(file);
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\n{\"b\":1}\n");
}

Test(append_file, a_torn_batch_is_cut_when_the_file_is_closed)
{
  _write_batch("{\"a\":1}\n");
  _gather("{\"a\":2}\n");
  cr_assert(jam_append_file_write(file, NULL));
  file->torn_offset = 8;
  file->torn_end = 16;
  jam_append_file_close(file);
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\n");
}

Test(append_file, what_somebody_added_behind_a_torn_batch_is_not_cut_and_a_warning_says_so)
{
  _write_batch("{\"a\":1}\n");
  _gather("{\"a\":2}\n{\"b\":1}\n");
  cr_assert(jam_append_file_write(file, NULL));
  file->torn_offset = 8;
  file->torn_end = 16;
  jam_append_file_close(file);
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"b\":1}\n");
  cr_assert_eq(fixture.n_warnings, 1);
}

/* As after `> FILE`: what was there is not made longer again. */
Test(append_file, a_torn_batch_that_somebody_has_cut_is_left_alone)
{
  struct stat st;

  _write_batch("{\"a\":1}\n");
  file->is_locked = TRUE;
  file->torn_offset = 100;
  file->torn_end = 200;
  jam_append_file_close(file);
  cr_assert_eq(stat(file->path, &st), 0);
  cr_assert_eq(st.st_size, 8);
  cr_assert_eq(fixture.n_warnings, 0);
}

Test(append_file, a_file_in_use_by_another_writer_is_an_error_and_stays_as_it_is)
{
  JamAppendFile *other = jam_append_file_new(file->path, &fixture.opener);

  _write_batch("{\"a\":1}\n");
  jam_buffer_append(&other->batch, "x\n", 2);
  cr_assert_not(jam_append_file_write(other, NULL));
  sink_fixture_assert_content(&fixture, "table.jsonl", "{\"a\":1}\n");

  jam_append_file_close(file);
  cr_assert(jam_append_file_write(other, NULL));
  jam_append_file_free(other);
}

Test(append_file, a_directory_in_the_files_place_is_an_error)
{
  g_mkdir(file->path, 0700);
  _gather("{\"a\":1}\n");
  _assert_write_fails();
}

Test(append_file, a_pipe_in_the_files_place_is_an_error)
{
  cr_assert_eq(mkfifo(file->path, 0600), 0);
  _gather("{\"a\":1}\n");
  _assert_write_fails();
}

static guint n_synced_directories;
/* what happens to the directory with this number, from 1 */
static guint failing_directory;
static gint failing_errno;

static gint
_sync_directory(gint fd G_GNUC_UNUSED)
{
  n_synced_directories++;
  errno = failing_errno;
  return n_synced_directories == failing_directory ? -1 : 0;
}

static void
_count_synced_directories(void)
{
  static JamFileOperations operations;

  operations = jam_file_operations;
  operations.sync_directory = _sync_directory;
  fixture.opener.operations = &operations;
  failing_directory = 0;
}

static guint
_write_and_sync(void)
{
  n_synced_directories = 0;
  _gather("{\"a\":1}\n");
  cr_assert(jam_append_file_write(file, NULL));
  cr_assert(jam_append_file_sync(file, NULL));
  jam_append_file_forget_batch(file);
  return n_synced_directories;
}

Test(append_file, the_directories_of_a_file_are_synced_once)
{
  _count_synced_directories();
  cr_assert_gt(_write_and_sync(), 1);
  cr_assert_eq(_write_and_sync(), 0);
  jam_append_file_close(file);
  cr_assert_eq(_write_and_sync(), 0);
  cr_assert_eq(g_remove(file->path), 0);
  cr_assert_gt(_write_and_sync(), 1);
}

/* The program may have been started anew, and have had no need of it before. */
Test(append_file, the_directories_of_a_file_that_is_there_are_synced)
{
  sink_fixture_set_content(&fixture, "blocks.jsonl", "{\"a\":0}\n");
  _count_synced_directories();
  cr_assert_gt(_write_and_sync(), 1);
}

static gboolean
_write_and_sync_with_failure(guint directory, gint error_number)
{
  _count_synced_directories();
  n_synced_directories = 0;
  failing_directory = directory;
  failing_errno = error_number;
  _gather("{\"a\":1}\n");
  return jam_append_file_write(file, NULL) && jam_append_file_sync(file, NULL);
}

Test(append_file, a_directory_that_cannot_be_synced_is_an_error)
{
  cr_assert_not(_write_and_sync_with_failure(1, EROFS));
}

Test(append_file, a_directory_above_that_fails_to_sync_is_an_error)
{
  cr_assert_not(_write_and_sync_with_failure(2, EIO));
}

Test(append_file, a_directory_above_that_knows_no_syncing_is_none)
{
  cr_assert(_write_and_sync_with_failure(2, EROFS));
}
