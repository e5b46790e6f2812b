/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guarded.h"
#include "json-walk.h"
#include "mutation.h"
#include "test-files.h"

#include "core/integer.h"
#include "core/json-text.h"
#include "core/row-encoder.h"

#include <criterion/criterion.h>
#include <json-glib/json-glib.h>

#define MAX_BYTES (64 * 1024)
#define GENERATED_TEXTS 100000
#define MUTATIONS_OF_A_MESSAGE 100
/* in percent of these: what takes long elsewhere takes too long under valgrind */
#define EFFORT_VARIABLE "JAM_ETL_TEST_EFFORT"
/* so that none of them nears the depth that json-glib does not limit */
#define MAX_MESSAGE_BYTES 2000

typedef struct _Fixture
{
  Guarded input;
  JsonParser *parser;
  GRegex *strict_string;
  GRegex *lax_string;
  GRegex *lax_outside;
  GRegex *no_lone_surrogate;
  guint n_compared;
  guint n_accepted;
} Fixture;

#define HIGH "\\\\u[dD][89abAB][0-9a-fA-F]{2}"
#define LOW "\\\\u[dD][c-fC-F][0-9a-fA-F]{2}"

static gint
_effort(gint n)
{
  const gchar *percent = g_getenv(EFFORT_VARIABLE);

  return percent ? MAX(n * atoi(percent) / 100, 1) : n;
}

static GRegex *
_regex(const gchar *pattern)
{
  GRegex *regex = g_regex_new(pattern, G_REGEX_RAW, 0, NULL);

  cr_assert(regex, "%s", pattern);
  return regex;
}

static void
_fixture_init(Fixture *self)
{
  guarded_init(&self->input, MAX_BYTES);
  self->parser = json_parser_new();
  self->strict_string = _regex("\"(?:[^\"\\\\\\x00-\\x1f]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4})*+\"");
  self->lax_string = _regex("(?s)\".*[\\\\\\x00-\\x1f]");
  self->lax_outside = _regex("'|/|\\$|\\.(?![0-9])|(?<![0-9])\\.|-[ \\t\\r\\n]|(?<![0-9.])0[0-9a-zA-Z]");
  self->no_lone_surrogate = _regex("^(?:[^\\\\]|\\\\[^u]|\\\\u(?![dD][89a-fA-F])|" HIGH LOW ")*+\\z");
  self->n_compared = 0;
  self->n_accepted = 0;
}

static void
_fixture_clear(Fixture *self)
{
  g_regex_unref(self->strict_string);
  g_regex_unref(self->lax_string);
  g_regex_unref(self->lax_outside);
  g_regex_unref(self->no_lone_surrogate);
  g_object_unref(self->parser);
  guarded_clear(&self->input);
}

/* json-glib 1.6 takes more than RFC 8259 allows. In strings: unknown and octal
 * escapes, control characters. Outside: 'single quotes', comments and stray
 * slashes, octal, hex and binary numbers, points without digits on both sides,
 * and space behind a minus. */
static gboolean
_may_json_glib_be_lax(const Fixture *self, const gchar *text, gsize length)
{
  gchar *outside = g_regex_replace_literal(self->strict_string, text, length, 0, "s", 0, NULL);
  gboolean lax = g_regex_match(self->lax_outside, outside, 0, NULL)
                 || g_regex_match(self->lax_string, outside, 0, NULL);

  g_free(outside);
  return lax;
}

/* json-glib refuses some lone surrogates and decodes others to what is no
 * UTF-8; we accept all. */
static gboolean
_has_lone_surrogate(const Fixture *self, const gchar *text, gsize length)
{
  return !g_regex_match_full(self->no_lone_surrogate, text, length, 0, 0, NULL, NULL);
}

static void _expect_same_value(const JamJsonValue *value, JsonNode *node);

/* Returns a string's decoded value, cut at the first NUL as json-glib's are. */
static gchar *
_decode(const JamJsonValue *string)
{
  JamBuffer out = { 0 };
  gsize length;
  const gchar *content = jam_json_string_content(string, &length);

  jam_json_unescape(&out, content, length);
  jam_buffer_append_char(&out, '\0');
  return out.data;
}

static void
_expect_same_number(const JamJsonValue *value, JsonNode *node)
{
  gchar *text = g_strndup(value->text, value->length);

  if (!(value->flags & JAM_JSON_INTEGER))
    cr_assert_eq(g_ascii_strtod(text, NULL), json_node_get_double(node), "%s", text);
  /* json-glib wraps larger ones around */
  else if (jam_integer_is_valid(text, value->length))
    cr_assert_eq(g_ascii_strtoll(text, NULL, 10), json_node_get_int(node), "%s", text);
  g_free(text);
}

static void
_expect_same_array(const JamJsonValue *value, JsonNode *node)
{
  JsonArray *array = json_node_get_array(node);
  JamJsonReader reader;
  JamJsonValue element;
  guint i = 0;

  cr_assert_eq(value->count, json_array_get_length(array));
  jam_json_reader_init(&reader, value->text, value->length);
  cr_assert(jam_json_reader_enter_array(&reader));
  for (; jam_json_reader_next_element(&reader); i++)
    {
      cr_assert(jam_json_reader_value(&reader, &element));
      _expect_same_value(&element, json_array_get_element(array, i));
    }
  cr_assert_eq(i, value->count);
}

