/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bigquery-fixture.h"
#include "core/tables/table-schema.h"

#include <criterion/criterion.h>

typedef struct _Answer
{
  gchar *what;
  glong status;
  gchar *body;
  guint retry_after;
} Answer;

static void
_answer_free(gpointer s)
{
  Answer *self = s;

  g_free(self->what);
  g_free(self->body);
  g_free(self);
}

static void
_request_free(gpointer s)
{
  Request *self = s;

  g_free(self->what);
  g_free(self->authorization);
  g_free(self->body);
  g_free(self);
}

static Request *
_record(BigQueryFixture *self, const JamHttpCall *call)
{
  Request *request = g_new0(Request, 1);
  const gchar *path = strchr(strstr(call->url, "://") + 3, '/');

  request->what = g_strdup_printf("%s %.*s", call->method, (gint) strcspn(path, "?"), path);
  request->authorization = g_strdup(call->authorization);
  request->body = g_memdup2(call->body, call->length);
  request->length = call->length;
  request->is_gzip = call->is_gzip;
  g_ptr_array_add(self->requests, request);
  return request;
}

static gchar *
_make_resource(const gchar *what)
{
  const gchar *name = strrchr(what, '/') + 1;
  gint table = jam_table_lookup(name);
  gchar *schema = jam_table_schema_format(&jam_tables[table < 0 ? 0 : table], JAM_DIALECT_BIGQUERY);
  gchar *resource = g_strdup_printf(
    "{\"schema\":{\"fields\":%s},\"creationTime\":\"1700000000000\",\"location\":\"EU\"}", schema);

  g_free(schema);
  return resource;
}

static void
_answer_by_default(const Request *request, JamHttpCall *call)
{
  gboolean is_job = g_str_has_prefix(request->what, "GET") && strstr(request->what, "/jobs/");
  gchar *body = g_str_has_prefix(request->what, "GET") && strstr(request->what, "/tables/")
                  ? _make_resource(request->what)
                  : g_strdup("{}");

  call->status = is_job ? 404 : 200;
  g_string_append(call->answer, body);
  g_free(body);
}

static gboolean
_answer_as_told(BigQueryFixture *self, const Request *request, JamHttpCall *call)
{
  for (guint i = 0; i < self->answers->len; i++)
    {
      Answer *answer = g_ptr_array_index(self->answers, i);

      if (!strstr(request->what, answer->what))
        continue;
      call->status = answer->status;
      call->retry_after = answer->retry_after;
      g_string_append(call->answer, answer->body);
      if (answer->status == 0)
        g_strlcpy(call->error, "cut off", sizeof(call->error));
      g_ptr_array_remove_index(self->answers, i);
      return TRUE;
    }
  return FALSE;
}

static void
_perform(JamHttpClient *s, JamHttpCall **calls, gsize n)
{
  BigQueryFixture *self = (BigQueryFixture *) s;

  for (gsize i = 0; i < n; i++)
    {
      Request *request = _record(self, calls[i]);

      jam_http_call_reset(calls[i]);
      if (!_answer_as_told(self, request, calls[i]))
        _answer_by_default(request, calls[i]);
    }
}

static gint64
_get_time(JamHttpClient *s)
{
  return ((BigQueryFixture *) s)->now_us;
}

static gboolean
_wait(JamHttpClient *s, gint64 us)
{
  BigQueryFixture *self = (BigQueryFixture *) s;

  g_array_append_val(self->waits, us);
  self->now_us += us;
  if (us > self->stop_after_us)
    self->is_stopping = TRUE;
  return !self->is_stopping;
}

static gboolean
_is_stopping(JamHttpClient *s)
{
  return ((BigQueryFixture *) s)->is_stopping;
}

static gchar *
_find_file_faults(JamHttpClient *s)
{
  return g_strdup(((BigQueryFixture *) s)->file_faults);
}

static void
_free(JamHttpClient *s G_GNUC_UNUSED)
{
}

static BigQueryFixture *
_of_reporter(JamBigQueryReporter *s)
{
  return (BigQueryFixture *) ((gchar *) s - G_STRUCT_OFFSET(BigQueryFixture, reporter));
}

static void
_warn(JamBigQueryReporter *s, const gchar *text)
{
  BigQueryFixture *self = _of_reporter(s);

  self->n_warnings++;
  g_free(self->warning);
  self->warning = g_strdup(text);
}

static void
_notice(JamBigQueryReporter *s, const gchar *text G_GNUC_UNUSED)
{
  _of_reporter(s)->n_notices++;
}

void
bigquery_fixture_make_tables(BigQueryFixture *self, gboolean create)
{
  g_clear_pointer(&self->live_tables, jam_bigquery_tables_free);
  self->live_tables = jam_bigquery_tables_new(&self->selection, create, "/schemas");
  self->options.live_tables = self->live_tables;
}

void
bigquery_fixture_make_sink(BigQueryFixture *self)
{
  g_clear_pointer(&self->sink, jam_sink_free);
  self->options.credentials = self->credentials;
  self->sink = jam_bigquery_sink_new(&self->options);
}

