/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "jam-etl-stats.h"

#define COUNTER_NAME_SIZE 64
#define SUPPRESSED_NAME "suppressed"

static void
_format_rows_name(gchar name[COUNTER_NAME_SIZE], gint table)
{
  g_snprintf(name, COUNTER_NAME_SIZE, "rows_%s", jam_tables[table].name);
}

static void
_format_rejected_name(gchar name[COUNTER_NAME_SIZE], gint reason)
{
  g_snprintf(name, COUNTER_NAME_SIZE, "rejected_%s", jam_reject_reason_name(reason));
}

static void
_set_key(JamEtlStats *self, StatsClusterKey *key, const gchar *name)
{
  jam_etl_compat_set_counter_key(key, self->owner->stats_source, &self->owner->super.super, self->instance, name);
}

static void
_register(JamEtlStats *self, const gchar *name, StatsCounterItem **counter)
{
  StatsClusterKey key;

  _set_key(self, &key, name);
  stats_register_counter(0, &key, SC_TYPE_SINGLE_VALUE, counter);
}

static void
_unregister(JamEtlStats *self, const gchar *name, StatsCounterItem **counter)
{
  StatsClusterKey key;

  if (!*counter)
    return;
  _set_key(self, &key, name);
  stats_unregister_counter(&key, SC_TYPE_SINGLE_VALUE, counter);
}

void
jam_etl_stats_register(JamEtlStats *self, LogThreadedDestDriver *owner, const gchar *instance,
                       const JamTableSelection *tables)
{
  gchar name[COUNTER_NAME_SIZE];

  self->owner = owner;
  self->instance = g_strdup(instance);
  stats_lock();
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      _format_rows_name(name, i);
      if (tables->enabled[i])
        _register(self, name, &self->rows[i]);
    }
  for (gint i = 0; i < JAM_N_REJECT_REASONS; i++)
    {
      _format_rejected_name(name, i);
      _register(self, name, &self->rejected[i]);
    }
  _register(self, SUPPRESSED_NAME, &self->suppressed);
  stats_unlock();
}

void
jam_etl_stats_unregister(JamEtlStats *self)
{
  gchar name[COUNTER_NAME_SIZE];

  stats_lock();
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      _format_rows_name(name, i);
      _unregister(self, name, &self->rows[i]);
    }
  for (gint i = 0; i < JAM_N_REJECT_REASONS; i++)
    {
      _format_rejected_name(name, i);
      _unregister(self, name, &self->rejected[i]);
    }
  _unregister(self, SUPPRESSED_NAME, &self->suppressed);
  stats_unlock();
  g_clear_pointer(&self->instance, g_free);
}

void
jam_etl_stats_add_rows(JamEtlStats *self, const guint64 rows[JAM_N_TABLES])
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      if (rows[i] > 0)
        stats_counter_add(self->rows[i], rows[i]);
    }
}

void
jam_etl_stats_add_rejected(JamEtlStats *self, const guint rejected[JAM_N_REJECT_REASONS])
{
  for (gint i = 0; i < JAM_N_REJECT_REASONS; i++)
    {
      if (rejected[i] > 0)
        stats_counter_add(self->rejected[i], rejected[i]);
    }
}

void
jam_etl_stats_add_suppressed(JamEtlStats *self, guint suppressed)
{
  if (suppressed > 0)
    stats_counter_add(self->suppressed, suppressed);
}
