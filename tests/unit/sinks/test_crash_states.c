/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whatever a crash leaves on disk: after a restart, when the messages that were not
 * acknowledged have come again, each stands in the files once.
 */
#include "crash-states.h"
#include "numbered-rows.h"
#include "sink-fixture.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WINDOW 100
/* Of the states after one operation all are tried if there are no more, else as many
 * by chance; JAM_ETL_TEST_EFFORT, in percent, changes that. */
#define MAX_STATES 64
#define N_MESSAGES 15

/* What was done, and what was acknowledged when. */
typedef struct _Story
{
  RecordedFiles files;
  SinkFixture folder;
  /* operations before the commit of the messages up to number i returned, or 0 */
  guint acknowledged_at[N_MESSAGES];
  /* the journal was missing between these operations */
  guint removed_at;
  guint replaced_at;
} Story;

/* Thousands of small folders are made. */
static void
_use_memory(void)
{
  if (g_access("/dev/shm", W_OK) == 0)
    g_setenv("TMPDIR", "/dev/shm", FALSE);
}

TestSuite(crash_states, .init = _use_memory);

static guint
_effort(guint full)
{
  const gchar *percent = getenv("JAM_ETL_TEST_EFFORT");

  return percent ? MAX(1, full * (guint) atoi(percent) / 100) : full;
}

static void
_write(Story *story, NumberedRows *rows, guint first, guint last)
{
  cr_assert(numbered_rows_write(rows, first, last));
  story->acknowledged_at[last] = story->files.operations->len;
}

/* A batch that fails in its last file, and is written again in two. */
static void
_fail_then_write(Story *story, NumberedRows *rows, guint first, guint last, guint fault_in)
{
  recorded_files_set_fault(&story->files, FAULT_DISK_FULL, fault_in);
  cr_assert_not(numbered_rows_write(rows, first, last));
  cr_assert_eq(story->files.fault, FAULT_NONE);
  _write(story, rows, first, first);
  _write(story, rows, first + 1, last);
}

static void
_remove_journal(Story *story, NumberedRows *rows)
{
  gchar *name = g_path_get_basename(rows->journal_path);

  recorded_files_remove(&story->files, name);
  story->removed_at = story->files.operations->len;
  g_free(name);
}

/* Somebody else writes where records are expected. */
static void
_damage_journal(Story *story, NumberedRows *rows)
{
  static const gchar text[] = "no record";
  JamFileOpener *opener = &story->files.opener;
  gint fd = opener->open(opener, rows->journal_path);

  cr_assert_geq(fd, 0);
  cr_assert(jam_file_write_all(opener, fd, text, strlen(text)));
  close(fd);
}

/* A batch of four files is 1 write of a record, a sync of it with fsync, and 4 writes. */
static void
_record_story(Story *story, gboolean fsync)
{
  NumberedRows rows;

  memset(story, 0, sizeof(*story));
  sink_fixture_init(&story->folder);
  recorded_files_init(&story->files, story->folder.directory);
  numbered_rows_init(&rows, story->folder.directory, &story->files.opener, fsync, WINDOW);
  _write(story, &rows, 0, 1);
  _write(story, &rows, 2, 4);
  _fail_then_write(story, &rows, 5, 7, fsync ? 5 : 4);
  numbered_rows_clear(&rows);

  numbered_rows_init(&rows, story->folder.directory, &story->files.opener, fsync, WINDOW);
  _write(story, &rows, 8, 9);
  _remove_journal(story, &rows);
  _write(story, &rows, 10, 11);
  story->replaced_at = story->files.operations->len;
  _damage_journal(story, &rows);
  _write(story, &rows, 12, 14);
  numbered_rows_clear(&rows);

  numbered_rows_init(&rows, story->folder.directory, &story->files.opener, fsync, WINDOW);
  numbered_rows_clear(&rows);
}

static void
_clear_story(Story *story)
{
  recorded_files_clear(&story->files);
  sink_fixture_clear(&story->folder);
}

/* Returns how many messages were acknowledged within the first @n operations. */
static guint
_count_acknowledged(const Story *story, guint n)
{
  guint count = 0;

  for (guint i = 0; i < N_MESSAGES; i++)
    {
      if (story->acknowledged_at[i] > 0 && story->acknowledged_at[i] <= n)
        count = i + 1;
    }
  return count;
}

