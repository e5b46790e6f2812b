/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guarded.h"
#include "json-walk.h"
#include "random.h"
#include "test-files.h"

#include "core/json/json-text.h"

#include <criterion/criterion.h>
#include <json-glib/json-glib.h>

static Guarded input;

static void
_setup(void)
{
  guarded_init(&input, 16 * 1024);
}

static void
_teardown(void)
{
  guarded_clear(&input);
}

TestSuite(json_text, .init = _setup, .fini = _teardown);

static void
_expect_buffer(const JamBuffer *buffer, const gchar *expected, gsize length, const gchar *what)
{
  cr_expect_eq(buffer->length, length, "%s: %" G_GSIZE_FORMAT " bytes", what, buffer->length);
  if (buffer->length == length && length > 0)
    cr_expect_arr_eq(buffer->data, expected, length, "%s: %.*s", what, (gint) length, buffer->data);
}

#define DECODED(text) text, sizeof(text) - 1

static const struct
{
  const gchar *content;
  const gchar *decoded;
  gsize length;
} contents[] = {
  { "", DECODED("") },
  { "abc", DECODED("abc") },
  { "\\\"\\\\\\/\\b\\f\\n\\r\\t", DECODED("\"\\/\b\f\n\r\t") },
  { "a\\nb", DECODED("a\nb") },
  { "\\u0041\\u00e9\\u20ac", DECODED("A\xc3\xa9\xe2\x82\xac") },
  { "\\uABCD\\uabcd", DECODED("\xea\xaf\x8d\xea\xaf\x8d") },
  { "\\u0000", DECODED("\0") },
  { "a\\u0000b", DECODED("a\0b") },
  { "\\u007f\\u0080", DECODED("\x7f\xc2\x80") },
  { "\\u07ff\\u0800\\uffff", DECODED("\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf") },
  { "\\ud83d\\ude00", DECODED("\xf0\x9f\x98\x80") },
  { "\\ud800\\udc00\\uDBFF\\uDFFF", DECODED("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf") },
  { "\\ud83d", DECODED("\xef\xbf\xbd") },
  { "\\ude00", DECODED("\xef\xbf\xbd") },
  { "\\ud83dx", DECODED("\xef\xbf\xbdx") },
  { "\\ud83d\\n", DECODED("\xef\xbf\xbd\n") },
  { "\\ud83d\\u0041", DECODED("\xef\xbf\xbd"
                              "A") },
  { "\\ud83d\\ud83d\\ude00", DECODED("\xef\xbf\xbd\xf0\x9f\x98\x80") },
  { "\\ude00\\ud83d", DECODED("\xef\xbf\xbd\xef\xbf\xbd") },
  { "\xc5\xbc\\u00f3\xc5\x82w", DECODED("\xc5\xbc\xc3\xb3\xc5\x82w") },
  { "\\\\u0041", DECODED("\\u0041") },
  { "\\\\\\u0041", DECODED("\\A") },
};

Test(json_text, unescapes_strings)
{
  for (gsize i = 0; i < G_N_ELEMENTS(contents); i++)
    {
      gsize length = strlen(contents[i].content);
      JamBuffer out = { 0 };

      jam_json_unescape(&out, guarded_copy(&input, contents[i].content, length), length);
      _expect_buffer(&out, contents[i].decoded, contents[i].length, contents[i].content);
      jam_buffer_clear(&out);
    }
}

Test(json_text, unescaping_appends_to_what_is_there)
{
  JamBuffer out = { 0 };

  jam_buffer_append_literal(&out, "before ");
  jam_json_unescape(&out, "\\u0041", 6);
  _expect_buffer(&out, "before A", 8, "appended");
  jam_buffer_clear(&out);
}

/* a string's value as json-glib reads it, NULL if it holds a lone surrogate */
static gchar *
_glib_decode(const gchar *json, gsize length)
{
  JsonParser *parser = json_parser_new();
  gchar *decoded = NULL;

  if (json_parser_load_from_data(parser, json, length, NULL))
    decoded = g_strdup(json_node_get_string(json_parser_get_root(parser)));
  g_object_unref(parser);
  if (decoded && !g_utf8_validate(decoded, -1, NULL))
    g_clear_pointer(&decoded, g_free);
  return decoded;
}

