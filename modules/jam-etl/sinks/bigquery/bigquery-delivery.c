/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-delivery.h"
#include "sinks/bigquery/bigquery-backoff.h"

#include <string.h>

/* A row that is refused though it is larger than this may only be too large for
 * streaming: the limit was 1 MB and 5 MB in former years. */
#define MAYBE_TOO_LARGE (1024 * 1024)
/* how a row error of this kind starts */
#define UNKNOWN_COLUMN "no such field"

typedef struct _Stream
{
  const JamBigQueryDelivery *delivery;
  /* JamBigQueryRequest; those that still have rows to send */
  GPtrArray *requests;
  /* why nothing more goes into some table */
  GError *stop_error;
} Stream;

static gint64
_get_time(const Stream *self)
{
  return jam_http_client_get_time(self->delivery->api->client);
}

static const gchar *
_table_name(const Stream *self, gint table)
{
  return self->delivery->tables->names[table];
}

static JamBigQueryRow *
_get_row(const Stream *self, const JamBigQueryRequest *request, guint i)
{
  return jam_bigquery_batch_get_row(self->delivery->batch, request->table, g_array_index(request->rows, guint, i));
}

static void
_refuse_row(const Stream *self, const JamBigQueryRequest *request, JamBigQueryRow *row, const gchar *location,
            const gchar *message)
{
  if (row->state != JAM_BIGQUERY_ROW_WAITING)
    return;
  if (row->length > MAYBE_TOO_LARGE)
    row->state = JAM_BIGQUERY_ROW_LARGE;
  else
    jam_bigquery_batch_reject_row(self->delivery->batch, request->table, row, location, message);
}

static void
_postpone(const Stream *self, JamBigQueryRequest *request, JamBigQueryAction action, const gchar *trouble)
{
  gint64 delay_us = jam_bigquery_backoff_us(action, ++request->n_attempts, request->call.retry_after);

  request->due_us = _get_time(self) + delay_us;
  jam_bigquery_api_report_trouble(self->delivery->api, trouble, delay_us);
}

static void
_postpone_call(const Stream *self, JamBigQueryRequest *request, JamBigQueryAction action,
               const JamBigQueryAnswer *answer)
{
  gchar *trouble = jam_bigquery_api_describe(&request->call, answer);

  _postpone(self, request, action, trouble);
  g_free(trouble);
}

static void
_renew_token(const Stream *self, JamBigQueryRequest *request, const JamBigQueryAnswer *answer)
{
  /* that the token was refused is known already */
  if (request->is_token_renewed)
    _postpone_call(self, request, JAM_BIGQUERY_RETRY, answer);
  request->is_token_renewed = TRUE;
}

static void
_stop(Stream *self, JamBigQueryRequest *request, const JamBigQueryAnswer *answer)
{
  if (!self->stop_error)
    jam_bigquery_api_set_stop_error(self->delivery->api, &self->stop_error, _table_name(self, request->table),
                                    &request->call, answer);
}

/* Whether it is the row or the request as such that is bad, other rows will show. A
 * single row of a batch is left to a load job, which answers for itself. */
static void
_suspect(const Stream *self, JamBigQueryRequest *request)
{
  if (request->is_part)
    request->is_suspect = TRUE;
  else
    _get_row(self, request, 0)->state = JAM_BIGQUERY_ROW_LARGE;
}

static void
_split(Stream *self, JamBigQueryRequest *request)
{
  if (request->rows->len > 1)
    g_ptr_array_add(self->requests,
                    jam_bigquery_request_split(request, self->delivery->api, _table_name(self, request->table)));
  else if (request->call.status == 413)
    _get_row(self, request, 0)->state = JAM_BIGQUERY_ROW_LARGE;
  else
    _suspect(self, request);
}

/* Streaming learns of a changed schema minutes after tables.get. */
static gboolean
_is_about_the_schema(const JamBigQueryRowError *row_error)
{
  return g_ascii_strncasecmp(row_error->message, UNKNOWN_COLUMN, strlen(UNKNOWN_COLUMN)) == 0;
}

static void
_stop_for_schema(Stream *self, gint table, const JamBigQueryRowError *row_error)
{
  const JamBigQueryApi *api = self->delivery->api;

  if (!self->stop_error)
    g_set_error(&self->stop_error, JAM_SINK_ERROR, JAM_SINK_ERROR_UNAVAILABLE,
                "BigQuery says of %s:%s.%s \"%s\", though it has that column: after a change of the table that lasts "
                "some minutes",
                api->project, api->dataset, _table_name(self, table), row_error->message);
}

