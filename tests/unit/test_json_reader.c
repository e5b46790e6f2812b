/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guarded.h"
#include "json-walk.h"
#include "test-files.h"

#include <criterion/criterion.h>

#define MANY 100000

static Guarded input;

static void
_setup(void)
{
  guarded_init(&input, 8 * MANY);
}

static void
_teardown(void)
{
  guarded_clear(&input);
}

TestSuite(json_reader, .init = _setup, .fini = _teardown);

static void
_expect_verdict(const gchar *name, const gchar *bytes, gsize length, gboolean accepted)
{
  const gchar *text = guarded_copy(&input, bytes, length);
  JamJsonValue value;
  guint count;

  cr_expect_eq(json_read_whole(text, length, &value), accepted, "%s: read as a value", name);
  cr_expect_eq(json_walk(text, length, &count), accepted, "%s: walked over", name);
  if (accepted)
    cr_expect_eq(count, value.count, "%s: %u, walked over %u", name, value.count, count);
}

static void
_expect_verdicts(const gchar *path, gboolean accepted)
{
  GPtrArray *names = test_files_list(path);

  cr_assert(names->len > 0);
  for (guint i = 0; i < names->len; i++)
    {
      const gchar *name = g_ptr_array_index(names, i);
      gchar *bytes;
      gsize length;

      cr_assert(test_files_read(path, name, &bytes, &length));
      _expect_verdict(name, bytes, length, accepted);
      g_free(bytes);
    }
  g_ptr_array_unref(names);
}

Test(json_reader, accepts_every_json_text_of_the_corpus)
{
  _expect_verdicts("corpus/json/accept", TRUE);
}

Test(json_reader, refuses_every_other_text_of_the_corpus)
{
  _expect_verdicts("corpus/json/refuse", FALSE);
}

/* A text that starts with a bracket or a quotation mark ends with its match. */
static void
_expect_no_prefix_is_accepted(const gchar *name, const gchar *bytes, gsize length)
{
  while (length > 0 && strchr(" \t\r\n", bytes[length - 1]))
    length--;
  if (!strchr("[{\"", bytes[0]))
    return;
  for (gsize i = 0; i < length; i++)
    _expect_verdict(name, bytes, i, FALSE);
}

Test(json_reader, refuses_a_text_that_is_cut_short_anywhere)
{
  const gchar *path = "corpus/json/accept";
  GPtrArray *names = test_files_list(path);

  for (guint i = 0; i < names->len; i++)
    {
      const gchar *name = g_ptr_array_index(names, i);
      gchar *bytes;
      gsize length;

      cr_assert(test_files_read(path, name, &bytes, &length));
      if (length < 1000)
        _expect_no_prefix_is_accepted(name, bytes, length);
      g_free(bytes);
    }
  g_ptr_array_unref(names);
}

