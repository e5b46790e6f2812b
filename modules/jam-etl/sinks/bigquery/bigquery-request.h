/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BIGQUERY_REQUEST_H_INCLUDED
#define JAM_BIGQUERY_REQUEST_H_INCLUDED

#include "sinks/bigquery/bigquery-api.h"
#include "sinks/bigquery/bigquery-batch.h"
#include "http/gzip.h"

/* A tabledata.insertAll request: some waiting rows of one table. */

typedef struct _JamBigQueryRequest
{
  gint table;
  /* guint, indices of the batch's rows */
  GArray *rows;
  gchar *url;
  JamBuffer body;
  JamHttpCall call;
  /* not sent before, by the client's clock */
  gint64 due_us;
  /* since rows last went in */
  guint n_attempts;
  /* it is half of one that was too much, or made bad by one of its rows */
  gboolean is_part;
  /* of one row, and was called bad */
  gboolean is_suspect;
  gboolean is_token_renewed;
} JamBigQueryRequest;

/* What one request may hold. */
typedef struct _JamBigQueryLimits
{
  /* uncompressed */
  gsize bytes;
  guint rows;
} JamBigQueryLimits;

void jam_bigquery_request_free(JamBigQueryRequest *self);

/* Appends to @requests as many requests as the waiting rows of @table, which is
 * called @table_name in BigQuery, need under @limits. Rows that are too large for a request of their own become
 * JAM_BIGQUERY_ROW_LARGE. */
void jam_bigquery_request_add_all(GPtrArray *requests, const JamBigQueryApi *api, JamBigQueryBatch *batch, gint table,
                                  const gchar *table_name, const JamBigQueryLimits *limits);

/* Moves the second half of @self's rows, of which there are at least two, into a
 * new request and returns it. */
JamBigQueryRequest *jam_bigquery_request_split(JamBigQueryRequest *self, const JamBigQueryApi *api,
                                               const gchar *table_name);

/* Takes out the rows that do not wait any more. */
void jam_bigquery_request_keep_waiting_rows(JamBigQueryRequest *self, const JamBigQueryBatch *batch);

/* Makes the call ready: the body, compressed unless @gzip is NULL. Each row's
 * insertId is its row_id. */
void jam_bigquery_request_prepare(JamBigQueryRequest *self, const JamBigQueryBatch *batch, JamGzip *gzip);

#endif