static void
_append_random_content(Random *random, GString *json)
{
  static const gchar *pieces[] = {
    "a",
    "bc",
    " ",
    "\xc3\xa9",
    "\xf0\x9f\x98\x80",
    "\\\"",
    "\\\\",
    "\\/",
    "\\b",
    "\\f",
    "\\n",
    "\\r",
    "\\t",
    "\\u0041",
    "\\u00E9",
    "\\uffff",
    "\\ud83d\\ude00",
    "0123456789abcdef",
  };

  for (guint n = random_below(random, 12); n > 0; n--)
    g_string_append(json, pieces[random_below(random, G_N_ELEMENTS(pieces))]);
}

Test(json_text, unescapes_as_json_glib_does)
{
  Random random = { 3 };

  for (gint i = 0; i < 5000; i++)
    {
      GString *json = g_string_new("\"");
      JamBuffer out = { 0 };
      gchar *expected;

      _append_random_content(&random, json);
      g_string_append_c(json, '"');
      expected = _glib_decode(json->str, json->len);
      cr_assert(expected, "%s", json->str);
      jam_json_unescape(&out, guarded_copy(&input, json->str + 1, json->len - 2), json->len - 2);
      _expect_buffer(&out, expected, strlen(expected), json->str);
      jam_buffer_clear(&out);
      g_free(expected);
      g_string_free(json, TRUE);
    }
}

/* Appends @bytes as a string, and checks that it is JSON. */
static gboolean
_append_string(JamBuffer *out, const gchar *bytes, gsize length)
{
  gboolean is_utf8 = jam_json_append_string(out, guarded_copy(&input, bytes, length), length);
  JamJsonValue value;

  cr_expect(json_read_whole(out->data, out->length, &value), "%.*s", (gint) out->length, out->data);
  cr_expect_eq(value.type, JAM_JSON_STRING);
  return is_utf8;
}

