/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "google/google-http-curl.h"
#include "google/google-error.h"
#include "http/google-secret.h"

#include <curl/curl.h>

typedef struct _HttpCurl
{
  JamGoogleHttp super;
  /* its strings are own copies */
  JamGoogleHttpOptions options;
} HttpCurl;

static gsize
_receive(gchar *bytes, gsize size, gsize n, gpointer user_data)
{
  return jam_google_http_response_append(user_data, bytes, size * n) ? size * n : 0;
}

static gint
_on_progress(gpointer user_data, curl_off_t to_load G_GNUC_UNUSED, curl_off_t loaded G_GNUC_UNUSED,
             curl_off_t to_send G_GNUC_UNUSED, curl_off_t sent G_GNUC_UNUSED)
{
  HttpCurl *self = user_data;

  return self->options.should_stop && self->options.should_stop(self->options.user_data);
}

static void
_set_limits(HttpCurl *self, CURL *curl)
{
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, (glong) self->options.timeout_seconds);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, _on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, self);
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (glong) (CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
  /* or giving up waits for a name server that does not answer */
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
#endif
}

static void
_set_connection(HttpCurl *self, CURL *curl, gboolean is_direct)
{
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, (glong) CURL_SSLVERSION_TLSv1_2);
  if (self->options.ca_file)
    curl_easy_setopt(curl, CURLOPT_CAINFO, self->options.ca_file);
  if (self->options.ca_dir)
    curl_easy_setopt(curl, CURLOPT_CAPATH, self->options.ca_dir);
  if (is_direct)
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  else if (self->options.proxy)
    curl_easy_setopt(curl, CURLOPT_PROXY, self->options.proxy);
  if (self->options.user_agent)
    curl_easy_setopt(curl, CURLOPT_USERAGENT, self->options.user_agent);
}

static void
_set_request(CURL *curl, const JamGoogleHttpRequest *request, struct curl_slist *headers,
             JamGoogleHttpResponse *response)
{
  curl_easy_setopt(curl, CURLOPT_URL, request->url);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, _receive);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, response);
  if (!request->form)
    return;
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) request->form_length);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->form);
}

static struct curl_slist *
_make_headers(const JamGoogleHttpRequest *request)
{
  struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");

  return request->header ? curl_slist_append(headers, request->header) : headers;
}

static gboolean
_perform(CURL *curl, JamGoogleHttpResponse *response, GError **error)
{
  gchar details[CURL_ERROR_SIZE] = "";
  glong status = 0;
  CURLcode code;

  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, details);
  code = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  response->status = status;
  if (code == CURLE_OK)
    return TRUE;
  if (code == CURLE_ABORTED_BY_CALLBACK)
    g_set_error(error, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_STOPPED, "stopped");
  else if (code == CURLE_WRITE_ERROR)
    g_set_error(error, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_TEMPORARY, "the answer is too long");
  else
    g_set_error(error, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_TEMPORARY, "%s",
                *details ? details : curl_easy_strerror(code));
  return FALSE;
}

/* Tokens are fetched once an hour, so no connection is kept. */
static gboolean
_send(JamGoogleHttp *s, const JamGoogleHttpRequest *request, JamGoogleHttpResponse *response, GError **error)
{
  HttpCurl *self = (HttpCurl *) s;
  CURL *curl = curl_easy_init();
  struct curl_slist *headers = _make_headers(request);
  gboolean success;

  _set_limits(self, curl);
  _set_connection(self, curl, request->is_direct);
  _set_request(curl, request, headers, response);
  success = _perform(curl, response, error);
  curl_easy_cleanup(curl);
  curl_slist_free_all(headers);
  return success;
}

JamGoogleHttp *
jam_google_http_curl_new(const JamGoogleHttpOptions *options)
{
  HttpCurl *self = g_new0(HttpCurl, 1);

  self->super.send = _send;
  self->options = *options;
  self->options.ca_file = g_strdup(options->ca_file);
  self->options.ca_dir = g_strdup(options->ca_dir);
  self->options.proxy = g_strdup(options->proxy);
  self->options.user_agent = g_strdup(options->user_agent);
  return &self->super;
}

void
jam_google_http_curl_free(JamGoogleHttp *s)
{
  HttpCurl *self = (HttpCurl *) s;

  g_free((gchar *) self->options.ca_file);
  g_free((gchar *) self->options.ca_dir);
  /* it may have a password */
  jam_google_secret_free((gchar *) self->options.proxy);
  g_free((gchar *) self->options.user_agent);
  g_free(self);
}
