/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "json-tree.h"
#include "random.h"

#include <stdint.h>
#include <string.h>

/* How libFuzzer makes a new text of an old one. Its own way, byte by byte, breaks
 * most messages; every second time this changes a value, or the order of some, and
 * the text stays a JSON text. */

/* libFuzzer's; the names are what it asks for */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

#define MAX_SPACES 40
#define MAX_NODE_GROWTH 64

typedef struct _Mutation
{
  Random random;
  const gchar *text;
  gsize length;
  /* all values and names of the text */
  GPtrArray *nodes;
  GString *out;
} Mutation;

static void
_collect_nodes(GPtrArray *nodes, JsonTree *tree)
{
  g_ptr_array_add(nodes, tree);
  for (guint i = 0; tree->children && i < tree->children->len; i++)
    _collect_nodes(nodes, g_ptr_array_index(tree->children, i));
}

static const JsonTree *
_any_node(Mutation *self)
{
  return g_ptr_array_index(self->nodes, random_below(&self->random, self->nodes->len));
}

/* Writes the text with @replacement in the place of @node. */
static void
_replace(Mutation *self, const JsonTree *node, const gchar *replacement, gsize length)
{
  gsize behind = node->text - self->text + node->length;

  g_string_append_len(self->out, self->text, node->text - self->text);
  g_string_append_len(self->out, replacement, length);
  g_string_append_len(self->out, self->text + behind, self->length - behind);
}

static void
_replace_by_another(Mutation *self)
{
  const JsonTree *other = _any_node(self);

  _replace(self, _any_node(self), other->text, other->length);
}

static void
_replace_by_a_special_value(Mutation *self)
{
  static const gchar *values[] = {
    "null",
    "true",
    "0",
    "-0",
    "-1",
    "00",
    "1.0",
    "1e2",
    "999999999999999999",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "\"-9223372036854775809\"",
    "18446744073709551615",
    "18446744073709551616",
    "\"18446744073709551615\"",
    "\"17\"",
    "\"-0\"",
    "\"4294967295\"",
    "\"4294967296\"",
    "\"\"",
    "\"0x\"",
    "\"0x0\"",
    "\"0xaBcD\"",
    "\"0x0g\"",
    "\"AA==\"",
    "\"AAE=\"",
    "\"AE==\"",
    "[]",
    "{}",
    "[null]",
    "[{}]",
    "[\"\"]",
    "{\"17\":null}",
    "{\"17\":{}}",
    "{\"code_hash\":\"0x\",\"params\":\"0x\"}",
    "\"a=1|c=2|wph=x|role=y|numSig=3|team=z\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\\udc00\"",
    "\"\\u0000\"",
    "\"\xf0\x9f\x98\x80\"",
  };
  const gchar *value = values[random_below(&self->random, G_N_ELEMENTS(values))];

  _replace(self, _any_node(self), value, strlen(value));
}

/* by what libFuzzer makes of it, a string with its quotation marks in place */
static void
_replace_by_a_damaged_one(Mutation *self)
{
  const JsonTree *node = _any_node(self);
  gsize margin = json_tree_is(node, JSON_TREE_STRING) ? 1 : 0;
  gsize length = node->length - 2 * margin;
  guint8 *bytes = g_malloc(length + MAX_NODE_GROWTH);

  memcpy(bytes, node->text + margin, length);
  length = LLVMFuzzerMutate(bytes, length, length + MAX_NODE_GROWTH);
  g_string_append_len(self->out, self->text, node->text + margin - self->text);
  g_string_append_len(self->out, (const gchar *) bytes, length);
  g_string_append_len(self->out, node->text + node->length - margin,
                      self->text + self->length - (node->text + node->length - margin));
  g_free(bytes);
}

static void
_put_space_around(Mutation *self)
{
  static const gchar spaces[] = " \t\n\r";
  const JsonTree *node = _any_node(self);
  GString *spaced = g_string_new_len(node->text, node->length);

  for (guint n = 1 + random_below(&self->random, MAX_SPACES); n > 0; n--)
    {
      gssize place = n % 2 ? 0 : -1;
      g_string_insert_c(spaced, place, spaces[random_below(&self->random, sizeof(spaces) - 1)]);
    }
  _replace(self, node, spaced->str, spaced->len);
  g_string_free(spaced, TRUE);
}

/* Writes one character of a string in the long way. */
static void
_escape_a_character(Mutation *self)
{
  const JsonTree *node = _any_node(self);
  gsize place = node->length > 2 ? 1 + random_below(&self->random, node->length - 2) : 0;
  GString *escaped = g_string_new_len(node->text, node->length);

  if (json_tree_is(node, JSON_TREE_STRING) && place > 0 && g_ascii_isalnum(node->text[place])
      && node->text[place - 1] != '\\')
    {
      gchar *escape = g_strdup_printf("\\u%04x", node->text[place]);

      g_string_erase(escaped, place, 1);
      g_string_insert(escaped, place, escape);
      g_free(escape);
    }
  _replace(self, node, escaped->str, escaped->len);
  g_string_free(escaped, TRUE);
}

