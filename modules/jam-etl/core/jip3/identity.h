/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JIP3_IDENTITY_H_INCLUDED
#define JAM_JIP3_IDENTITY_H_INCLUDED

#include "core/jip3/node.h"

/* What the messages of a connection say of its node, as JSON text. */
typedef struct _JamJip3Identity
{
  /* the members sender_id, team and connection_id; whole blocks may be read */
  JamBuffer members;
  /* the members of json_encoded in a node's message, the counts excepted */
  JamBuffer columns;
} JamJip3Identity;

/* The peer of a connection, which is known without any message. */
typedef struct _JamJip3Peer
{
  /* NULL if it is unknown */
  const gchar *ip;
  guint16 port;
} JamJip3Peer;

/* Makes the texts for @node, NULL if it is unknown. @version is the protocol
 * version, -1 if unknown. */
void jam_jip3_identity_set(JamJip3Identity *self, const JamJip3Node *node, gint version, const JamJip3Peer *peer,
                           guint64 connection_id);
void jam_jip3_identity_clear(JamJip3Identity *self);

#endif
