/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The journal as the sink uses it. What crashes leave is in test_crash_states.c.
 */
#include "numbered-rows.h"
#include "sink-fixture.h"
#include "sinks/jsonl/journal-format.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WINDOW 1000

static SinkFixture fixture;
static NumberedRows rows;

static void
_open_in(const gchar *directory)
{
  numbered_rows_init(&rows, directory, &fixture.opener, FALSE, WINDOW);
}

static void
_open(void)
{
  _open_in(fixture.directory);
}

static void
_reopen_in(const gchar *directory)
{
  numbered_rows_clear(&rows);
  _open_in(directory);
}

static void
_reopen(void)
{
  _reopen_in(fixture.directory);
}

static void
_setup(void)
{
  sink_fixture_init(&fixture);
  _open();
}

static void
_teardown(void)
{
  numbered_rows_clear(&rows);
  sink_fixture_clear(&fixture);
}

TestSuite(journal, .init = _setup, .fini = _teardown);

static void
_write(guint first, guint last)
{
  cr_assert(numbered_rows_write(&rows, first, last));
}

static void
_assert_holds(guint last)
{
  gchar *fault = numbered_rows_find_fault(fixture.directory, last);

  cr_assert_null(fault, "%s", fault);
}

static gsize
_size(const gchar *path)
{
  struct stat st;

  cr_assert_eq(stat(path, &st), 0);
  return st.st_size;
}

static gchar *
_read(const gchar *path, gsize *length)
{
  gchar *content;

  cr_assert(g_file_get_contents(path, &content, length, NULL));
  return content;
}

/* Takes the last outcome off the journal, as if the program had been killed before. */
static void
_forget_outcome(void)
{
  cr_assert_eq(truncate(rows.journal_path, _size(rows.journal_path) - 32), 0);
}

static void
_append_text(const gchar *name, const gchar *text)
{
  gchar *path = sink_fixture_path(&fixture, name);
  FILE *file = fopen(path, "a");

  cr_assert_not_null(file);
  fputs(text, file);
  fclose(file);
  g_free(path);
}

static void
_cut(const gchar *name, gsize n_bytes)
{
  gchar *path = sink_fixture_path(&fixture, name);

  cr_assert_eq(truncate(path, _size(path) - n_bytes), 0);
  g_free(path);
}

static void
_move(const gchar *from, const gchar *to)
{
  gchar *from_path = sink_fixture_path(&fixture, from);
  gchar *to_path = sink_fixture_path(&fixture, to);

  cr_assert_eq(g_rename(from_path, to_path), 0);
  g_free(from_path);
  g_free(to_path);
}

Test(journal, what_comes_again_is_written_once)
{
  _write(0, 8);
  _write(3, 11);
  cr_assert_eq(rows.n_suppressed, 6);
  _assert_holds(11);
}

Test(journal, what_is_known_opens_no_file)
{
  guint n_opened;

  _write(0, 8);
  jam_sink_release_idle(rows.sink, 0);
  n_opened = fixture.n_opened;
  _write(0, 8);
  cr_assert_eq(fixture.n_opened, n_opened);
}

Test(journal, what_comes_twice_in_a_batch_is_written_once)
{
  JamReject reject;
  static const gchar text[] = "{\"time\":\"2025-06-01T00:00:00Z\",\"elapsed\":0,\"msg_type\":131,"
                              "\"json_encoded\":{\"attempt\":1,\"signature\":\"0x\"}}";

  for (gint i = 0; i < 2; i++)
    {
      cr_assert(jam_message_read(rows.message, text, strlen(text), NULL, &reject));
      cr_assert_eq(jam_sink_append(rows.sink, rows.message, fixture.directory, &reject, NULL),
                   i == 0 ? JAM_SINK_APPENDED : JAM_SINK_SUPPRESSED);
    }
  cr_assert(jam_sink_commit(rows.sink, NULL));
  jam_sink_finish_batch(rows.sink);
  _assert_holds(0);
}

Test(journal, a_batch_that_was_dropped_is_written_when_it_comes_again)
{
  sink_fixture_limit_file_size(100);
  cr_assert_not(numbered_rows_write(&rows, 0, 8));
  sink_fixture_limit_file_size(-1);
  _write(0, 8);
  cr_assert_eq(rows.n_suppressed, 0);
  _assert_holds(8);
}

Test(journal, what_is_known_is_known_after_a_restart)
{
  _write(0, 8);
  _reopen();
  _write(0, 11);
  cr_assert_eq(rows.n_suppressed, 9);
  _assert_holds(11);
  cr_assert_eq(fixture.n_warnings, 0);
}

