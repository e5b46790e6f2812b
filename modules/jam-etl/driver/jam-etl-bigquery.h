/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_BIGQUERY_H_INCLUDED
#define JAM_ETL_BIGQUERY_H_INCLUDED

#include "driver/compat.h"

#include "sinks/bigquery/bigquery-sink.h"
#include "http/http-client-curl.h"

/* What bigquery() says, and what the workers of its destination share. */
typedef struct _JamEtlBigQuery JamEtlBigQuery;

/* @owner outlives the object. */
JamEtlBigQuery *jam_etl_bigquery_new(LogThreadedDestDriver *owner);
void jam_etl_bigquery_free(JamEtlBigQuery *self);

/* Setters that can refuse their value return FALSE and set @error (domain
 * JAM_ETL_DRIVER_ERROR); they keep nothing of the caller's. An empty string stands
 * for what was not said, because blocks of configuration cannot leave options out. */
gboolean jam_etl_bigquery_set_project(JamEtlBigQuery *self, const gchar *project, GError **error);
gboolean jam_etl_bigquery_set_dataset(JamEtlBigQuery *self, const gchar *dataset, GError **error);
gboolean jam_etl_bigquery_set_url(JamEtlBigQuery *self, const gchar *url, GError **error);
void jam_etl_bigquery_set_credentials_file(JamEtlBigQuery *self, const gchar *path);
void jam_etl_bigquery_set_self_signed_jwt(JamEtlBigQuery *self, gboolean self_signed);
void jam_etl_bigquery_set_create_tables(JamEtlBigQuery *self, gboolean create_tables);
void jam_etl_bigquery_set_compression(JamEtlBigQuery *self, gboolean compression);
gboolean jam_etl_bigquery_set_max_request_bytes(JamEtlBigQuery *self, gint bytes, GError **error);
gboolean jam_etl_bigquery_set_max_request_rows(JamEtlBigQuery *self, gint rows, GError **error);
/* Seconds for a request. */
gboolean jam_etl_bigquery_set_timeout(JamEtlBigQuery *self, gint timeout, GError **error);

/* As http() has them. */
void jam_etl_bigquery_set_ca_file(JamEtlBigQuery *self, const gchar *path);
void jam_etl_bigquery_set_ca_dir(JamEtlBigQuery *self, const gchar *path);
void jam_etl_bigquery_set_cert_file(JamEtlBigQuery *self, const gchar *path);
void jam_etl_bigquery_set_key_file(JamEtlBigQuery *self, const gchar *path);
void jam_etl_bigquery_set_cipher_suite(JamEtlBigQuery *self, const gchar *ciphers);
void jam_etl_bigquery_set_tls13_cipher_suite(JamEtlBigQuery *self, const gchar *ciphers);
gboolean jam_etl_bigquery_set_ssl_version(JamEtlBigQuery *self, const gchar *version, GError **error);
void jam_etl_bigquery_set_peer_verify(JamEtlBigQuery *self, gboolean peer_verify);
void jam_etl_bigquery_set_proxy(JamEtlBigQuery *self, const gchar *proxy);

/* Checks that no option is missing. */
gboolean jam_etl_bigquery_check_options(JamEtlBigQuery *self, GError **error);

/* After that: reads the key file and looks for the others. Returns the faults found,
 * with the option and the path, or NULL; the caller frees it. */
gchar *jam_etl_bigquery_find_file_faults(JamEtlBigQuery *self);

/* Starts what the workers share; @tables has its final names and outlives it. */
void jam_etl_bigquery_init(JamEtlBigQuery *self, const JamTableSelection *tables);
void jam_etl_bigquery_deinit(JamEtlBigQuery *self);

/* Returns the sink of one worker; the caller frees it. Any thread. */
JamSink *jam_etl_bigquery_make_sink(JamEtlBigQuery *self, const JamTableSelection *tables);

/* Write what tells this dataset from others to @name. */
void jam_etl_bigquery_format_persist_name(const JamEtlBigQuery *self, gchar *name, gsize size);
void jam_etl_bigquery_format_stats_instance(const JamEtlBigQuery *self, gchar *name, gsize size);

#endif
