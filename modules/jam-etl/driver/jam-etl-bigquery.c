/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-bigquery.h"
#include "driver/jam-etl-driver.h"
#include "driver/jam-etl-error.h"

#include "cfg.h"
#include "mainloop-worker.h"
#include "messages.h"
#include "google/google-http-curl.h"
#include "http/google-secret.h"
#include "http/http-client-curl.h"
#include "sinks/bigquery/bigquery-sink.h"

#include <curl/curl.h>
#include <string.h>

#define DEFAULT_TIMEOUT_SECONDS 120
#define TOKEN_TIMEOUT_SECONDS 30
#define PROJECT_CHARS G_CSET_a_2_z G_CSET_DIGITS "-.:"
#define DATASET_CHARS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_"
#define USER_AGENT "jam-etl/" PACKAGE_VERSION " (syslog-ng)"
#define MAX_TIMEOUT_SECONDS 86400

typedef struct _JamEtlBigQuery
{
  JamEtlOutput super;
  JamBigQueryReporter reporter;
  JamGoogleHost google_host;

  gchar *project;
  gchar *dataset;
  gchar *root;
  gchar *credentials_file;
  JamGoogleTokenForm token_form;
  gboolean create_tables;
  gboolean compression;
  JamBigQueryLimits limits;
  /* its strings are own copies */
  JamHttpOptions http;

  JamGoogleCredentials *credentials;
  JamBigQueryTables *live_tables;
  JamBigQueryAccepted *accepted;
} JamEtlBigQuery;

static JamEtlBigQuery *
_cast(JamEtlOutput *s)
{
  return (JamEtlBigQuery *) s;
}

static LogThreadedDestDriver *
_owner(const JamEtlBigQuery *self)
{
  return &self->super.driver->super;
}

static void
_set_string(const gchar **place, const gchar *value)
{
  jam_google_secret_free((gchar *) *place);
  *place = g_strdup(value);
}

static gboolean
_check_name(const gchar *option, const gchar *name, const gchar *chars, GError **error)
{
  if (name[strspn(name, chars)] != '\0')
    return jam_etl_option_error(error, "%s() is no name that BigQuery has: %s", option, name);
  return TRUE;
}

gboolean
jam_etl_bigquery_set_project(JamEtlOutput *s, const gchar *project, GError **error)
{
  JamEtlBigQuery *self = _cast(s);

  if (*project && !_check_name("project", project, PROJECT_CHARS, error))
    return FALSE;
  _set_string((const gchar **) &self->project, *project ? project : NULL);
  return TRUE;
}

gboolean
jam_etl_bigquery_set_dataset(JamEtlOutput *s, const gchar *dataset, GError **error)
{
  JamEtlBigQuery *self = _cast(s);

  if (*dataset && !_check_name("dataset", dataset, DATASET_CHARS, error))
    return FALSE;
  _set_string((const gchar **) &self->dataset, *dataset ? dataset : NULL);
  return TRUE;
}

static gboolean
_check_root(const gchar *root, GError **error)
{
  const gchar *host = strstr(root, "://") + 3;

  if (!g_str_has_prefix(root, "http://") && !g_str_has_prefix(root, "https://"))
    return jam_etl_option_error(error, "url() must start with http:// or https://: %s", root);
  if (!*host || strpbrk(host, "?#@ "))
    return jam_etl_option_error(error, "url() must be a host, perhaps with a port and a path, and nothing else");
  return TRUE;
}

gboolean
jam_etl_bigquery_set_url(JamEtlOutput *s, const gchar *url, GError **error)
{
  JamEtlBigQuery *self = _cast(s);
  gchar *root = *url ? jam_bigquery_api_make_root(url) : NULL;

  if (root && !_check_root(root, error))
    {
      g_free(root);
      return FALSE;
    }
  g_free(self->root);
  self->root = root;
  return TRUE;
}

void
jam_etl_bigquery_set_credentials_file(JamEtlOutput *s, const gchar *path)
{
  JamEtlBigQuery *self = _cast(s);

  _set_string((const gchar **) &self->credentials_file, *path ? path : NULL);
}

void
jam_etl_bigquery_set_self_signed_jwt(JamEtlOutput *s, gboolean self_signed)
{
  JamEtlBigQuery *self = _cast(s);

  self->token_form = self_signed ? JAM_GOOGLE_SELF_SIGNED : JAM_GOOGLE_EXCHANGE;
}

void
jam_etl_bigquery_set_create_tables(JamEtlOutput *s, gboolean create_tables)
{
  JamEtlBigQuery *self = _cast(s);

  self->create_tables = create_tables;
}

