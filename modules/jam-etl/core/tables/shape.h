/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_SHAPE_H_INCLUDED
#define JAM_SHAPE_H_INCLUDED

#include "core/json/json-reader.h"

/* Which values of an object are wanted, as a tree of their names, so that one
 * pass over the text can pick them all and skip the rest.
 *
 * Picked values go to a frame, an array of JamJsonValue: a node's own value
 * stands at its slot, those below it right behind. The elements of an array
 * that rows are made of have a frame each, behind one another in a list. */

typedef struct _JamShape JamShape;
typedef struct _JamItemsShape JamItemsShape;

struct _JamShape
{
  const gchar *key;
  gsize key_length;
  JamJsonName name;
  guint slot;
  /* slots of this node and all below it */
  guint n_slots;
  GPtrArray *members;
  /* if not NULL, the value is an array whose elements are picked */
  JamItemsShape *items;
  /* a value is picked as a whole */
  gboolean is_leaf;
  /* if not NULL, another name of this member of the same object */
  const JamShape *alias_of;
};

struct _JamItemsShape
{
  /* which of the message's lists the elements go to */
  guint list;
  JamShape *element;
  /* If not NULL, an object is taken, too: a member of it is an element, its name
   * and value go to these nodes below @element. */
  const JamShape *member_name;
  const JamShape *member_value;
};

/* Returns a new node; @key must outlive it, @key_length is in bytes. */
JamShape *jam_shape_new(const gchar *key, gsize key_length);

/* Returns the node at @path, member names joined by dots, below @self, making
 * what is missing. An empty path is @self. */
JamShape *jam_shape_ensure(JamShape *self, const gchar *path);

/* Returns the node at @path below @self. Aborts if there is none. */
const JamShape *jam_shape_get(const JamShape *self, const gchar *path);

/* Makes @self an array whose elements go to list number @list, unless it is one
 * already. */
void jam_shape_ensure_items(JamShape *self, guint list);

/* Numbers the slots, once the tree is complete: an alias has those of the member that
 * it is another name of, which must precede it. */
void jam_shape_number_slots(JamShape *self);

/* How many members in a row senders leave out without being unusual. */
#define JAM_SHAPE_USUAL_GAP 2

/* Returns the member that stands at @hint, or little further on, and the name of which
 * is just what comes next in @json, which is moved behind it; @hint is moved on. NULL
 * says nothing: then it is up to jam_json_reader_next_member and jam_shape_find. */
static inline const JamShape *
jam_shape_next_usual(const JamShape *self, JamJsonReader *json, guint *hint)
{
  guint end = MIN(*hint + 1 + JAM_SHAPE_USUAL_GAP, self->members->len);

  for (guint i = *hint; i < end; i++)
    {
      const JamShape *member = g_ptr_array_index(self->members, i);

      if (jam_json_reader_next_is(json, &member->name))
        {
          *hint = i + 1;
          return member;
        }
    }
  return NULL;
}

/* Reads the members that come next in @json, and the values of which are picked as
 * a whole, into @frame, as long as they come in the shape's order from @hint on,
 * without white space, and are strings or integers of the plainest kind. @json and @hint are moved behind them. */
void jam_shape_read_plain_members(const JamShape *self, JamJsonReader *json, guint *hint, JamJsonValue *frame);

/* Returns the member that @key names, or NULL. @hint is where to look first; it
 * is moved on, so that members in the usual order are found at once. */
const JamShape *jam_shape_find(const JamShape *self, const JamJsonValue *key, guint *hint);

#endif
