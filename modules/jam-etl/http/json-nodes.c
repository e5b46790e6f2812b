/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "http/json-nodes.h"
#include "core/json/json-text.h"
#include "http/google-secret.h"

/* Why not json-glib: it is linked by no module of syslog-ng, and cannot be.
 * json_object_get_type() and json_parser_new() are also functions of json-c and of
 * syslog-ng's json-plugin, which all share one space of names: json-parser() crashes.
 * Nor json-c: version 0.18, Debian 13's, refuses letters outside ASCII. */
struct _JamJsonNode
{
  JamJsonType type;
  gboolean is_integer;
  /* a string, decoded, or a number's digits */
  gchar *text;
  /* by name, of an object */
  GHashTable *members;
  /* of an array */
  GPtrArray *elements;
};

static JamJsonNode *_read(JamJsonReader *json, guint depth);

static void
_free(gpointer p)
{
  JamJsonNode *self = p;

  jam_google_secret_free(self->text);
  g_clear_pointer(&self->members, g_hash_table_unref);
  g_clear_pointer(&self->elements, g_ptr_array_unref);
  g_free(self);
}

/* Key files have secrets: the decoded text must leave no other copy. */
static gchar *
_copy_text(const JamJsonValue *value)
{
  JamBuffer decoded = { 0 };
  JamText text = { value->text, value->length };

  jam_buffer_reserve(&decoded, (gsize) value->length + 1);
  if (value->type != JAM_JSON_STRING)
    jam_buffer_append(&decoded, text.text, text.length);
  else
    {
      text.text = jam_json_string_content(value, &text.length);
      jam_json_unescape(&decoded, text.text, text.length);
    }
  jam_buffer_append_char(&decoded, '\0');
  return decoded.data;
}

static gboolean
_read_scalar(JamJsonNode *self, JamJsonReader *json)
{
  JamJsonValue value;

  if (!jam_json_reader_value(json, &value))
    return FALSE;
  self->is_integer = value.flags & JAM_JSON_INTEGER;
  if (self->type == JAM_JSON_STRING || self->type == JAM_JSON_NUMBER)
    self->text = _copy_text(&value);
  return TRUE;
}

static gboolean
_read_elements(JamJsonNode *self, JamJsonReader *json, guint depth)
{
  self->elements = g_ptr_array_new_with_free_func(_free);
  if (!jam_json_reader_enter_array(json))
    return FALSE;
  while (jam_json_reader_next_element(json))
    {
      JamJsonNode *element = _read(json, depth);

      if (!element)
        return FALSE;
      g_ptr_array_add(self->elements, element);
    }
  return json->error == JAM_JSON_OK;
}

static gboolean
_read_members(JamJsonNode *self, JamJsonReader *json, guint depth)
{
  JamJsonValue name;

  self->members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, _free);
  if (!jam_json_reader_enter_object(json))
    return FALSE;
  while (jam_json_reader_next_member(json, &name))
    {
      JamJsonNode *member = _read(json, depth);

      if (!member)
        return FALSE;
      g_hash_table_replace(self->members, _copy_text(&name), member);
    }
  return json->error == JAM_JSON_OK;
}

static gboolean
_read_value(JamJsonNode *self, JamJsonReader *json, guint depth)
{
  if (self->type != JAM_JSON_ARRAY && self->type != JAM_JSON_OBJECT)
    return _read_scalar(self, json);
  if (depth == JAM_JSON_NODES_MAX_DEPTH)
    return FALSE;
  return self->type == JAM_JSON_ARRAY ? _read_elements(self, json, depth + 1) : _read_members(self, json, depth + 1);
}

static JamJsonNode *
_read(JamJsonReader *json, guint depth)
{
  JamJsonNode *self = g_new0(JamJsonNode, 1);

  self->type = jam_json_reader_peek(json);
  if (_read_value(self, json, depth))
    return self;
  _free(self);
  return NULL;
}

JamJsonNode *
jam_json_nodes_parse(const gchar *text, gsize length)
{
  JamJsonReader json;
  JamJsonNode *root;

  if (length > G_MAXINT32)
    return NULL;
  jam_json_reader_init(&json, text, length);
  root = _read(&json, 0);
  if (root && !jam_json_reader_finish(&json))
    g_clear_pointer(&root, _free);
  return root;
}

void
jam_json_nodes_free(JamJsonNode *root)
{
  if (root)
    _free(root);
}

static JamJsonNode *
_null_if_null(JamJsonNode *node)
{
  return node && node->type == JAM_JSON_NULL ? NULL : node;
}

static JamJsonNode *
_look_up(JamJsonNode *object, const gchar *name)
{
  return jam_json_nodes_is_object(object) ? g_hash_table_lookup(object->members, name) : NULL;
}

gboolean
jam_json_nodes_is_object(JamJsonNode *node)
{
  return node && node->type == JAM_JSON_OBJECT;
}

gboolean
jam_json_nodes_is_array(JamJsonNode *node)
{
  return node && node->type == JAM_JSON_ARRAY;
}

JamJsonNode *
jam_json_nodes_get_member(JamJsonNode *object, const gchar *name)
{
  return _null_if_null(_look_up(object, name));
}

gboolean
jam_json_nodes_has_member(JamJsonNode *object, const gchar *name)
{
  return _look_up(object, name) != NULL;
}

guint
jam_json_nodes_count_members(JamJsonNode *object)
{
  return jam_json_nodes_is_object(object) ? g_hash_table_size(object->members) : 0;
}

guint
jam_json_nodes_count(JamJsonNode *array)
{
  return jam_json_nodes_is_array(array) ? array->elements->len : 0;
}

JamJsonNode *
jam_json_nodes_get_element(JamJsonNode *array, guint index)
{
  return index < jam_json_nodes_count(array) ? _null_if_null(g_ptr_array_index(array->elements, index)) : NULL;
}

const gchar *
jam_json_nodes_get_string(JamJsonNode *object, const gchar *name)
{
  JamJsonNode *member = _look_up(object, name);

  return member && member->type == JAM_JSON_STRING ? member->text : NULL;
}

gboolean
jam_json_nodes_get_integer(JamJsonNode *object, const gchar *name, gint64 *value)
{
  JamJsonNode *member = _look_up(object, name);

  if (!member || !member->is_integer)
    return FALSE;
  /* the nearest, beyond 64 bits */
  *value = g_ascii_strtoll(member->text, NULL, 10);
  return TRUE;
}
