/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_MESSAGES_H_INCLUDED
#define JAMTART_GEN_MESSAGES_H_INCLUDED

#include "network.h"

typedef enum
{
  MESSAGE_BLOCK,
  MESSAGE_STATISTICS,
  MESSAGE_PREIMAGE,
  MESSAGE_SERVICE,
  MESSAGE_ASSURANCE,
  MESSAGE_TICKET,
  MESSAGE_WORK_PACKAGE,
  MESSAGE_SEGMENTS,
  MESSAGE_WORK_REPORT,
  MESSAGE_KINDS
} MessageKind;

typedef struct _MessageStamp
{
  guint sender;    /* validator index */
  gint64 time_ns;  /* since 1970 */
  guint64 elapsed; /* microseconds; not every kind tells it */
} MessageStamp;

/* Returns the msg_type of KIND. */
guint message_kind_get_type(MessageKind kind);

/* Puts the kind that has the msg_type TYPE into KIND, or returns FALSE if
 * there is none. */
gboolean message_kind_from_type(guint64 type, MessageKind *kind);

/* Puts one message into TEXT, in place of what was there, without a line end.
 * OBJECT is what the message is about: nothing (NULL) for a block or
 * statistics, else a Preimage, Service, Assurance or Ticket, a WorkPackage
 * (work package, segments) or a WorkReport. TEAM may be NULL. CODEC is for
 * scratch. */
void message_write(Buffer *text, Buffer *codec, MessageKind kind, const MessageStamp *stamp, const gchar *team,
                   const Network *network, gconstpointer object);

#endif
