/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/tables/shape.h"
#include "core/json/json-text.h"

JamShape *
jam_shape_new(const gchar *key, gsize key_length)
{
  JamShape *self = g_new0(JamShape, 1);

  self->key = key;
  self->key_length = key_length;
  jam_json_name_init(&self->name, key, key_length);
  self->members = g_ptr_array_new();
  return self;
}

static JamShape *
_find_member(const JamShape *self, const gchar *key, gsize length)
{
  for (guint i = 0; i < self->members->len; i++)
    {
      JamShape *member = g_ptr_array_index(self->members, i);
      if (member->key_length == length && memcmp(member->key, key, length) == 0)
        return member;
    }
  return NULL;
}

/* Returns the length of the first name in @path, and moves that behind it. */
static gsize
_take_name(const gchar **path)
{
  gsize length = strcspn(*path, ".");

  *path += length;
  if (**path == '.')
    (*path)++;
  return length;
}

JamShape *
jam_shape_ensure(JamShape *self, const gchar *path)
{
  while (*path)
    {
      const gchar *name = path;
      gsize length = _take_name(&path);
      JamShape *member = _find_member(self, name, length);

      if (!member)
        g_ptr_array_add(self->members, member = jam_shape_new(name, length));
      self = member;
    }
  return self;
}

const JamShape *
jam_shape_get(const JamShape *self, const gchar *path)
{
  while (*path)
    {
      const gchar *name = path;

      self = _find_member(self, name, _take_name(&path));
      g_assert(self);
    }
  return self;
}

void
jam_shape_ensure_items(JamShape *self, guint list)
{
  if (self->items)
    return;
  self->items = g_new0(JamItemsShape, 1);
  self->items->list = list;
  self->items->element = jam_shape_new("", 0);
}

static void
_share_slot(JamShape *self, const JamShape *of)
{
  self->slot = of->slot;
  self->items = of->items;
  self->is_leaf = of->is_leaf;
}

static guint
_number_from(JamShape *self, guint slot)
{
  if (self->alias_of)
    {
      _share_slot(self, self->alias_of);
      return slot;
    }
  self->slot = slot++;
  for (guint i = 0; i < self->members->len; i++)
    slot = _number_from(g_ptr_array_index(self->members, i), slot);
  self->n_slots = slot - self->slot;
  self->is_leaf = self->members->len == 0 && !self->items;
  if (self->items)
    _number_from(self->items->element, 0);
  return slot;
}

void
jam_shape_number_slots(JamShape *self)
{
  _number_from(self, 0);
}

const JamShape *
jam_shape_find(const JamShape *self, const JamJsonValue *key, guint *hint)
{
  guint n_members = self->members->len;
  guint at = *hint;

  for (guint i = 0; i < n_members; i++, at++)
    {
      const JamShape *member;

      if (at >= n_members)
        at = 0;
      member = g_ptr_array_index(self->members, at);
      if (jam_json_string_equals(key, member->key, member->key_length))
        {
          *hint = at + 1;
          return member;
        }
    }
  return NULL;
}

void
jam_shape_read_plain_members(const JamShape *self, JamJsonReader *json, guint *hint, JamJsonValue *frame)
{
  const gchar *p = json->pos;
  gboolean is_first = json->at_first;
  guint i;

  for (i = *hint; i < self->members->len; i++)
    {
      const JamShape *member = g_ptr_array_index(self->members, i);
      JamJsonType type;
      const gchar *text, *q;

      if (!member->is_leaf || !(text = jam_json_name_skip(&member->name, p, json->end, is_first))
          || !(q = jam_json_skip_plain_value(text, json->end, &type)))
        break;
      jam_json_set_plain_value(&frame[member->slot], type, text, q);
      p = q;
      is_first = FALSE;
    }
  json->pos = p;
  json->at_first = is_first;
  *hint = i;
}