static void
_assert_right(const gchar *directory, const gchar *what, guint n, guint index)
{
  gchar *fault = numbered_rows_find_fault(directory, N_MESSAGES - 1);

  cr_assert_null(fault, "%s after operation %u, state %u: %s", what, n, index, fault);
}

/* Starts the sink with a kill of its own after @n operations. Returns FALSE if it
 * lived longer than that. */
static gboolean
_start_and_kill(const gchar *directory, gboolean fsync, guint n)
{
  RecordedFiles files;
  NumberedRows rows;
  gboolean was_killed;

  recorded_files_init(&files, directory);
  recorded_files_set_fault(&files, FAULT_KILL, n);
  numbered_rows_init(&rows, directory, &files.opener, fsync, WINDOW);
  was_killed = files.fault_in == 0;
  numbered_rows_clear(&rows);
  recorded_files_clear(&files);
  return was_killed;
}

/* The messages from number @first on come again. */
static void
_send_again(const gchar *directory, gboolean fsync, guint first, guint batch)
{
  RecordedFiles files;
  NumberedRows rows;

  recorded_files_init(&files, directory);
  numbered_rows_init(&rows, directory, &files.opener, fsync, WINDOW);
  for (guint i = first; i < N_MESSAGES; i += batch)
    cr_assert(numbered_rows_write(&rows, i, MIN(i + batch, N_MESSAGES) - 1));
  numbered_rows_clear(&rows);
  recorded_files_clear(&files);
}

typedef struct _Trial
{
  const Story *story;
  gboolean fsync;
  guint n;
  const CrashStates *states;
  guint index;
} Trial;

/* Each state is tried from three points: what was not acknowledged comes again; a
 * sender repeats more than that; and recovery itself is killed first. */
static void
_try_state(const Trial *trial, guint variant)
{
  static const gchar *const names[] = { "unacknowledged", "all", "killed at start" };
  guint first = _count_acknowledged(trial->story, trial->n);
  SinkFixture disk;

  if (variant == 1 && trial->n >= trial->story->removed_at && trial->n < trial->story->replaced_at)
    return;
  sink_fixture_init(&disk);
  crash_states_make(trial->states, trial->index, disk.directory);
  for (guint i = 0; variant == 2 && _start_and_kill(disk.directory, trial->fsync, i); i++)
    ;
  _send_again(disk.directory, trial->fsync, variant == 1 ? 0 : first, 1 + trial->index % 4);
  _assert_right(disk.directory, names[variant], trial->n, trial->index);
  sink_fixture_clear(&disk);
}

static guint
_try_states_after(const Story *story, guint n, gboolean fsync, gboolean power_cut)
{
  CrashStates *states = crash_states_new(story->files.operations, n, power_cut);
  guint n_states = crash_states_count(states);
  guint n_tried = MIN(n_states, _effort(MAX_STATES));
  Trial trial = { .story = story, .fsync = fsync, .n = n, .states = states };

  for (guint i = 0; i < n_tried; i++)
    {
      trial.index = n_tried == n_states ? i : (guint) g_random_int_range(0, n_states);
      _try_state(&trial, 0);
      _try_state(&trial, 1 + i % 2);
    }
  crash_states_free(states);
  return n_tried;
}

static void
_try_all(gboolean fsync, gboolean power_cut)
{
  Story story;
  guint n_states = 0;

  _record_story(&story, fsync);
  _assert_right(story.folder.directory, "without a crash", 0, 0);
  for (guint n = 0; n <= story.files.operations->len; n++)
    n_states += _try_states_after(&story, n, fsync, power_cut);
  cr_log_info("%u operations, %u states", story.files.operations->len, n_states);
  _clear_story(&story);
}

Test(crash_states, a_kill_loses_and_doubles_nothing)
{
  _try_all(FALSE, FALSE);
}

Test(crash_states, a_kill_loses_and_doubles_nothing_with_fsync)
{
  _try_all(TRUE, FALSE);
}

Test(crash_states, a_power_cut_loses_and_doubles_nothing_with_fsync)
{
  _try_all(TRUE, TRUE);
}

