/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "json-glib-oracle.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* What json-glib takes although RFC 8259 has no rule for it. The pattern finds
 * it in a text whose valid strings have been taken out. */
static const struct
{
  const gchar *what;
  const gchar *rule;
  const gchar *example;
  const gchar *pattern;
} leniencies[] = {
  { "an escape that does not exist", "section 7: escape is followed by one of nine", "\"\\q\"", "(?s)\".*\\\\" },
  { "a control character in a string", "section 7: unescaped is %x20-21 / %x23-5B / %x5D-10FFFF", "\"\x0f\"",
    "(?s)\".*[\\x00-\\x1f]" },
  { "a string in single quotes", "section 7: quotation-mark is %x22", "'a'", "'" },
  { "a comment", "section 2: ws is space, tab, line feed, carriage return", "/**/1", "/" },
  { "an octal number", "section 6: int is zero / ( digit1-9 *DIGIT )", "010", "(?<![0-9.])0[0-9]" },
  { "a hexadecimal number", "section 6: int is zero / ( digit1-9 *DIGIT )", "0x1F", "0[xX]" },
  { "a hexadecimal number with a dollar sign", "section 6: int is zero / ( digit1-9 *DIGIT )", "$1F", "\\$" },
  { "a binary number", "section 6: int is zero / ( digit1-9 *DIGIT )", "0b11", "0[bB]" },
  { "a decimal point without a digit behind it", "section 6: frac is decimal-point 1*DIGIT", "5.", "\\.(?![0-9])" },
  { "a decimal point without a digit before it", "section 6: number is [ minus ] int [ frac ] [ exp ]", ".5",
    "(?<![0-9])\\." },
  { "white space behind a minus sign", "section 6: number is [ minus ] int [ frac ] [ exp ]", "- 1", "-[ \\t\\r\\n]" },
};

/* What it takes only as a whole text, not as an element of an array: it is asked
 * both ways. */
static const struct
{
  const gchar *what;
  const gchar *example;
} leniencies_of_whole_texts[] = {
  { "nothing at all", "" },
  { "a statement of JavaScript", "var a = 1;" },
  { "more arrays and objects behind the value", "1 [2] {}" },
  { "a byte order mark", "\xEF\xBB\xBF"
                         "1" },
};

/* Half a surrogate pair is within the grammar: section 8.2. json-glib refuses some,
 * decodes others to what is no UTF-8, and takes a quotation mark right behind one
 * for a part of the string. */
#define HALF_PAIR "\"\\uDC00\""

struct _JsonGlibOracle
{
  JsonParser *parser;
  /* NULL where this version of json-glib is strict */
  GRegex *patterns[G_N_ELEMENTS(leniencies)];
  gboolean breaks_half_pairs;
};

static gboolean
_loads(JsonGlibOracle *self, const gchar *text, gsize length)
{
  return json_parser_load_from_data(self->parser, text, length, NULL);
}

static gboolean
_accepts(JsonGlibOracle *self, const gchar *text, gsize length)
{
  GString *in_array = g_string_new("[");
  gboolean accepted;

  g_string_append_len(in_array, text, length);
  g_string_append_c(in_array, ']');
  accepted = _loads(self, in_array->str, in_array->len)
             && json_array_get_length(json_node_get_array(json_parser_get_root(self->parser))) == 1
             && _loads(self, text, length);
  g_string_free(in_array, TRUE);
  return accepted;
}

static void
_refuse_by_the_rfc(const gchar *text)
{
  JsonTree *tree = json_tree_parse(text, strlen(text));

  if (tree)
    g_error("not beyond RFC 8259: %s", text);
}

