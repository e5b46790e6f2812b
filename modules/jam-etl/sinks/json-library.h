/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JSON_LIBRARY_H_INCLUDED
#define JAM_JSON_LIBRARY_H_INCLUDED

#include <json-glib/json-glib.h>

/* json-glib, opened at run time and for ourselves alone.
 *
 * syslog-ng loads its modules, with all that they are linked with, into one space of
 * names. json-glib's json_object_get_type() and json_parser_new() are also functions of
 * json-c and of syslog-ng's json-plugin, which do other things: a module linked with
 * json-glib takes their place, and a json-parser() in the same configuration crashes.
 * A function that is called by its own name instead of over this structure is a link
 * error. */

#define JAM_JSON_LIBRARY_FUNCTIONS(FUNCTION) \
  FUNCTION(json_array_get_element) \
  FUNCTION(json_array_get_length) \
  FUNCTION(json_from_string) \
  FUNCTION(json_node_get_array) \
  FUNCTION(json_node_get_int) \
  FUNCTION(json_node_get_node_type) \
  FUNCTION(json_node_get_object) \
  FUNCTION(json_node_get_string) \
  FUNCTION(json_node_get_value_type) \
  FUNCTION(json_node_unref) \
  FUNCTION(json_object_get_member) \
  FUNCTION(json_object_get_size)

typedef struct _JamJsonLibrary
{
#define JAM_JSON_LIBRARY_MEMBER(name) __typeof__(name) *name;
  JAM_JSON_LIBRARY_FUNCTIONS(JAM_JSON_LIBRARY_MEMBER)
#undef JAM_JSON_LIBRARY_MEMBER
} JamJsonLibrary;

/* Returns json-glib, which the first call opens, or NULL if it is not there. Any
 * thread may call it. */
const JamJsonLibrary *jam_json_library_get(void);

/* Returns why jam_json_library_get() has returned NULL. */
const gchar *jam_json_library_error(void);

#endif
