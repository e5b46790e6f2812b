/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_DELIVERY_H_INCLUDED
#define JAMTART_GEN_DELIVERY_H_INCLUDED

#include "feed.h"
#include "output.h"
#include "syslog-frame.h"

typedef struct _DeliveryCount
{
  guint64 messages;
  guint64 bytes; /* with header and framing */
} DeliveryCount;

/* Frames the messages of a feed, writes them and counts them. A zeroed
 * Delivery with the first three members set is ready for use. */
typedef struct _Delivery
{
  Output *output; /* borrowed */
  SyslogFormat format;
  SyslogFraming framing;
  DeliveryCount counts[MESSAGE_KINDS];
  Buffer head;
  Buffer scratch;
} Delivery;

/* A FeedSink; its user_data is a Delivery. A sender keeps to one stream. */
gboolean delivery_take(gpointer user_data, MessageKind kind, const MessageStamp *stamp, Buffer *text, GError **error);

/* Prints a line with the messages and bytes of all kinds to standard error,
 * and before it one for each kind where PER_KIND. */
void delivery_print_counts(const Delivery *self, gboolean per_kind);

/* Frees what taking messages allocated. */
void delivery_free_data(Delivery *self);

#endif
