/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery-accepted.h"

struct _JamBigQueryAccepted
{
  GMutex lock;
  /* "TABLE/ROW_ID" */
  GHashTable *keys;
};

JamBigQueryAccepted *
jam_bigquery_accepted_new(void)
{
  JamBigQueryAccepted *self = g_new0(JamBigQueryAccepted, 1);

  g_mutex_init(&self->lock);
  self->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
jam_bigquery_accepted_free(JamBigQueryAccepted *self)
{
  g_hash_table_destroy(self->keys);
  g_mutex_clear(&self->lock);
  g_free(self);
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