Test(journal, its_size_is_bounded_and_its_latest_messages_are_known)
{
  for (guint i = 0; i < 30000; i++)
    _write(i, i);
  cr_assert_lt(_size(rows.journal_path), 2 * 16 * WINDOW + 1024 * 1024 + 1000);
  _reopen();
  _write(30000 - WINDOW, 29999);
  cr_assert_eq(rows.n_suppressed, WINDOW);
}

Test(journal, a_batch_that_is_whole_stays_although_the_journal_does_not_say_so)
{
  _write(0, 8);
  _forget_outcome();
  _reopen();
  _write(0, 11);
  cr_assert_eq(rows.n_suppressed, 9);
  _assert_holds(11);
}

Test(journal, a_batch_that_is_not_whole_is_cut_off_in_all_files)
{
  _write(0, 5);
  _write(6, 11);
  _forget_outcome();
  _cut("services.jsonl", 10);
  _reopen();
  _assert_holds(5);
  _write(6, 11);
  _assert_holds(11);
  cr_assert_eq(fixture.n_warnings, 0);
}

Test(journal, files_that_were_rotated_before_the_restart_are_cut_where_they_are_now)
{
  _write(0, 5);
  _write(6, 11);
  _forget_outcome();
  _cut("services.jsonl", 10);
  _move("tickets.jsonl", "tickets.jsonl.1");
  _reopen();
  _move("tickets.jsonl.1", "tickets.jsonl");
  _assert_holds(5);
}

/* After the commit files are the operator's. */
Test(journal, files_that_were_edited_or_removed_are_no_concern_of_a_batch_that_is_committed)
{
  _write(0, 8);
  _move("tickets.jsonl", "elsewhere");
  _cut("services.jsonl", 1);
  _append_text("corestatistics.jsonl", "{\"edited\":1}\n");
  _reopen();
  cr_assert_eq(fixture.n_warnings, 0);
  _write(0, 8);
  cr_assert_eq(rows.n_suppressed, 9);
}

/* It may have been acknowledged, so that nobody would send it again. */
Test(journal, a_batch_that_was_perhaps_finished_is_not_cut_because_one_file_is_gone)
{
  gchar *path = sink_fixture_path(&fixture, "services.jsonl");
  gchar *before, *after;

  _write(0, 8);
  before = _read(path, NULL);
  _forget_outcome();
  _move("tickets.jsonl", "../tickets-elsewhere.jsonl");
  _reopen();
  after = _read(path, NULL);
  cr_assert_str_eq(after, before);
  cr_assert_eq(fixture.n_warnings, 1);
  _move("../tickets-elsewhere.jsonl", "tickets.old");
  g_free(before);
  g_free(after);
  g_free(path);
}

Test(journal, a_batch_that_was_surely_not_finished_is_cut_though_one_file_is_gone)
{
  gchar *path = sink_fixture_path(&fixture, "services.jsonl");
  gchar *content;

  _write(0, 8);
  _forget_outcome();
  _move("tickets.jsonl", "../tickets-elsewhere.jsonl");
  _cut("services.jsonl", 10);
  _reopen();
  content = _read(path, NULL);
  cr_assert_str_eq(content, "");
  _move("../tickets-elsewhere.jsonl", "tickets.old");
  g_free(content);
  g_free(path);
}

Test(journal, a_file_that_somebody_added_to_is_left_alone_with_a_warning)
{
  gchar *path = sink_fixture_path(&fixture, "tickets.jsonl");
  gchar *content;

  _write(0, 8);
  _forget_outcome();
  _cut("services.jsonl", 10);
  _append_text("tickets.jsonl", "{\"by\":\"somebody\"}\n");
  _reopen();
  cr_assert_eq(fixture.n_warnings, 1);
  content = _read(path, NULL);
  cr_assert(g_str_has_suffix(content, "{\"by\":\"somebody\"}\n"));
  g_free(content);
  g_free(path);
}

/* There is less in the file than the batch has, so only the lines can tell. */
Test(journal, an_unfinished_file_that_somebody_added_to_is_left_alone_with_a_warning)
{
  static const gchar *const texts[] = { "\n{\"by\":\"somebody\"}\n", "\n{\"by\":\"somebody\"}", "\nnote", "note\n" };
  gchar *path = sink_fixture_path(&fixture, "tickets.jsonl");

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
      gchar *content;

      g_unlink(path);
      fixture.n_warnings = 0;
      _write(9 * i, 9 * i + 8);
      _forget_outcome();
      _cut("services.jsonl", 10);
      _cut("tickets.jsonl", 300);
      _append_text("tickets.jsonl", texts[i]);
      _reopen();
      content = _read(path, NULL);
      cr_assert_eq(fixture.n_warnings, 1, "%s", texts[i]);
      cr_assert(g_str_has_suffix(content, texts[i]), "%s", content);
      g_free(content);
    }
  g_free(path);
}

