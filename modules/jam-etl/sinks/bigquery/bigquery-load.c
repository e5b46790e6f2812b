/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-load.h"
#include "sinks/bigquery/bigquery-backoff.h"
#include "sinks/bigquery/bigquery-job.h"
#include "sinks/sink.h"

#define BOUNDARY "jam-etl-part"
#define FIRST_POLL_US (G_USEC_PER_SEC / 2)
#define MAX_POLL_US (10 * G_USEC_PER_SEC)
/* as long as BigQuery's own clients look for a job that was said to be there */
#define MAX_MISSING_US (200 * (gint64) G_USEC_PER_SEC)

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
  /* it was there before */
  gboolean is_repeated;
} Load;

/* The row's identity alone would do for one table of one dataset; jobs are the
 * project's. A dataset's name has no hyphen, and a row_id is of one form. */
static void
_make_job_id(Load *self)
{
  gchar row_id[JAM_MAX_ROW_ID_LENGTH + 1];

  jam_bigquery_batch_format_row_id(self->batch, self->row, row_id);
  g_free(self->job_id);
  self->job_id = g_strdup_printf("jam-etl-%s-%s-%s-%u", self->api->dataset, self->table_name, row_id, self->generation);
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

/* A status that is neither 200 nor @other_status is an error. */
static gboolean
_ask(const Load *self, JamHttpCall *call, glong other_status, GError **error)
{
  JamBigQueryAnswer answer;
  gboolean success;

  if (!jam_bigquery_api_ask(self->api, call, &answer, error))
    return FALSE;
  success = call->status == 200 || call->status == other_status;
  if (!success)
    jam_bigquery_api_set_stop_error(self->api, error, self->table_name, call, &answer);
  jam_bigquery_answer_clear(&answer);
  return success;
}

static void
_read_job(JamBigQueryJob *job, const JamHttpCall *call)
{
  jam_bigquery_job_clear(job);
  jam_bigquery_job_init(job, call->answer->str, call->answer->len);
}

static gboolean
_start_job(const Load *self, JamBigQueryJob *job, GError **error)
{
  gchar *url = jam_bigquery_api_make_upload_url(self->api);
  JamBuffer body = { .data = NULL };
  JamHttpCall call;
  gboolean success;

  _make_body(self, &body);
  jam_http_call_init(&call, "POST", url);
  call.content_type = "multipart/related; boundary=" BOUNDARY;
  call.body = body.data;
  call.length = body.length;
  /* 409: another worker or collector was faster */
  success = _ask(self, &call, 409, error);
  if (success)
    _read_job(job, &call);
  jam_http_call_clear(&call);
  jam_buffer_clear(&body);
  g_free(url);
  return success;
}

/* A job that is not there, or cannot be found yet, is no error. */
static gboolean
_get_job(const Load *self, JamBigQueryJob *job, GError **error)
{
  gchar *url = jam_bigquery_api_make_job_url(self->api, self->job_id, job->location ? job->location : self->location);
  JamHttpCall call;
  gboolean success;

  jam_http_call_init(&call, "GET", url);
  success = _ask(self, &call, 404, error);
  if (success)
    _read_job(job, &call);
  jam_http_call_clear(&call);
  g_free(url);
  return success;
}

static gboolean
_give_up(const Load *self, const gchar *words, GError **error)
{
  g_set_error(error, JAM_SINK_ERROR, JAM_SINK_ERROR_UNAVAILABLE,
              "BigQuery does not load a row into %s:%s.%s, job %s: %s", self->api->project, self->api->dataset,
              self->table_name, self->job_id, words);
  return FALSE;
}

static gboolean
_await_job(const Load *self, JamBigQueryJob *job, GError **error)
{
  gint64 delay_us = FIRST_POLL_US;
  gint64 missing_us = 0;

  while (!job->is_done)
    {
      if (!jam_bigquery_api_wait(self->api, delay_us, error) || !_get_job(self, job, error))
        return FALSE;
      missing_us = job->is_there ? 0 : missing_us + delay_us;
      if (missing_us > MAX_MISSING_US)
        return _give_up(self, "it cannot be found", error);
      delay_us = MIN(delay_us * 2, MAX_POLL_US);
    }
  return TRUE;
}

/* A job that failed before, of an earlier batch, is no trouble of now. */
static gboolean
_pause(Load *self, const JamBigQueryJob *job, JamBigQueryAction action, GError **error)
{
  gint64 delay_us = jam_bigquery_backoff_us(action, self->generation + 1, 0);

  self->generation++;
  if (self->is_repeated)
    return TRUE;
  jam_bigquery_api_report_trouble(self->api, jam_bigquery_job_get_words(job), delay_us);
  return jam_bigquery_api_wait(self->api, delay_us, error);
}

/* Returns TRUE if the row is done with, or another job is to be tried. */
static gboolean
_apply_job(Load *self, const JamBigQueryJob *job, GError **error)
{
  switch (jam_bigquery_job_get_outcome(job))
    {
    case JAM_BIGQUERY_JOB_SUCCEEDED:
      self->row->state = JAM_BIGQUERY_ROW_ACCEPTED;
      jam_bigquery_api_report_success(self->api);
      return TRUE;
    case JAM_BIGQUERY_JOB_REJECT:
      jam_bigquery_batch_reject_row(self->batch, self->table, self->row, "", jam_bigquery_job_get_words(job));
      return TRUE;
    case JAM_BIGQUERY_JOB_RETRY:
      return _pause(self, job, JAM_BIGQUERY_RETRY, error);
    case JAM_BIGQUERY_JOB_WAIT:
      return _pause(self, job, JAM_BIGQUERY_WAIT, error);
    default:
      return self->is_repeated ? _pause(self, job, JAM_BIGQUERY_RETRY, error)
                               : _give_up(self, jam_bigquery_job_get_words(job), error);
    }
}

/* An earlier batch may have started it: then the row is not sent once more. */
static gboolean
_find_or_start_job(Load *self, JamBigQueryJob *job, GError **error)
{
  _make_job_id(self);
  if (!_get_job(self, job, error))
    return FALSE;
  self->is_repeated = job->is_there;
  return self->is_repeated || _start_job(self, job, error);
}

static gboolean
_run_job(Load *self, GError **error)
{
  JamBigQueryJob job = { .is_there = FALSE };
  gboolean success;

  success = _find_or_start_job(self, &job, error) && _await_job(self, &job, error) && _apply_job(self, &job, error);
  jam_bigquery_job_clear(&job);
  return success;
}

gboolean
jam_bigquery_load_row(JamBigQueryApi *api, JamBigQueryBatch *batch, gint table, const gchar *table_name,
                      const gchar *location, JamBigQueryRow *row, GError **error)
{
  Load self = {
    .api = api,
    .batch = batch,
    .table = table,
    .table_name = table_name,
    .location = location,
    .row = row,
  };
  gboolean success = TRUE;

  while (success && row->state == JAM_BIGQUERY_ROW_LARGE)
    success = _run_job(&self, error);
  g_free(self.job_id);
  return success;
}