JsonGlibOracle *
json_glib_oracle_new(void)
{
  JsonGlibOracle *self = g_new0(JsonGlibOracle, 1);

  self->parser = json_parser_new();
  for (gsize i = 0; i < G_N_ELEMENTS(leniencies); i++)
    {
      _refuse_by_the_rfc(leniencies[i].example);
      if (_accepts(self, leniencies[i].example, strlen(leniencies[i].example)))
        self->patterns[i] = g_regex_new(leniencies[i].pattern, G_REGEX_RAW, 0, NULL);
    }
  for (gsize i = 0; i < G_N_ELEMENTS(leniencies_of_whole_texts); i++)
    {
      const gchar *example = leniencies_of_whole_texts[i].example;
      _refuse_by_the_rfc(example);
      if (_accepts(self, example, strlen(example)))
        g_error("json-glib takes %s also within an array", leniencies_of_whole_texts[i].what);
    }
  self->breaks_half_pairs = !_accepts(self, HALF_PAIR, strlen(HALF_PAIR));
  return self;
}

void
json_glib_oracle_free(JsonGlibOracle *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS(leniencies); i++)
    {
      if (self->patterns[i])
        g_regex_unref(self->patterns[i]);
    }
  g_object_unref(self->parser);
  g_free(self);
}

/* Returns the length of the string at the start of the text, 0 if it is none. */
static gsize
_string_length(const gchar *text, gsize length)
{
  for (gsize i = 1; i < length; i++)
    {
      if ((guchar) text[i] < 0x20)
        return 0;
      if (text[i] == '"')
        return i + 1;
      if (text[i] != '\\')
        continue;
      i++;
      if (i == length || !strchr("\"\\/bfnrtu", text[i]) || text[i] == '\0')
        return 0;
      for (gsize digits = text[i] == 'u' ? 4 : 0; digits > 0; digits--)
        {
          if (++i == length || !g_ascii_isxdigit(text[i]))
            return 0;
        }
    }
  return 0;
}

/* Returns the text with an s for each valid string. */
static GString *
_take_strings_out(const gchar *text, gsize length)
{
  GString *out = g_string_sized_new(length);

  while (length > 0)
    {
      gsize taken = *text == '"' ? _string_length(text, length) : 0;

      g_string_append_c(out, taken ? 's' : *text);
      taken = MAX(taken, 1);
      text += taken;
      length -= taken;
    }
  return out;
}

static gboolean
_may_be_lenient(const JsonGlibOracle *self, const gchar *text, gsize length)
{
  GString *outside = _take_strings_out(text, length);
  gboolean found = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS(leniencies) && !found; i++)
    {
      if (self->patterns[i])
        found = g_regex_match_full(self->patterns[i], outside->str, outside->len, 0, 0, NULL, NULL);
    }
  g_string_free(outside, TRUE);
  return found;
}

/* json-glib's limit is the stack's end, or, in newer versions, one level less than
 * is read here, as it is asked within an array. */
static gboolean
_is_too_deep(const gchar *text, gsize length)
{
  GString *outside = _take_strings_out(text, length);
  gssize depth = 0;
  gssize deepest = 0;

  for (gsize i = 0; i < outside->len; i++)
    {
      gchar c = outside->str[i];

      depth += (c == '[' || c == '{') - (c == ']' || c == '}');
      deepest = MAX(deepest, depth);
    }
  g_string_free(outside, TRUE);
  return deepest >= JSON_TREE_MAX_DEPTH;
}

/* Returns TRUE if the text has \u and a first digit of a surrogate at @i, wherever
 * that is in it. */
static gboolean
_is_surrogate(const gchar *text, gsize length, gsize i)
{
  return length - i >= 6 && text[i] == '\\' && text[i + 1] == 'u' && g_ascii_tolower(text[i + 2]) == 'd'
         && strchr("89abcdef", g_ascii_tolower(text[i + 3])) && text[i + 3];
}

static gboolean
_is_low(const gchar *text)
{
  return strchr("cdef", g_ascii_tolower(text[3])) != NULL;
}

static gboolean
_may_have_half_pair(const gchar *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (!_is_surrogate(text, length, i))
        continue;
      /* the first backslash may be one that is escaped itself */
      if ((i > 0 && text[i - 1] == '\\') || _is_low(text + i) || !_is_surrogate(text, length, i + 6)
          || !_is_low(text + i + 6))
        return TRUE;
      i += 11;
    }
  return FALSE;
}

