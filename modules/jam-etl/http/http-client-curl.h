/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_HTTP_CLIENT_CURL_H_INCLUDED
#define JAM_HTTP_CLIENT_CURL_H_INCLUDED

#include "http/http-client.h"

/* The strings may be NULL, for what libcurl has as default. */
typedef struct _JamHttpOptions
{
  /* for a whole request; positive */
  guint timeout_seconds;
  const gchar *ca_file;
  const gchar *ca_dir;
  const gchar *cert_file;
  const gchar *key_file;
  const gchar *cipher_suite;
  const gchar *tls13_cipher_suite;
  /* libcurl's CURL_SSLVERSION_… */
  glong ssl_version;
  gboolean peer_verify;
  const gchar *proxy;
  const gchar *user_agent;
  /* Returns TRUE when the program stops. Called in the client's thread. */
  gboolean (*should_stop)(gpointer user_data);
  gpointer user_data;
} JamHttpOptions;

/* Returns what is wrong with the files that @options names: "OPTION(): cannot read PATH:
 * WHY", several with "; " between; or NULL. The caller frees it. */
gchar *jam_http_options_find_file_faults(const JamHttpOptions *options);

/* Connections by libcurl, kept alive, HTTP/2 where the server offers it. No
 * redirection is followed. What @options points to must outlive the client.
 * curl_global_init() must have been called. */
JamHttpClient *jam_http_client_curl_new(const JamHttpOptions *options);

#endif