static const struct
{
  const gchar *bytes;
  gsize length;
  const gchar *json;
  gboolean is_utf8;
} strings[] = {
  { DECODED(""), "\"\"", TRUE },
  { DECODED("abc / \x7f"), "\"abc / \x7f\"", TRUE },
  { DECODED("\"\\\n\r\t"), "\"\\\"\\\\\\n\\r\\t\"", TRUE },
  { DECODED("\0\x01\b\f\x1f"), "\"\\u0000\\u0001\\u0008\\u000c\\u001f\"", TRUE },
  { DECODED("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"", TRUE },
  { DECODED("\xff"), "\"\xef\xbf\xbd\"", FALSE },
  { DECODED("a\xc3"), "\"a\xef\xbf\xbd\"", FALSE },
  { DECODED("\xc3\xa9\x80z"), "\"\xc3\xa9\xef\xbf\xbdz\"", FALSE },
  { DECODED("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"", FALSE },
};

Test(json_text, appends_bytes_as_a_json_string)
{
  for (gsize i = 0; i < G_N_ELEMENTS(strings); i++)
    {
      JamBuffer out = { 0 };

      cr_expect_eq(_append_string(&out, strings[i].bytes, strings[i].length), strings[i].is_utf8, "%s",
                   strings[i].json);
      _expect_buffer(&out, strings[i].json, strlen(strings[i].json), strings[i].json);
      jam_buffer_clear(&out);
    }
}

Test(json_text, what_was_appended_as_a_string_reads_back_the_same)
{
  Random random = { 4 };
  gchar bytes[60];

  for (gint i = 0; i < 20000; i++)
    {
      gsize length = random_below(&random, sizeof(bytes));
      JamBuffer json = { 0 };
      JamBuffer back = { 0 };
      gboolean is_utf8;

      random_fill(&random, bytes, length);
      for (gsize j = 0; j < length; j++)
        bytes[j] = i % 2 ? bytes[j] & 0x7F : bytes[j];
      is_utf8 = _append_string(&json, bytes, length);
      jam_json_unescape(&back, json.data + 1, json.length - 2);
      if (is_utf8)
        _expect_buffer(&back, bytes, length, "read back");
      else
        cr_expect_not(g_utf8_validate(bytes, length, NULL));
      jam_buffer_clear(&json);
      jam_buffer_clear(&back);
    }
}

static const struct
{
  const gchar *value;
  const gchar *as_string;
} compacted[] = {
  { "null", "\"null\"" },
  { " 1.50e+3 ", "\"1.50e+3\"" },
  { "\"a b\"", "\"\\\"a b\\\"\"" },
  { "\"a\\n\\\"\\\\ \"", "\"\\\"a\\\\n\\\\\\\"\\\\\\\\ \\\"\"" },
  { "[]", "\"[]\"" },
  { "[ ]", "\"[]\"" },
  { "{ \t\r\n}", "\"{}\"" },
  { "[1 , 2,\n[ 3 ] ]", "\"[1,2,[3]]\"" },
  { "{ \"a b\" : \" c \" , \"\\\" \" : [ \"\\\\\" , true ] }",
    "\"{\\\"a b\\\":\\\" c \\\",\\\"\\\\\\\" \\\":[\\\"\\\\\\\\\\\",true]}\"" },
  { "[\"\xc3\xa9\", \"\x7f\"]", "\"[\\\"\xc3\xa9\\\",\\\"\x7f\\\"]\"" },
  { "[\"\\ud83d\" , 1]", "\"[\\\"\\\\ufffd\\\",1]\"" },
  { "{\"\\ude00\":\"\\ud83d\\ude00\"}", "\"{\\\"\\\\ufffd\\\":\\\"\\\\ud83d\\\\ude00\\\"}\"" },
};

static const struct
{
  const gchar *value;
  const gchar *paired;
} unpaired[] = {
  { "\"\"", "\"\"" },
  { "\"\\ud83d\\ude00\"", "\"\\ud83d\\ude00\"" },
  { "\"a\\ud83d\"", "\"a\\ufffd\"" },
  { "\"\\uDFFFb\"", "\"\\ufffdb\"" },
  { "\"\\ud83d\\ud83d\\ude00\\ude00\"", "\"\\ufffd\\ud83d\\ude00\\ufffd\"" },
  { "\"\\\\ud83d\\\"\\n\\u0041\\ud83d\\\\\"", "\"\\\\ud83d\\\"\\n\\u0041\\ufffd\\\\\"" },
  { "{\"\\ud83d\":[\"\\ude00\", 1]}", "{\"\\ufffd\":[\"\\ufffd\", 1]}" },
};

Test(json_text, replaces_halves_of_surrogate_pairs_and_nothing_else)
{
  for (gsize i = 0; i < G_N_ELEMENTS(unpaired); i++)
    {
      gsize length = strlen(unpaired[i].value);
      JamBuffer out = { 0 };
      JamJsonValue value;

      cr_assert(json_read_whole(guarded_copy(&input, unpaired[i].value, length), length, &value));
      jam_json_append_paired(&out, &value);
      _expect_buffer(&out, unpaired[i].paired, strlen(unpaired[i].paired), unpaired[i].value);
      jam_buffer_clear(&out);
    }
}

static void
_append_as_string(JamBuffer *out, const gchar *json, gsize length)
{
  JamBuffer scratch = { 0 };
  JamJsonValue value;

  cr_assert(json_read_whole(guarded_copy(&input, json, length), length, &value), "%s", json);
  jam_json_append_as_string(out, &value, &scratch);
  jam_buffer_clear(&scratch);
}

Test(json_text, puts_a_value_into_a_string_without_the_space_between_its_tokens)
{
  for (gsize i = 0; i < G_N_ELEMENTS(compacted); i++)
    {
      JamBuffer out = { 0 };

      _append_as_string(&out, compacted[i].value, strlen(compacted[i].value));
      _expect_buffer(&out, compacted[i].as_string, strlen(compacted[i].as_string), compacted[i].value);
      jam_buffer_clear(&out);
    }
}

/* the obvious way to do it */
static GString *
_escape(const gchar *text, gsize length)
{
  GString *escaped = g_string_new("\"");

  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '"' || text[i] == '\\')
        g_string_append_c(escaped, '\\');
      g_string_append_c(escaped, text[i]);
    }
  return g_string_append_c(escaped, '"');
}

Test(json_text, escapes_quotation_marks_and_backslashes_wherever_they_stand)
{
  static const gchar *pieces[] = {
    "[]", "\"\"", "\"\\\\\"", "\"abc\"", "12", "\"0123456789abcdef0123456789abcdef01\""
  };
  Random random = { 8 };

  for (gint i = 0; i < 5000; i++)
    {
      GString *json = g_string_new("[0");
      JamBuffer out = { 0 };
      GString *expected;

      for (guint n = random_below(&random, 12); n > 0; n--)
        g_string_append_printf(json, ",%s", pieces[random_below(&random, G_N_ELEMENTS(pieces))]);
      g_string_append_c(json, ']');
      expected = _escape(json->str, json->len);
      _append_as_string(&out, json->str, json->len);
      _expect_buffer(&out, expected->str, expected->len, json->str);
      jam_buffer_clear(&out);
      g_string_free(expected, TRUE);
      g_string_free(json, TRUE);
    }
}

/* Reads @text back with json-glib and writes it without space. */
static gchar *
_glib_compact(const gchar *text)
{
  JsonNode *node = json_from_string(text, NULL);
  gchar *compact = node ? json_to_string(node, FALSE) : NULL;

  if (node)
    json_node_unref(node);
  return compact;
}

static void
_expect_same_to_json_glib(const gchar *name, const gchar *json, gsize length)
{
  JamBuffer out = { 0 };
  gchar *held, *before, *after;

  _append_as_string(&out, json, length);
  held = _glib_decode(out.data, out.length);
  cr_assert(held, "%s", name);
  before = _glib_compact(json);
  after = _glib_compact(held);
  cr_assert(before, "%s", name);
  cr_expect_str_eq(after, before, "%s", name);
  g_free(before);
  g_free(after);
  g_free(held);
  jam_buffer_clear(&out);
}

Test(json_text, a_value_put_into_a_string_is_still_the_same_value_to_json_glib)
{
  GPtrArray *names = test_files_list("corpus/json/accept");

  for (guint i = 0; i < names->len; i++)
    {
      const gchar *name = g_ptr_array_index(names, i);
      gchar *bytes;
      gsize length;

      cr_assert(test_files_read("corpus/json/accept", name, &bytes, &length));
      /* json-glib takes no lone surrogates */
      if (!g_str_has_prefix(name, "surrogate"))
        _expect_same_to_json_glib(name, bytes, length);
      g_free(bytes);
    }
  g_ptr_array_unref(names);
}

static const struct
{
  const gchar *json;
  const gchar *text;
  gsize length;
  gboolean equal;
} comparisons[] = {
  { "\"time\"", DECODED("time"), TRUE },
  { "\"tim\"", DECODED("time"), FALSE },
  { "\"times\"", DECODED("time"), FALSE },
  { "\"Time\"", DECODED("time"), FALSE },
  { "\"\"", DECODED(""), TRUE },
  { "\"\"", DECODED("a"), FALSE },
  { "\"\\u0074ime\"", DECODED("time"), TRUE },
  { "\"tim\\u0065\"", DECODED("time"), TRUE },
  { "\"\\u0074imes\"", DECODED("time"), FALSE },
  { "\"\\u0074im\"", DECODED("time"), FALSE },
  { "\"\\n\"", DECODED("\n"), TRUE },
  { "\"\\n\"", DECODED("\\n"), FALSE },
  { "\"\\\\n\"", DECODED("\\n"), TRUE },
  { "\"time\\u0000\"", DECODED("time"), FALSE },
  { "\"\\u0000\"", DECODED("\0"), TRUE },
};

Test(json_text, compares_the_decoded_values_of_strings)
{
  for (gsize i = 0; i < G_N_ELEMENTS(comparisons); i++)
    {
      gsize length = strlen(comparisons[i].json);
      JamJsonValue value;

      cr_assert(json_read_whole(guarded_copy(&input, comparisons[i].json, length), length, &value));
      cr_expect_eq(jam_json_string_equals(&value, comparisons[i].text, comparisons[i].length), comparisons[i].equal,
                   "%s, %s", comparisons[i].json, comparisons[i].text);
    }
}
