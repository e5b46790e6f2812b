/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JSON_NODES_H_INCLUDED
#define JAM_JSON_NODES_H_INCLUDED

#include <glib.h>
#include <json-c/json_object.h>

/* Looking into JSON of which nothing is certain. All take NULL for what is not
 * there, and return what belongs to the tree.
 *
 * This is json-c, because syslog-ng's json-plugin is: modules share one space of
 * names, and json-glib has functions by the names of json-c's and json-plugin's
 * that do other things. */

/* Parses the @length bytes of @text. Returns NULL if they are no JSON (RFC 8259),
 * or nested deeper than any answer of an API. The caller frees it with
 * json_object_put(). */
json_object *jam_json_nodes_parse(const gchar *text, gsize length);

gboolean jam_json_nodes_is_object(const json_object *node);
gboolean jam_json_nodes_is_array(const json_object *node);

/* Returns the member called @name of @object; NULL also stands for null. */
json_object *jam_json_nodes_get_member(const json_object *object, const gchar *name);

/* Returns TRUE if @object has a member called @name, which may be null. */
gboolean jam_json_nodes_has_member(const json_object *object, const gchar *name);

/* Returns the element of @array at @index; NULL also stands for null. */
json_object *jam_json_nodes_get_element(const json_object *array, guint index);

/* Returns the number of elements of @array, 0 if it is none. */
guint jam_json_nodes_count(const json_object *array);

/* Returns the text of the string called @name in @object, or NULL. */
const gchar *jam_json_nodes_get_string(const json_object *object, const gchar *name);

#endif
