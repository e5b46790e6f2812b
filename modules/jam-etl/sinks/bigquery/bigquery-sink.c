/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-sink.h"
#include "sinks/bigquery/bigquery-delivery.h"
#include "sinks/bigquery/bigquery-load.h"

/* a batch is committed when it holds this much */
#define MAX_BATCH_BYTES (16 * 1024 * 1024)

typedef struct _JamBigQuerySink
{
  JamSink super;
  JamBigQuerySinkOptions options;
  JamBigQueryApi api;
  JamRowEncoder *encoder;
  JamMessageRows rows;
  JamBigQueryBatch batch;
  JamGzip *gzip;
} JamBigQuerySink;

static void
_leave_columns_out(JamBigQuerySink *self)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      gboolean *left_out = g_new0(gboolean, jam_tables[i].n_columns);

      jam_bigquery_tables_get_left_out(self->options.live_tables, i, left_out);
      jam_row_encoder_leave_out(self->encoder, i, left_out);
      g_free(left_out);
    }
}

static gboolean
_open(JamSink *s, GError **error)
{
  JamBigQuerySink *self = (JamBigQuerySink *) s;

  if (!jam_bigquery_api_check_files(&self->api, error)
      || !jam_bigquery_tables_prepare(self->options.live_tables, &self->api, error))
    return FALSE;
  _leave_columns_out(self);
  return TRUE;
}

static void
_skip_if_accepted(JamBigQuerySink *self, gint table, JamBigQueryRow *row)
{
  gchar row_id[JAM_MAX_ROW_ID_LENGTH + 1];

  jam_bigquery_batch_format_row_id(&self->batch, row, row_id);
  if (jam_bigquery_accepted_contains(self->options.accepted, self->options.tables->names[table], row_id))
    {
      row->state = JAM_BIGQUERY_ROW_ACCEPTED;
      row->was_accepted_before = TRUE;
    }
}

/* The message's rows of one table are the last ones there. */
static void
_skip_accepted_rows_of_table(JamBigQuerySink *self, const JamTableRows *rows)
{
  guint n_rows = jam_bigquery_batch_count_rows(&self->batch, rows->table);

  for (guint i = n_rows - rows->n_rows; i < n_rows; i++)
    _skip_if_accepted(self, rows->table, jam_bigquery_batch_get_row(&self->batch, rows->table, i));
}

static void
_skip_accepted_rows(JamBigQuerySink *self)
{
  if (jam_bigquery_accepted_is_empty(self->options.accepted))
    return;
  for (gsize i = 0; i < self->rows.n_tables; i++)
    _skip_accepted_rows_of_table(self, &self->rows.tables[i]);
}

static JamSinkResult
_append(JamSink *s, const JamMessage *message, const gchar *partition G_GNUC_UNUSED, JamReject *reject,
        GError **error G_GNUC_UNUSED)
{
  JamBigQuerySink *self = (JamBigQuerySink *) s;

  if (!jam_message_rows_encode(&self->rows, message, jam_bigquery_batch_get_buffer, &self->batch, reject))
    return JAM_SINK_REJECTED;
  jam_bigquery_batch_add_message(&self->batch, &message->id, &self->rows);
  _skip_accepted_rows(self);
  return JAM_SINK_APPENDED;
}

static gboolean
_wants_commit(JamSink *s)
{
  JamBigQuerySink *self = (JamBigQuerySink *) s;

  return self->batch.n_bytes >= MAX_BATCH_BYTES;
}

static gboolean
_load_row(JamBigQuerySink *self, gint table, JamBigQueryRow *row, GError **error)
{
  gchar *location = jam_bigquery_tables_get_location(self->options.live_tables, table);
  gboolean success = jam_bigquery_load_row(&self->api, &self->batch, table, self->options.tables->names[table],
                                           location, row, error);

  g_free(location);
  return success;
}

static gboolean
_load_rows_of_table(JamBigQuerySink *self, gint table, GError **error)
{
  for (guint i = 0; i < jam_bigquery_batch_count_rows(&self->batch, table); i++)
    {
      JamBigQueryRow *row = jam_bigquery_batch_get_row(&self->batch, table, i);
      if (row->state == JAM_BIGQUERY_ROW_LARGE && !_load_row(self, table, row, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
_load_large_rows(JamBigQuerySink *self, GError **error)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      if (!_load_rows_of_table(self, i, error))
        return FALSE;
    }
  return TRUE;
}

static void
_count_accepted(JamBigQuerySink *self)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      self->super.batch_rows[i] = 0;
      for (guint j = 0; j < jam_bigquery_batch_count_rows(&self->batch, i); j++)
        self->super.batch_rows[i] += jam_bigquery_batch_get_row(&self->batch, i, j)->state == JAM_BIGQUERY_ROW_ACCEPTED;
    }
}