void
jam_etl_bigquery_set_compression(JamEtlOutput *s, gboolean compression)
{
  JamEtlBigQuery *self = _cast(s);

  self->compression = compression;
}

static gboolean
_check_range(const gchar *option, gint value, gint min, gint max, GError **error)
{
  if (value < min || value > max)
    return jam_etl_option_error(error, "%s() must be from %d to %d", option, min, max);
  return TRUE;
}

gboolean
jam_etl_bigquery_set_max_request_bytes(JamEtlOutput *s, gint bytes, GError **error)
{
  JamEtlBigQuery *self = _cast(s);

  self->limits.bytes = bytes;
  return _check_range("max-request-bytes", bytes, 1024, JAM_BIGQUERY_MAX_REQUEST_BYTES, error);
}

gboolean
jam_etl_bigquery_set_max_request_rows(JamEtlOutput *s, gint rows, GError **error)
{
  JamEtlBigQuery *self = _cast(s);

  self->limits.rows = rows;
  return _check_range("max-request-rows", rows, 1, JAM_BIGQUERY_MAX_REQUEST_ROWS, error);
}

gboolean
jam_etl_bigquery_set_timeout(JamEtlOutput *s, gint timeout, GError **error)
{
  JamEtlBigQuery *self = _cast(s);

  self->http.timeout_seconds = timeout;
  return _check_range("timeout", timeout, 1, MAX_TIMEOUT_SECONDS, error);
}

void
jam_etl_bigquery_set_ca_file(JamEtlOutput *s, const gchar *path)
{
  JamEtlBigQuery *self = _cast(s);

  _set_string(&self->http.ca_file, *path ? path : NULL);
}

void
jam_etl_bigquery_set_ca_dir(JamEtlOutput *s, const gchar *path)
{
  JamEtlBigQuery *self = _cast(s);

  _set_string(&self->http.ca_dir, *path ? path : NULL);
}

void
jam_etl_bigquery_set_cert_file(JamEtlOutput *s, const gchar *path)
{
  JamEtlBigQuery *self = _cast(s);

  _set_string(&self->http.cert_file, *path ? path : NULL);
}

void
jam_etl_bigquery_set_key_file(JamEtlOutput *s, const gchar *path)
{
  JamEtlBigQuery *self = _cast(s);

  _set_string(&self->http.key_file, *path ? path : NULL);
}

void
jam_etl_bigquery_set_cipher_suite(JamEtlOutput *s, const gchar *ciphers)
{
  JamEtlBigQuery *self = _cast(s);

  _set_string(&self->http.cipher_suite, ciphers);
}

void
jam_etl_bigquery_set_tls13_cipher_suite(JamEtlOutput *s, const gchar *ciphers)
{
  JamEtlBigQuery *self = _cast(s);

  _set_string(&self->http.tls13_cipher_suite, ciphers);
}

