/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "http/json-nodes.h"
#include "languages.h"
#include "small-stack.h"

#include <criterion/criterion.h>
#include <string.h>

/* Parses a copy that ends where the text does, so that reading on is seen. */
static JamJsonNode *
_parse_bytes(const gchar *text, gsize length)
{
  gchar *copy = g_memdup2(text, length);
  JamJsonNode *root = jam_json_nodes_parse(copy, length);

  g_free(copy);
  return root;
}

static JamJsonNode *
_parse(const gchar *text)
{
  JamJsonNode *root = _parse_bytes(text, strlen(text));

  cr_assert_not_null(root, "%s", text);
  return root;
}

static void
_assert_refused(const gchar *text, gsize length)
{
  cr_assert_null(_parse_bytes(text, length), "%s", text);
}

/* Asserts what the member "a" of @text is. */
static void
_assert_string(const gchar *text, const gchar *expected)
{
  JamJsonNode *root = _parse(text);
  const gchar *string = jam_json_nodes_get_string(root, "a");

  cr_assert_not_null(string, "%s", text);
  cr_assert_str_eq(string, expected, "%s: %s", text, string);
  jam_json_nodes_free(root);
}

static void
_assert_integer(const gchar *text, gint64 expected)
{
  JamJsonNode *root = _parse(text);
  gint64 value;

  cr_assert(jam_json_nodes_get_integer(root, "a", &value), "%s", text);
  cr_assert_eq(value, expected, "%s: %" G_GINT64_FORMAT, text, value);
  jam_json_nodes_free(root);
}

static void
_assert_no_integer(const gchar *text)
{
  JamJsonNode *root = _parse(text);
  gint64 value;

  cr_assert_not(jam_json_nodes_get_integer(root, "a", &value), "%s", text);
  jam_json_nodes_free(root);
}

Test(json_nodes, what_is_there_is_found)
{
  JamJsonNode *root = _parse(
    "{\"object\":{\"deep\":\"x\"},\"array\":[1,null,{}],\"string\":\"s\",\"null\":null,\"\":true}");
  JamJsonNode *array = jam_json_nodes_get_member(root, "array");

  cr_assert(jam_json_nodes_is_object(root));
  cr_assert_eq(jam_json_nodes_count_members(root), 5);
  cr_assert_str_eq(jam_json_nodes_get_string(jam_json_nodes_get_member(root, "object"), "deep"), "x");
  cr_assert(jam_json_nodes_is_array(array));
  cr_assert_eq(jam_json_nodes_count(array), 3);
  cr_assert(jam_json_nodes_is_object(jam_json_nodes_get_element(array, 2)));
  cr_assert_null(jam_json_nodes_get_element(array, 1));
  cr_assert_null(jam_json_nodes_get_element(array, 3));
  cr_assert(jam_json_nodes_has_member(root, ""));
  jam_json_nodes_free(root);
}

Test(json_nodes, null_is_there_and_is_nothing)
{
  JamJsonNode *root = _parse("{\"a\":null}");

  cr_assert(jam_json_nodes_has_member(root, "a"));
  cr_assert_null(jam_json_nodes_get_member(root, "a"));
  cr_assert_null(jam_json_nodes_get_string(root, "a"));
  cr_assert_eq(jam_json_nodes_count_members(root), 1);
  jam_json_nodes_free(root);
}

static void
_assert_holds_nothing(JamJsonNode *node)
{
  gint64 value;

  cr_assert_null(jam_json_nodes_get_member(node, "a"));
  cr_assert_not(jam_json_nodes_has_member(node, "a"));
  cr_assert_null(jam_json_nodes_get_string(node, "a"));
  cr_assert_not(jam_json_nodes_get_integer(node, "a", &value));
  cr_assert_eq(jam_json_nodes_count_members(node), 0);
  cr_assert_eq(jam_json_nodes_count(node), 0);
  cr_assert_null(jam_json_nodes_get_element(node, 0));
}