static JamBigQueryAction
_apply_row_error(Stream *self, JamBigQueryRequest *request, const JamBigQueryRowError *row_error)
{
  JamBigQueryAction action = jam_bigquery_outcome_of_row(row_error->reason);

  if (action == JAM_BIGQUERY_REJECT && _is_about_the_schema(row_error))
    {
      _stop_for_schema(self, request->table, row_error);
      return JAM_BIGQUERY_RESEND;
    }
  if (action == JAM_BIGQUERY_REJECT)
    {
      _refuse_row(self, request, _get_row(self, request, row_error->index), row_error->location, row_error->message);
      return JAM_BIGQUERY_RESEND;
    }
  return action;
}

static void
_accept_rows_without_error(const Stream *self, const JamBigQueryRequest *request, const JamBigQueryAnswer *answer)
{
  gboolean *has_error = g_new0(gboolean, request->rows->len);

  for (guint i = 0; i < answer->row_errors->len; i++)
    has_error[g_array_index(answer->row_errors, JamBigQueryRowError, i).index] = TRUE;
  for (guint i = 0; i < request->rows->len; i++)
    {
      if (!has_error[i])
        _get_row(self, request, i)->state = JAM_BIGQUERY_ROW_ACCEPTED;
    }
  g_free(has_error);
}

/* Returns what follows for the rows that still wait: of the actions, the one that
 * takes longest, and in @words why. */
static JamBigQueryAction
_apply_row_errors(Stream *self, JamBigQueryRequest *request, const JamBigQueryAnswer *answer, const gchar **words)
{
  JamBigQueryAction action = JAM_BIGQUERY_ACCEPT;

  for (guint i = 0; i < answer->row_errors->len; i++)
    {
      const JamBigQueryRowError *row_error = &g_array_index(answer->row_errors, JamBigQueryRowError, i);
      JamBigQueryAction row_action = _apply_row_error(self, request, row_error);

      if (row_action > action)
        *words = *row_error->message ? row_error->message : row_error->reason;
      action = MAX(action, row_action);
    }
  return action;
}

/* A 200: every row has an outcome of its own. */
static void
_apply_rows(Stream *self, JamBigQueryRequest *request, const JamBigQueryAnswer *answer)
{
  guint n_rows = request->rows->len;
  const gchar *words = "";
  JamBigQueryAction action;

  _accept_rows_without_error(self, request, answer);
  action = _apply_row_errors(self, request, answer, &words);
  jam_bigquery_request_keep_waiting_rows(request, self->delivery->batch);
  request->is_token_renewed = FALSE;
  if (request->rows->len < n_rows)
    request->n_attempts = 0;
  else
    /* that all are to be sent again as they are would go on for ever */
    action = MAX(action, JAM_BIGQUERY_RETRY);
  if (request->rows->len > 0 && action != JAM_BIGQUERY_RESEND && !self->stop_error)
    _postpone(self, request, action, words);
}

static void
_apply_failure(Stream *self, JamBigQueryRequest *request, JamBigQueryAction action, const JamBigQueryAnswer *answer)
{
  switch (action)
    {
    case JAM_BIGQUERY_RENEW_TOKEN:
      _renew_token(self, request, answer);
      break;
    case JAM_BIGQUERY_SPLIT:
      _split(self, request);
      break;
    case JAM_BIGQUERY_RETRY:
    case JAM_BIGQUERY_WAIT:
      _postpone_call(self, request, action, answer);
      break;
    default:
      _stop(self, request, answer);
      break;
    }
}

static void
_apply(Stream *self, JamBigQueryRequest *request)
{
  JamHttpCall *call = &request->call;
  JamBigQueryAnswer answer;
  gboolean is_understood = jam_bigquery_answer_init(&answer, call->answer->str, call->answer->len, request->rows->len);

  if (call->status == 200 && !is_understood)
    {
      call->status = JAM_BIGQUERY_NO_ANSWER;
      g_strlcpy(call->error, "the answer makes no sense", sizeof(call->error));
    }
  if (call->status == 200)
    _apply_rows(self, request, &answer);
  else
    _apply_failure(self, request, jam_bigquery_api_judge(self->delivery->api, call, &answer), &answer);
  jam_bigquery_request_keep_waiting_rows(request, self->delivery->batch);
  jam_bigquery_answer_clear(&answer);
}