Test(journal, a_journal_that_was_removed_is_made_anew_with_what_is_known)
{
  _write(0, 8);
  g_unlink(rows.journal_path);
  _write(9, 11);
  _reopen();
  _write(0, 11);
  cr_assert_eq(rows.n_suppressed, 12);
  _assert_holds(11);
}

Test(journal, a_folder_that_was_moved_away_is_made_anew)
{
  gchar *moved = g_strconcat(fixture.directory, ".moved", NULL);
  gchar *command;

  _write(0, 8);
  cr_assert_eq(g_rename(fixture.directory, moved), 0);
  _write(9, 11);
  cr_assert(g_file_test(rows.journal_path, G_FILE_TEST_EXISTS));
  command = g_strdup_printf("rm -r '%s'", moved);
  cr_assert_eq(system(command), 0);
  g_free(command);
  g_free(moved);
}

/* A volume that is mounted after the start, over what was written to its place. */
typedef struct _Volume
{
  gchar *mount_point;
  gchar *unmounted;
  gchar *hidden;
} Volume;

static void
_volume_init(Volume *self)
{
  self->mount_point = sink_fixture_path(&fixture, "tables");
  self->unmounted = sink_fixture_path(&fixture, "volume");
  self->hidden = sink_fixture_path(&fixture, "hidden");
  _reopen_in(self->mount_point);
}

static void
_volume_clear(Volume *self)
{
  g_free(self->mount_point);
  g_free(self->unmounted);
  g_free(self->hidden);
}

static void
_volume_restart_without(Volume *self)
{
  cr_assert_eq(g_rename(self->mount_point, self->unmounted), 0);
  _reopen_in(self->mount_point);
}

static void
_volume_mount(Volume *self)
{
  cr_assert_eq(g_rename(self->mount_point, self->hidden), 0);
  cr_assert_eq(g_rename(self->unmounted, self->mount_point), 0);
}

Test(journal, a_journal_that_appears_later_is_read_and_what_is_known_stays_known)
{
  Volume volume;

  _volume_init(&volume);
  _write(0, 8);
  _volume_restart_without(&volume);
  _write(9, 10);
  _volume_mount(&volume);

  cr_assert_not(numbered_rows_write(&rows, 11, 12));
  _write(0, 12);
  cr_assert_eq(rows.n_suppressed, 11);
  _volume_clear(&volume);
}

/* By then the sink has files of the volume open, and locked. */
Test(journal, an_unfinished_batch_that_appears_later_is_cut_off)
{
  Volume volume;
  gchar *fault;

  _volume_init(&volume);
  _write(0, 5);
  _write(6, 8);
  _forget_outcome();
  _cut("tables/tickets.jsonl", 10);
  _volume_restart_without(&volume);
  _write(13, 15);
  _volume_mount(&volume);

  cr_assert_not(numbered_rows_write(&rows, 9, 11));
  _write(6, 11);
  fault = numbered_rows_find_fault(volume.mount_point, 11);
  cr_assert_null(fault, "%s", fault);
  _volume_clear(&volume);
}

Test(journal, an_idle_journal_is_closed_and_used_again)
{
  _write(0, 8);
  jam_sink_release_idle(rows.sink, 0);
  _write(9, 11);
  _reopen();
  _write(0, 11);
  cr_assert_eq(rows.n_suppressed, 12);
  _assert_holds(11);
}

Test(journal, a_damaged_journal_is_set_aside_and_what_can_be_read_is_used)
{
  gsize length;
  gchar *content, *aside = g_strconcat(rows.journal_path, ".damaged", NULL);

  _write(0, 2);
  _write(3, 5);
  _write(6, 8);
  content = _read(rows.journal_path, &length);
  content[length / 2] ^= 1;
  cr_assert(g_file_set_contents(rows.journal_path, content, length, NULL));
  _reopen();
  cr_assert_eq(fixture.n_warnings, 1);
  cr_assert_eq(_size(aside), length);
  _write(6, 11);
  cr_assert_eq(rows.n_suppressed, 3);
  _reopen();
  _write(6, 11);
  cr_assert_eq(rows.n_suppressed, 6);
  cr_assert_eq(fixture.n_warnings, 1);
  g_free(content);
  g_free(aside);
}

Test(journal, something_else_in_the_journals_place_is_set_aside)
{
  gchar *aside = g_strconcat(rows.journal_path, ".damaged", NULL);

  cr_assert(g_file_set_contents(rows.journal_path, "somebody's notes, which are no journal at all", -1, NULL));
  /* as on some file systems, where it has to be moved */
  fixture.has_no_links = TRUE;
  _write(0, 8);
  cr_assert_eq(fixture.n_warnings, 1);
  cr_assert(g_file_test(aside, G_FILE_TEST_EXISTS));
  _assert_holds(8);
  g_free(aside);
}

