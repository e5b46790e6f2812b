/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JSON_NODES_H_INCLUDED
#define JAM_JSON_NODES_H_INCLUDED

#include <glib.h>

/* Looking into JSON of which nothing is certain: key files, and what the API and token
 * endpoints answer. All take NULL for what is not there, and return what belongs to the
 * tree. Strings end at their first NUL, names of members too; of members with one name
 * the last counts. */

typedef struct _JamJsonNode JamJsonNode;

/* Deeper than any answer of an API: a table's schema comes to 33, with the 15 levels
 * that BigQuery lets columns be nested. */
#define JAM_JSON_NODES_MAX_DEPTH 64

/* Parses the @length bytes of @text. Returns NULL if they are no JSON (RFC 8259, in
 * UTF-8), or nested deeper than any answer of an API. There are no words about the
 * error, because a parser's quote from @text, which may be secret. The caller frees it
 * with jam_json_nodes_free(). */
JamJsonNode *jam_json_nodes_parse(const gchar *text, gsize length);

/* Overwrites the strings of the tree below @root, and frees it. */
void jam_json_nodes_free(JamJsonNode *root);

gboolean jam_json_nodes_is_object(JamJsonNode *node);
gboolean jam_json_nodes_is_array(JamJsonNode *node);

/* Returns the member called @name of @object; NULL also stands for null. */
JamJsonNode *jam_json_nodes_get_member(JamJsonNode *object, const gchar *name);

/* Returns TRUE if @object has a member called @name, which may be null. */
gboolean jam_json_nodes_has_member(JamJsonNode *object, const gchar *name);

/* Returns the number of members of @object, 0 if it is none. */
guint jam_json_nodes_count_members(JamJsonNode *object);

/* Returns the element of @array at @index; NULL also stands for null. */
JamJsonNode *jam_json_nodes_get_element(JamJsonNode *array, guint index);

/* Returns the number of elements of @array, 0 if it is none. */
guint jam_json_nodes_count(JamJsonNode *array);

/* Returns the text of the string called @name in @object, or NULL. */
const gchar *jam_json_nodes_get_string(JamJsonNode *object, const gchar *name);

/* Stores the integer called @name in @object, or the nearest that 64 bits hold. Returns
 * FALSE if there is none: a number with a fraction or an exponent is none. */
gboolean jam_json_nodes_get_integer(JamJsonNode *object, const gchar *name, gint64 *value);

#endif