static const struct
{
  const gchar *text;
  /* the value's own text within it */
  const gchar *span;
  JamJsonType type;
  guint count;
  guint flags;
} values[] = {
  { "null", "null", JAM_JSON_NULL, 0, 0 },
  { " true\n", "true", JAM_JSON_BOOLEAN, 0, 0 },
  { "\tfalse ", "false", JAM_JSON_BOOLEAN, 0, 0 },
  { "0", "0", JAM_JSON_NUMBER, 0, JAM_JSON_INTEGER },
  { " -12 ", "-12", JAM_JSON_NUMBER, 0, JAM_JSON_INTEGER },
  { "-0", "-0", JAM_JSON_NUMBER, 0, JAM_JSON_INTEGER },
  { "1.0", "1.0", JAM_JSON_NUMBER, 0, 0 },
  { "1e2 ", "1e2", JAM_JSON_NUMBER, 0, 0 },
  { "0E-1", "0E-1", JAM_JSON_NUMBER, 0, 0 },
  { " \"\" ", "\"\"", JAM_JSON_STRING, 0, 0 },
  { "\"a b\"", "\"a b\"", JAM_JSON_STRING, 0, 0 },
  { "\"\xc3\xa9\"", "\"\xc3\xa9\"", JAM_JSON_STRING, 0, 0 },
  { "\"a\\nb\"", "\"a\\nb\"", JAM_JSON_STRING, 0, JAM_JSON_ESCAPED },
  { "\"\\\"\"", "\"\\\"\"", JAM_JSON_STRING, 0, JAM_JSON_ESCAPED },
  { "[]", "[]", JAM_JSON_ARRAY, 0, 0 },
  { " [] ", "[]", JAM_JSON_ARRAY, 0, 0 },
  { "[ ]", "[ ]", JAM_JSON_ARRAY, 0, JAM_JSON_SPACED },
  { "[1]", "[1]", JAM_JSON_ARRAY, 1, 0 },
  { "[1 ]", "[1 ]", JAM_JSON_ARRAY, 1, JAM_JSON_SPACED },
  { "[\n1]", "[\n1]", JAM_JSON_ARRAY, 1, JAM_JSON_SPACED },
  { "[1,\t2]", "[1,\t2]", JAM_JSON_ARRAY, 2, JAM_JSON_SPACED },
  { "[1\r,2]", "[1\r,2]", JAM_JSON_ARRAY, 2, JAM_JSON_SPACED },
  { "[\" \",\"\\n\"]", "[\" \",\"\\n\"]", JAM_JSON_ARRAY, 2, 0 },
  { "[[],[1,2,3],{\"a\":4,\"b\":[]},\"x\",5]", "[[],[1,2,3],{\"a\":4,\"b\":[]},\"x\",5]", JAM_JSON_ARRAY, 5, 0 },
  { "[[[ ]]]", "[[[ ]]]", JAM_JSON_ARRAY, 1, JAM_JSON_SPACED },
  { "[[[],[]]]", "[[[],[]]]", JAM_JSON_ARRAY, 1, 0 },
  { "{}", "{}", JAM_JSON_OBJECT, 0, 0 },
  { "{ }", "{ }", JAM_JSON_OBJECT, 0, JAM_JSON_SPACED },
  { "{\"a b\":1}", "{\"a b\":1}", JAM_JSON_OBJECT, 1, 0 },
  { "{ \"a\":1}", "{ \"a\":1}", JAM_JSON_OBJECT, 1, JAM_JSON_SPACED },
  { "{\"a\" :1}", "{\"a\" :1}", JAM_JSON_OBJECT, 1, JAM_JSON_SPACED },
  { "{\"a\": 1}", "{\"a\": 1}", JAM_JSON_OBJECT, 1, JAM_JSON_SPACED },
  { "{\"a\":1 }", "{\"a\":1 }", JAM_JSON_OBJECT, 1, JAM_JSON_SPACED },
  { "{\"a\":1, \"b\":2}", "{\"a\":1, \"b\":2}", JAM_JSON_OBJECT, 2, JAM_JSON_SPACED },
  { "{\"a\":[ ]}", "{\"a\":[ ]}", JAM_JSON_OBJECT, 1, JAM_JSON_SPACED },
  { "{\"a\":1,\"a\":2,\"\":[[]]}", "{\"a\":1,\"a\":2,\"\":[[]]}", JAM_JSON_OBJECT, 3, 0 },
  { "{\"\\n\":\"\\n\"}", "{\"\\n\":\"\\n\"}", JAM_JSON_OBJECT, 1, 0 },
  { "\"\\ud83d\\uDE00\"", "\"\\ud83d\\uDE00\"", JAM_JSON_STRING, 0, JAM_JSON_ESCAPED },
  { "\"\\ud83d\"", "\"\\ud83d\"", JAM_JSON_STRING, 0, JAM_JSON_ESCAPED | JAM_JSON_UNPAIRED },
  { "\"\\ude00\\ud83d\"", "\"\\ude00\\ud83d\"", JAM_JSON_STRING, 0, JAM_JSON_ESCAPED | JAM_JSON_UNPAIRED },
  { "\"\\\\ud83d\"", "\"\\\\ud83d\"", JAM_JSON_STRING, 0, JAM_JSON_ESCAPED },
  { "[[\"\\ud83d\"]]", "[[\"\\ud83d\"]]", JAM_JSON_ARRAY, 1, JAM_JSON_UNPAIRED },
  { "{\"\\udfff\":1}", "{\"\\udfff\":1}", JAM_JSON_OBJECT, 1, JAM_JSON_UNPAIRED },
  { "{\"a\":\"\\ud83d\\ude00\"}", "{\"a\":\"\\ud83d\\ude00\"}", JAM_JSON_OBJECT, 1, 0 },
};

Test(json_reader, says_what_a_value_is_and_where)
{
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
    {
      gsize length = strlen(values[i].text);
      const gchar *text = guarded_copy(&input, values[i].text, length);
      JamJsonValue value;

      cr_assert(json_read_whole(text, length, &value), "%s", values[i].text);
      cr_expect_eq(value.type, values[i].type, "%s: type %u", values[i].text, value.type);
      cr_expect_eq(value.count, values[i].count, "%s: count %u", values[i].text, value.count);
      cr_expect_eq(value.flags, values[i].flags, "%s: flags %u", values[i].text, value.flags);
      cr_expect_eq(value.length, strlen(values[i].span), "%s: length %u", values[i].text, value.length);
      cr_expect_eq(value.text, strstr(values[i].text, values[i].span) - values[i].text + text, "%s", values[i].text);
    }
}

