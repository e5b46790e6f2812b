/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/json-nodes.h"

#include <json-c/json_tokener.h>

#define MAX_DEPTH 64

json_object *
jam_json_nodes_parse(const gchar *text, gsize length)
{
  json_tokener *tokener;
  json_object *root;

  if (length > G_MAXINT)
    return NULL;
  tokener = json_tokener_new_ex(MAX_DEPTH);
  json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
  root = json_tokener_parse_ex(tokener, text, length);
  json_tokener_free(tokener);
  return root;
}

gboolean
jam_json_nodes_is_object(const json_object *node)
{
  return json_object_is_type(node, json_type_object);
}

gboolean
jam_json_nodes_is_array(const json_object *node)
{
  return json_object_is_type(node, json_type_array);
}

json_object *
jam_json_nodes_get_member(const json_object *object, const gchar *name)
{
  return jam_json_nodes_is_object(object) ? json_object_object_get(object, name) : NULL;
}

gboolean
jam_json_nodes_has_member(const json_object *object, const gchar *name)
{
  return jam_json_nodes_is_object(object) && json_object_object_get_ex(object, name, NULL);
}

guint
jam_json_nodes_count(const json_object *array)
{
  return jam_json_nodes_is_array(array) ? json_object_array_length(array) : 0;
}

json_object *
jam_json_nodes_get_element(const json_object *array, guint index)
{
  return index < jam_json_nodes_count(array) ? json_object_array_get_idx(array, index) : NULL;
}

const gchar *
jam_json_nodes_get_string(const json_object *object, const gchar *name)
{
  json_object *member = jam_json_nodes_get_member(object, name);

  return json_object_is_type(member, json_type_string) ? json_object_get_string(member) : NULL;
}
