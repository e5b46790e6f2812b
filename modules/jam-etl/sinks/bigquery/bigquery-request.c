/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-request.h"

#define BODY_START "{\"rows\":["
#define ROW_START "{\"insertId\":\""
#define ROW_MIDDLE "\",\"json\":"
#define ROW_END "},"
#define BODY_END "]}"

static JamBigQueryRequest *
_new(const JamBigQueryApi *api, gint table, const gchar *table_name)
{
  JamBigQueryRequest *self = g_new0(JamBigQueryRequest, 1);

  self->table = table;
  self->rows = g_array_new(FALSE, FALSE, sizeof(guint));
  self->url = jam_bigquery_api_make_table_url(api, table_name, "/insertAll");
  jam_http_call_init(&self->call, "POST", self->url);
  self->call.content_type = "application/json";
  return self;
}

void
jam_bigquery_request_free(JamBigQueryRequest *self)
{
  jam_http_call_clear(&self->call);
  jam_buffer_clear(&self->body);
  g_array_unref(self->rows);
  g_free(self->url);
  g_free(self);
}

static gsize
_measure_row(gsize length)
{
  return strlen(ROW_START) + JAM_MAX_ROW_ID_LENGTH + strlen(ROW_MIDDLE) + length + strlen(ROW_END);
}

/* Returns the bytes that a request of one row with @length bytes of JSON has. */
static gsize
_measure(gsize length)
{
  return strlen(BODY_START) + _measure_row(length) + strlen(BODY_END);
}

/* Returns what is left of the rows after as many as one request takes. */
static guint
_fill(JamBigQueryRequest *self, JamBigQueryBatch *batch, guint first, const JamBigQueryLimits *limits)
{
  gsize bytes = _measure(0);
  guint i;

  for (i = first; i < jam_bigquery_batch_count_rows(batch, self->table) && self->rows->len < limits->rows; i++)
    {
      JamBigQueryRow *row = jam_bigquery_batch_get_row(batch, self->table, i);

      if (row->state != JAM_BIGQUERY_ROW_WAITING)
        continue;
      if (_measure(row->length) > limits->bytes)
        {
          row->state = JAM_BIGQUERY_ROW_LARGE;
          continue;
        }
      bytes += _measure_row(row->length);
      if (bytes > limits->bytes && self->rows->len > 0)
        break;
      g_array_append_val(self->rows, i);
    }
  return i;
}

void
jam_bigquery_request_add_all(GPtrArray *requests, const JamBigQueryApi *api, JamBigQueryBatch *batch, gint table,
                             const gchar *table_name, const JamBigQueryLimits *limits)
{
  guint next = 0;

  while (next < jam_bigquery_batch_count_rows(batch, table))
    {
      JamBigQueryRequest *request = _new(api, table, table_name);

      next = _fill(request, batch, next, limits);
      if (request->rows->len > 0)
        g_ptr_array_add(requests, request);
      else
        jam_bigquery_request_free(request);
    }
}

JamBigQueryRequest *
jam_bigquery_request_split(JamBigQueryRequest *self, const JamBigQueryApi *api, const gchar *table_name)
{
  JamBigQueryRequest *other = _new(api, self->table, table_name);
  guint n_kept = self->rows->len / 2;

  self->is_part = other->is_part = TRUE;
  g_array_append_vals(other->rows, &g_array_index(self->rows, guint, n_kept), self->rows->len - n_kept);
  g_array_set_size(self->rows, n_kept);
  return other;
}

void
jam_bigquery_request_keep_waiting_rows(JamBigQueryRequest *self, const JamBigQueryBatch *batch)
{
  guint n_kept = 0;

  for (guint i = 0; i < self->rows->len; i++)
    {
      guint index = g_array_index(self->rows, guint, i);
      if (jam_bigquery_batch_get_row(batch, self->table, index)->state == JAM_BIGQUERY_ROW_WAITING)
        g_array_index(self->rows, guint, n_kept++) = index;
    }
  g_array_set_size(self->rows, n_kept);
}

static void
_append_row(JamBuffer *out, const JamBigQueryBatch *batch, gint table, const JamBigQueryRow *row)
{
  gchar row_id[JAM_MAX_ROW_ID_LENGTH + 1];
  gsize length = jam_bigquery_batch_format_row_id(batch, row, row_id);

  jam_buffer_append_literal(out, ROW_START);
  jam_buffer_append(out, row_id, length);
  jam_buffer_append_literal(out, ROW_MIDDLE);
  jam_buffer_append(out, batch->tables[table].json.data + row->offset, row->length);
  jam_buffer_append_literal(out, ROW_END);
}

static void
_make_body(const JamBigQueryRequest *self, const JamBigQueryBatch *batch, JamBuffer *out)
{
  jam_buffer_append_literal(out, BODY_START);
  for (guint i = 0; i < self->rows->len; i++)
    _append_row(out, batch, self->table,
                jam_bigquery_batch_get_row(batch, self->table, g_array_index(self->rows, guint, i)));
  /* the last comma */
  out->length--;
  jam_buffer_append_literal(out, BODY_END);
}

void
jam_bigquery_request_prepare(JamBigQueryRequest *self, const JamBigQueryBatch *batch, JamGzip *gzip)
{
  JamBuffer plain = { .data = NULL };

  self->body.length = 0;
  if (gzip)
    {
      _make_body(self, batch, &plain);
      jam_gzip_append(gzip, plain.data, plain.length, &self->body);
      jam_buffer_clear(&plain);
    }
  else
    _make_body(self, batch, &self->body);
  self->call.is_gzip = gzip != NULL;
  self->call.body = self->body.data;
  self->call.length = self->body.length;
}
