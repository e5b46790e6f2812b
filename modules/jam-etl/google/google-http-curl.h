/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_GOOGLE_HTTP_CURL_H_INCLUDED
#define JAM_GOOGLE_HTTP_CURL_H_INCLUDED

#include "google/google-http.h"

/* The strings may be NULL, for what libcurl has as default. */
typedef struct _JamGoogleHttpOptions
{
  /* for a whole request; positive */
  guint timeout_seconds;
  const gchar *ca_file;
  const gchar *ca_dir;
  const gchar *proxy;
  const gchar *user_agent;
  /* Returns TRUE to give up what is under way, within about a second; may be NULL.
   * Called in the thread that sends. */
  gboolean (*should_stop)(gpointer user_data);
  gpointer user_data;
} JamGoogleHttpOptions;

/* HTTP by libcurl, TLS certificates always verified. @options is copied.
 * curl_global_init() must have been called. */
JamGoogleHttp *jam_google_http_curl_new(const JamGoogleHttpOptions *options);

void jam_google_http_curl_free(JamGoogleHttp *s);

#endif
