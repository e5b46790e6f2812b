/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sink-fixture.h"
#include "files/team-file.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_LINE "0x01,one\n"

static SinkFixture fixture;
static JamTeamFile file;
static gchar *path;

static void
_setup(void)
{
  sink_fixture_init(&fixture);
  path = sink_fixture_path(&fixture, "teams.csv");
}

static void
_teardown(void)
{
  jam_team_file_clear(&file);
  g_free(path);
  sink_fixture_clear(&fixture);
}

TestSuite(team_file, .init = _setup, .fini = _teardown, .timeout = 60);

static void
_write(const gchar *text)
{
  sink_fixture_set_content(&fixture, "teams.csv", text);
}

static void
_open(void)
{
  GError *error = NULL;

  cr_assert(jam_team_file_open(&file, path, &error), "%s", error ? error->message : "");
}

static void
_assert_team(const gchar *sender_id, const gchar *expected)
{
  cr_assert_not_null(file.map);
  cr_assert_null(file.fault);
  cr_assert_str_eq(jam_team_map_lookup(file.map, sender_id, strlen(sender_id)), expected);
}

static void
_assert_fault(const gchar *why)
{
  gchar *expected = g_strdup_printf("cannot read %s: %s", path, why);

  cr_assert_null(file.map);
  cr_assert_str_eq(file.fault, expected);
  g_free(expected);
}

/* In between the file may not be read, and nothing is known to be wrong. */
static void
_look_until_at_rest(void)
{
  jam_team_file_look(&file);
  cr_assert_null(file.map);
  cr_assert_null(file.fault);
  jam_team_file_look(&file);
}

Test(team_file, a_file_that_is_there_is_read_at_once)
{
  _write(FIRST_LINE);
  _open();
  _assert_team("0x01", "\"one\"");
}

Test(team_file, a_missing_file_is_read_when_it_is_there_and_at_rest)
{
  _open();
  _assert_fault("No such file or directory");
  jam_team_file_look(&file);
  _assert_fault("No such file or directory");
  _write(FIRST_LINE);
  _look_until_at_rest();
  _assert_team("0x01", "\"one\"");
}

Test(team_file, a_file_that_is_written_to_is_not_read_in_the_middle)
{
  _open();
  _write(FIRST_LINE);
  jam_team_file_look(&file);
  _write(FIRST_LINE "0x02,tw");
  jam_team_file_look(&file);
  cr_assert_null(file.map);
  _write(FIRST_LINE "0x02,two\n");
  _look_until_at_rest();
  _assert_team("0x02", "\"two\"");
}

Test(team_file, a_malformed_file_is_an_error_at_first)
{
  GError *error = NULL;

  _write("0x01,one\n0x02\n");
  cr_assert_not(jam_team_file_open(&file, path, &error));
  cr_assert_eq(error->domain, JAM_TEAM_MAP_ERROR);
  cr_assert_not_null(strstr(error->message, path), "%s", error->message);
  cr_assert_not_null(strstr(error->message, "line 2"), "%s", error->message);
  g_error_free(error);
}

Test(team_file, a_malformed_file_is_a_fault_later_and_can_be_mended)
{
  _open();
  _write("0x01\n");
  _look_until_at_rest();
  _assert_fault("line 1: expected sender_id,team");
  jam_team_file_look(&file);
  _assert_fault("line 1: expected sender_id,team");
  _write(FIRST_LINE);
  _look_until_at_rest();
  _assert_team("0x01", "\"one\"");
}

Test(team_file, what_is_no_file_holds_nothing_up)
{
  cr_assert_eq(mkfifo(path, 0600), 0);
  _open();
  _assert_fault("not a regular file");
  g_unlink(path);
  g_mkdir(path, 0700);
  jam_team_file_look(&file);
  _assert_fault("not a regular file");
  g_rmdir(path);
  cr_assert_eq(symlink(path, path), 0);
  jam_team_file_look(&file);
  _assert_fault("Too many levels of symbolic links");
  g_unlink(path);
  _write(FIRST_LINE);
  _look_until_at_rest();
  _assert_team("0x01", "\"one\"");
}
