/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "json-tree.h"

#include <string.h>

#define REPLACEMENT_CHARACTER 0xFFFD
#define REPLACEMENT_ESCAPE "\\ufffd"

/* Every rule of the grammar is a function of this: it moves @at behind what it
 * has matched, or returns FALSE, or NULL. */
typedef struct _Text
{
  const gchar *at;
  const gchar *end;
  guint depth;
  /* white space seen so far, in bytes */
  gsize n_spaces;
} Text;

static JsonTree *_value(Text *text);

static JsonTree *
_new(JsonTreeType type)
{
  JsonTree *self = g_new0(JsonTree, 1);

  self->type = type;
  if (type == JSON_TREE_ARRAY || type == JSON_TREE_OBJECT)
    self->children = g_ptr_array_new_with_free_func((GDestroyNotify) json_tree_free);
  return self;
}

void
json_tree_free(JsonTree *self)
{
  if (!self)
    return;
  if (self->children)
    g_ptr_array_unref(self->children);
  g_free(self);
}

/* -1 at the end of the text */
static gint
_peek(const Text *text)
{
  return text->at < text->end ? (guchar) *text->at : -1;
}

static gboolean
_take(Text *text, gchar c)
{
  if (_peek(text) != (guchar) c)
    return FALSE;
  text->at++;
  return TRUE;
}

static gboolean
_take_word(Text *text, const gchar *word)
{
  gsize length = strlen(word);

  if ((gsize) (text->end - text->at) < length || memcmp(text->at, word, length) != 0)
    return FALSE;
  text->at += length;
  return TRUE;
}

/* ws = *( %x20 / %x09 / %x0A / %x0D ) */
static void
_ws(Text *text)
{
  while (_take(text, ' ') || _take(text, '\t') || _take(text, '\n') || _take(text, '\r'))
    text->n_spaces++;
}

/* 1*DIGIT */
static gboolean
_digits(Text *text)
{
  const gchar *start = text->at;

  while (_peek(text) >= '0' && _peek(text) <= '9')
    text->at++;
  return text->at > start;
}

/* int = zero / ( digit1-9 *DIGIT ) */
static gboolean
_int(Text *text)
{
  return _take(text, '0') || _digits(text);
}

/* exp = e [ minus / plus ] 1*DIGIT */
static gboolean
_exp(Text *text)
{
  if (!_take(text, '-'))
    _take(text, '+');
  return _digits(text);
}

/* number = [ minus ] int [ frac ] [ exp ] */
static JsonTree *
_number(Text *text)
{
  JsonTree *self = _new(JSON_TREE_NUMBER);
  gboolean valid;

  self->is_integer = TRUE;
  _take(text, '-');
  valid = _int(text);
  if (valid && _take(text, '.'))
    {
      self->is_integer = FALSE;
      valid = _digits(text);
    }
  if (valid && (_take(text, 'e') || _take(text, 'E')))
    {
      self->is_integer = FALSE;
      valid = _exp(text);
    }
  if (valid)
    return self;
  json_tree_free(self);
  return NULL;
}

/* 4HEXDIG; returns what they stand for, or -1 */
static gint
_code_unit(Text *text)
{
  gint unit = 0;

  for (gint i = 0; i < 4; i++)
    {
      if (_peek(text) < 0 || !g_ascii_isxdigit(*text->at))
        return -1;
      unit = unit * 16 + g_ascii_xdigit_value(*text->at++);
    }
  return unit;
}

/* Behind a backslash. Returns the character; for \u a code unit, which may be a
 * surrogate; -1 if there is no such escape. */
static gint
_escape(Text *text)
{
  static const gchar names[] = "\"\\/bfnrt";
  static const gchar values[] = "\"\\/\b\f\n\r\t";

  for (gint i = 0; names[i]; i++)
    {
      if (_take(text, names[i]))
        return values[i];
    }
  return _take(text, 'u') ? _code_unit(text) : -1;
}

static gboolean
_is_high(gint unit)
{
  return unit >= 0xD800 && unit <= 0xDBFF;
}