/* Writes a number as the string that may stand for it. */
static void
_quote_a_number(Mutation *self)
{
  const JsonTree *node = _any_node(self);
  gchar *quoted;

  for (gint i = 0; i < 20 && !json_tree_is(node, JSON_TREE_NUMBER); i++)
    node = _any_node(self);
  if (!json_tree_is(node, JSON_TREE_NUMBER))
    return;
  quoted = g_strdup_printf("\"%.*s\"", (gint) node->length, node->text);
  _replace(self, node, quoted, strlen(quoted));
  g_free(quoted);
}

/* a container with something in it, or NULL if chance finds none */
static const JsonTree *
_any_container(Mutation *self)
{
  for (gint i = 0; i < 20; i++)
    {
      const JsonTree *node = _any_node(self);
      if (json_tree_count(node) > 0)
        return node;
    }
  return NULL;
}

static void
_append_item(GString *out, const JsonTree *container, guint item)
{
  guint width = container->type == JSON_TREE_OBJECT ? 2 : 1;

  if (out->len > 1)
    g_string_append_c(out, ',');
  for (guint i = 0; i < width; i++)
    {
      const JsonTree *child = g_ptr_array_index(container->children, item * width + i);

      if (i > 0)
        g_string_append_c(out, ':');
      g_string_append_len(out, child->text, child->length);
    }
}

/* Puts the items of a container into another order, where some may be missing and
 * others stand twice. */
static void
_rearrange(Mutation *self)
{
  const JsonTree *container = _any_container(self);
  guint n_items = json_tree_count(container);
  gboolean is_object = json_tree_is(container, JSON_TREE_OBJECT);
  GString *arranged;
  guint moved, to;

  if (!container)
    return;
  arranged = g_string_new(is_object ? "{" : "[");
  moved = random_below(&self->random, n_items);
  /* one place too many drops it */
  to = random_below(&self->random, n_items + 1);
  for (guint i = 0; i < n_items; i++)
    {
      if (i == to)
        _append_item(arranged, container, moved);
      if (i != moved || random_below(&self->random, 4) == 0)
        _append_item(arranged, container, i);
    }
  g_string_append_c(arranged, is_object ? '}' : ']');
  _replace(self, container, arranged->str, arranged->len);
  g_string_free(arranged, TRUE);
}

/* Takes some of the items out of a container. */
static void
_thin_out(Mutation *self)
{
  const JsonTree *container = _any_container(self);
  gboolean is_object = json_tree_is(container, JSON_TREE_OBJECT);
  GString *thin = g_string_new(is_object ? "{" : "[");

  for (guint i = 0; i < json_tree_count(container); i++)
    {
      if (random_below(&self->random, 3) > 0)
        _append_item(thin, container, i);
    }
  g_string_append_c(thin, is_object ? '}' : ']');
  if (container)
    _replace(self, container, thin->str, thin->len);
  g_string_free(thin, TRUE);
}

/* the names that one value has */
static const gchar *const spellings[][5] = {
  { "vals_current", "vals_curr", "vals_curr_stats", "vals-curr" },
  { "vals_last", "vals_last_stats", "vals-last" },
  { "auth_code_hash", "authorizer", "code_hash" },
  { "authorizer_config", "params" },
  { "service_index", "id" },
  { "code_size", "bytes" },
  { "deposit_offset", "gratis_offset" },
  { "creation_slot", "create_time" },
  { "last_accumulation_slot", "recent_accumulation" },
};

/* Returns another of the names that @node's value has, in quotation marks, NULL if
 * it has none. The caller frees it. */
static gchar *
_another_spelling(Mutation *self, const JsonTree *node)
{
  gchar *text = json_tree_is(node, JSON_TREE_STRING) ? g_strndup(node->text + 1, node->length - 2) : g_strdup("");
  gchar *another = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS(spellings) && !another; i++)
    {
      guint n_names = g_strv_length((gchar **) spellings[i]);

      if (g_strv_contains(spellings[i], text))
        another = g_strdup_printf("\"%s\"", spellings[i][random_below(&self->random, n_names)]);
    }
  g_free(text);
  return another;
}