/* Returns the members by their names; a repeated name has the last value. */
static GHashTable *
_collect_members(const JamJsonValue *object)
{
  GHashTable *members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  JamJsonReader reader;
  JamJsonValue key, value;

  jam_json_reader_init(&reader, object->text, object->length);
  cr_assert(jam_json_reader_enter_object(&reader));
  while (jam_json_reader_next_member(&reader, &key))
    {
      cr_assert(jam_json_reader_value(&reader, &value));
      g_hash_table_replace(members, _decode(&key), g_memdup2(&value, sizeof(value)));
    }
  return members;
}

static void
_expect_same_object(const JamJsonValue *value, JsonNode *node)
{
  JsonObject *object = json_node_get_object(node);
  GHashTable *members = _collect_members(value);
  GHashTableIter iter;
  gpointer name, member;

  cr_assert_eq(g_hash_table_size(members), json_object_get_size(object));
  g_hash_table_iter_init(&iter, members);
  while (g_hash_table_iter_next(&iter, &name, &member))
    {
      cr_assert(json_object_has_member(object, name), "%s", (gchar *) name);
      _expect_same_value(member, json_object_get_member(object, name));
    }
  g_hash_table_destroy(members);
}

static void
_expect_same_value(const JamJsonValue *value, JsonNode *node)
{
  gchar *string;

  switch (value->type)
    {
    case JAM_JSON_NULL:
      cr_assert(JSON_NODE_HOLDS_NULL(node));
      break;
    case JAM_JSON_BOOLEAN:
      cr_assert_eq(json_node_get_value_type(node), G_TYPE_BOOLEAN);
      cr_assert_eq(*value->text == 't', json_node_get_boolean(node));
      break;
    case JAM_JSON_NUMBER:
      cr_assert_eq(json_node_get_value_type(node), value->flags & JAM_JSON_INTEGER ? G_TYPE_INT64 : G_TYPE_DOUBLE);
      _expect_same_number(value, node);
      break;
    case JAM_JSON_STRING:
      string = _decode(value);
      cr_assert_str_eq(string, json_node_get_string(node));
      g_free(string);
      break;
    case JAM_JSON_ARRAY:
      cr_assert(JSON_NODE_HOLDS_ARRAY(node));
      _expect_same_array(value, node);
      break;
    default:
      cr_assert(JSON_NODE_HOLDS_OBJECT(node));
      _expect_same_object(value, node);
      break;
    }
}

/* A text alone may also be empty, be "var x = …;", or go on with an array or an
 * object behind the first value; an element of an array may do none of that. */
static gboolean
_is_accepted_by_json_glib(Fixture *self, const gchar *text, gsize length)
{
  gchar *in_array = g_strdup_printf("[%.*s]", (gint) length, text);
  gboolean accepted;

  accepted = json_parser_load_from_data(self->parser, in_array, -1, NULL)
             && json_array_get_length(json_node_get_array(json_parser_get_root(self->parser))) == 1
             && json_parser_load_from_data(self->parser, text, length, NULL);
  g_free(in_array);
  return accepted;
}

static void
_compare_with_json_glib(Fixture *self, const gchar *text, gsize length, const JamJsonValue *value, gboolean accepted)
{
  if (_has_lone_surrogate(self, text, length) || (!accepted && _may_json_glib_be_lax(self, text, length)))
    return;
  cr_assert_eq(_is_accepted_by_json_glib(self, text, length), accepted, "%s, but json-glib does not agree:\n%.*s",
               accepted ? "accepted" : "refused", (gint) length, text);
  self->n_compared++;
  if (!accepted)
    return;
  self->n_accepted++;
  /* cut at a NUL, two names can become one */
  if (!g_strstr_len(text, length, "\\u0000"))
    _expect_same_value(value, json_parser_get_root(self->parser));
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
  _compare_with_json_glib(self, json->str, json->len, &value, accepted);
  return accepted;
}

Test(json_mutation, damaged_texts_are_accepted_or_refused_as_by_json_glib)
{
  Random random = { 8 };
  Fixture fixture;

  _fixture_init(&fixture);
  for (gint i = 0; i < _effort(GENERATED_TEXTS); i++)
    {
      GString *json = g_string_new(NULL);

      mutation_append_value(&random, json, 4);
      mutation_apply(&random, json);
      _read_and_compare(&fixture, json);
      g_string_free(json, TRUE);
    }
  /* the oracle must have had its say, both ways */
  cr_expect_gt(fixture.n_compared, _effort(GENERATED_TEXTS) * 3 / 4, "%u", fixture.n_compared);
  cr_expect_gt(fixture.n_accepted, _effort(GENERATED_TEXTS) / 4, "%u", fixture.n_accepted);
  cr_expect_lt(fixture.n_accepted, fixture.n_compared * 3 / 4, "%u", fixture.n_accepted);
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

  if (jam_row_encoder_encode(self->encoders[dialect], self->message, table, &self->out, &n_rows, &reject))
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
  for (gint i = 0; i < _effort(MUTATIONS_OF_A_MESSAGE); i++)
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
  cr_expect_gt(converter.n_converted, _effort(10000), "%u", converter.n_converted);
  for (gint i = 0; i < JAM_N_DIALECTS; i++)
    jam_row_encoder_free(converter.encoders[i]);
  jam_buffer_clear(&converter.out);
  jam_message_free(converter.message);
  _fixture_clear(&fixture);
}