static GPtrArray *
_find_due(const Stream *self)
{
  GPtrArray *due = g_ptr_array_new();
  gint64 now = _get_time(self);

  for (guint i = 0; i < self->requests->len; i++)
    {
      JamBigQueryRequest *request = g_ptr_array_index(self->requests, i);
      if (!request->is_suspect && request->due_us <= now)
        g_ptr_array_add(due, request);
    }
  return due;
}

static gboolean
_wait_until_due(const Stream *self, GError **error)
{
  gint64 earliest = G_MAXINT64;

  for (guint i = 0; i < self->requests->len; i++)
    {
      JamBigQueryRequest *request = g_ptr_array_index(self->requests, i);
      if (!request->is_suspect)
        earliest = MIN(earliest, request->due_us);
    }
  return jam_bigquery_api_wait(self->delivery->api, earliest - _get_time(self), error);
}

static void
_remove_finished(Stream *self)
{
  for (guint i = self->requests->len; i > 0; i--)
    {
      JamBigQueryRequest *request = g_ptr_array_index(self->requests, i - 1);
      if (request->rows->len == 0)
        g_ptr_array_remove_index_fast(self->requests, i - 1);
    }
}

static gboolean
_send(Stream *self, GPtrArray *due, GError **error)
{
  JamHttpCall **calls = g_new(JamHttpCall *, due->len);
  gboolean success;

  for (guint i = 0; i < due->len; i++)
    {
      JamBigQueryRequest *request = g_ptr_array_index(due, i);
      jam_bigquery_request_prepare(request, self->delivery->batch, self->delivery->gzip);
      calls[i] = &request->call;
    }
  success = jam_bigquery_api_perform(self->delivery->api, calls, due->len, error);
  g_free(calls);
  for (guint i = 0; i < due->len && success; i++)
    _apply(self, g_ptr_array_index(due, i));
  _remove_finished(self);
  return success;
}

static gboolean
_step(Stream *self, GError **error)
{
  GPtrArray *due = _find_due(self);
  gboolean success = due->len > 0 ? _send(self, due, error) : _wait_until_due(self, error);

  g_ptr_array_unref(due);
  if (!success || !self->stop_error)
    return success;
  g_propagate_error(error, g_steal_pointer(&self->stop_error));
  return FALSE;
}

static gboolean
_any_row_is_in(const Stream *self, gint table)
{
  const JamBigQueryBatch *batch = self->delivery->batch;

  for (guint i = 0; i < jam_bigquery_batch_count_rows(batch, table); i++)
    {
      if (jam_bigquery_batch_get_row(batch, table, i)->state == JAM_BIGQUERY_ROW_ACCEPTED)
        return TRUE;
    }
  return FALSE;
}

static void
_judge_suspect(Stream *self, JamBigQueryRequest *request)
{
  const GString *body = request->call.answer;
  JamBigQueryAnswer answer;

  jam_bigquery_answer_init(&answer, body->str, body->len, 1);
  if (_any_row_is_in(self, request->table))
    _refuse_row(self, request, _get_row(self, request, 0), "", answer.message ? answer.message : answer.reason);
  else
    _stop(self, request, &answer);
  jam_bigquery_answer_clear(&answer);
}

static gboolean
_judge_suspects(Stream *self, GError **error)
{
  for (guint i = 0; i < self->requests->len; i++)
    _judge_suspect(self, g_ptr_array_index(self->requests, i));
  if (!self->stop_error)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&self->stop_error));
  return FALSE;
}

/* What was called bad is judged when all else is done. */
static gboolean
_has_work(const Stream *self)
{
  for (guint i = 0; i < self->requests->len; i++)
    {
      if (!((JamBigQueryRequest *) g_ptr_array_index(self->requests, i))->is_suspect)
        return TRUE;
    }
  return FALSE;
}

static void
_make_requests(Stream *self)
{
  const JamBigQueryDelivery *delivery = self->delivery;

  for (gint i = 0; i < JAM_N_TABLES; i++)
    jam_bigquery_request_add_all(self->requests, delivery->api, delivery->batch, i, _table_name(self, i),
                                 &delivery->limits);
}

gboolean
jam_bigquery_delivery_stream(const JamBigQueryDelivery *delivery, GError **error)
{
  Stream self = {
    .delivery = delivery,
    .requests = g_ptr_array_new_with_free_func((GDestroyNotify) jam_bigquery_request_free),
  };
  gboolean success = TRUE;

  _make_requests(&self);
  while (success && _has_work(&self))
    success = _step(&self, error);
  success = success && _judge_suspects(&self, error);
  if (success)
    jam_bigquery_api_report_success(delivery->api);
  g_clear_error(&self.stop_error);
  g_ptr_array_unref(self.requests);
  return success;
}
