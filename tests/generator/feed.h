/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_FEED_H_INCLUDED
#define JAMTART_GEN_FEED_H_INCLUDED

#include "messages.h"

/* Takes one message of the feed; TEXT has no line end and may be changed.
 * Returns FALSE and sets ERROR to stop the feed. */
typedef gboolean (*FeedSink)(gpointer user_data, MessageKind kind, const MessageStamp *stamp, Buffer *text,
                             GError **error);

typedef struct _FeedConfig
{
  NetworkConfig network; /* whose first_slot the feed starts with */
  guint64 slots;
  guint kinds;       /* a bit for each MessageKind that is wanted */
  const gchar *team; /* borrowed; NULL for none */
} FeedConfig;

/* Slot 0 began at this many seconds since 1970: 2025-01-01T12:00:00Z. */
#define FEED_SLOT_ZERO_SECONDS G_GINT64_CONSTANT(1735732800)

/* Runs a network through its slots and hands each message that is wanted to
 * SINK, about in the order of their times. Leaving a kind out does not change
 * the others. Returns FALSE with ERROR set as soon as SINK does. */
gboolean feed_run(const FeedConfig *config, FeedSink sink, gpointer user_data, GError **error);

#endif
