/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "http/http-client-curl.h"
#include "files/file-fault.h"

#include <curl/curl.h>

/* how long a stop may go unnoticed */
#define POLL_MS 100
/* what is under way when the program stops may take this long to end */
#define STOP_GRACE_US (2 * G_USEC_PER_SEC)
#define CONNECT_TIMEOUT_SECONDS 15
#define MAX_CONNECTIONS 8
/* 50000 failed rows */
#define MAX_ANSWER_BYTES (16 * 1024 * 1024)

typedef struct _ClientCurl
{
  JamHttpClient super;
  JamHttpOptions options;
  CURLM *multi;
  /* 0 until the program stops */
  gint64 stop_time;
} ClientCurl;

/* One call under way. */
typedef struct _Transfer
{
  JamHttpCall *call;
  CURL *curl;
  struct curl_slist *headers;
} Transfer;

static gboolean
_is_stopping(JamHttpClient *s)
{
  ClientCurl *self = (ClientCurl *) s;

  return self->options.should_stop(self->options.user_data);
}

static gint64
_get_time(JamHttpClient *s G_GNUC_UNUSED)
{
  return g_get_monotonic_time();
}

static gboolean
_wait(JamHttpClient *s, gint64 us)
{
  gint64 end = g_get_monotonic_time() + us;

  while (!_is_stopping(s))
    {
      gint64 rest = end - g_get_monotonic_time();
      if (rest <= 0)
        return TRUE;
      g_usleep(MIN(rest, POLL_MS * 1000));
    }
  return FALSE;
}

static gsize
_receive(gchar *bytes, gsize size, gsize n, gpointer user_data)
{
  JamHttpCall *call = user_data;

  if (call->answer->len + size * n > MAX_ANSWER_BYTES)
    return 0;
  g_string_append_len(call->answer, bytes, size * n);
  return size * n;
}

static struct curl_slist *
_append_header(struct curl_slist *headers, const gchar *name, const gchar *value)
{
  gchar *header = g_strdup_printf("%s: %s", name, value);

  headers = curl_slist_append(headers, header);
  /* it may be a token */
  memset(header, 0, strlen(header));
  g_free(header);
  return headers;
}

static struct curl_slist *
_make_headers(const JamHttpCall *call)
{
  /* or large bodies wait for a 100 that few servers send */
  struct curl_slist *headers = curl_slist_append(NULL, "Expect:");

  if (call->authorization)
    headers = _append_header(headers, "Authorization", call->authorization);
  if (call->content_type)
    headers = _append_header(headers, "Content-Type", call->content_type);
  if (call->is_gzip)
    headers = _append_header(headers, "Content-Encoding", "gzip");
  return headers;
}

static void
_set_tls(const JamHttpOptions *options, CURL *curl)
{
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, options->peer_verify ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, options->peer_verify ? 2L : 0L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, options->ssl_version);
  if (options->ca_file)
    curl_easy_setopt(curl, CURLOPT_CAINFO, options->ca_file);
  if (options->ca_dir)
    curl_easy_setopt(curl, CURLOPT_CAPATH, options->ca_dir);
  if (options->cert_file)
    curl_easy_setopt(curl, CURLOPT_SSLCERT, options->cert_file);
  if (options->key_file)
    curl_easy_setopt(curl, CURLOPT_SSLKEY, options->key_file);
  if (options->cipher_suite)
    curl_easy_setopt(curl, CURLOPT_SSL_CIPHER_LIST, options->cipher_suite);
  if (options->tls13_cipher_suite)
    curl_easy_setopt(curl, CURLOPT_TLS13_CIPHERS, options->tls13_cipher_suite);
}

static void
_set_connection(const JamHttpOptions *options, CURL *curl)
{
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, (glong) options->timeout_seconds);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (glong) CONNECT_TIMEOUT_SECONDS);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (glong) CURL_HTTP_VERSION_2TLS);
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (glong) (CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
  /* or giving up waits for a name server that does not answer */
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
#endif
  if (options->proxy)
    curl_easy_setopt(curl, CURLOPT_PROXY, options->proxy);
  if (options->user_agent)
    curl_easy_setopt(curl, CURLOPT_USERAGENT, options->user_agent);
}

static void
_set_request(Transfer *transfer)
{
  JamHttpCall *call = transfer->call;
  CURL *curl = transfer->curl;

  curl_easy_setopt(curl, CURLOPT_URL, call->url);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, transfer->headers);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, call->error);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, _receive);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, call);
  curl_easy_setopt(curl, CURLOPT_PRIVATE, transfer);
  if (call->body)
    {
      curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) call->length);
      curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body);
    }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
}

