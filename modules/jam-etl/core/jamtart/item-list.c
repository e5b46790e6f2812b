/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/jamtart/item-list.h"
#include "core/bytes/integer.h"

/* values that one huge message may leave allocated for the next */
#define KEPT_VALUES (64 * 1024)

void
jam_item_list_empty(JamItemList *self)
{
  self->n_items = 0;
  self->is_cut = FALSE;
  self->last_number = -1;
  self->last_text = (JamText){ "", 0 };
  self->ascend_as_numbers = self->ascend_as_text = TRUE;
  g_clear_pointer(&self->names, g_hash_table_unref);
  self->bad_name.type = JAM_JSON_MISSING;
}

void
jam_item_list_clear(JamItemList *self)
{
  jam_item_list_empty(self);
  g_clear_pointer(&self->values, g_free);
  self->capacity = 0;
}

void
jam_item_list_reset(JamItemList *self)
{
  if (self->capacity > KEPT_VALUES)
    jam_item_list_clear(self);
  else if (self->n_items > 0 || self->bad_name.type != JAM_JSON_MISSING)
    jam_item_list_empty(self);
}

static JamJsonValue *
_frame(const JamItemList *self, guint item)
{
  return self->values + (gsize) item * self->n_slots;
}

JamJsonValue *
jam_item_list_add(JamItemList *self, guint n_slots)
{
  gsize used = (gsize) self->n_items * n_slots;

  if (self->n_items == JAM_ITEM_LIST_MAX_ITEMS)
    {
      self->is_cut = TRUE;
      return NULL;
    }
  self->n_slots = n_slots;
  if (self->capacity - used < n_slots)
    {
      self->capacity = MAX(self->capacity * 2, 16 * (gsize) n_slots);
      self->values = g_renew(JamJsonValue, self->values, self->capacity);
    }
  jam_json_values_clear(self->values + used, n_slots);
  return _frame(self, self->n_items++);
}

static gpointer
_key(guint32 number)
{
  return GUINT_TO_POINTER(number);
}

static gpointer
_draw_multiplier(gpointer unused G_GNUC_UNUSED)
{
  guint64 *multiplier = g_new(guint64, 1);

  *multiplier = (guint64) g_random_int() << 32 | g_random_int() | 1;
  return multiplier;
}

/* Senders choose the numbers: they must not be able to choose some that collide. */
static guint
_hash(gconstpointer key)
{
  static GOnce once = G_ONCE_INIT;
  const guint64 *multiplier = g_once(&once, _draw_multiplier, NULL);

  return (((guint64) GPOINTER_TO_UINT(key) + 1) * *multiplier) >> 32;
}

static gboolean
_parse_name(const JamJsonValue *name, JamBuffer *scratch, guint32 *number)
{
  JamText text = jam_json_string_decode(name, scratch);

  return jam_integer_parse_uint32(text.text, text.length, number);
}

static void
_index_names(JamItemList *self, guint name_slot, JamBuffer *scratch)
{
  guint32 number;

  self->names = g_hash_table_new(_hash, NULL);
  for (guint i = 0; i < self->n_items; i++)
    {
      _parse_name(&_frame(self, i)[name_slot], scratch, &number);
      g_hash_table_insert(self->names, _key(number), GUINT_TO_POINTER(i + 1));
    }
}

static gboolean
_sorts_after(const JamText *text, const JamText *last)
{
  gint order = memcmp(text->text, last->text, MIN(text->length, last->length));

  return order > 0 || (order == 0 && text->length > last->length);
}

/* Returns FALSE if an earlier name may be the same as this one. */
static gboolean
_ascends(JamItemList *self, const JamJsonValue *name, guint32 number)
{
  JamText text;

  text.text = jam_json_string_content(name, &text.length);
  self->ascend_as_numbers = self->ascend_as_numbers && number > self->last_number;
  self->ascend_as_text = self->ascend_as_text && !(name->flags & JAM_JSON_ESCAPED)
                         && _sorts_after(&text, &self->last_text);
  self->last_number = number;
  self->last_text = text;
  return self->ascend_as_numbers || self->ascend_as_text;
}

/* Returns the place of the element that has this number for a name, counted from 1;
 * 0 if there is none. */
static guint
_find(JamItemList *self, guint name_slot, const JamJsonValue *name, guint32 number, JamBuffer *scratch)
{
  if (_ascends(self, name, number))
    return 0;
  if (!self->names)
    _index_names(self, name_slot, scratch);
  return GPOINTER_TO_UINT(g_hash_table_lookup(self->names, _key(number)));
}

static void
_keep_bad_name(JamItemList *self, const JamJsonValue *name)
{
  if (self->bad_name.type == JAM_JSON_MISSING)
    self->bad_name = *name;
}

JamJsonValue *
jam_item_list_ensure(JamItemList *self, guint n_slots, guint name_slot, const JamJsonValue *name, JamBuffer *scratch)
{
  JamJsonValue *frame;
  guint32 number;
  guint found;

  if (!_parse_name(name, scratch, &number))
    {
      _keep_bad_name(self, name);
      return NULL;
    }
  found = _find(self, name_slot, name, number, scratch);
  if (found > 0)
    {
      frame = _frame(self, found - 1);
      jam_json_values_clear(frame, n_slots);
    }
  else if ((frame = jam_item_list_add(self, n_slots)) && self->names)
    g_hash_table_insert(self->names, _key(number), GUINT_TO_POINTER(self->n_items));
  if (frame)
    frame[name_slot] = *name;
  return frame;
}
