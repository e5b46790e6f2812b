/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guarded.h"
#include "test-files.h"

#include "core/rows/row-encoder.h"

#include <criterion/criterion.h>

/* Every folder in cases/ is a message and what must become of it; see the
 * README there. */

#define MAX_MESSAGE_BYTES (256 * 1024)

static const gchar *dialect_names[JAM_N_DIALECTS] = { "dune", "bigquery" };

typedef struct _Fixture
{
  Guarded input;
  JamMessage *message;
  JamRowEncoder *encoders[JAM_N_DIALECTS];
  GPtrArray *names;
} Fixture;

static void
_fixture_init(Fixture *self)
{
  GPtrArray *entries = test_files_list("cases");

  guarded_init(&self->input, MAX_MESSAGE_BYTES);
  self->message = jam_message_new();
  for (gint i = 0; i < JAM_N_DIALECTS; i++)
    self->encoders[i] = jam_row_encoder_new(i);
  self->names = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < entries->len; i++)
    {
      /* the files beside the folders have a dot in their names */
      const gchar *name = g_ptr_array_index(entries, i);
      if (!strchr(name, '.'))
        g_ptr_array_add(self->names, g_build_filename("cases", name, NULL));
    }
  g_ptr_array_unref(entries);
  cr_assert(self->names->len > 0);
}

static void
_fixture_clear(Fixture *self)
{
  g_ptr_array_unref(self->names);
  for (gint i = 0; i < JAM_N_DIALECTS; i++)
    jam_row_encoder_free(self->encoders[i]);
  jam_message_free(self->message);
  guarded_clear(&self->input);
}

static JamTeamMap *
_read_team_map(const gchar *path)
{
  JamTeamMap *team_map;
  gchar *csv;
  gsize length;

  if (!test_files_read(path, "team-map.csv", &csv, &length))
    return NULL;
  team_map = jam_team_map_new(csv, length, NULL);
  cr_assert(team_map, "%s: bad team map", path);
  g_free(csv);
  return team_map;
}

static void
_append_rows(GString *actual, const gchar *table, const JamBuffer *rows)
{
  gsize at = 0;

  while (at < rows->length)
    {
      const gchar *row = rows->data + at;
      gsize length = (const gchar *) memchr(row, '\n', rows->length - at) - row;
      g_string_append_printf(actual, "{\"table\":\"%s\",\"row\":%.*s}\n", table, (gint) length, row);
      at += length + 1;
    }
}

static gboolean
_encode_tables(Fixture *self, JamDialect dialect, GString *actual, JamReject *reject)
{
  const JamMessageKind *kind = self->message->kind;
  gboolean success = TRUE;

  for (gsize i = 0; i < kind->n_tables && success; i++)
    {
      JamBuffer rows = { 0 };
      guint n_rows;

      success = jam_row_encoder_encode(self->encoders[dialect], self->message, kind->tables[i], &rows, NULL, &n_rows,
                                       reject);
      if (success)
        _append_rows(actual, jam_tables[kind->tables[i]].name, &rows);
      jam_buffer_clear(&rows);
    }
  return success;
}

/* Returns what became of the message: its rows, or a line with the rejection's
 * reason, table and column. */
static GString *
_convert(Fixture *self, JamDialect dialect, const gchar *text, gsize length, const JamTeamMap *team_map)
{
  GString *actual = g_string_new(NULL);
  JamReject reject;

  if (jam_message_read(self->message, text, length, team_map, &reject)
      && _encode_tables(self, dialect, actual, &reject))
    return actual;
  g_string_printf(actual, "%s %s %s\n", jam_reject_reason_name(reject.reason), reject.table ? reject.table : "-",
                  reject.column ? reject.column : "-");
  cr_expect(g_str_has_prefix(reject.text, jam_reject_reason_name(reject.reason)));
  cr_expect(g_utf8_validate(reject.text, -1, NULL));
  return actual;
}

/* DIALECT.jsonl, DIALECT.reject or reject. */
static gchar *
_read_expected(const gchar *path, JamDialect dialect)
{
  const gchar *endings[] = { ".jsonl", ".reject" };
  gchar *expected = NULL;
  gsize length;

  for (gsize i = 0; i < G_N_ELEMENTS(endings) && !expected; i++)
    {
      gchar *name = g_strconcat(dialect_names[dialect], endings[i], NULL);
      test_files_read(path, name, &expected, &length);
      g_free(name);
    }
  if (!expected && !test_files_read(path, "reject", &expected, &length))
    cr_assert_fail("%s: says nothing about %s", path, dialect_names[dialect]);
  return expected;
}

static void
_run_case(Fixture *self, const gchar *path)
{
  JamTeamMap *team_map = _read_team_map(path);
  gchar *bytes;
  gsize length;

  cr_assert(test_files_read(path, "message.json", &bytes, &length), "%s: no message", path);
  for (gint dialect = 0; dialect < JAM_N_DIALECTS; dialect++)
    {
      const gchar *text = guarded_copy(&self->input, bytes, length);
      GString *actual = _convert(self, dialect, text, length, team_map);
      gchar *expected = _read_expected(path, dialect);

      cr_expect_str_eq(actual->str, expected, "%s, %s:\n%s\nexpected:\n%s", path, dialect_names[dialect], actual->str,
                       expected);
      g_free(expected);
      g_string_free(actual, TRUE);
    }
  g_free(bytes);
  if (team_map)
    jam_team_map_free(team_map);
}

Test(cases, every_message_becomes_the_rows_or_the_rejection_that_its_folder_says)
{
  Fixture fixture;

  _fixture_init(&fixture);
  for (guint i = 0; i < fixture.names->len; i++)
    _run_case(&fixture, g_ptr_array_index(fixture.names, i));
  _fixture_clear(&fixture);
}

Test(cases, no_message_leaves_anything_behind_for_the_next_one)
{
  Fixture fixture;

  _fixture_init(&fixture);
  for (guint i = fixture.names->len; i > 0; i--)
    {
      _run_case(&fixture, g_ptr_array_index(fixture.names, i - 1));
      _run_case(&fixture, g_ptr_array_index(fixture.names, i * 7 % fixture.names->len));
    }
  _fixture_clear(&fixture);
}
