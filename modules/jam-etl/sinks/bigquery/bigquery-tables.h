/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BIGQUERY_TABLES_H_INCLUDED
#define JAM_BIGQUERY_TABLES_H_INCLUDED

#include "sinks/bigquery/bigquery-api.h"
#include "sinks/sink.h"

/* The live tables: that they are there, and which of our columns they have. Shared
 * by all workers of a destination; any thread may call what does not free it. */
typedef struct _JamBigQueryTables JamBigQueryTables;

/* @selection must outlive the object. With @create, tables that are missing are
 * made: partitioned by day of time, clustered by team and sender_id. @schema_dir is
 * where the installed schemas are, for the error that shows how to make one. */
JamBigQueryTables *jam_bigquery_tables_new(const JamTableSelection *selection, gboolean create,
                                           const gchar *schema_dir);
void jam_bigquery_tables_free(JamBigQueryTables *self);

/* Reads the tables' schemas, unless that is done, and waits until rows can be
 * streamed into tables that were made just now. Warns of columns that a table
 * lacks. Returns FALSE and sets @error, JAM_SINK_ERROR_STOPPED or _UNAVAILABLE, if
 * a table is missing, is none of ours, or cannot be read. */
gboolean jam_bigquery_tables_prepare(JamBigQueryTables *self, JamBigQueryApi *api, GError **error);

/* Has them read again by the next call of jam_bigquery_tables_prepare(). */
void jam_bigquery_tables_forget(JamBigQueryTables *self);

/* The following hold what was read last: for callers that have prepared it. */

/* Copies to @left_out which columns rows of @table must do without, by their
 * index in the table's definition. */
void jam_bigquery_tables_get_left_out(JamBigQueryTables *self, gint table, gboolean *left_out);

/* Returns where @table's data is, such as "EU"; empty if it is not known. The
 * caller frees it. */
gchar *jam_bigquery_tables_get_location(JamBigQueryTables *self, gint table);

#endif
