/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-api.h"
#include "sinks/bigquery/bigquery-backoff.h"
#include "sinks/sink.h"

#define API_PATH "/bigquery/v2"

static void
_strip_suffix(gchar *text, const gchar *suffix)
{
  if (g_str_has_suffix(text, suffix))
    text[strlen(text) - strlen(suffix)] = '\0';
}

gchar *
jam_bigquery_api_make_root(const gchar *url)
{
  gchar *root = g_strconcat(strstr(url, "://") ? "" : "http://", url, NULL);

  _strip_suffix(root, "/");
  _strip_suffix(root, API_PATH);
  _strip_suffix(root, "/");
  return root;
}

gchar *
jam_bigquery_api_make_table_url(const JamBigQueryApi *self, const gchar *table, const gchar *suffix)
{
  return g_strdup_printf("%s" API_PATH "/projects/%s/datasets/%s/tables/%s%s?prettyPrint=false", self->root,
                         self->project, self->dataset, table, suffix);
}

gchar *
jam_bigquery_api_make_tables_url(const JamBigQueryApi *self)
{
  return g_strdup_printf("%s" API_PATH "/projects/%s/datasets/%s/tables?prettyPrint=false", self->root, self->project,
                         self->dataset);
}

gchar *
jam_bigquery_api_make_upload_url(const JamBigQueryApi *self)
{
  return g_strdup_printf("%s/upload" API_PATH "/projects/%s/jobs?uploadType=multipart&prettyPrint=false", self->root,
                         self->project);
}

gchar *
jam_bigquery_api_make_job_url(const JamBigQueryApi *self, const gchar *job, const gchar *location)
{
  return g_strdup_printf("%s" API_PATH "/projects/%s/jobs/%s?prettyPrint=false%s%s", self->root, self->project, job,
                         *location ? "&location=" : "", location);
}

static gboolean
_set_stopped(GError **error)
{
  g_set_error(error, JAM_SINK_ERROR, JAM_SINK_ERROR_STOPPED, "stopped");
  return FALSE;
}

static void
_leave_unanswered(JamHttpCall **calls, gsize n, const gchar *why)
{
  for (gsize i = 0; i < n; i++)
    {
      jam_http_call_reset(calls[i]);
      g_strlcpy(calls[i]->error, why, sizeof(calls[i]->error));
    }
}

/* There is no token: does it pass? */
static gboolean
_go_on_without_token(JamHttpCall **calls, gsize n, GError *token_error, GError **error)
{
  if (g_error_matches(token_error, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_TEMPORARY))
    {
      _leave_unanswered(calls, n, token_error->message);
      g_error_free(token_error);
      return TRUE;
    }
  if (g_error_matches(token_error, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_STOPPED))
    _set_stopped(error);
  else if (g_error_matches(token_error, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_UNREADABLE)
           || g_error_matches(token_error, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_MALFORMED))
    g_set_error_literal(error, JAM_SINK_ERROR, JAM_SINK_ERROR_FILE, token_error->message);
  else
    g_set_error_literal(error, JAM_SINK_ERROR, JAM_SINK_ERROR_UNAVAILABLE, token_error->message);
  g_error_free(token_error);
  return FALSE;
}

static gsize
_count_status(JamHttpCall **calls, gsize n, glong status)
{
  gsize count = 0;

  for (gsize i = 0; i < n; i++)
    count += calls[i]->status == status;
  return count;
}

static gboolean
_authorize_and_perform(JamBigQueryApi *self, JamHttpCall **calls, gsize n, GError **error)
{
  GError *token_error = NULL;
  gchar *authorization;

  if (!jam_google_credentials_authorize(self->credentials, &authorization, &token_error))
    return _go_on_without_token(calls, n, token_error, error);
  self->is_authorized = authorization != NULL;
  for (gsize i = 0; i < n; i++)
    calls[i]->authorization = authorization;
  jam_http_client_perform(self->client, calls, n);
  for (gsize i = 0; i < n; i++)
    calls[i]->authorization = NULL;
  if (_count_status(calls, n, 401) > 0)
    jam_google_credentials_refuse(self->credentials, authorization);
  jam_google_authorization_free(authorization);
  return TRUE;
}

/* What was answered must be heard, whatever is wrong with the files by now. */
gboolean
jam_bigquery_api_perform(JamBigQueryApi *self, JamHttpCall **calls, gsize n, GError **error)
{
  return _authorize_and_perform(self, calls, n, error)
         && (_count_status(calls, n, JAM_BIGQUERY_NO_ANSWER) < n || jam_bigquery_api_check_files(self, error));
}

gboolean
jam_bigquery_api_check_files(JamBigQueryApi *self, GError **error)
{
  gchar *faults = jam_http_client_find_file_faults(self->client);

  if (faults)
    g_set_error_literal(error, JAM_SINK_ERROR, JAM_SINK_ERROR_FILE, faults);
  g_free(faults);
  return faults == NULL;
}

gboolean
jam_bigquery_api_wait(JamBigQueryApi *self, gint64 us, GError **error)
{
  return jam_http_client_wait(self->client, us) || _set_stopped(error);
}

