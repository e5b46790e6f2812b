/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/json-nodes.h"
#include "sinks/google-secret.h"
#include "sinks/json-library.h"
#include "sinks/json-prepare.h"

/* A node is there only if the library is. */
#define LIBRARY jam_json_library_get()

const gchar *
jam_json_nodes_check_parser(void)
{
  return LIBRARY ? NULL : jam_json_library_error();
}

/* A key file's text is overwritten wherever it is ours: it is good for years. In
 * json-glib it is not, and cannot be: its scanner lets go of the buffers in which
 * strings have grown. So the tree's copies of them are not overwritten either. */
JamJsonNode *
jam_json_nodes_parse(const gchar *text, gsize length)
{
  JamJsonNode *root = NULL;
  gchar *copy;

  if (!LIBRARY || length > G_MAXINT)
    return NULL;
  copy = g_strndup(text, length);
  if (jam_json_prepare(copy, length))
    root = LIBRARY->json_from_string(copy, NULL);
  jam_google_secret_free_sized(copy, length);
  return root;
}

void
jam_json_nodes_free(JamJsonNode *root)
{
  if (root)
    LIBRARY->json_node_unref(root);
}

static gboolean
_is_type(JamJsonNode *node, JsonNodeType type)
{
  return node && LIBRARY->json_node_get_node_type(node) == type;
}

static gboolean
_is_value(JamJsonNode *node, GType type)
{
  return _is_type(node, JSON_NODE_VALUE) && LIBRARY->json_node_get_value_type(node) == type;
}

static JamJsonNode *
_null_if_null(JamJsonNode *node)
{
  return _is_type(node, JSON_NODE_NULL) ? NULL : node;
}

static JamJsonNode *
_look_up(JamJsonNode *object, const gchar *name)
{
  if (!jam_json_nodes_is_object(object))
    return NULL;
  return LIBRARY->json_object_get_member(LIBRARY->json_node_get_object(object), name);
}

gboolean
jam_json_nodes_is_object(JamJsonNode *node)
{
  return _is_type(node, JSON_NODE_OBJECT);
}

gboolean
jam_json_nodes_is_array(JamJsonNode *node)
{
  return _is_type(node, JSON_NODE_ARRAY);
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
  if (!jam_json_nodes_is_object(object))
    return 0;
  return LIBRARY->json_object_get_size(LIBRARY->json_node_get_object(object));
}

guint
jam_json_nodes_count(JamJsonNode *array)
{
  if (!jam_json_nodes_is_array(array))
    return 0;
  return LIBRARY->json_array_get_length(LIBRARY->json_node_get_array(array));
}

JamJsonNode *
jam_json_nodes_get_element(JamJsonNode *array, guint index)
{
  if (index >= jam_json_nodes_count(array))
    return NULL;
  return _null_if_null(LIBRARY->json_array_get_element(LIBRARY->json_node_get_array(array), index));
}

const gchar *
jam_json_nodes_get_string(JamJsonNode *object, const gchar *name)
{
  JamJsonNode *member = _look_up(object, name);

  return _is_value(member, G_TYPE_STRING) ? LIBRARY->json_node_get_string(member) : NULL;
}

gboolean
jam_json_nodes_get_integer(JamJsonNode *object, const gchar *name, gint64 *value)
{
  JamJsonNode *member = _look_up(object, name);

  if (!_is_value(member, G_TYPE_INT64))
    return FALSE;
  *value = LIBRARY->json_node_get_int(member);
  return TRUE;
}
