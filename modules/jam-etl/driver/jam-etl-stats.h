/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_STATS_H_INCLUDED
#define JAM_ETL_STATS_H_INCLUDED

#include "driver/compat.h"

#include "core/tables/reject.h"
#include "sinks/sink.h"

/* The driver's own counters, beside those that all destinations have: rows_TABLE,
 * rows written, rejected_REASON, messages rejected, and suppressed, messages that
 * were written before. Any thread may add. */
typedef struct _JamEtlStats
{
  LogThreadedDestDriver *owner;
  gchar *instance;
  StatsCounterItem *rows[JAM_N_TABLES];
  StatsCounterItem *rejected[JAM_N_REJECT_REASONS];
  StatsCounterItem *suppressed;
} JamEtlStats;

/* Registers the counters of @owner's @instance, rows for the enabled @tables. */
void jam_etl_stats_register(JamEtlStats *self, LogThreadedDestDriver *owner, const gchar *instance,
                            const JamTableSelection *tables);
void jam_etl_stats_unregister(JamEtlStats *self);

/* Adds the rows of a committed batch, by index in jam_tables. */
void jam_etl_stats_add_rows(JamEtlStats *self, const guint64 rows[JAM_N_TABLES]);

/* Adds the rejected messages of a batch, by reason. */
void jam_etl_stats_add_rejected(JamEtlStats *self, const guint rejected[JAM_N_REJECT_REASONS]);

/* Adds the messages of a batch that were written before. */
void jam_etl_stats_add_suppressed(JamEtlStats *self, guint suppressed);

#endif
