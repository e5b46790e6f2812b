/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "effort.h"
#include "guarded.h"
#include "json-walk.h"
#include "random.h"

#include "core/jamtart/message.h"

#include "json-glib-oracle.h"

#include <criterion/criterion.h>
#include <string.h>

/* Every text of a kind up to some length, right or wrong. */

#define MAX_BYTES 4096

/* A message as senders write it, so that it is read the short way, with room for
 * a value where one is wanted; as long as a text must be to be looked ahead in. */
#define MESSAGE_START "{\"time\":\"2025-06-01T00:00:03Z\",\"msg_type\":\"143\",\"json_encoded\":{\"service_index\":"
#define MESSAGE_MIDDLE ",\"items\":1},\"elapsed\":"
#define MESSAGE_END ",\"metadata\":\"a=1|b=2|c=3|d=4|e=5|f=6|g=7\"}"

typedef struct _Fixture
{
  Guarded input;
  JsonGlibOracle *oracle;
  JamMessage *message;
  GString *text;
  guint n_accepted;
} Fixture;

static void
_fixture_init(Fixture *self)
{
  guarded_init(&self->input, MAX_BYTES);
  self->oracle = json_glib_oracle_new();
  self->message = jam_message_new();
  self->text = g_string_new(NULL);
  self->n_accepted = 0;
}

static void
_fixture_clear(Fixture *self)
{
  g_string_free(self->text, TRUE);
  jam_message_free(self->message);
  json_glib_oracle_free(self->oracle);
  guarded_clear(&self->input);
}

static gboolean
_is_read(Fixture *self, const GString *text)
{
  const gchar *copy = guarded_copy(&self->input, text->str, text->len);
  JamJsonValue value;
  guint count;
  gboolean accepted = json_read_whole(copy, text->len, &value);

  cr_assert_eq(json_walk(copy, text->len, &count), accepted, "%.*s", (gint) text->len, text->str);
  self->n_accepted += accepted;
  return accepted;
}

static gboolean
_is_read_as_a_message(Fixture *self, const GString *text)
{
  JamReject reject;

  return jam_message_read(self->message, guarded_copy(&self->input, text->str, text->len), text->len, NULL, &reject)
         || reject.reason != JAM_REJECT_INVALID_JSON;
}

/* By RFC 8259's grammar, and by json-glib. */
static void
_expect_the_verdict_of_the_oracles(Fixture *self, const GString *text)
{
  JsonTree *tree = json_tree_parse(text->str, text->len);
  GString *why = g_string_new(NULL);

  cr_assert_eq(_is_read(self, text), tree != NULL, "%.*s", (gint) text->len, text->str);
  cr_assert(json_glib_oracle_agrees(self->oracle, text->str, text->len, tree, why), "%s: %.*s", why->str,
            (gint) text->len, text->str);
  g_string_free(why, TRUE);
  json_tree_free(tree);
}

/* Makes number @n of all the sequences of @units, shortest first. */
static void
_append_sequence(GString *text, const gchar *const *units, guint n_units, guint n)
{
  for (; n > 0; n = (n - 1) / n_units)
    g_string_append(text, units[(n - 1) % n_units]);
}

/* how many there are of @max_length units at the most */
static guint
_count_sequences(guint n_units, guint max_length)
{
  guint count = 1;

  for (guint i = 0; i < max_length; i++)
    count = count * n_units + 1;
  return count;
}

static void
_set_text(Fixture *self, const gchar *before, const GString *middle, const gchar *behind)
{
  g_string_assign(self->text, before);
  g_string_append_len(self->text, middle->str, middle->len);
  g_string_append(self->text, behind);
}