gchar *
jam_bigquery_api_describe(const JamHttpCall *call, const JamBigQueryAnswer *answer)
{
  if (call->status == JAM_BIGQUERY_NO_ANSWER)
    return g_strdup_printf("no answer: %s", call->error);
  return g_strdup_printf("HTTP %ld%s%s%s%s", call->status, answer->reason ? " " : "",
                         answer->reason ? answer->reason : "", answer->message ? ": " : "",
                         answer->message ? answer->message : "");
}

void
jam_bigquery_api_report_trouble(JamBigQueryApi *self, const gchar *trouble, gint64 delay_us)
{
  gchar *text;

  if (self->is_failing || jam_http_client_is_stopping(self->client))
    return;
  self->is_failing = TRUE;
  text = g_strdup_printf("BigQuery takes no rows now, they wait and are sent again (%s; next try in %" G_GINT64_FORMAT
                         " s)",
                         trouble, (delay_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  self->reporter->warn(self->reporter, text);
  g_free(text);
}

void
jam_bigquery_api_report_success(JamBigQueryApi *self)
{
  if (self->is_failing)
    self->reporter->notice(self->reporter, "BigQuery takes rows again");
  self->is_failing = FALSE;
}

static gboolean
_wait_before_next(JamBigQueryApi *self, JamBigQueryAction action, guint n_attempts, const JamHttpCall *call,
                  const JamBigQueryAnswer *answer, GError **error)
{
  gint64 delay_us = jam_bigquery_backoff_us(action, n_attempts, call->retry_after);
  gchar *trouble;

  if (jam_http_client_is_stopping(self->client))
    return _set_stopped(error);
  trouble = jam_bigquery_api_describe(call, answer);
  jam_bigquery_api_report_trouble(self, trouble, delay_us);
  g_free(trouble);
  return jam_bigquery_api_wait(self, delay_us, error);
}

JamBigQueryAction
jam_bigquery_api_judge(const JamBigQueryApi *self, const JamHttpCall *call, const JamBigQueryAnswer *answer)
{
  JamBigQueryAction action = jam_bigquery_outcome_of_request(call->status, answer->reason);

  return action == JAM_BIGQUERY_RENEW_TOKEN && !self->is_authorized ? JAM_BIGQUERY_STOP : action;
}

static gboolean
_passes(JamBigQueryAction action)
{
  return action == JAM_BIGQUERY_RETRY || action == JAM_BIGQUERY_WAIT || action == JAM_BIGQUERY_RENEW_TOKEN;
}

gboolean
jam_bigquery_api_ask(JamBigQueryApi *self, JamHttpCall *call, JamBigQueryAnswer *answer, GError **error)
{
  gboolean is_renewed = FALSE;

  for (guint n_attempts = 1;; n_attempts++)
    {
      JamBigQueryAction action;
      gboolean may_go_on;

      if (!jam_bigquery_api_perform(self, &call, 1, error))
        return FALSE;
      jam_bigquery_answer_init(answer, call->answer->str, call->answer->len, 0);
      action = jam_bigquery_api_judge(self, call, answer);
      if (action == JAM_BIGQUERY_RENEW_TOKEN && is_renewed)
        action = JAM_BIGQUERY_RETRY;
      if (!_passes(action))
        return TRUE;
      is_renewed = is_renewed || action == JAM_BIGQUERY_RENEW_TOKEN;
      may_go_on = action == JAM_BIGQUERY_RENEW_TOKEN
                  || _wait_before_next(self, action, n_attempts, call, answer, error);
      jam_bigquery_answer_clear(answer);
      if (!may_go_on)
        return FALSE;
    }
}

static const gchar *
_advise(const JamHttpCall *call, const JamBigQueryAnswer *answer)
{
  if (call->status == 401)
    return "set credentials-file()";
  if (call->status == 404)
    return "check project(), dataset() and the table's name; a table made just now may take some minutes";
  if (g_strcmp0(answer->reason, "billingNotEnabled") == 0)
    return "enable billing for the project";
  if (call->status == 403)
    return "grant the role BigQuery Data Editor on the dataset: bigquery.tables.get and bigquery.tables.updateData, "
           "and bigquery.tables.create for create-tables(yes); rows that are too large to be streamed "
           "also need BigQuery Job User on the project: bigquery.jobs.create";
  return "see BigQuery's page \"Error messages\"";
}

void
jam_bigquery_api_set_stop_error(const JamBigQueryApi *self, GError **error, const gchar *table, const JamHttpCall *call,
                                const JamBigQueryAnswer *answer)
{
  gchar *trouble = jam_bigquery_api_describe(call, answer);
  gchar *name = jam_google_credentials_dup_name(self->credentials);

  g_set_error(error, JAM_SINK_ERROR, JAM_SINK_ERROR_UNAVAILABLE,
              "BigQuery refuses %s:%s.%s with the credentials of %s: %s; %s", self->project, self->dataset, table, name,
              trouble, _advise(call, answer));
  g_free(name);
  g_free(trouble);
}