Test(json_nodes, values_of_other_types_hold_nothing)
{
  static const gchar *const texts[] = { "{}", "[]", "\"a\"", "1", "1.5", "true", "null" };

  _assert_holds_nothing(NULL);
  jam_json_nodes_free(NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
      JamJsonNode *root = _parse(texts[i]);

      _assert_holds_nothing(root);
      jam_json_nodes_free(root);
    }
}

Test(json_nodes, strings_may_be_of_any_language)
{
  for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
    {
      gchar *text = g_strdup_printf("{\"%s\":1,\"a\":\"%s\"}", languages[i], languages[i]);
      JamJsonNode *root = _parse(text);

      cr_assert_str_eq(jam_json_nodes_get_string(root, "a"), languages[i]);
      cr_assert(jam_json_nodes_has_member(root, languages[i]));
      jam_json_nodes_free(root);
      g_free(text);
    }
}

Test(json_nodes, escapes_are_decoded)
{
  _assert_string("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", "\"\\/\b\f\n\r\t");
  _assert_string("{\"\\u0061\":\"\\u00fc\\u5024\\uD83D\\ude00!\"}", "\u00fc\u5024\U0001f600!");
}

/* Of a Java program that has cut a text, say. */
Test(json_nodes, half_a_surrogate_pair_is_a_replacement_character)
{
  _assert_string("{\"a\":\"\\ud83d\",\"b\":\"\"}", "\uFFFD");
  _assert_string("{\"a\":\"x\\uDE00y\"}", "x\uFFFDy");
  _assert_string("{\"a\":\"\\ud83d\\ud83d\\ude00\"}", "\uFFFD\U0001f600");
  _assert_string("{\"a\":\"\\ude00\\ud83d\"}", "\uFFFD\uFFFD");
  _assert_string("{\"a\":\"\\ud83d\\u0041\"}", "\uFFFDA");
  _assert_string("{\"a\":\"\\ud83d\\nude00\"}", "\uFFFD\nude00");
  _assert_string("{\"a\":\"\\\\ud83d\"}", "\\ud83d");
  _assert_string("{\"\\ud83d\":1,\"a\":\"x\"}", "x");
}

Test(json_nodes, a_string_ends_at_its_first_nul)
{
  _assert_string("{\"a\":\"x\\u0000y\"}", "x");
  _assert_string("{\"a\":\"\\u0000\"}", "");
  _assert_string("{\"a\\u0000b\":\"x\"}", "x");
}

Test(json_nodes, of_members_with_one_name_the_last_counts)
{
  JamJsonNode *root = _parse("{\"a\":\"x\",\"b\":1,\"a\":\"y\",\"b\":null}");

  cr_assert_eq(jam_json_nodes_count_members(root), 2);
  cr_assert_str_eq(jam_json_nodes_get_string(root, "a"), "y");
  cr_assert_null(jam_json_nodes_get_member(root, "b"));
  jam_json_nodes_free(root);
}

Test(json_nodes, integers_are_exact)
{
  _assert_integer("{\"a\":0}", 0);
  _assert_integer("{\"a\":-0}", 0);
  _assert_integer("{\"a\":9007199254740993}", 9007199254740993);
  _assert_integer("{\"a\":9223372036854775807}", G_MAXINT64);
  _assert_integer("{\"a\":-9223372036854775808}", G_MININT64);
}

Test(json_nodes, integers_beyond_64_bits_become_the_nearest)
{
  _assert_integer("{\"a\":9223372036854775808}", G_MAXINT64);
  _assert_integer("{\"a\":18446744073709551616,\"b\":1}", G_MAXINT64);
  _assert_integer("{\"a\":100000000000000000000000000000000000000000000000000}", G_MAXINT64);
  _assert_integer("{\"a\":-9223372036854775809}", G_MININT64);
  _assert_integer("{\"a\":-100000000000000000000000000000000000000000000000000}", G_MININT64);
}

