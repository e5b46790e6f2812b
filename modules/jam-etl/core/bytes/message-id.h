/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_MESSAGE_ID_H_INCLUDED
#define JAM_MESSAGE_ID_H_INCLUDED

#include <glib.h>

/* hex digits of a message's XXH3-128 */
#define JAM_MESSAGE_ID_LENGTH 32

/* An XXH3-128 as two numbers, the high 64 bits first. */
typedef struct _JamIdentity
{
  guint64 words[2];
} JamIdentity;

/* The identity of a message, and its canonical form: lower-case hex without a NUL. */
typedef struct _JamMessageId
{
  JamIdentity identity;
  gchar hex[JAM_MESSAGE_ID_LENGTH];
} JamMessageId;

/* Makes the id of the @length bytes at @text: their XXH3-128 with seed 0. */
void jam_message_id_make(JamMessageId *self, const gchar *text, gsize length);

/* Reads an identity from JAM_MESSAGE_ID_LENGTH lower-case hex digits at @hex. Returns
 * FALSE if they are anything else. */
gboolean jam_identity_from_hex(JamIdentity *self, const gchar *hex);

#endif