void
bigquery_fixture_init(BigQueryFixture *self)
{
  *self = (BigQueryFixture){
    .client = { .perform = _perform,
                .get_time = _get_time,
                .wait = _wait,
                .is_stopping = _is_stopping,
                .find_file_faults = _find_file_faults,
                .free_fn = _free },
    .reporter = { .warn = _warn, .notice = _notice },
    .credentials = jam_google_credentials_new_none(),
    .accepted = jam_bigquery_accepted_ref("fixture"),
    .message = jam_message_new(),
    .answers = g_ptr_array_new_with_free_func(_answer_free),
    .requests = g_ptr_array_new_with_free_func(_request_free),
    .waits = g_array_new(FALSE, FALSE, sizeof(gint64)),
    .stop_after_us = G_MAXINT64,
  };
  jam_table_selection_init(&self->selection);
  self->options = (JamBigQuerySinkOptions){
    .root = "http://bigquery",
    .project = PROJECT,
    .dataset = DATASET,
    .tables = &self->selection,
    .limits = { JAM_BIGQUERY_DEFAULT_REQUEST_BYTES, JAM_BIGQUERY_DEFAULT_REQUEST_ROWS },
    .client = &self->client,
    .accepted = self->accepted,
    .reporter = &self->reporter,
  };
  bigquery_fixture_make_tables(self, FALSE);
  bigquery_fixture_make_sink(self);
}

void
bigquery_fixture_clear(BigQueryFixture *self)
{
  jam_sink_free(self->sink);
  jam_bigquery_tables_free(self->live_tables);
  jam_bigquery_accepted_unref(self->accepted);
  jam_google_credentials_free(self->credentials);
  jam_table_selection_clear(&self->selection);
  jam_message_free(self->message);
  g_ptr_array_unref(self->answers);
  g_ptr_array_unref(self->requests);
  g_array_unref(self->waits);
  g_free(self->warning);
}

void
bigquery_fixture_answer_later(BigQueryFixture *self, const gchar *what, glong status, const gchar *body,
                              guint retry_after)
{
  Answer *answer = g_new0(Answer, 1);

  answer->what = g_strdup(what);
  answer->status = status;
  answer->body = g_strdup(body);
  answer->retry_after = retry_after;
  g_ptr_array_add(self->answers, answer);
}

void
bigquery_fixture_answer(BigQueryFixture *self, const gchar *what, glong status, const gchar *body)
{
  bigquery_fixture_answer_later(self, what, status, body, 0);
}

void
bigquery_fixture_answer_error(BigQueryFixture *self, const gchar *what, glong status, const gchar *reason)
{
  gchar *body = g_strdup_printf("{\"error\":{\"code\":%ld,\"message\":\"the API's words\",\"errors\":"
                                "[{\"domain\":\"global\",\"reason\":\"%s\",\"message\":\"the API's words\"}]}}\n",
                                status, reason);

  bigquery_fixture_answer(self, what, status, body);
  g_free(body);
}

void
bigquery_fixture_open(BigQueryFixture *self)
{
  GError *error = NULL;

  cr_assert(jam_sink_open(self->sink, &error), "%s", error ? error->message : "");
}

void
bigquery_fixture_append(BigQueryFixture *self, const gchar *text)
{
  JamReject reject;

  cr_assert(jam_message_read(self->message, text, strlen(text), NULL, &reject), "%s", reject.text);
  cr_assert_eq(jam_sink_append(self->sink, self->message, NULL, &reject, NULL), JAM_SINK_APPENDED, "%s", reject.text);
}

void
bigquery_fixture_append_ticket(BigQueryFixture *self, gint number)
{
  gchar *text = g_strdup_printf("{\"time\":\"2025-06-01T00:00:00Z\",\"msg_type\":131,\"json_encoded\":"
                                "{\"attempt\":%d,\"signature\":\"0x\"}}",
                                number);

  bigquery_fixture_append(self, text);
  g_free(text);
}

void
bigquery_fixture_commit(BigQueryFixture *self)
{
  GError *error = NULL;

  cr_assert(jam_sink_commit(self->sink, &error), "%s", error ? error->message : "");
  jam_sink_finish_batch(self->sink);
}

void
bigquery_fixture_assert_failure(BigQueryFixture *self, JamSinkError code, const gchar *what)
{
  GError *error = NULL;

  cr_assert_not(jam_sink_commit(self->sink, &error));
  cr_assert(g_error_matches(error, JAM_SINK_ERROR, code), "%d, not %d: %s", error->code, code, error->message);
  cr_assert_not_null(strstr(error->message, what), "\"%s\" is not in: %s", what, error->message);
  g_error_free(error);
  jam_sink_drop_batch(self->sink);
}

guint
bigquery_fixture_count_requests(BigQueryFixture *self, const gchar *what)
{
  guint n = 0;

  for (guint i = 0; i < self->requests->len; i++)
    {
      Request *request = g_ptr_array_index(self->requests, i);
      n += strstr(request->what, what) != NULL;
    }
  return n;
}

const Request *
bigquery_fixture_get_request(BigQueryFixture *self, const gchar *what, guint n)
{
  const Request *found = NULL;

  for (guint i = 0; i < self->requests->len && !found; i++)
    {
      const Request *request = g_ptr_array_index(self->requests, i);
      if (strstr(request->what, what) && n-- == 0)
        found = request;
    }
  cr_assert_not_null(found, "there are not so many requests with %s", what);
  return found;
}

void
bigquery_fixture_assert_tickets(BigQueryFixture *self, guint n, const gchar *expected)
{
  const Request *request = bigquery_fixture_get_request(self, "/tickets/insertAll", n);
  gchar *body = g_strndup(request->body, request->length);
  gchar **parts = g_strsplit(body, "\"attempt\":\"", -1);
  GString *found = g_string_new(NULL);

  for (guint i = 1; parts[i]; i++)
    g_string_append_printf(found, "%s%.*s", i > 1 ? " " : "", (gint) strspn(parts[i], "0123456789"), parts[i]);
  cr_assert_str_eq(found->str, expected, "request %u sent %s, not %s", n, found->str, expected);
  g_string_free(found, TRUE);
  g_strfreev(parts);
  g_free(body);
}