static gboolean
_commit(JamSink *s, GError **error)
{
  JamBigQuerySink *self = (JamBigQuerySink *) s;
  JamBigQueryDelivery delivery = {
    .api = &self->api,
    .batch = &self->batch,
    .tables = self->options.tables,
    .limits = self->options.limits,
    .gzip = self->gzip,
  };

  if (!jam_bigquery_delivery_stream(&delivery, error) || !_load_large_rows(self, error))
    {
      /* the operator may mend the tables */
      jam_bigquery_tables_forget(self->options.live_tables);
      return FALSE;
    }
  _count_accepted(self);
  return TRUE;
}

/* Of a batch that is done with, what was remembered is forgotten; of one that comes
 * again, what is in is remembered. */
static void
_update_accepted(JamBigQuerySink *self, gint table, const JamBigQueryRow *row, gboolean is_finished)
{
  const gchar *name = self->options.tables->names[table];
  gchar row_id[JAM_MAX_ROW_ID_LENGTH + 1];

  if (row->state != JAM_BIGQUERY_ROW_ACCEPTED || row->was_accepted_before != is_finished)
    return;
  jam_bigquery_batch_format_row_id(&self->batch, row, row_id);
  if (is_finished)
    jam_bigquery_accepted_remove(self->options.accepted, name, row_id);
  else
    jam_bigquery_accepted_add(self->options.accepted, name, row_id);
}

static void
_update_all_accepted(JamBigQuerySink *self, gboolean is_finished)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      for (guint j = 0; j < jam_bigquery_batch_count_rows(&self->batch, i); j++)
        _update_accepted(self, i, jam_bigquery_batch_get_row(&self->batch, i, j), is_finished);
    }
}

static void
_start_batch(JamBigQuerySink *self)
{
  jam_bigquery_batch_reset(&self->batch);
  memset(self->super.batch_rows, 0, sizeof(self->super.batch_rows));
}

static void
_finish_batch(JamSink *s)
{
  JamBigQuerySink *self = (JamBigQuerySink *) s;

  if (!jam_bigquery_accepted_is_empty(self->options.accepted))
    _update_all_accepted(self, TRUE);
  _start_batch(self);
}

static void
_drop_batch(JamSink *s)
{
  JamBigQuerySink *self = (JamBigQuerySink *) s;

  _update_all_accepted(self, FALSE);
  _start_batch(self);
}

/* Curl closes idle connections itself. */
static void
_release_idle(JamSink *s G_GNUC_UNUSED, gint64 idle_us G_GNUC_UNUSED)
{
}

static void
_free(JamSink *s)
{
  JamBigQuerySink *self = (JamBigQuerySink *) s;

  jam_bigquery_batch_clear(&self->batch);
  jam_message_rows_clear(&self->rows);
  jam_row_encoder_free(self->encoder);
  if (self->gzip)
    jam_gzip_free(self->gzip);
  jam_http_client_free(self->options.client);
  g_free(self);
}

JamSink *
jam_bigquery_sink_new(const JamBigQuerySinkOptions *options)
{
  JamBigQuerySink *self = g_new0(JamBigQuerySink, 1);

  self->super.commit_mode = JAM_SINK_PER_ROW;
  self->super.open = _open;
  self->super.append = _append;
  self->super.wants_commit = _wants_commit;
  self->super.commit = _commit;
  self->super.finish_batch = _finish_batch;
  self->super.drop_batch = _drop_batch;
  self->super.release_idle = _release_idle;
  self->super.free_fn = _free;
  self->options = *options;
  self->api = (JamBigQueryApi){
    .client = options->client,
    .credentials = options->credentials,
    .reporter = options->reporter,
    .root = options->root,
    .project = options->project,
    .dataset = options->dataset,
  };
  self->encoder = jam_row_encoder_new(JAM_DIALECT_BIGQUERY);
  jam_message_rows_init(&self->rows, self->encoder, options->tables);
  jam_bigquery_batch_init(&self->batch);
  self->super.row_rejects = self->batch.row_rejects;
  self->gzip = options->compression ? jam_gzip_new() : NULL;
  return &self->super;
}