static gboolean
_is_low(gint unit)
{
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* %x20-21 / %x23-5B / %x5D-10FFFF, or an escape. Returns the code unit, -1 if
 * there is no such character. */
static gint
_char(Text *text, JsonTree *string)
{
  gunichar c = g_utf8_get_char_validated(text->at, text->end - text->at);

  if (_take(text, '\\'))
    {
      string->is_escaped = TRUE;
      return _escape(text);
    }
  if (_peek(text) == 0 || (gint) c < 0x20)
    return -1;
  text->at += g_unichar_to_utf8(c, NULL);
  return c;
}

static gboolean
_is_half_pair(gint c)
{
  return _is_high(c) || _is_low(c);
}

/* What a char stands for, or two of them that are a surrogate pair. Returns -1 if
 * there is none. */
static gint
_character(Text *text, JsonTree *string)
{
  gint high = _char(text, string);
  const gchar *behind = text->at;
  gint low;

  if (!_is_high(high))
    return high;
  low = _char(text, string);
  if (_is_low(low))
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
  text->at = behind;
  return high;
}

/* string = quotation-mark *char quotation-mark */
static JsonTree *
_string(Text *text)
{
  JsonTree *self = _new(JSON_TREE_STRING);
  gboolean valid = _take(text, '"');

  while (valid && !_take(text, '"'))
    {
      gint c = text->at < text->end ? _character(text, self) : -1;

      valid = c >= 0;
      self->is_unpaired = self->is_unpaired || _is_half_pair(c);
    }
  if (valid)
    return self;
  json_tree_free(self);
  return NULL;
}

static gboolean
_add(JsonTree *self, JsonTree *child)
{
  if (!child)
    return FALSE;
  g_ptr_array_add(self->children, child);
  self->is_unpaired = self->is_unpaired || child->is_unpaired;
  return TRUE;
}

/* member = string name-separator value */
static gboolean
_member(Text *text, JsonTree *object)
{
  const gchar *start;
  JsonTree *name;

  _ws(text);
  start = text->at;
  name = _string(text);
  if (!_add(object, name))
    return FALSE;
  name->text = start;
  name->length = text->at - start;
  _ws(text);
  return _take(text, ':') && _add(object, _value(text));
}

static gboolean
_item(Text *text, JsonTree *container)
{
  return container->type == JSON_TREE_OBJECT ? _member(text, container) : _add(container, _value(text));
}

/* begin [ item *( value-separator item ) ] end */
static gboolean
_items(Text *text, JsonTree *container, gchar end)
{
  _ws(text);
  if (_take(text, end))
    return TRUE;
  do
    {
      if (!_item(text, container))
        return FALSE;
      _ws(text);
    }
  while (_take(text, ','));
  return _take(text, end);
}

static JsonTree *
_container(Text *text, JsonTreeType type)
{
  JsonTree *self = _new(type);
  gsize n_spaces = text->n_spaces;
  gboolean valid;

  text->at++;
  valid = ++text->depth <= JSON_TREE_MAX_DEPTH && _items(text, self, type == JSON_TREE_OBJECT ? '}' : ']');
  text->depth--;
  self->is_spaced = text->n_spaces > n_spaces;
  if (valid)
    return self;
  json_tree_free(self);
  return NULL;
}

static JsonTree *
_value_of_some_type(Text *text)
{
  switch (_peek(text))
    {
    case '{':
      return _container(text, JSON_TREE_OBJECT);
    case '[':
      return _container(text, JSON_TREE_ARRAY);
    case '"':
      return _string(text);
    case 'n':
      return _take_word(text, "null") ? _new(JSON_TREE_NULL) : NULL;
    case 't':
      return _take_word(text, "true") ? _new(JSON_TREE_BOOLEAN) : NULL;
    case 'f':
      return _take_word(text, "false") ? _new(JSON_TREE_BOOLEAN) : NULL;
    default:
      return _number(text);
    }
}

static JsonTree *
_value(Text *text)
{
  const gchar *start;
  JsonTree *self;

  _ws(text);
  start = text->at;
  self = _value_of_some_type(text);
  if (self)
    {
      self->text = start;
      self->length = text->at - start;
    }
  return self;
}

/* JSON-text = ws value ws */
JsonTree *
json_tree_parse(const gchar *text, gsize length)
{
  Text rest = { .at = text, .end = text + length };
  JsonTree *self = _value(&rest);

  _ws(&rest);
  if (self && rest.at == rest.end)
    return self;
  json_tree_free(self);
  return NULL;
}

gboolean
json_tree_is(const JsonTree *self, JsonTreeType type)
{
  return self && self->type == type;
}

guint
json_tree_count(const JsonTree *self)
{
  if (!self || !self->children)
    return 0;
  return self->type == JSON_TREE_OBJECT ? self->children->len / 2 : self->children->len;
}

const JsonTree *
json_tree_element(const JsonTree *self, guint index)
{
  if (!json_tree_is(self, JSON_TREE_ARRAY) || index >= self->children->len)
    return NULL;
  return g_ptr_array_index(self->children, index);
}

static gboolean
_is_called(const JsonTree *string, const gchar *name)
{
  gsize length = strlen(name);
  GString *decoded;
  gboolean equal;

  if (!string->is_escaped)
    return string->length == length + 2 && memcmp(string->text + 1, name, length) == 0;
  decoded = json_tree_decode(string);
  equal = decoded->len == length && memcmp(decoded->str, name, length) == 0;
  g_string_free(decoded, TRUE);
  return equal;
}

const JsonTree *
json_tree_member(const JsonTree *self, const gchar *name)
{
  const JsonTree *found = NULL;

  if (!json_tree_is(self, JSON_TREE_OBJECT))
    return NULL;
  for (guint i = 0; i < self->children->len; i += 2)
    {
      if (_is_called(g_ptr_array_index(self->children, i), name))
        found = g_ptr_array_index(self->children, i + 1);
    }
  return found;
}

static Text
_inside(const JsonTree *string)
{
  return (Text){ .at = string->text + 1, .end = string->text + string->length - 1 };
}

GString *
json_tree_decode(const JsonTree *self)
{
  GString *out = g_string_sized_new(self->length);
  Text rest = _inside(self);
  JsonTree ignored = { 0 };

  while (rest.at < rest.end)
    {
      gint c = _character(&rest, &ignored);
      g_string_append_unichar(out, _is_half_pair(c) ? REPLACEMENT_CHARACTER : c);
    }
  return out;
}

static void
_append_unpaired_string(GString *out, const JsonTree *self)
{
  Text rest = _inside(self);
  JsonTree ignored = { 0 };

  g_string_append_c(out, '"');
  while (rest.at < rest.end)
    {
      const gchar *start = rest.at;

      if (_is_half_pair(_character(&rest, &ignored)))
        g_string_append(out, REPLACEMENT_ESCAPE);
      else
        g_string_append_len(out, start, rest.at - start);
    }
  g_string_append_c(out, '"');
}

static void _append_written(GString *out, const JsonTree *self);

static void
_append_container(GString *out, const JsonTree *self)
{
  gboolean is_object = self->type == JSON_TREE_OBJECT;

  g_string_append_c(out, is_object ? '{' : '[');
  for (guint i = 0; i < self->children->len; i++)
    {
      if (i > 0)
        g_string_append_c(out, is_object && i % 2 == 1 ? ':' : ',');
      _append_written(out, g_ptr_array_index(self->children, i));
    }
  g_string_append_c(out, is_object ? '}' : ']');
}

static void
_append_written(GString *out, const JsonTree *self)
{
  if (self->children)
    _append_container(out, self);
  else if (self->is_unpaired)
    _append_unpaired_string(out, self);
  else
    g_string_append_len(out, self->text, self->length);
}

GString *
json_tree_write(const JsonTree *self)
{
  GString *out = g_string_sized_new(self->length);

  _append_written(out, self);
  return out;
}

/* Adds the member, or gives it the place of the one that is called like it;
 * @places has the place of each name's value. */
static void
_put_member(GPtrArray *members, GHashTable *places, JsonTree *name, JsonTree *value)
{
  GString *decoded = json_tree_decode(name);
  guint place = GPOINTER_TO_UINT(g_hash_table_lookup(places, decoded));

  if (place)
    {
      members->pdata[place] = value;
      g_string_free(decoded, TRUE);
      return;
    }
  g_ptr_array_add(members, name);
  g_ptr_array_add(members, value);
  g_hash_table_insert(places, decoded, GUINT_TO_POINTER(members->len - 1));
}

static void
_free_name(gpointer name)
{
  g_string_free(name, TRUE);
}

GPtrArray *
json_tree_members(const JsonTree *self)
{
  GPtrArray *members = g_ptr_array_new();
  GHashTable *places = g_hash_table_new_full((GHashFunc) g_string_hash, (GEqualFunc) g_string_equal, _free_name, NULL);

  for (guint i = 0; i < self->children->len; i += 2)
    _put_member(members, places, g_ptr_array_index(self->children, i), g_ptr_array_index(self->children, i + 1));
  g_hash_table_unref(places);
  return members;
}

static gboolean
_strings_equal(const JsonTree *a, const JsonTree *b)
{
  GString *decoded_a = json_tree_decode(a);
  GString *decoded_b = json_tree_decode(b);
  gboolean equal = g_string_equal(decoded_a, decoded_b);

  g_string_free(decoded_a, TRUE);
  g_string_free(decoded_b, TRUE);
  return equal;
}

static gboolean
_children_equal(const JsonTree *a, const JsonTree *b)
{
  if (a->children->len != b->children->len)
    return FALSE;
  for (guint i = 0; i < a->children->len; i++)
    {
      if (!json_tree_equal(g_ptr_array_index(a->children, i), g_ptr_array_index(b->children, i)))
        return FALSE;
    }
  return TRUE;
}

gboolean
json_tree_equal(const JsonTree *a, const JsonTree *b)
{
  if (a->type != b->type)
    return FALSE;
  if (a->children)
    return _children_equal(a, b);
  if (a->type == JSON_TREE_STRING)
    return _strings_equal(a, b);
  return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}