static void
_expect_number(Fixture *self, const GString *number, gboolean is_number)
{
  _set_text(self, "[", number, "]");
  cr_assert_eq(_is_read(self, self->text), is_number || number->len == 0, "%s", self->text->str);
  _set_text(self, "", number, "");
  cr_assert_eq(_is_read(self, self->text), is_number, "%s", self->text->str);
  _set_text(self, MESSAGE_START, number, MESSAGE_MIDDLE "1" MESSAGE_END);
  cr_assert_eq(_is_read_as_a_message(self, self->text), is_number, "%s", self->text->str);
  _set_text(self, MESSAGE_START "1" MESSAGE_MIDDLE, number, MESSAGE_END);
  cr_assert_eq(_is_read_as_a_message(self, self->text), is_number, "%s", self->text->str);
}

Test(json_grammar, reads_all_numbers_of_up_to_six_characters_and_nothing_like_them)
{
  static const gchar *units[] = { "-", "+", "0", "1", ".", "e", "E" };
  GRegex *number = g_regex_new("^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?\\z", 0, 0, NULL);
  GString *text = g_string_new(NULL);
  guint n_texts = _count_sequences(G_N_ELEMENTS(units), 6);
  guint n_wanted = test_effort(n_texts);
  Random random = { 10 };
  Fixture fixture;

  _fixture_init(&fixture);
  for (guint n = 0; n < n_wanted; n++)
    {
      g_string_truncate(text, 0);
      _append_sequence(text, units, G_N_ELEMENTS(units), n_wanted == n_texts ? n : random_below(&random, n_texts));
      _expect_number(&fixture, text, g_regex_match(number, text->str, 0, NULL));
    }
  _fixture_clear(&fixture);
  g_string_free(text, TRUE);
  g_regex_unref(number);
}

Test(json_grammar, reads_all_sequences_of_up_to_five_tokens_as_the_oracles_do)
{
  static const gchar *units[] = { "{", "}", "[", "]", ",", ":", "\"a\"", "1", "null" };
  guint n_texts = _count_sequences(G_N_ELEMENTS(units), 5);
  guint n_wanted = test_effort(n_texts);
  Random random = { 11 };
  Fixture fixture;

  _fixture_init(&fixture);
  for (guint n = 0; n < n_wanted; n++)
    {
      g_string_truncate(fixture.text, 0);
      _append_sequence(fixture.text, units, G_N_ELEMENTS(units),
                       n_wanted == n_texts ? n : random_below(&random, n_texts));
      _expect_the_verdict_of_the_oracles(&fixture, fixture.text);
    }
  cr_expect_gt(fixture.n_accepted, 0);
  _fixture_clear(&fixture);
}

/* one token of each kind, with and without white space */
#define EVERY_TOKEN "{\"a\\n\":[-10.25e+3,true],\"\xc3\xa9\\u00e9\" :{ \"\\ud83d\\ude00\" : null ,\t\"\":[ ]\n} }"

Test(json_grammar, reads_a_text_with_any_byte_in_any_place_as_the_oracles_do)
{
  const gsize length = strlen(EVERY_TOKEN);
  gint step = 100 / test_effort(100);
  Fixture fixture;

  _fixture_init(&fixture);
  for (guint byte = 0; byte <= 0xFF; byte++)
    {
      for (gsize place = byte % step; place < length; place += step)
        {
          g_string_assign(fixture.text, EVERY_TOKEN);
          fixture.text->str[place] = byte;
          _expect_the_verdict_of_the_oracles(&fixture, fixture.text);
          g_string_assign(fixture.text, EVERY_TOKEN);
          g_string_insert_len(fixture.text, place, (const gchar[]){ byte }, 1);
          _expect_the_verdict_of_the_oracles(&fixture, fixture.text);
        }
    }
  cr_expect_gt(fixture.n_accepted, 0);
  _fixture_clear(&fixture);
}