static const struct
{
  const gchar *text;
  JamJsonError error;
  gsize offset;
} errors[] = {
  { "", JAM_JSON_ERROR_SYNTAX, 0 },
  { "  ", JAM_JSON_ERROR_SYNTAX, 2 },
  { "[1,]", JAM_JSON_ERROR_SYNTAX, 3 },
  { "[1 2]", JAM_JSON_ERROR_SYNTAX, 3 },
  { "[1", JAM_JSON_ERROR_SYNTAX, 2 },
  { "{\"a\" 1}", JAM_JSON_ERROR_SYNTAX, 5 },
  { "{\"a\":1,}", JAM_JSON_ERROR_SYNTAX, 7 },
  { "{1:1}", JAM_JSON_ERROR_SYNTAX, 1 },
  { "[nul]", JAM_JSON_ERROR_SYNTAX, 1 },
  { "[01]", JAM_JSON_ERROR_SYNTAX, 2 },
  { "[\"a\n\"]", JAM_JSON_ERROR_STRING, 3 },
  { "[\"a", JAM_JSON_ERROR_STRING, 3 },
  { "\"\x1f\"", JAM_JSON_ERROR_STRING, 1 },
  { "\"\\x\"", JAM_JSON_ERROR_STRING, 2 },
  { "\"\\u12g4\"", JAM_JSON_ERROR_STRING, 5 },
  { "\"\\ud83d\\ude0", JAM_JSON_ERROR_STRING, 12 },
  { "\"\\ud83d\\ux000\"", JAM_JSON_ERROR_STRING, 9 },
  { "[-]", JAM_JSON_ERROR_NUMBER, 2 },
  { "1.", JAM_JSON_ERROR_NUMBER, 2 },
  { "1ex", JAM_JSON_ERROR_NUMBER, 2 },
  { "{\"\xff\":1}", JAM_JSON_ERROR_UTF8, 2 },
  { "\"ab\xc3\"", JAM_JSON_ERROR_UTF8, 3 },
  { "1 2", JAM_JSON_ERROR_TRAILING, 2 },
  { "{}\n}", JAM_JSON_ERROR_TRAILING, 3 },
};

Test(json_reader, says_what_is_wrong_and_where)
{
  for (gsize i = 0; i < G_N_ELEMENTS(errors); i++)
    {
      gsize length = strlen(errors[i].text);
      JamJsonReader reader;
      JamJsonValue value;

      jam_json_reader_init(&reader, guarded_copy(&input, errors[i].text, length), length);
      jam_json_reader_value(&reader, &value);
      cr_expect_not(jam_json_reader_finish(&reader));
      cr_expect_eq(reader.error, errors[i].error, "%s: %s", errors[i].text, jam_json_reader_error_message(&reader));
      cr_expect_eq(jam_json_reader_error_offset(&reader), errors[i].offset, "%s: at %" G_GSIZE_FORMAT, errors[i].text,
                   jam_json_reader_error_offset(&reader));
      cr_expect(*jam_json_reader_error_message(&reader));
    }
}

static void
_expect_too_deep(const gchar *unit)
{
  gsize length = strlen(unit) * MANY;
  gchar *text = guarded_get(&input, length);
  JamJsonReader reader;
  JamJsonValue value;
  guint count;

  for (gint i = 0; i < MANY; i++)
    memcpy(text + i * strlen(unit), unit, strlen(unit));
  jam_json_reader_init(&reader, text, length);
  cr_expect_not(jam_json_reader_value(&reader, &value));
  cr_expect_eq(reader.error, JAM_JSON_ERROR_DEPTH);
  cr_expect_not(json_walk(text, length, &count));
}

Test(json_reader, refuses_a_hundred_thousand_open_brackets_without_using_up_the_stack)
{
  _expect_too_deep("[");
  _expect_too_deep("{\"a\":");
  _expect_too_deep("[{\"\":");
}

/* Enters @n_entered arrays, then reads the @n_read arrays inside as one value. */
static JamJsonError
_read_nested(guint n_entered, guint n_read)
{
  guint depth = n_entered + n_read;
  gchar *text = guarded_get(&input, 2 * depth);
  JamJsonReader reader;
  JamJsonValue value;

  memset(text, '[', depth);
  memset(text + depth, ']', depth);
  jam_json_reader_init(&reader, text, 2 * depth);
  for (guint i = 0; i < n_entered; i++)
    {
      if (!jam_json_reader_enter_array(&reader) || (i + 1 < depth && !jam_json_reader_next_element(&reader)))
        return reader.error;
    }
  if (n_read > 0)
    jam_json_reader_value(&reader, &value);
  return reader.error;
}

