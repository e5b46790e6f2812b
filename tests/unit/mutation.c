/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mutation.h"

static const gchar *scalars[] = {
  "null",
  "true",
  "false",
  "0",
  "-0",
  "1",
  "-12",
  "1.5",
  "-0.25",
  "1e5",
  "2E+3",
  "12e-2",
  "9007199254740993",
  "9223372036854775807",
  "-9223372036854775808",
  "123456789012345678901",
  "\"\"",
  "\"a\"",
  "\"key\"",
  "\"0x00ff\"",
  "\"\\u0041\\n\\\"\"",
  "\"\\ud83d\\ude00\"",
  "\"\\u00e9\\\\\\/\"",
  "\"\xc3\xa9\xe2\x82\xac\"",
  "\"\xf0\x9f\x98\x80 text of more than sixteen bytes\"",
  "\" [1, {}] \"",
};

static const gchar *spaces[] = { "", "", "", "", "", " ", "\n", "\t", "\r\n  " };

/* what mutations put in: the grammar's own pieces do the most damage */
static const gchar *snippets[] = {
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "\"",
  "\\",
  "\"\"",
  "[]",
  "{}",
  ",1",
  "\"a\":1,",
  " ",
  "\n",
  "0",
  "-",
  "+",
  ".",
  "e",
  "1",
  "null",
  "tru",
  "\\u",
  "\\ud800",
  "\\\"",
  "\x01",
  "\x1f",
  "\x7f",
  "\x80",
  "\xbf",
  "\xc0",
  "\xc3",
  "\xe2\x82",
  "\xed\xa0\x80",
  "\xf4\x90\x80\x80",
  "\xff",
  "'",
  "/*",
  "*/",
  "//",
  "NaN",
  "]]",
  "}}",
  "\f",
  "\xc2\xa0",
};

#define PICK(random, list) (list)[random_below(random, G_N_ELEMENTS(list))]

static void
_append_space(Random *random, GString *json)
{
  g_string_append(json, PICK(random, spaces));
}

static void
_append_members(Random *random, GString *json, guint depth, gboolean named)
{
  for (guint n = random_below(random, 5); n > 0; n--)
    {
      _append_space(random, json);
      if (named)
        {
          g_string_append_printf(json, "\"%c\"", 'a' + random_below(random, 4));
          _append_space(random, json);
          g_string_append_c(json, ':');
        }
      mutation_append_value(random, json, depth);
      if (n > 1)
        g_string_append_c(json, ',');
    }
}

void
mutation_append_value(Random *random, GString *json, guint depth)
{
  guint kind = depth > 0 ? random_below(random, 4) : 2;

  _append_space(random, json);
  if (kind < 2)
    {
      g_string_append_c(json, kind ? '{' : '[');
      _append_members(random, json, depth - 1, kind);
      _append_space(random, json);
      g_string_append_c(json, kind ? '}' : ']');
    }
  else
    g_string_append(json, PICK(random, scalars));
  _append_space(random, json);
}

static void
_duplicate(Random *random, GString *json, gsize at, gsize length)
{
  gchar *piece = g_strndup(json->str + at, length);

  g_string_insert_len(json, random_below(random, json->len + 1), piece, length);
  g_free(piece);
}

static void
_mutate_once(Random *random, GString *json)
{
  gsize at = random_below(random, json->len + 1);
  gsize length = 1 + random_below(random, random_below(random, 4) ? 2 : 40);

  length = MIN(length, json->len - at);
  switch (random_below(random, 6))
    {
    case 0:
      g_string_insert(json, at, PICK(random, snippets));
      break;
    case 1:
      g_string_erase(json, at, length);
      break;
    case 2:
      _duplicate(random, json, at, length);
      break;
    case 3:
      g_string_truncate(json, at);
      break;
    case 4:
      if (at < json->len)
        json->str[at] = random_next(random);
      break;
    default:
      if (at < json->len)
        json->str[at] ^= 1 << random_below(random, 8);
      break;
    }
}

void
mutation_apply(Random *random, GString *json)
{
  for (guint n = random_below(random, 4); n > 0; n--)
    _mutate_once(random, json);
}