/* Of what a damaged end hides nothing may be cut. */
Test(journal, nothing_is_cut_if_the_end_of_the_journal_is_damaged)
{
  gsize length, before;
  gchar *content;

  _write(0, 5);
  before = _size(rows.journal_path);
  _write(6, 8);
  content = _read(rows.journal_path, &length);
  /* the outcome of the first batch and all of the second */
  memset(content + before - 32, 'x', length - before + 32);
  cr_assert(g_file_set_contents(rows.journal_path, content, length, NULL));
  _reopen();
  _assert_holds(8);
  g_free(content);
}

Test(journal, a_newer_journal_is_refused_and_stays_as_it_is)
{
  JamBuffer bytes = { 0 };
  GError *error = NULL;
  JamReject reject;
  gchar *content;
  gsize length;

  jam_journal_append_header(&bytes, 1);
  bytes.data[8] = JAM_JOURNAL_VERSION + 1;
  cr_assert(g_file_set_contents(rows.journal_path, bytes.data, bytes.length, NULL));
  cr_assert_not(numbered_rows_write(&rows, 0, 0));
  cr_assert_eq(jam_sink_append(rows.sink, rows.message, fixture.directory, &reject, &error), JAM_SINK_FAILED);
  cr_assert_not_null(strstr(error->message, "is of version 2"), "%s", error->message);
  g_error_free(error);
  content = _read(rows.journal_path, &length);
  cr_assert_eq(length, bytes.length);
  cr_assert_eq(memcmp(content, bytes.data, length), 0);
  g_free(content);
  jam_buffer_clear(&bytes);
}

Test(journal, without_exactly_once_the_journal_is_taken_away)
{
  _write(0, 8);
  numbered_rows_clear(&rows);
  numbered_rows_init(&rows, fixture.directory, &fixture.opener, FALSE, 0);
  cr_assert_not(g_file_test(rows.journal_path, G_FILE_TEST_EXISTS));
  _write(0, 8);
  cr_assert_eq(rows.n_suppressed, 0);
}

Test(journal, a_folder_of_a_message_cannot_have_the_journals_name)
{
  static const gchar text[] = "{\"time\":\"2025-06-01T00:00:00Z\",\"msg_type\":131,"
                              "\"json_encoded\":{\"attempt\":1,\"signature\":\"0x\"}}";
  JamReject reject;

  _write(0, 0);
  cr_assert(jam_message_read(rows.message, text, strlen(text), NULL, &reject));
  cr_assert_eq(jam_sink_append(rows.sink, rows.message, rows.journal_path, &reject, NULL), JAM_SINK_REJECTED);
  cr_assert_eq(reject.reason, JAM_REJECT_INVALID_DIRECTORY);
}

/* A configured directory may be written in more than one way. */
Test(journal, a_batch_is_found_whatever_slashes_its_directory_has)
{
  gchar *directory = fixture.directory;

  fixture.directory = g_strconcat(directory, "/", NULL);
  _reopen();
  _write(0, 8);
  _forget_outcome();
  _cut("services.jsonl", 10);
  _reopen();
  _write(0, 8);
  _assert_holds(8);
  numbered_rows_clear(&rows);
  g_free(fixture.directory);
  fixture.directory = directory;
  _open();
}

/* Else the whole part would be cut for the sake of one that is only not seen now. */
Test(journal, a_disk_that_does_not_answer_is_waited_for)
{
  _write(0, 8);
  _forget_outcome();
  fixture.unanswered = "tickets.jsonl";
  _reopen();
  cr_assert_not(numbered_rows_write(&rows, 0, 8));
  fixture.unanswered = NULL;
  _write(0, 12);
  _assert_holds(12);
}

Test(journal, a_journal_that_is_not_seen_for_a_while_is_neither_replaced_nor_read_anew)
{
  struct stat before, after;

  _write(0, 8);
  cr_assert_eq(stat(rows.journal_path, &before), 0);
  fixture.unanswered = ".journal";
  cr_assert_not(numbered_rows_write(&rows, 9, 11));
  fixture.unanswered = NULL;
  _write(9, 11);
  cr_assert_eq(stat(rows.journal_path, &after), 0);
  cr_assert_eq(before.st_ino, after.st_ino);
  _assert_holds(11);
}

/* Nor is another journal put in the place of one that is only not seen now. */
Test(journal, a_journal_that_the_disk_does_not_answer_for_is_waited_for)
{
  _write(0, 8);
  fixture.unanswered = ".journal";
  _reopen();
  cr_assert_not(numbered_rows_write(&rows, 0, 8));
  fixture.unanswered = NULL;
  _write(0, 12);
  _assert_holds(12);
}