static void
_start_transfer(ClientCurl *self, Transfer *transfer, JamHttpCall *call)
{
  G_STATIC_ASSERT(sizeof(call->error) >= CURL_ERROR_SIZE);

  transfer->call = call;
  transfer->curl = curl_easy_init();
  g_assert(transfer->curl);
  transfer->headers = _make_headers(call);
  _set_connection(&self->options, transfer->curl);
  _set_tls(&self->options, transfer->curl);
  _set_request(transfer);
  curl_multi_add_handle(self->multi, transfer->curl);
}

static void
_end_transfer(ClientCurl *self, Transfer *transfer)
{
  if (!transfer->curl)
    return;
  curl_multi_remove_handle(self->multi, transfer->curl);
  curl_easy_cleanup(transfer->curl);
  curl_slist_free_all(transfer->headers);
  transfer->curl = NULL;
}

static void
_read_outcome(Transfer *transfer, CURLcode code)
{
  JamHttpCall *call = transfer->call;
  curl_off_t retry_after = 0;

  if (code != CURLE_OK)
    {
      if (!*call->error)
        g_strlcpy(call->error, curl_easy_strerror(code), sizeof(call->error));
      return;
    }
  curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &call->status);
  curl_easy_getinfo(transfer->curl, CURLINFO_RETRY_AFTER, &retry_after);
  call->retry_after = CLAMP(retry_after, 0, G_MAXINT);
}

/* Returns how many. */
static gsize
_collect_finished(ClientCurl *self)
{
  gsize n_finished = 0;
  CURLMsg *message;
  Transfer *transfer;
  gint n_left;

  while ((message = curl_multi_info_read(self->multi, &n_left)))
    {
      CURLcode code = message->data.result;

      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (gchar **) &transfer);
      _read_outcome(transfer, code);
      _end_transfer(self, transfer);
      n_finished++;
    }
  return n_finished;
}

static gboolean
_may_go_on(ClientCurl *self)
{
  if (!_is_stopping(&self->super))
    return TRUE;
  if (self->stop_time == 0)
    self->stop_time = g_get_monotonic_time() + STOP_GRACE_US;
  return g_get_monotonic_time() < self->stop_time;
}

/* Not more at a time than there may be connections: the timeout of a transfer that
 * waits for one would run. */
static void
_run(ClientCurl *self, Transfer *transfers, JamHttpCall **calls, gsize n)
{
  gsize n_started = 0;
  gsize n_finished = 0;
  gint n_running;

  while (n_finished < n && _may_go_on(self))
    {
      for (; n_started < n && n_started - n_finished < MAX_CONNECTIONS; n_started++)
        _start_transfer(self, &transfers[n_started], calls[n_started]);
      if (curl_multi_perform(self->multi, &n_running) != CURLM_OK)
        break;
      n_finished += _collect_finished(self);
      if (n_running > 0)
        curl_multi_poll(self->multi, NULL, 0, POLL_MS, NULL);
    }
}

static void
_perform(JamHttpClient *s, JamHttpCall **calls, gsize n)
{
  ClientCurl *self = (ClientCurl *) s;
  Transfer *transfers = g_new0(Transfer, n);

  for (gsize i = 0; i < n; i++)
    jam_http_call_reset(calls[i]);
  _run(self, transfers, calls, n);
  for (gsize i = 0; i < n; i++)
    _end_transfer(self, &transfers[i]);
  g_free(transfers);
}

static void
_add_fault(GString *faults, const gchar *option, const gchar *path, gboolean is_directory)
{
  const gchar *fault = path ? jam_file_find_fault(path, is_directory, NULL) : NULL;

  if (fault)
    g_string_append_printf(faults, "%s%s: cannot read %s: %s", faults->len > 0 ? "; " : "", option, path, fault);
}

gchar *
jam_http_options_find_file_faults(const JamHttpOptions *options)
{
  GString *faults = g_string_new(NULL);
  gboolean is_empty;

  _add_fault(faults, "ca-file()", options->ca_file, FALSE);
  _add_fault(faults, "ca-dir()", options->ca_dir, TRUE);
  _add_fault(faults, "cert-file()", options->cert_file, FALSE);
  _add_fault(faults, "key-file()", options->key_file, FALSE);
  is_empty = faults->len == 0;
  return g_string_free(faults, is_empty);
}

static gchar *
_find_file_faults(JamHttpClient *s)
{
  return jam_http_options_find_file_faults(&((ClientCurl *) s)->options);
}

static void
_free(JamHttpClient *s)
{
  ClientCurl *self = (ClientCurl *) s;

  curl_multi_cleanup(self->multi);
  g_free(self);
}

JamHttpClient *
jam_http_client_curl_new(const JamHttpOptions *options)
{
  ClientCurl *self = g_new0(ClientCurl, 1);

  self->super.perform = _perform;
  self->super.get_time = _get_time;
  self->super.wait = _wait;
  self->super.is_stopping = _is_stopping;
  self->super.find_file_faults = _find_file_faults;
  self->super.free_fn = _free;
  self->options = *options;
  self->multi = curl_multi_init();
  return &self->super;
}
