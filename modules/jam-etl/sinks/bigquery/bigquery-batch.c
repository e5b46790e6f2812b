/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-batch.h"
#include "sinks/sink.h"

/* memory that is kept for the next batch, for each table */
#define MAX_KEPT_BYTES (4 * 1024 * 1024)

static void
_row_rejects_clear(gpointer s)
{
  JamRowRejects *self = s;

  g_array_unref(self->rejects);
}

void
jam_bigquery_batch_init(JamBigQueryBatch *self)
{
  *self = (JamBigQueryBatch){
    .message_ids = g_string_new(NULL),
    .row_rejects = g_array_new(FALSE, FALSE, sizeof(JamRowRejects)),
    .reject_places = g_array_new(FALSE, FALSE, sizeof(guint)),
  };
  g_array_set_clear_func(self->row_rejects, _row_rejects_clear);
  for (gint i = 0; i < JAM_N_TABLES; i++)
    self->tables[i].rows = g_array_new(FALSE, FALSE, sizeof(JamBigQueryRow));
}

void
jam_bigquery_batch_clear(JamBigQueryBatch *self)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      jam_buffer_clear(&self->tables[i].json);
      g_array_unref(self->tables[i].rows);
    }
  g_string_free(self->message_ids, TRUE);
  g_array_unref(self->row_rejects);
  g_array_unref(self->reject_places);
}

void
jam_bigquery_batch_reset(JamBigQueryBatch *self)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      jam_buffer_reset(&self->tables[i].json, MAX_KEPT_BYTES);
      g_array_set_size(self->tables[i].rows, 0);
    }
  g_string_truncate(self->message_ids, 0);
  self->n_messages = 0;
  self->n_bytes = 0;
  g_array_set_size(self->row_rejects, 0);
  g_array_set_size(self->reject_places, 0);
}

JamBuffer *
jam_bigquery_batch_get_buffer(gpointer s, gint table)
{
  JamBigQueryBatch *self = s;

  return &self->tables[table].json;
}

/* Returns the place after the last of @ends that is of these rows. */
static const gsize *
_add_rows(JamBigQueryBatch *self, const JamTableRows *rows, const gsize *ends)
{
  JamBigQueryRow row = { .message = self->n_messages, .offset = rows->offset };

  for (; row.number < rows->n_rows; row.number++)
    {
      row.length = *ends - row.offset - 1;
      g_array_append_val(self->tables[rows->table].rows, row);
      row.offset = *ends++;
    }
  self->n_bytes += row.offset - rows->offset;
  return ends;
}

void
jam_bigquery_batch_add_message(JamBigQueryBatch *self, const JamMessageId *id, const JamMessageRows *rows)
{
  const gsize *ends = (const gsize *) rows->ends->data;
  const guint nowhere = G_MAXUINT;

  for (gsize i = 0; i < rows->n_tables; i++)
    ends = _add_rows(self, &rows->tables[i], ends);
  g_array_append_val(self->reject_places, nowhere);
  g_string_append_len(self->message_ids, id->hex, JAM_MESSAGE_ID_LENGTH);
  self->n_messages++;
}

gsize
jam_bigquery_batch_format_row_id(const JamBigQueryBatch *self, const JamBigQueryRow *row,
                                 gchar row_id[JAM_MAX_ROW_ID_LENGTH + 1])
{
  const gchar *id = self->message_ids->str + (gsize) row->message * JAM_MESSAGE_ID_LENGTH;

  return g_snprintf(row_id, JAM_MAX_ROW_ID_LENGTH + 1, "%.*s-%u", JAM_MESSAGE_ID_LENGTH, id, row->number);
}

/* Returns our own name for it, which is constant. */
static const gchar *
_find_column(gint table, const gchar *location)
{
  for (gsize i = 0; i < jam_tables[table].n_columns; i++)
    {
      const gchar *name = jam_column_name(&jam_tables[table].columns[i], JAM_DIALECT_BIGQUERY);
      if (g_ascii_strcasecmp(name, location) == 0)
        return name;
    }
  return NULL;
}

static JamRowRejects *
_ensure_row_rejects(JamBigQueryBatch *self, guint message)
{
  guint *place = &g_array_index(self->reject_places, guint, message);

  if (*place == G_MAXUINT)
    {
      JamRowRejects added = { .message = message, .rejects = g_array_new(FALSE, FALSE, sizeof(JamReject)) };
      *place = self->row_rejects->len;
      g_array_append_val(self->row_rejects, added);
    }
  return &g_array_index(self->row_rejects, JamRowRejects, *place);
}

void
jam_bigquery_batch_reject_row(JamBigQueryBatch *self, gint table, JamBigQueryRow *row, const gchar *location,
                              const gchar *message)
{
  JamRowRejects *row_rejects = _ensure_row_rejects(self, row->message);
  JamReject reject;

  row->state = JAM_BIGQUERY_ROW_REJECTED;
  if (row_rejects->n_rows++ >= JAM_MAX_ROW_REJECTS)
    return;
  jam_reject_set(&reject, JAM_REJECT_REFUSED, "%s", *message ? message : "BigQuery gives no reason");
  reject.table = jam_tables[table].name;
  reject.column = _find_column(table, location);
  jam_bigquery_batch_format_row_id(self, row, reject.row_id);
  g_array_append_val(row_rejects->rejects, reject);
}
