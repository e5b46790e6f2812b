/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "effort.h"
#include "guarded.h"
#include "json-walk.h"
#include "mutation.h"
#include "test-files.h"

#include "core/rows/row-encoder.h"

#include "json-glib-oracle.h"

#include <criterion/criterion.h>

#define MAX_BYTES (64 * 1024)
#define GENERATED_TEXTS 100000
#define MUTATIONS_OF_A_MESSAGE 100
/* so that none of them nears the depth that json-glib does not limit */
#define MAX_MESSAGE_BYTES 2000

typedef struct _Fixture
{
  Guarded input;
  JsonGlibOracle *oracle;
  guint n_accepted;
} Fixture;

static void
_fixture_init(Fixture *self)
{
  guarded_init(&self->input, MAX_BYTES);
  self->oracle = json_glib_oracle_new();
  self->n_accepted = 0;
}

static void
_fixture_clear(Fixture *self)
{
  json_glib_oracle_free(self->oracle);
  guarded_clear(&self->input);
}

/* By RFC 8259's grammar, and by json-glib. */
static void
_expect_the_verdict_of_the_oracles(Fixture *self, const GString *json, gboolean accepted)
{
  JsonTree *tree = json_tree_parse(json->str, json->len);
  GString *why = g_string_new(NULL);

  cr_assert_eq(accepted, tree != NULL, "%s:\n%s", accepted ? "accepted" : "refused", json->str);
  cr_assert(json_glib_oracle_agrees(self->oracle, json->str, json->len, tree, why), "%s:\n%s", why->str, json->str);
  g_string_free(why, TRUE);
  json_tree_free(tree);
  self->n_accepted += accepted;
}

static gboolean
_read_and_compare(Fixture *self, const GString *json)
{
  const gchar *text = guarded_copy(&self->input, json->str, json->len);
  JamJsonValue value;
  guint count;
  gboolean accepted = json_read_whole(text, json->len, &value);

  cr_assert_eq(json_walk(text, json->len, &count), accepted, "%s", json->str);
  if (accepted)
    cr_assert_eq(count, value.count, "%s", json->str);
  _expect_the_verdict_of_the_oracles(self, json, accepted);
  return accepted;
}

Test(json_mutation, damaged_texts_are_accepted_or_refused_as_by_the_oracles)
{
  Random random = { 8 };
  Fixture fixture;

  _fixture_init(&fixture);
  for (gint i = 0; i < test_effort(GENERATED_TEXTS); i++)
    {
      GString *json = g_string_new(NULL);

      mutation_append_value(&random, json, 4);
      mutation_apply(&random, json);
      _read_and_compare(&fixture, json);
      g_string_free(json, TRUE);
    }
  cr_expect_gt(fixture.n_accepted, test_effort(GENERATED_TEXTS) / 4, "%u", fixture.n_accepted);
  cr_expect_lt(fixture.n_accepted, test_effort(GENERATED_TEXTS) * 3 / 4, "%u", fixture.n_accepted);
  _fixture_clear(&fixture);
}

typedef struct _Converter
{
  JamMessage *message;
  JamRowEncoder *encoders[JAM_N_DIALECTS];
  JamBuffer out;
  guint n_converted;
} Converter;

static void
_expect_json_lines(const gchar *text, gsize length)
{
  const gchar *end = text + length;
  JamJsonValue value;

  while (text < end)
    {
      const gchar *newline = memchr(text, '\n', end - text);
      cr_assert(newline);
      cr_assert(json_read_whole(text, newline - text, &value), "%.*s", (gint) length, text);
      cr_assert_eq(value.type, JAM_JSON_OBJECT);
      text = newline + 1;
    }
}

static void
_encode_table(Converter *self, JamDialect dialect, gint table)
{
  gsize before = self->out.length;
  JamReject reject = { .reason = JAM_N_REJECT_REASONS };
  guint n_rows;

  if (jam_row_encoder_encode(self->encoders[dialect], self->message, table, &self->out, NULL, &n_rows, &reject))
    {
      if (n_rows > 0)
        _expect_json_lines(self->out.data + before, self->out.length - before);
      self->n_converted++;
      return;
    }
  cr_assert_lt(reject.reason, JAM_N_REJECT_REASONS);
  cr_assert(g_utf8_validate(reject.text, -1, NULL), "%s", reject.text);
  cr_assert_str_eq(reject.table, jam_tables[table].name);
  cr_assert_eq(self->out.length, before);
}

static void
_convert(Converter *self, const gchar *text, gsize length, gboolean is_json)
{
  JamReject reject = { .reason = JAM_N_REJECT_REASONS };

  if (!jam_message_read(self->message, text, length, NULL, &reject))
    {
      cr_assert_eq(reject.reason == JAM_REJECT_INVALID_JSON, !is_json, "%.*s: %s", (gint) length, text, reject.text);
      cr_assert_lt(reject.reason, JAM_N_REJECT_REASONS);
      cr_assert(g_utf8_validate(reject.text, -1, NULL), "%s", reject.text);
      return;
    }
  cr_assert(is_json);
  jam_buffer_reset(&self->out, MAX_BYTES);
  for (gint dialect = 0; dialect < JAM_N_DIALECTS; dialect++)
    {
      for (gsize i = 0; i < self->message->kind->n_tables; i++)
        _encode_table(self, dialect, self->message->kind->tables[i]);
    }
}

static void
_mutate_message(Fixture *fixture, Converter *converter, Random *random, const gchar *bytes, gsize length)
{
  for (gint i = 0; i < test_effort(MUTATIONS_OF_A_MESSAGE); i++)
    {
      GString *json = g_string_new_len(bytes, length);
      gboolean is_json;

      mutation_apply(random, json);
      is_json = _read_and_compare(fixture, json);
      _convert(converter, guarded_copy(&fixture->input, json->str, json->len), json->len, is_json);
      g_string_free(json, TRUE);
    }
}

static void
_mutate_messages(Fixture *fixture, Converter *converter)
{
  GPtrArray *names = test_files_list("cases");
  Random random = { 9 };

  for (guint i = 0; i < names->len; i++)
    {
      gchar *path = g_build_filename("cases", g_ptr_array_index(names, i), NULL);
      gchar *bytes;
      gsize length;

      if (test_files_read(path, "message.json", &bytes, &length))
        {
          if (length < MAX_MESSAGE_BYTES)
            _mutate_message(fixture, converter, &random, bytes, length);
          g_free(bytes);
        }
      g_free(path);
    }
  g_ptr_array_unref(names);
}

Test(json_mutation, damaged_messages_become_valid_rows_or_are_rejected)
{
  Converter converter = { .message = jam_message_new() };
  Fixture fixture;

  _fixture_init(&fixture);
  for (gint i = 0; i < JAM_N_DIALECTS; i++)
    converter.encoders[i] = jam_row_encoder_new(i);
  _mutate_messages(&fixture, &converter);
  cr_expect_gt(converter.n_converted, test_effort(10000), "%u", converter.n_converted);
  for (gint i = 0; i < JAM_N_DIALECTS; i++)
    jam_row_encoder_free(converter.encoders[i]);
  jam_buffer_clear(&converter.out);
  jam_message_free(converter.message);
  _fixture_clear(&fixture);
}