/* Gives a member another name, or puts one of another name and value before it. */
static void
_spell_another_way(Mutation *self)
{
  guint first = random_below(&self->random, self->nodes->len);
  const JsonTree *value = _any_node(self);
  const JsonTree *node = NULL;
  gchar *name = NULL;

  for (guint i = 0; i < self->nodes->len && !name; i++)
    {
      node = g_ptr_array_index(self->nodes, (first + i) % self->nodes->len);
      name = _another_spelling(self, node);
    }
  if (!name)
    return;
  if (random_below(&self->random, 2) == 0)
    {
      gchar *both = g_strdup_printf("%s:%.*s,%.*s", name, (gint) value->length, value->text, (gint) node->length,
                                    node->text);
      g_free(name);
      name = both;
    }
  _replace(self, node, name, strlen(name));
  g_free(name);
}

/* a string of bytes in hex, or NULL if chance finds none */
static const JsonTree *
_any_hex(Mutation *self)
{
  for (gint i = 0; i < 50; i++)
    {
      const JsonTree *node = _any_node(self);
      if (json_tree_is(node, JSON_TREE_STRING) && node->length > 6 && strncmp(node->text, "\"0x", 3) == 0)
        return node;
    }
  return NULL;
}

/* Returns the place of one of the bytes, rather one of the first. */
static gsize
_any_byte(Mutation *self, const JsonTree *hex)
{
  guint n_bytes = (hex->length - 4) / 2;
  guint n_first = 2u << random_below(&self->random, 12);

  return hex->text - self->text + 3 + 2 * random_below(&self->random, MIN(n_bytes, n_first));
}

/* Writes a value in capital digits; the x of some, too, which makes it no hex. */
static void
_capitalise(Mutation *self)
{
  const JsonTree *hex = _any_hex(self);
  gsize n_kept = random_below(&self->random, 8) > 0 ? 3 : 2;
  gchar *capitals;

  if (!hex)
    return;
  capitals = g_ascii_strup(hex->text, hex->length);
  memcpy(capitals, hex->text, n_kept);
  _replace(self, hex, capitals, hex->length);
  g_free(capitals);
}

/* Writes another byte, takes it out or doubles it: with luck one that others are
 * counted by. */
static void
_change_a_byte(Mutation *self)
{
  static const gchar *bytes[] = { "00", "01", "02", "7f", "80", "81", "c0", "e0", "f0", "fe", "ff", "Ff", "", "0" };
  const JsonTree *hex = _any_hex(self);
  guint way = random_below(&self->random, G_N_ELEMENTS(bytes) + 1);
  gsize place;

  if (!hex)
    return;
  place = _any_byte(self, hex);
  g_string_append_len(self->out, self->text, self->length);
  if (way == G_N_ELEMENTS(bytes))
    g_string_insert_len(self->out, place, self->text + place, 2);
  else
    g_string_insert(g_string_erase(self->out, place, 2), place, bytes[way]);
}

/* Changes a digit of a value everywhere, so that the message agrees with itself as
 * before. */
static void
_change_a_digit_everywhere(Mutation *self)
{
  static const gchar digits[] = "0123456789abcdefABCDEF";
  const JsonTree *hex = _any_hex(self);
  gchar *value, *changed;

  if (!hex)
    return;
  value = g_strndup(hex->text + 3, hex->length - 4);
  changed = g_strdup(value);
  changed[random_below(&self->random, strlen(value))] = digits[random_below(&self->random, sizeof(digits) - 1)];
  g_string_append_len(self->out, self->text, self->length);
  g_string_replace(self->out, value, changed, 0);
  g_free(changed);
  g_free(value);
}

static void
_mutate(Mutation *self)
{
  static void (*const ways[])(Mutation *) = {
    _replace_by_another,
    _replace_by_a_special_value,
    _replace_by_a_damaged_one,
    _replace_by_a_damaged_one,
    _put_space_around,
    _escape_a_character,
    _quote_a_number,
    _rearrange,
    _rearrange,
    _thin_out,
    _spell_another_way,
    _capitalise,
    _change_a_byte,
    _change_a_digit_everywhere,
  };

  ways[random_below(&self->random, G_N_ELEMENTS(ways))](self);
}

/* Returns the new text, or NULL. The caller frees it. */
static GString *
_mutate_text(const gchar *text, gsize length, guint seed)
{
  JsonTree *tree = json_tree_parse(text, length);
  Mutation mutation = { .random = { seed }, .text = text, .length = length };

  if (!tree)
    return NULL;
  mutation.nodes = g_ptr_array_new();
  mutation.out = g_string_new(NULL);
  _collect_nodes(mutation.nodes, tree);
  _mutate(&mutation);
  g_ptr_array_unref(mutation.nodes);
  json_tree_free(tree);
  return mutation.out;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
  GString *text = seed % 2 ? _mutate_text((const gchar *) data, size, seed) : NULL;
  gboolean fits = text && text->len > 0 && text->len <= max_size;

  if (fits)
    {
      memcpy(data, text->str, text->len);
      size = text->len;
    }
  if (text)
    g_string_free(text, TRUE);
  return fits ? size : LLVMFuzzerMutate(data, size, max_size);
}