/* What is tried is worth something: the same states without a journal. */
Test(crash_states, without_a_journal_some_states_lose_or_double)
{
  Story story;
  guint n_wrong = 0;

  _record_story(&story, TRUE);
  for (guint n = 0; n <= story.files.operations->len; n++)
    {
      CrashStates *states = crash_states_new(story.files.operations, n, FALSE);
      SinkFixture disk;
      RecordedFiles files;
      NumberedRows rows;
      gchar *fault;

      sink_fixture_init(&disk);
      crash_states_make(states, 0, disk.directory);
      recorded_files_init(&files, disk.directory);
      numbered_rows_init(&rows, disk.directory, &files.opener, TRUE, 0);
      cr_assert(numbered_rows_write(&rows, _count_acknowledged(&story, n), N_MESSAGES - 1)
                || _count_acknowledged(&story, n) == N_MESSAGES);
      numbered_rows_clear(&rows);
      recorded_files_clear(&files);
      fault = numbered_rows_find_fault(disk.directory, N_MESSAGES - 1);
      n_wrong += fault != NULL;
      g_free(fault);
      sink_fixture_clear(&disk);
      crash_states_free(states);
    }
  cr_assert_gt(n_wrong, 10);
  _clear_story(&story);
}

static guint
_count_operations(gboolean fsync)
{
  Story story;
  guint n;

  _record_story(&story, fsync);
  n = story.files.operations->len;
  _clear_story(&story);
  return n;
}

static void
_write_with_fault(gboolean fsync, RecordedFault fault, guint n)
{
  SinkFixture folder;
  RecordedFiles files;
  NumberedRows rows;

  sink_fixture_init(&folder);
  recorded_files_init(&files, folder.directory);
  recorded_files_set_fault(&files, fault, n);
  numbered_rows_init(&rows, folder.directory, &files.opener, fsync, WINDOW);
  for (guint i = 0; i < N_MESSAGES; i += 3)
    {
      while (!numbered_rows_write(&rows, i, i + 2))
        ;
    }
  numbered_rows_clear(&rows);
  _assert_right(folder.directory, "fault", n, fault);
  recorded_files_clear(&files);
  sink_fixture_clear(&folder);
}

static void
_try_faults(gboolean fsync)
{
  guint n_operations = _count_operations(fsync);

  for (RecordedFault fault = FAULT_IO_ERROR; fault <= FAULT_SHORT_WRITE; fault++)
    {
      for (guint n = 0; n < n_operations; n++)
        _write_with_fault(fsync, fault, n);
    }
}

Test(crash_states, a_fault_in_any_operation_loses_and_doubles_nothing)
{
  _try_faults(FALSE);
}

Test(crash_states, a_fault_in_any_operation_loses_and_doubles_nothing_with_fsync)
{
  _try_faults(TRUE);
}

/* After operation @n the disk does nothing any more, not even take back; then it works
 * again, another batch is written to other files, and the program is killed. */
static void
_write_around_a_dead_disk(guint n)
{
  SinkFixture folder;
  RecordedFiles files;
  NumberedRows rows;
  gchar *fault;

  sink_fixture_init(&folder);
  recorded_files_init(&files, folder.directory);
  recorded_files_set_fault(&files, FAULT_KILL, n);
  numbered_rows_init(&rows, folder.directory, &files.opener, FALSE, WINDOW);
  if (!numbered_rows_write(&rows, 0, 1))
    {
      recorded_files_set_fault(&files, FAULT_NONE, 0);
      cr_assert(numbered_rows_write(&rows, 2, 2));
    }
  recorded_files_set_fault(&files, FAULT_KILL, 0);
  numbered_rows_clear(&rows);

  recorded_files_set_fault(&files, FAULT_NONE, 0);
  numbered_rows_init(&rows, folder.directory, &files.opener, FALSE, WINDOW);
  cr_assert(numbered_rows_write(&rows, 0, 2));
  numbered_rows_clear(&rows);
  fault = numbered_rows_find_fault(folder.directory, 2);
  cr_assert_null(fault, "dead after %u operations: %s", n, fault);
  recorded_files_clear(&files);
  sink_fixture_clear(&folder);
}

Test(crash_states, what_could_not_be_taken_back_is_before_another_batch_is_written)
{
  for (guint n = 0; n < 20; n++)
    _write_around_a_dead_disk(n);
}