gboolean
jam_etl_bigquery_set_ssl_version(JamEtlOutput *s, const gchar *version, GError **error)
{
  JamEtlBigQuery *self = _cast(s);
  static const struct
  {
    const gchar *name;
    glong version;
  } versions[] = {
    { "default", CURL_SSLVERSION_DEFAULT }, { "tlsv1", CURL_SSLVERSION_TLSv1 },
    { "tlsv1_0", CURL_SSLVERSION_TLSv1_0 }, { "tlsv1_1", CURL_SSLVERSION_TLSv1_1 },
    { "tlsv1_2", CURL_SSLVERSION_TLSv1_2 }, { "tlsv1_3", CURL_SSLVERSION_TLSv1_3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(versions); i++)
    {
      if (strcmp(versions[i].name, version) == 0)
        {
          self->http.ssl_version = versions[i].version;
          return TRUE;
        }
    }
  return jam_etl_option_error(error, "ssl-version() is default, tlsv1, tlsv1_0, tlsv1_1, tlsv1_2 or tlsv1_3, not %s",
                              version);
}

void
jam_etl_bigquery_set_peer_verify(JamEtlOutput *s, gboolean peer_verify)
{
  JamEtlBigQuery *self = _cast(s);

  self->http.peer_verify = peer_verify;
}

void
jam_etl_bigquery_set_proxy(JamEtlOutput *s, const gchar *proxy)
{
  JamEtlBigQuery *self = _cast(s);

  _set_string(&self->http.proxy, proxy);
}

/* A driver has no id while its options are read. */
static const gchar *
_get_id(const JamEtlBigQuery *self)
{
  return _owner(self)->super.super.id ? _owner(self)->super.super.id : "";
}

static void
_warn(JamEtlBigQuery *self, const gchar *text)
{
  msg_warning("jam-etl: BigQuery needs attention", evt_tag_str("warning", text), evt_tag_str("driver", _get_id(self)),
              log_pipe_location_tag(&_owner(self)->super.super.super));
}

static void
_on_google_warning(JamGoogleHost *s, const gchar *text)
{
  _warn((JamEtlBigQuery *) ((gchar *) s - G_STRUCT_OFFSET(JamEtlBigQuery, google_host)), text);
}

static JamEtlBigQuery *
_of_reporter(JamBigQueryReporter *s)
{
  return (JamEtlBigQuery *) ((gchar *) s - G_STRUCT_OFFSET(JamEtlBigQuery, reporter));
}

static void
_on_warning(JamBigQueryReporter *s, const gchar *text)
{
  _warn(_of_reporter(s), text);
}

static void
_on_notice(JamBigQueryReporter *s, const gchar *text)
{
  JamEtlBigQuery *self = _of_reporter(s);

  msg_notice("jam-etl: about BigQuery", evt_tag_str("notice", text), evt_tag_str("driver", _get_id(self)),
             log_pipe_location_tag(&_owner(self)->super.super.super));
}

/* In a worker's thread. */
static gboolean
_should_stop(gpointer user_data)
{
  JamEtlBigQuery *self = user_data;

  return _owner(self)->under_termination || main_loop_worker_job_quit();
}

static JamGoogleHttp *
_make_google_http(JamEtlBigQuery *self)
{
  JamGoogleHttpOptions options = {
    .timeout_seconds = MIN(self->http.timeout_seconds, TOKEN_TIMEOUT_SECONDS),
    .ca_file = self->http.ca_file,
    .ca_dir = self->http.ca_dir,
    .proxy = self->http.proxy,
    .user_agent = USER_AGENT,
    .should_stop = _should_stop,
    .user_data = self,
  };

  return jam_google_http_curl_new(&options);
}

static gboolean
_use_emulator(JamEtlBigQuery *self, GError **error)
{
  const gchar *host = g_getenv("BIGQUERY_EMULATOR_HOST");

  if (self->root || !host || !*host)
    return TRUE;
  if (jam_etl_bigquery_set_url(&self->super, host, error))
    {
      _on_notice(&self->reporter, "rows go to the emulator that the environment variable BIGQUERY_EMULATOR_HOST names");
      return TRUE;
    }
  g_prefix_error(error, "BIGQUERY_EMULATOR_HOST: ");
  return FALSE;
}

static JamGoogleCredentials *
_make_credentials(JamEtlBigQuery *self)
{
  if (self->credentials_file)
    return jam_google_credentials_new_from_file(self->credentials_file, self->token_form, &self->google_host);
  if (self->root)
    return jam_google_credentials_new_none();
  return jam_google_credentials_new_default(self->token_form, &self->google_host);
}

static gboolean
_is_readable_on_the_way(const gchar *root)
{
  return g_str_has_prefix(root, "http://") && !g_str_has_prefix(root, "http://127.0.0.1")
         && !g_str_has_prefix(root, "http://[::1]") && !g_str_has_prefix(root, "http://localhost");
}

static gboolean
_check_options(JamEtlOutput *s, GError **error)
{
  JamEtlBigQuery *self = _cast(s);

  if (!self->project)
    return jam_etl_option_error(error, "bigquery() needs project()");
  if (!self->dataset)
    return jam_etl_option_error(error, "bigquery() needs dataset()");
  self->google_host.http = _make_google_http(self);
  if (!_use_emulator(self, error))
    return FALSE;
  self->credentials = _make_credentials(self);
  if (!self->root)
    self->root = g_strdup(JAM_BIGQUERY_DEFAULT_URL);
  if (self->credentials_file && _is_readable_on_the_way(self->root))
    _warn(self, "url() is not https, so that tokens are sent in clear text");
  return TRUE;
}

static gchar *
_find_file_faults(JamEtlOutput *s)
{
  JamEtlBigQuery *self = _cast(s);
  gchar *faults = jam_http_options_find_file_faults(&self->http);
  GError *error = NULL;
  gchar *all;

  if (jam_google_credentials_read_key(self->credentials, &error))
    return faults;
  all = g_strconcat(error->message, faults ? "; " : NULL, faults, NULL);
  g_error_free(error);
  g_free(faults);
  return all;
}

static void
_init(JamEtlOutput *s)
{
  JamEtlBigQuery *self = _cast(s);
  const gchar *name = log_pipe_get_persist_name(&_owner(self)->super.super.super);

  self->live_tables = jam_bigquery_tables_new(&s->driver->tables, self->create_tables, JAM_ETL_SCHEMA_DIR "/bigquery");
  self->accepted = jam_bigquery_accepted_ref(name);
}

static void
_deinit(JamEtlOutput *s)
{
  JamEtlBigQuery *self = _cast(s);

  g_clear_pointer(&self->accepted, jam_bigquery_accepted_unref);
  g_clear_pointer(&self->live_tables, jam_bigquery_tables_free);
}

static JamSink *
_make_sink(JamEtlOutput *s)
{
  JamEtlBigQuery *self = _cast(s);
  JamBigQuerySinkOptions options = {
    .root = self->root,
    .project = self->project,
    .dataset = self->dataset,
    .tables = &s->driver->tables,
    .limits = self->limits,
    .compression = self->compression,
    .client = jam_http_client_curl_new(&self->http),
    .credentials = self->credentials,
    .live_tables = self->live_tables,
    .accepted = self->accepted,
    .reporter = &self->reporter,
  };

  return jam_bigquery_sink_new(&options);
}

/* A dataset is not partitioned by this module. */
static const gchar *
_get_partition(JamEtlOutput *s G_GNUC_UNUSED, LogMessage *msg G_GNUC_UNUSED,
               LogTemplateEvalOptions *options G_GNUC_UNUSED, JamReject *reject G_GNUC_UNUSED)
{
  return "";
}

static void
_format_persist_name(const JamEtlOutput *s, gchar *name, gsize size)
{
  const JamEtlBigQuery *self = (const JamEtlBigQuery *) s;

  g_snprintf(name, size, "bigquery,%s,%s,%s", self->root, self->project, self->dataset);
}

static void
_format_stats_instance(const JamEtlOutput *s, gchar *name, gsize size)
{
  const JamEtlBigQuery *self = (const JamEtlBigQuery *) s;

  g_snprintf(name, size, "bigquery,%s,%s", self->project, self->dataset);
}

static void
_clear_http(JamHttpOptions *http)
{
  _set_string(&http->ca_file, NULL);
  _set_string(&http->ca_dir, NULL);
  _set_string(&http->cert_file, NULL);
  _set_string(&http->key_file, NULL);
  _set_string(&http->cipher_suite, NULL);
  _set_string(&http->tls13_cipher_suite, NULL);
  _set_string(&http->proxy, NULL);
  _set_string(&http->user_agent, NULL);
}

static void
_free(JamEtlOutput *s)
{
  JamEtlBigQuery *self = _cast(s);

  g_clear_pointer(&self->credentials, jam_google_credentials_free);
  g_clear_pointer(&self->google_host.http, jam_google_http_curl_free);
  g_clear_pointer(&self->live_tables, jam_bigquery_tables_free);
  g_clear_pointer(&self->accepted, jam_bigquery_accepted_unref);
  _clear_http(&self->http);
  g_free(self->project);
  g_free(self->dataset);
  g_free(self->root);
  g_free(self->credentials_file);
  g_free(self);
}

JamEtlOutput *
jam_etl_bigquery_new(JamEtlDriver *driver)
{
  JamEtlBigQuery *self = g_new0(JamEtlBigQuery, 1);

  self->super = (JamEtlOutput){
    .driver = driver,
    .check_options = _check_options,
    .find_file_faults = _find_file_faults,
    .init = _init,
    .deinit = _deinit,
    .make_sink = _make_sink,
    .get_partition = _get_partition,
    .format_persist_name = _format_persist_name,
    .format_stats_instance = _format_stats_instance,
    .free_fn = _free,
  };
  self->reporter = (JamBigQueryReporter){ .warn = _on_warning, .notice = _on_notice };
  self->google_host.warn = _on_google_warning;
  self->compression = TRUE;
  self->limits = (JamBigQueryLimits){
    .bytes = JAM_BIGQUERY_DEFAULT_REQUEST_BYTES,
    .rows = JAM_BIGQUERY_DEFAULT_REQUEST_ROWS,
  };
  self->http = (JamHttpOptions){
    .timeout_seconds = DEFAULT_TIMEOUT_SECONDS,
    .ssl_version = CURL_SSLVERSION_DEFAULT,
    .peer_verify = TRUE,
    .user_agent = g_strdup(USER_AGENT),
    .should_stop = _should_stop,
    .user_data = self,
  };
  return &self->super;
}
