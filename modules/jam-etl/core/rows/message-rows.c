/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/rows/message-rows.h"

void
jam_message_rows_init(JamMessageRows *self, JamRowEncoder *encoder, const JamTableSelection *selection)
{
  *self = (JamMessageRows){
    .encoder = encoder,
    .selection = selection,
    .ends = g_array_new(FALSE, FALSE, sizeof(gsize)),
  };
}

void
jam_message_rows_clear(JamMessageRows *self)
{
  g_array_unref(self->ends);
}

static gboolean
_encode_table(JamMessageRows *self, const JamMessage *message, gint table, JamBuffer *buffer, JamReject *reject)
{
  JamTableRows *rows = &self->tables[self->n_tables++];

  *rows = (JamTableRows){ .table = table, .buffer = buffer, .offset = buffer->length };
  return jam_row_encoder_encode(self->encoder, message, table, buffer, self->ends, &rows->n_rows, reject);
}

gboolean
jam_message_rows_encode(JamMessageRows *self, const JamMessage *message, JamBufferFunc get_buffer, gpointer user_data,
                        JamReject *reject)
{
  self->n_tables = 0;
  g_array_set_size(self->ends, 0);
  for (gsize i = 0; i < message->kind->n_tables; i++)
    {
      gint table = message->kind->tables[i];

      if (!self->selection->enabled[table] || _encode_table(self, message, table, get_buffer(user_data, table), reject))
        continue;
      jam_message_rows_rollback(self);
      return FALSE;
    }
  return TRUE;
}

void
jam_message_rows_rollback(JamMessageRows *self)
{
  for (gsize i = 0; i < self->n_tables; i++)
    self->tables[i].buffer->length = self->tables[i].offset;
  self->n_tables = 0;
  g_array_set_size(self->ends, 0);
}