static gboolean _same_value(const JsonTree *tree, JsonNode *node);

static gboolean
_same_number(const JsonTree *tree, JsonNode *node)
{
  gchar *text = g_strndup(tree->text, tree->length);
  gint64 integer;
  gboolean same = TRUE;

  if (!tree->is_integer)
    same = json_node_get_value_type(node) == G_TYPE_DOUBLE && json_node_get_double(node) == g_ascii_strtod(text, NULL);
  else if (json_node_get_value_type(node) != G_TYPE_INT64)
    same = FALSE;
  /* it wraps around what 64 bits do not hold */
  else if (g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &integer, NULL))
    same = json_node_get_int(node) == integer;
  g_free(text);
  return same;
}

static gboolean
_same_string(const JsonTree *tree, const gchar *string)
{
  GString *decoded = json_tree_decode(tree);
  gboolean same = strlen(string) == decoded->len && memcmp(string, decoded->str, decoded->len) == 0;

  g_string_free(decoded, TRUE);
  return same;
}

static gboolean
_same_array(const JsonTree *tree, JsonArray *array)
{
  if (json_array_get_length(array) != json_tree_count(tree))
    return FALSE;
  for (guint i = 0; i < json_tree_count(tree); i++)
    {
      if (!_same_value(json_tree_element(tree, i), json_array_get_element(array, i)))
        return FALSE;
    }
  return TRUE;
}

/* of a repeated name, both must have the last value */
static gboolean
_same_object(const JsonTree *tree, JsonObject *object)
{
  GList *names = json_object_get_members(object);
  gboolean same = TRUE;

  for (guint i = 0; i < tree->children->len && same; i += 2)
    {
      GString *name = json_tree_decode(g_ptr_array_index(tree->children, i));
      same = json_object_has_member(object, name->str);
      g_string_free(name, TRUE);
    }
  for (GList *name = names; name && same; name = name->next)
    {
      const JsonTree *value = json_tree_member(tree, name->data);
      same = value && _same_value(value, json_object_get_member(object, name->data));
    }
  g_list_free(names);
  return same;
}

static gboolean
_same_value(const JsonTree *tree, JsonNode *node)
{
  switch (tree->type)
    {
    case JSON_TREE_NULL:
      return JSON_NODE_HOLDS_NULL(node);
    case JSON_TREE_BOOLEAN:
      return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_BOOLEAN
             && json_node_get_boolean(node) == (tree->text[0] == 't');
    case JSON_TREE_NUMBER:
      return JSON_NODE_HOLDS_VALUE(node) && _same_number(tree, node);
    case JSON_TREE_STRING:
      return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
             && _same_string(tree, json_node_get_string(node));
    case JSON_TREE_ARRAY:
      return JSON_NODE_HOLDS_ARRAY(node) && _same_array(tree, json_node_get_array(node));
    default:
      return JSON_NODE_HOLDS_OBJECT(node) && _same_object(tree, json_node_get_object(node));
    }
}

/* json-glib's strings end at the first NUL, and two names may become one. */
static gboolean
_has_escaped_nul(const gchar *text, gsize length)
{
  return g_strstr_len(text, length, "\\u0000") != NULL;
}

gboolean
json_glib_oracle_agrees(JsonGlibOracle *self, const gchar *text, gsize length, const JsonTree *tree, GString *why)
{
  if (_is_too_deep(text, length) || (self->breaks_half_pairs && _may_have_half_pair(text, length)))
    return TRUE;
  if (_accepts(self, text, length) != (tree != NULL))
    {
      if (!tree && _may_be_lenient(self, text, length))
        return TRUE;
      g_string_append(why, tree ? "json-glib refuses what RFC 8259 allows" : "json-glib takes what RFC 8259 forbids");
      return FALSE;
    }
  if (!tree || _has_escaped_nul(text, length) || _same_value(tree, json_parser_get_root(self->parser)))
    return TRUE;
  g_string_append(why, "json-glib reads other values");
  return FALSE;
}
