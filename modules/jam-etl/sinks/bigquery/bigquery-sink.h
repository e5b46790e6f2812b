/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BIGQUERY_SINK_H_INCLUDED
#define JAM_BIGQUERY_SINK_H_INCLUDED

#include "sinks/bigquery/bigquery-accepted.h"
#include "sinks/bigquery/bigquery-request.h"
#include "sinks/bigquery/bigquery-tables.h"
#include "sinks/sink.h"

/* What the API takes in one request, and what is left for its own envelope and for
 * the insertIds to be counted in another way (BigQuery's page on quotas). */
#define JAM_BIGQUERY_MAX_REQUEST_BYTES 10000000
#define JAM_BIGQUERY_DEFAULT_REQUEST_BYTES 9000000
#define JAM_BIGQUERY_MAX_REQUEST_ROWS 50000
#define JAM_BIGQUERY_DEFAULT_REQUEST_ROWS 500

typedef struct _JamBigQuerySinkOptions
{
  const gchar *root;
  const gchar *project;
  const gchar *dataset;
  const JamTableSelection *tables;
  JamBigQueryLimits limits;
  gboolean compression;
  /* the sink frees it */
  JamHttpClient *client;
  /* shared by the workers */
  JamGoogleCredentials *credentials;
  JamBigQueryTables *live_tables;
  JamBigQueryAccepted *accepted;
  JamBigQueryReporter *reporter;
} JamBigQuerySinkOptions;

/* Returns a sink that streams rows into a dataset of BigQuery by tabledata.insertAll,
 * and loads those that are too large for that. It has no partitions. A batch that
 * fails may be in in part; those rows are skipped when their messages come again.
 * What @options points to must outlive the sink. */
JamSink *jam_bigquery_sink_new(const JamBigQuerySinkOptions *options);

#endif