Test(json_nodes, other_numbers_and_digits_in_a_string_are_no_integers)
{
  static const gchar *const texts[] = { "1.0", "1.5", "1e2", "-1E+2", "1e400", "\"1\"", "true", "null", "[1]" };

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
      gchar *text = g_strdup_printf("{\"a\":%s}", texts[i]);

      _assert_no_integer(text);
      g_free(text);
    }
  _assert_string("{\"a\":\"1717200000000\"}", "1717200000000");
}

Test(json_nodes, what_is_not_json_is_refused)
{
  static const gchar *const texts[] = {
    "",           " ",     "{",    "[1,]",           "{\"a\":1,}",    "{'a':1}",  "[0x1F]",
    "[010]",      "[1.]",  "[.5]", "[NaN]",          "[\"\\q\"]",     "[\"\t\"]", "/**/1",
    "var a = 1;", "1 [2]", "{} x", "\xEF\xBB\xBF{}", "<html></html>", "[\"a]",    "[\"\\ud83\"]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    _assert_refused(texts[i], strlen(texts[i]));
  _assert_refused("{}\0", 3);
  _assert_refused("[\"\0\"]", 5);
  cr_assert_null(jam_json_nodes_parse(NULL, 0));
}

Test(json_nodes, bytes_that_are_not_utf_8_are_refused)
{
  static const gchar *const bytes[] = {
    "\xFF", "\xC3", "\xFC", "\x80", "\xC0\xAF", "\xE5\x80", "\xED\xA0\xBD", "\xF4\x90\x80\x80", "\xF0\x9F\x98",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(bytes); i++)
    {
      gchar *value = g_strdup_printf("{\"a\":\"%s\"}", bytes[i]);
      gchar *name = g_strdup_printf("{\"%s\":1}", bytes[i]);

      _assert_refused(value, strlen(value));
      _assert_refused(name, strlen(name));
      g_free(value);
      g_free(name);
    }
}

/* @depth times @open, a number, and as often @close */
static gchar *
_nest(const gchar *open, const gchar *close, guint depth)
{
  GString *text = g_string_new(NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append(text, open);
  g_string_append(text, "0");
  for (guint i = 0; i < depth; i++)
    g_string_append(text, close);
  return g_string_free(text, FALSE);
}

static void
_assert_nesting(const gchar *open, const gchar *close, guint depth, gboolean is_taken)
{
  gchar *text = _nest(open, close, depth);
  JamJsonNode *root = _parse_bytes(text, strlen(text));

  cr_assert_eq(root != NULL, is_taken, "%u of %s", depth, open);
  jam_json_nodes_free(root);
  g_free(text);
}

static void
_assert_limit(void *unused G_GNUC_UNUSED)
{
  static const guint too_deep[] = { JAM_JSON_NODES_MAX_DEPTH + 1, 1024, 1025, 100000 };

  _assert_nesting("[", "]", JAM_JSON_NODES_MAX_DEPTH, TRUE);
  _assert_nesting("{\"a\":", "}", JAM_JSON_NODES_MAX_DEPTH, TRUE);
  _assert_nesting("[{\"a\":", "}]", JAM_JSON_NODES_MAX_DEPTH / 2, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS(too_deep); i++)
    {
      _assert_nesting("[", "]", too_deep[i], FALSE);
      _assert_nesting("{\"a\":", "}", too_deep[i], FALSE);
      _assert_nesting("[{\"a\":", "}]", too_deep[i], FALSE);
    }
}

Test(json_nodes, nesting_has_a_limit_and_needs_little_stack)
{
  small_stack_run(_assert_limit, NULL);
}

static void
_assert_open_brackets(void *unused G_GNUC_UNUSED)
{
  gchar *brackets = g_strnfill(100000, '[');

  _assert_refused(brackets, 100000);
  g_free(brackets);
}

Test(json_nodes, brackets_that_are_never_closed_need_little_stack)
{
  small_stack_run(_assert_open_brackets, NULL);
}