Test(json_grammar, reads_a_message_with_any_byte_in_any_place_as_the_grammar_has_it)
{
  const gchar message[] = MESSAGE_START "123" MESSAGE_MIDDLE "\"45\"" MESSAGE_END;
  gint step = 100 / test_effort(100);
  Fixture fixture;

  _fixture_init(&fixture);
  for (guint byte = 0; byte <= 0xFF; byte++)
    {
      for (gsize place = byte % step; place < sizeof(message) - 1; place += step)
        {
          JsonTree *tree;

          g_string_assign(fixture.text, message);
          fixture.text->str[place] = byte;
          tree = json_tree_parse(fixture.text->str, fixture.text->len);
          cr_assert_eq(_is_read_as_a_message(&fixture, fixture.text), tree != NULL, "%02x at %" G_GSIZE_FORMAT, byte,
                       place);
          json_tree_free(tree);
        }
    }
  _fixture_clear(&fixture);
}

Test(json_grammar, reads_a_string_with_any_utf8_sequence_in_any_place_as_glib_does)
{
  static const guint8 edges[] = {
    'a', 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF,
  };
  const guint n = G_N_ELEMENTS(edges);
  guint n_sequences = test_effort(n * n * n * n);
  Fixture fixture;

  _fixture_init(&fixture);
  for (guint i = 0; i < n_sequences; i++)
    {
      const gchar bytes[] = { edges[i / (n * n * n) % n], edges[i / (n * n) % n], edges[i / n % n], edges[i % n] };
      gsize place = 1 + i % 67;

      g_string_assign(fixture.text, "\"0123456789012345678901234567890123456789012345678901234567890123456789\"");
      memcpy(fixture.text->str + place, bytes, sizeof(bytes));
      cr_assert_eq(_is_read(&fixture, fixture.text), g_utf8_validate(fixture.text->str, fixture.text->len, NULL),
                   "%02x %02x %02x %02x at %" G_GSIZE_FORMAT, (guchar) bytes[0], (guchar) bytes[1], (guchar) bytes[2],
                   (guchar) bytes[3], place);
    }
  cr_expect_gt(fixture.n_accepted, 0);
  _fixture_clear(&fixture);
}

/* what may come behind a run of plain bytes or digits, right or wrong */
static const gchar *string_ends[] = {
  "\"",   "\\\"\"", "\\u00e9\"", "\xc3\xa9\"", "\xf0\x9f\x98\x80\"", "\x7f\"",
  "",     "\\\"",   "\\u00e\"",  "\xc3\"",     "\xed\xa0\x80\"",     "\x1f\"",
  "\n\"", "\"\"",
};
static const gchar *number_ends[] = {
  "", ".5", "e5", "E+5", "0", ".", "e", "e+", "-", " 1", "x", "\"", "\xc3\xa9",
};

static void
_expect_a_run_and_its_ends(Fixture *self, const gchar *start, gchar byte, gsize length, const gchar *end)
{
  GString *value = g_string_new(start);
  gsize before = value->len;

  g_string_set_size(value, before + length);
  memset(value->str + before, byte, length);
  g_string_append(value, end);
  _set_text(self, "[", value, "]");
  _expect_the_verdict_of_the_oracles(self, self->text);
  _set_text(self, MESSAGE_START, value, MESSAGE_MIDDLE "1" MESSAGE_END);
  _expect_the_verdict_of_the_oracles(self, self->text);
  cr_assert_eq(_is_read_as_a_message(self, self->text), _is_read(self, self->text), "%s", self->text->str);
  g_string_free(value, TRUE);
}

/* beyond the longest stretch that is taken at once */
#define LONGEST_RUN 400

Test(json_grammar, reads_strings_and_numbers_of_any_length_and_ending_as_the_oracles_do)
{
  gint step = 100 / test_effort(100);
  Fixture fixture;

  _fixture_init(&fixture);
  for (gsize length = 0; length <= LONGEST_RUN; length += step)
    {
      for (gsize i = 0; i < G_N_ELEMENTS(string_ends); i++)
        _expect_a_run_and_its_ends(&fixture, "\"", 'a', length, string_ends[i]);
      for (gsize i = 0; i < G_N_ELEMENTS(number_ends); i++)
        _expect_a_run_and_its_ends(&fixture, "-", '7', length, number_ends[i]);
    }
  cr_expect_gt(fixture.n_accepted, 0);
  _fixture_clear(&fixture);
}
