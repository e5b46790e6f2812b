/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_MESSAGE_H_INCLUDED
#define JAM_MESSAGE_H_INCLUDED

#include "core/jamtart/item-list.h"
#include "core/bytes/message-id.h"
#include "core/jamtart/message-kind.h"
#include "core/tables/reject.h"
#include "core/tables/team-map.h"

/* The longest message that is read, in bytes: spans are 32 bits wide. */
#define JAM_MESSAGE_MAX_LENGTH G_MAXINT32

/* The message's own keys; also their slots in the envelope's frame. */
typedef enum
{
  JAM_KEY_ROOT,
  JAM_KEY_TIME,
  JAM_KEY_SENDER_ID,
  JAM_KEY_MSG_TYPE,
  JAM_KEY_JSON_ENCODED,
  JAM_KEY_ELAPSED,
  JAM_KEY_METADATA,
  JAM_KEY_CODEC_ENCODED,
  JAM_KEY_TEAM,
  JAM_N_KEYS,
} JamMessageKey;

/* A jamtart message taken apart. One object is used for many messages, one
 * after the other, so that reading allocates nothing in the long run. */
typedef struct _JamMessage
{
  /* as received, white space at both ends left out; the caller's */
  JamText body;
  const JamMessageKind *kind;
  /* the msg_type's text that @kind was found by */
  const gchar *kind_text;
  JamJsonValue envelope[JAM_N_KEYS];
  JamJsonValue payload[JAM_MAX_PAYLOAD_SLOTS];
  JamItemList lists[JAM_MAX_LISTS];

  gint64 time_ns;
  gint64 slot;
  /* of the body: its hex starts the row_ids */
  JamMessageId id;
  /* JSON strings with their quotation marks, without unpaired surrogates */
  JamText sender_id;
  JamText team;
  JamBuffer paired_sender_id;
  /* decoded, if it was escaped */
  JamBuffer metadata;
  JamBuffer scratch;
} JamMessage;

JamMessage *jam_message_new(void);
void jam_message_free(JamMessage *self);

/* Reads the @length bytes at @text, which must stay as they are while @self is
 * used. @team_map may be NULL. Returns FALSE and fills in @reject if this is no
 * message that rows can be made of; the payload's values are not checked yet. */
gboolean jam_message_read(JamMessage *self, const gchar *text, gsize length, const JamTeamMap *team_map,
                          JamReject *reject);

/* Finds the value of @key, of @key_length bytes, in the message's metadata: decoded UTF-8 that @self
 * keeps until the next message. Returns FALSE if there is none. */
gboolean jam_message_get_metadata(const JamMessage *self, const gchar *key, gsize key_length, JamText *value);

/* Returns element number @index's value at @slot in list number @list, or NULL
 * if there are not that many elements. */
static inline const JamJsonValue *
jam_message_get_item(const JamMessage *self, guint list, guint index, guint slot)
{
  const JamItemList *items = &self->lists[list];

  return index < items->n_items ? &items->values[(gsize) index * items->n_slots + slot] : NULL;
}

#endif
