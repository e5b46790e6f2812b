/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BIGQUERY_LIVE_TABLE_H_INCLUDED
#define JAM_BIGQUERY_LIVE_TABLE_H_INCLUDED

#include "core/tables/table-definitions.h"

/* A Table resource, as tables.get and tables.insert answer it, held against our
 * definition (BigQuery's page REST Resource: tables). */

typedef struct _JamBigQueryLiveTable
{
  /* by index in the definition; not those that the dialect lacks anyway */
  gboolean *left_out;
  /* empty if unknown */
  gchar *location;
  /* milliseconds since 1970, 0 if unknown */
  gint64 creation_time_ms;
} JamBigQueryLiveTable;

/* Reads the @length bytes of @body. Returns NULL, or why rows of @table do not fit
 * into this one, naming all columns that are to blame and both types; the caller
 * frees it. @self is to be cleared in both cases. */
gchar *jam_bigquery_live_table_init(JamBigQueryLiveTable *self, const JamTable *table, const gchar *body, gsize length);
void jam_bigquery_live_table_clear(JamBigQueryLiveTable *self);

/* Returns the names of the columns that are left out, with commas between, or NULL
 * if there are none; the caller frees it. */
gchar *jam_bigquery_live_table_name_left_out(const JamBigQueryLiveTable *self, const JamTable *table);

#endif
