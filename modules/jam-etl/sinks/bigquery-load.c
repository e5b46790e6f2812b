/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery-load.h"
#include "sinks/bigquery-backoff.h"
#include "sinks/bigquery-job.h"
#include "sinks/sink.h"

#define BOUNDARY "jam-etl-part"
#define FIRST_POLL_US (G_USEC_PER_SEC / 2)
#define MAX_POLL_US (10 * G_USEC_PER_SEC)

typedef struct _Load
{
  JamBigQueryApi *api;
  JamBigQueryBatch *batch;
  gint table;
  const gchar *table_name;
  const gchar *location;
  JamBigQueryRow *row;
  /* of the job in hand: one that has failed cannot be used again */
  guint generation;
  gchar *job_id;
} Load;

/* The row's identity alone would do for one table of one dataset; jobs are the project's. */
static void
_make_job_id(Load *self)
{
  gchar row_id[JAM_MAX_ROW_ID_LENGTH + 1];

  jam_bigquery_batch_format_row_id(self->batch, self->row, row_id);
  g_free(self->job_id);
  self->job_id = g_strdup_printf("jam-etl_%s_%s_%s_%u", self->api->dataset, self->table_name, row_id, self->generation);
}

static gchar *
_make_job(const Load *self)
{
  gchar *location = *self->location ? g_strdup_printf(",\"location\":\"%s\"", self->location) : g_strdup("");
  gchar *job = g_strdup_printf(
                 "{\"jobReference\":{\"projectId\":\"%s\",\"jobId\":\"%s\"%s},\"configuration\":{\"load\":{"
                 "\"sourceFormat\":\"NEWLINE_DELIMITED_JSON\",\"createDisposition\":\"CREATE_NEVER\","
                 "\"writeDisposition\":\"WRITE_APPEND\",\"destinationTable\":{\"projectId\":\"%s\","
                 "\"datasetId\":\"%s\",\"tableId\":\"%s\"}}}}",
                 self->api->project, self->job_id, location, self->api->project, self->api->dataset, self->table_name);

  g_free(location);
  return job;
}

/* No line of either part can start with the boundary: each is an object in one line. */
static void
_make_body(const Load *self, JamBuffer *body)
{
  const JamBigQueryRow *row = self->row;
  gchar *job = _make_job(self);

  jam_buffer_append_literal(body, "--" BOUNDARY "\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n");
  jam_buffer_append(body, job, strlen(job));
  jam_buffer_append_literal(body, "\r\n--" BOUNDARY "\r\nContent-Type: application/octet-stream\r\n\r\n");
  jam_buffer_append(body, self->batch->tables[self->table].json.data + row->offset, row->length);
  jam_buffer_append_literal(body, "\n\r\n--" BOUNDARY "--\r\n");
  g_free(job);
}

static gboolean
_ask(const Load *self, JamHttpCall *call, GError **error)
{
  JamBigQueryAnswer answer;
  gboolean is_there;

  if (!jam_bigquery_api_ask(self->api, call, &answer, error))
    return FALSE;
  is_there = call->status == 200 || call->status == 409;
  if (!is_there)
    jam_bigquery_api_set_stop_error(self->api, error, self->table_name, call, &answer);
  jam_bigquery_answer_clear(&answer);
  return is_there;
}

static gboolean
_start_job(Load *self, JamBigQueryJob *job, GError **error)
{
  gchar *url = jam_bigquery_api_make_upload_url(self->api);
  JamBuffer body = { .data = NULL };
  JamHttpCall call;
  gboolean success;

  _make_job_id(self);
  _make_body(self, &body);
  jam_http_call_init(&call, "POST", url);
  call.content_type = "multipart/related; boundary=" BOUNDARY;
  call.body = body.data;
  call.length = body.length;
  success = _ask(self, &call, error);
  if (success)
    jam_bigquery_job_init(job, call.answer->str, call.answer->len);
  jam_http_call_clear(&call);
  jam_buffer_clear(&body);
  g_free(url);
  return success;
}

/* A job that is there already may not be found for a while. */
static gboolean
_poll_job(const Load *self, JamBigQueryJob *job, GError **error)
{
  gchar *url = jam_bigquery_api_make_job_url(self->api, self->job_id, job->location ? job->location : self->location);
  JamBigQueryAnswer answer;
  JamHttpCall call;
  gboolean success;

  jam_http_call_init(&call, "GET", url);
  success = jam_bigquery_api_ask(self->api, &call, &answer, error);
  if (success && call.status != 200 && call.status != 404)
    {
      jam_bigquery_api_set_stop_error(self->api, error, self->table_name, &call, &answer);
      jam_bigquery_answer_clear(&answer);
      success = FALSE;
    }
  else if (success)
    {
      jam_bigquery_answer_clear(&answer);
      jam_bigquery_job_clear(job);
      jam_bigquery_job_init(job, call.answer->str, call.answer->len);
    }
  jam_http_call_clear(&call);
  g_free(url);
  return success;
}

static gboolean
_await_job(const Load *self, JamBigQueryJob *job, GError **error)
{
  gint64 delay_us = FIRST_POLL_US;

  while (!job->is_done)
    {
      if (!jam_bigquery_api_wait(self->api, delay_us, error) || !_poll_job(self, job, error))
        return FALSE;
      delay_us = MIN(delay_us * 2, MAX_POLL_US);
    }
  return TRUE;
}

/* Returns TRUE if the row is done with, else waits before another job. */
static gboolean
_apply_job(Load *self, const JamBigQueryJob *job, GError **error)
{
  gint64 delay_us;

  if (!job->reason)
    self->row->state = JAM_BIGQUERY_ROW_ACCEPTED;
  else if (!jam_bigquery_job_may_be_repeated(job))
    jam_bigquery_batch_reject_row(self->batch, self->table, self->row, "", job->message ? job->message : job->reason);
  else
    {
      delay_us = jam_bigquery_backoff_us(JAM_BIGQUERY_RETRY, ++self->generation, 0);
      jam_bigquery_api_report_trouble(self->api, job->message ? job->message : job->reason, delay_us);
      return jam_bigquery_api_wait(self->api, delay_us, error);
    }
  jam_bigquery_api_report_success(self->api);
  return TRUE;
}

static gboolean
_run_job(Load *self, GError **error)
{
  JamBigQueryJob job;
  gboolean success;

  if (!_start_job(self, &job, error))
    return FALSE;
  success = _await_job(self, &job, error) && _apply_job(self, &job, error);
  jam_bigquery_job_clear(&job);
  return success;
}

gboolean
jam_bigquery_load_row(JamBigQueryApi *api, JamBigQueryBatch *batch, gint table, const gchar *table_name,
                      const gchar *location, JamBigQueryRow *row, GError **error)
{
  Load self =
  {
    .api = api, .batch = batch, .table = table, .table_name = table_name, .location = location, .row = row,
  };
  gboolean success = TRUE;

  while (success && row->state == JAM_BIGQUERY_ROW_LARGE)
    success = _run_job(&self, error);
  g_free(self.job_id);
  return success;
}
