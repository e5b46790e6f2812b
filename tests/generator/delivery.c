/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "delivery.h"

gboolean
delivery_take(gpointer user_data, MessageKind kind, const MessageStamp *stamp, Buffer *text, GError **error)
{
  Delivery *self = user_data;

  syslog_frame_write_head(&self->head, &self->scratch, self->format, self->framing, stamp->sender, stamp->time_ns,
                          text->len);
  if (self->framing == SYSLOG_FRAMING_NEWLINE)
    buffer_append_byte(text, '\n');

  self->counts[kind].messages++;
  self->counts[kind].bytes += self->head.len + text->len;
  return (self->head.len == 0 || output_write(self->output, stamp->sender, self->head.data, self->head.len, error))
         && output_write(self->output, stamp->sender, text->data, text->len, error);
}

void
delivery_print_counts(const Delivery *self, gboolean per_kind)
{
  DeliveryCount total = { 0 };

  for (guint i = 0; i < MESSAGE_KINDS; i++)
    {
      const DeliveryCount *count = &self->counts[i];

      total.messages += count->messages;
      total.bytes += count->bytes;
      if (per_kind)
        g_printerr("msg_type %u: %" G_GUINT64_FORMAT " messages, %" G_GUINT64_FORMAT " bytes\n",
                   message_kind_get_type(i), count->messages, count->bytes);
    }
  g_printerr("%" G_GUINT64_FORMAT " messages, %" G_GUINT64_FORMAT " bytes\n", total.messages, total.bytes);
}

void
delivery_free_data(Delivery *self)
{
  buffer_free_data(&self->head);
  buffer_free_data(&self->scratch);
}
