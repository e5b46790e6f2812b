/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BIGQUERY_BATCH_H_INCLUDED
#define JAM_BIGQUERY_BATCH_H_INCLUDED

#include "core/rows/message-rows.h"

/* The rows of a batch, and what has become of each. */

typedef enum
{
  /* to be streamed */
  JAM_BIGQUERY_ROW_WAITING,
  /* too large to be streamed: to be loaded */
  JAM_BIGQUERY_ROW_LARGE,
  JAM_BIGQUERY_ROW_ACCEPTED,
  JAM_BIGQUERY_ROW_REJECTED,
} JamBigQueryRowState;

typedef struct _JamBigQueryRow
{
  /* in the batch */
  guint message;
  /* among the message's rows of this table */
  guint number;
  /* of its JSON, without the newline */
  gsize offset;
  gsize length;
  JamBigQueryRowState state;
  /* it went in with an earlier batch that could not be finished */
  gboolean was_accepted_before;
} JamBigQueryRow;

typedef struct _JamBigQueryTableRows
{
  JamBuffer json;
  /* JamBigQueryRow */
  GArray *rows;
} JamBigQueryTableRows;

typedef struct _JamBigQueryBatch
{
  JamBigQueryTableRows tables[JAM_N_TABLES];
  /* JAM_MESSAGE_ID_LENGTH bytes a message */
  GString *message_ids;
  guint n_messages;
  /* of all rows, with their newlines */
  gsize n_bytes;
  /* JamRowRejects; and where a message's stand, by message, G_MAXUINT if nowhere */
  GArray *row_rejects;
  GArray *reject_places;
} JamBigQueryBatch;

void jam_bigquery_batch_init(JamBigQueryBatch *self);
void jam_bigquery_batch_clear(JamBigQueryBatch *self);

/* Starts over. */
void jam_bigquery_batch_reset(JamBigQueryBatch *self);

/* Returns the JSON of @table in the JamBigQueryBatch @self: a JamBufferFunc. */
JamBuffer *jam_bigquery_batch_get_buffer(gpointer self, gint table);

/* Adds a message with this @id, whose @rows are at the end of the tables' JSON. */
void jam_bigquery_batch_add_message(JamBigQueryBatch *self, const JamMessageId *id, const JamMessageRows *rows);

/* Returns the row of @table at @index; it moves when rows are added. */
static inline JamBigQueryRow *
jam_bigquery_batch_get_row(const JamBigQueryBatch *self, gint table, guint index)
{
  return &g_array_index(self->tables[table].rows, JamBigQueryRow, index);
}

static inline guint
jam_bigquery_batch_count_rows(const JamBigQueryBatch *self, gint table)
{
  return self->tables[table].rows->len;
}

/* Writes @row's row_id, with a NUL, to @row_id; returns its length. */
gsize jam_bigquery_batch_format_row_id(const JamBigQueryBatch *self, const JamBigQueryRow *row,
                                       gchar row_id[JAM_MAX_ROW_ID_LENGTH + 1]);

/* Marks @row as rejected and keeps why: BigQuery's @message about the column at
 * @location, which may be empty. */
void jam_bigquery_batch_reject_row(JamBigQueryBatch *self, gint table, JamBigQueryRow *row, const gchar *location,
                                   const gchar *message);

#endif