Test(json_reader, counts_entered_and_skipped_containers_together_as_depth)
{
  static const guint entered[] = { 0, 1, 2, 63, 64, 65, 1000, JAM_JSON_MAX_DEPTH - 1, JAM_JSON_MAX_DEPTH };

  for (gsize i = 0; i < G_N_ELEMENTS(entered); i++)
    {
      guint rest = JAM_JSON_MAX_DEPTH - entered[i];
      cr_expect_eq(_read_nested(entered[i], rest), JAM_JSON_OK, "%u entered", entered[i]);
      cr_expect_eq(_read_nested(entered[i], rest + 1), JAM_JSON_ERROR_DEPTH, "%u entered", entered[i]);
    }
  cr_expect_eq(_read_nested(JAM_JSON_MAX_DEPTH + 1, 0), JAM_JSON_ERROR_DEPTH);
}

Test(json_reader, leaving_a_container_makes_room_for_another)
{
  static const gchar *units[] = { "[],", "{},", "[[]],", "{\"a\":[]}," };

  for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
    {
      GString *json = g_string_new("[");
      guint count;

      for (gint j = 0; j < 2 * JAM_JSON_MAX_DEPTH; j++)
        g_string_append(json, units[i]);
      g_string_append(json, "0]");
      cr_expect(json_walk(guarded_copy(&input, json->str, json->len), json->len, &count), "%s", units[i]);
      cr_expect_eq(count, 2 * JAM_JSON_MAX_DEPTH + 1);
      g_string_free(json, TRUE);
    }
}

Test(json_reader, hands_out_members_in_order_with_the_span_of_their_names)
{
  const gchar json[] = " { \"a\" : 1 , \"b\\n\" : [ 2 ] , \"a\" : { } } ";
  const gchar *names[] = { "\"a\"", "\"b\\n\"", "\"a\"" };
  JamJsonReader reader;
  JamJsonValue key, value;
  gsize n = 0;

  jam_json_reader_init(&reader, guarded_copy(&input, json, strlen(json)), strlen(json));
  cr_assert(jam_json_reader_enter_object(&reader));
  for (; jam_json_reader_next_member(&reader, &key); n++)
    {
      cr_assert_lt(n, G_N_ELEMENTS(names));
      cr_expect_eq(key.type, JAM_JSON_STRING);
      cr_expect_eq(key.length, strlen(names[n]));
      cr_expect_arr_eq(key.text, names[n], key.length);
      cr_expect_eq(!!(key.flags & JAM_JSON_ESCAPED), n == 1);
      cr_assert(jam_json_reader_value(&reader, &value));
    }
  cr_expect_eq(n, 3);
  cr_expect(jam_json_reader_finish(&reader));
}

Test(json_reader, entering_something_else_is_an_error)
{
  static const gchar *texts[] = { "", "1", "\"[\"", "{}", " x" };
  JamJsonReader reader;

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
      jam_json_reader_init(&reader, guarded_copy(&input, texts[i], strlen(texts[i])), strlen(texts[i]));
      cr_expect_not(jam_json_reader_enter_array(&reader));
      cr_expect_eq(reader.error, JAM_JSON_ERROR_SYNTAX);
    }
  jam_json_reader_init(&reader, "[]", 2);
  cr_expect_not(jam_json_reader_enter_object(&reader));
}

Test(json_reader, peeking_reads_nothing)
{
  static const struct
  {
    const gchar *text;
    JamJsonType type;
  } peeks[] = {
    { "", JAM_JSON_MISSING },  { "]", JAM_JSON_MISSING }, { "+", JAM_JSON_MISSING },  { " n", JAM_JSON_NULL },
    { "t", JAM_JSON_BOOLEAN }, { "f", JAM_JSON_BOOLEAN }, { "-", JAM_JSON_NUMBER },   { "9", JAM_JSON_NUMBER },
    { "\"", JAM_JSON_STRING }, { "[", JAM_JSON_ARRAY },   { "\n{", JAM_JSON_OBJECT },
  };
  JamJsonReader reader;

  for (gsize i = 0; i < G_N_ELEMENTS(peeks); i++)
    {
      jam_json_reader_init(&reader, guarded_copy(&input, peeks[i].text, strlen(peeks[i].text)), strlen(peeks[i].text));
      cr_expect_eq(jam_json_reader_peek(&reader), peeks[i].type, "%s", peeks[i].text);
      cr_expect_eq(jam_json_reader_peek(&reader), peeks[i].type, "%s, again", peeks[i].text);
      cr_expect_eq(reader.error, JAM_JSON_OK);
    }
}
