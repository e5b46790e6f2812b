/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ITEM_LIST_H_INCLUDED
#define JAM_ITEM_LIST_H_INCLUDED

#include "core/json/json-text.h"

/* Elements of one array that rows are made of. JAM itself has 1023 validators,
 * 341 cores and 3072 segments at the most. */
#define JAM_ITEM_LIST_MAX_ITEMS (1u << 18)

/* The elements of an array, or the members of an object that is in its place, a frame
 * of values each. Its memory is used again for the next message. */
typedef struct _JamItemList
{
  JamJsonValue *values;
  /* elements, and slots in each */
  guint n_items;
  guint n_slots;
  gsize capacity;
  /* there were more elements than are kept */
  gboolean is_cut;

  /* The names of members are numbers. While they ascend, as numbers or as text, none is
   * repeated; after that each name's element, counted from 1, is in the table. */
  gint64 last_number;
  JamText last_text;
  gboolean ascend_as_numbers;
  gboolean ascend_as_text;
  GHashTable *names;
  /* the first name that is no number, missing if there is none */
  JamJsonValue bad_name;
} JamItemList;

/* Empties the list, and keeps its memory. */
void jam_item_list_empty(JamItemList *self);

/* Empties the list, and frees its memory if it is more than usual. */
void jam_item_list_reset(JamItemList *self);

/* Empties the list and frees its memory. */
void jam_item_list_clear(JamItemList *self);

/* Adds an element of @n_slots values, all of them missing. Returns its frame, valid
 * until the next one is added; NULL, and cuts the list, if it is full. */
JamJsonValue *jam_item_list_add(JamItemList *self, guint n_slots);

/* The same for a member called @name, a JSON string that is kept at @name_slot. A
 * repeated name (the same number) replaces the earlier one.
 * Also returns NULL for a name that is no decimal number of 32 bits: see bad_name.
 * @scratch is overwritten. */
JamJsonValue *jam_item_list_ensure(JamItemList *self, guint n_slots, guint name_slot, const JamJsonValue *name,
                                   JamBuffer *scratch);

#endif
