/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_FUZZ_JSON_TREE_H_INCLUDED
#define JAM_FUZZ_JSON_TREE_H_INCLUDED

#include <glib.h>

/* A second reader of JSON texts, to judge the first: RFC 8259's grammar written
 * down rule by rule, with a tree for every value. It is made to be plain, not
 * fast, and shares no code with the core. */

/* one level more is refused */
#define JSON_TREE_MAX_DEPTH 1024

typedef enum
{
  JSON_TREE_NULL,
  JSON_TREE_BOOLEAN,
  JSON_TREE_NUMBER,
  JSON_TREE_STRING,
  JSON_TREE_ARRAY,
  JSON_TREE_OBJECT,
} JsonTreeType;

typedef struct _JsonTree
{
  JsonTreeType type;
  /* the value's text, a string's with its quotation marks; the caller's */
  const gchar *text;
  gsize length;
  /* of an array; of an object, in turns a name (a string) and its value */
  GPtrArray *children;
  /* a string with a backslash */
  gboolean is_escaped;
  /* a number without fraction and exponent */
  gboolean is_integer;
  /* a container with white space between its tokens */
  gboolean is_spaced;
  /* a string with an escape that is half of a surrogate pair, or a container with
   * such a string in it, names included */
  gboolean is_unpaired;
} JsonTree;

/* Returns the tree of the @length bytes at @text, or NULL if they are no JSON
 * text. The caller frees it. */
JsonTree *json_tree_parse(const gchar *text, gsize length);

/* NULL is allowed. */
void json_tree_free(JsonTree *self);

/* Returns TRUE if @self is an object, an array and so on, or FALSE if it is of
 * another type or NULL. */
gboolean json_tree_is(const JsonTree *self, JsonTreeType type);

/* Elements of an array, members of an object (a repeated name each time), 0 for
 * all else and for NULL. */
guint json_tree_count(const JsonTree *self);

/* Returns element number @index of an array; NULL if there is none. */
const JsonTree *json_tree_element(const JsonTree *self, guint index);

/* Returns the value of the last member called @name; NULL if there is none. */
const JsonTree *json_tree_member(const JsonTree *self, const gchar *name);

/* Returns an object's members as JSON.parse has them, in turns a name and its value:
 * a repeated name is in its first place, with its last value. The caller unrefs the
 * array, which holds what is @self's. */
GPtrArray *json_tree_members(const JsonTree *self);

/* Returns a string's value in UTF-8; half a surrogate pair is U+FFFD. The caller
 * frees it. */
GString *json_tree_decode(const JsonTree *self);

/* Returns the value's text without white space between its tokens, and with \ufffd
 * for an escape that is half of a surrogate pair. The caller frees it. */
GString *json_tree_write(const JsonTree *self);

/* Returns TRUE if both have the same values; names must be in the same order,
 * numbers spelt the same. */
gboolean json_tree_equal(const JsonTree *a, const JsonTree *b);

#endif
