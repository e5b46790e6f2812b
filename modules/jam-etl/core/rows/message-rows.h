/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_MESSAGE_ROWS_H_INCLUDED
#define JAM_MESSAGE_ROWS_H_INCLUDED

#include "core/rows/row-encoder.h"
#include "core/tables/table-selection.h"

/* The rows of one message at the end of a batch's buffers, one buffer a table: all of
 * them are kept, or all are rolled back. One object serves many messages, one after
 * the other, in one thread. */

typedef struct _JamTableRows
{
  /* index in jam_tables */
  gint table;
  JamBuffer *buffer;
  /* length of the buffer without them */
  gsize offset;
  guint n_rows;
} JamTableRows;

typedef struct _JamMessageRows
{
  JamRowEncoder *encoder;
  const JamTableSelection *selection;
  JamTableRows tables[JAM_MAX_TABLES_PER_KIND];
  gsize n_tables;
  /* gsize, in the order of the tables: the length of the buffer after each row */
  GArray *ends;
} JamMessageRows;

/* Returns the buffer for rows of jam_tables[@table]; it stays where it is until the
 * next message. */
typedef JamBuffer *(*JamBufferFunc)(gpointer user_data, gint table);

/* @encoder and @selection outlive @self. */
void jam_message_rows_init(JamMessageRows *self, JamRowEncoder *encoder, const JamTableSelection *selection);
void jam_message_rows_clear(JamMessageRows *self);

/* Encodes the rows that @message has in the selected tables to the buffers of
 * @get_buffer. If a value is bad, returns FALSE, fills in @reject, and leaves the
 * buffers as they were. */
gboolean jam_message_rows_encode(JamMessageRows *self, const JamMessage *message, JamBufferFunc get_buffer,
                                 gpointer user_data, JamReject *reject);

/* Returns TRUE if the message has no row in the selected tables. */
static inline gboolean
jam_message_rows_is_empty(const JamMessageRows *self)
{
  return self->ends->len == 0;
}

/* Takes the rows off the buffers. */
void jam_message_rows_rollback(JamMessageRows *self);

#endif
