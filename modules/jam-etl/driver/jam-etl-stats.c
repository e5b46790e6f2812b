/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-stats.h"

#define COUNTER_NAME_SIZE 64

typedef void (*CounterFunc)(const JamEtlCounter *counter, StatsCounterItem **item);

static JamEtlCounter
_counter(const JamEtlStats *self, const gchar *name, const gchar *metric)
{
  return (JamEtlCounter){
    .stats_source = self->owner->stats_source,
    .driver = &self->owner->super.super,
    .instance = self->instance,
    .name = name,
    .metric = metric,
  };
}

static void
_for_table(JamEtlStats *self, gint table, CounterFunc func)
{
  gchar name[COUNTER_NAME_SIZE];
  JamEtlCounter counter;

  g_snprintf(name, sizeof(name), "rows_%s", jam_tables[table].name);
  counter = _counter(self, name, "jam_etl_rows_total");
  counter.label = "table";
  counter.value = jam_tables[table].name;
  func(&counter, &self->rows[table]);
}

static void
_for_reason(JamEtlStats *self, gint reason, CounterFunc func)
{
  gchar name[COUNTER_NAME_SIZE];
  JamEtlCounter counter;

  g_snprintf(name, sizeof(name), "rejected_%s", jam_reject_reason_name(reason));
  counter = _counter(self, name, "jam_etl_rejected_messages_total");
  counter.label = "reason";
  counter.value = jam_reject_reason_name(reason);
  func(&counter, &self->rejected[reason]);
}

static void
_for_suppressed(JamEtlStats *self, CounterFunc func)
{
  JamEtlCounter counter = _counter(self, "suppressed", "jam_etl_suppressed_messages_total");

  func(&counter, &self->suppressed);
}

void
jam_etl_stats_register(JamEtlStats *self, LogThreadedDestDriver *owner, const gchar *instance,
                       const JamTableSelection *tables)
{
  self->owner = owner;
  self->instance = g_strdup(instance);
  stats_lock();
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      if (tables->enabled[i])
        _for_table(self, i, jam_etl_compat_register_counter);
    }
  for (gint i = 0; i < JAM_N_REJECT_REASONS; i++)
    _for_reason(self, i, jam_etl_compat_register_counter);
  _for_suppressed(self, jam_etl_compat_register_counter);
  stats_unlock();
}

void
jam_etl_stats_unregister(JamEtlStats *self)
{
  stats_lock();
  for (gint i = 0; i < JAM_N_TABLES; i++)
    _for_table(self, i, jam_etl_compat_unregister_counter);
  for (gint i = 0; i < JAM_N_REJECT_REASONS; i++)
    _for_reason(self, i, jam_etl_compat_unregister_counter);
  _for_suppressed(self, jam_etl_compat_unregister_counter);
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
