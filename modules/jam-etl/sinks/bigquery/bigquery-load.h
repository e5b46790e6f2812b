/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BIGQUERY_LOAD_H_INCLUDED
#define JAM_BIGQUERY_LOAD_H_INCLUDED

#include "sinks/bigquery/bigquery-api.h"
#include "sinks/bigquery/bigquery-batch.h"

/* Loads @row of @table, called @table_name in BigQuery, with a load job of its own:
 * the way for rows that are too large to be streamed. The job's identity comes from
 * the row's, so that it can be sent any number of times and loads the row once
 * (BigQuery's page "Loading JSON data", API notes). @location is the dataset's, or
 * empty. Returns TRUE when the row is accepted or rejected, and marks it so; else
 * FALSE, with @error as jam_bigquery_api_ask() sets it. */
gboolean jam_bigquery_load_row(JamBigQueryApi *api, JamBigQueryBatch *batch, gint table, const gchar *table_name,
                               const gchar *location, JamBigQueryRow *row, GError **error);

#endif
