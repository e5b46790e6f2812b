/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_BIGQUERY_H_INCLUDED
#define JAM_ETL_BIGQUERY_H_INCLUDED

#include "driver/jam-etl-output.h"

/* The output bigquery(): its options, and the objects that its workers share. */
JamEtlOutput *jam_etl_bigquery_new(JamEtlDriver *driver);

/* Setters that can refuse their value return FALSE and set @error (domain
 * JAM_ETL_DRIVER_ERROR). An empty string is as good as no option, because blocks of
 * configuration cannot omit one. */
gboolean jam_etl_bigquery_set_project(JamEtlOutput *s, const gchar *project, GError **error);
gboolean jam_etl_bigquery_set_dataset(JamEtlOutput *s, const gchar *dataset, GError **error);
gboolean jam_etl_bigquery_set_url(JamEtlOutput *s, const gchar *url, GError **error);
void jam_etl_bigquery_set_credentials_file(JamEtlOutput *s, const gchar *path);
void jam_etl_bigquery_set_self_signed_jwt(JamEtlOutput *s, gboolean self_signed);
void jam_etl_bigquery_set_create_tables(JamEtlOutput *s, gboolean create_tables);
void jam_etl_bigquery_set_compression(JamEtlOutput *s, gboolean compression);
gboolean jam_etl_bigquery_set_max_request_bytes(JamEtlOutput *s, gint bytes, GError **error);
gboolean jam_etl_bigquery_set_max_request_rows(JamEtlOutput *s, gint rows, GError **error);
/* Seconds for a request. */
gboolean jam_etl_bigquery_set_timeout(JamEtlOutput *s, gint timeout, GError **error);

/* As http() has them. */
void jam_etl_bigquery_set_ca_file(JamEtlOutput *s, const gchar *path);
void jam_etl_bigquery_set_ca_dir(JamEtlOutput *s, const gchar *path);
void jam_etl_bigquery_set_cert_file(JamEtlOutput *s, const gchar *path);
void jam_etl_bigquery_set_key_file(JamEtlOutput *s, const gchar *path);
void jam_etl_bigquery_set_cipher_suite(JamEtlOutput *s, const gchar *ciphers);
void jam_etl_bigquery_set_tls13_cipher_suite(JamEtlOutput *s, const gchar *ciphers);
gboolean jam_etl_bigquery_set_ssl_version(JamEtlOutput *s, const gchar *version, GError **error);
void jam_etl_bigquery_set_peer_verify(JamEtlOutput *s, gboolean peer_verify);
void jam_etl_bigquery_set_proxy(JamEtlOutput *s, const gchar *proxy);

#endif
