/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-accepted.h"

struct _JamBigQueryAccepted
{
  gchar *name;
  guint n_refs;
  GMutex lock;
  /* "TABLE/ROW_ID" */
  GHashTable *keys;
};

/* All that are in use or hold something, by name. */
static GMutex sets_lock;
static GHashTable *sets;

static JamBigQueryAccepted *
_new(const gchar *name)
{
  JamBigQueryAccepted *self = g_new0(JamBigQueryAccepted, 1);

  self->name = g_strdup(name);
  g_mutex_init(&self->lock);
  self->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

static void
_free(JamBigQueryAccepted *self)
{
  g_hash_table_destroy(self->keys);
  g_mutex_clear(&self->lock);
  g_free(self->name);
  g_free(self);
}

JamBigQueryAccepted *
jam_bigquery_accepted_ref(const gchar *name)
{
  JamBigQueryAccepted *self;

  g_mutex_lock(&sets_lock);
  if (!sets)
    sets = g_hash_table_new(g_str_hash, g_str_equal);
  self = g_hash_table_lookup(sets, name);
  if (!self)
    {
      self = _new(name);
      g_hash_table_insert(sets, self->name, self);
    }
  self->n_refs++;
  g_mutex_unlock(&sets_lock);
  return self;
}

void
jam_bigquery_accepted_unref(JamBigQueryAccepted *self)
{
  g_mutex_lock(&sets_lock);
  self->n_refs--;
  if (self->n_refs == 0 && jam_bigquery_accepted_is_empty(self))
    {
      g_hash_table_remove(sets, self->name);
      _free(self);
    }
  if (g_hash_table_size(sets) == 0)
    g_clear_pointer(&sets, g_hash_table_destroy);
  g_mutex_unlock(&sets_lock);
}

static gchar *
_make_key(const gchar *table, const gchar *row_id)
{
  return g_strconcat(table, "/", row_id, NULL);
}

void
jam_bigquery_accepted_add(JamBigQueryAccepted *self, const gchar *table, const gchar *row_id)
{
  gchar *key = _make_key(table, row_id);

  g_mutex_lock(&self->lock);
  g_hash_table_add(self->keys, key);
  g_mutex_unlock(&self->lock);
}

gboolean
jam_bigquery_accepted_contains(JamBigQueryAccepted *self, const gchar *table, const gchar *row_id)
{
  gchar *key = _make_key(table, row_id);
  gboolean is_there;

  g_mutex_lock(&self->lock);
  is_there = g_hash_table_contains(self->keys, key);
  g_mutex_unlock(&self->lock);
  g_free(key);
  return is_there;
}

void
jam_bigquery_accepted_remove(JamBigQueryAccepted *self, const gchar *table, const gchar *row_id)
{
  gchar *key = _make_key(table, row_id);

  g_mutex_lock(&self->lock);
  g_hash_table_remove(self->keys, key);
  g_mutex_unlock(&self->lock);
  g_free(key);
}

gboolean
jam_bigquery_accepted_is_empty(JamBigQueryAccepted *self)
{
  gboolean is_empty;

  g_mutex_lock(&self->lock);
  is_empty = g_hash_table_size(self->keys) == 0;
  g_mutex_unlock(&self->lock);
  return is_empty;
}
