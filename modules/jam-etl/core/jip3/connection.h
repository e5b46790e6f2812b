/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JIP3_CONNECTION_H_INCLUDED
#define JAM_JIP3_CONNECTION_H_INCLUDED

#include "core/bytes/buffer.h"
#include "core/jip3/cursor.h"

/* One connection of a JIP-3 node: its bytes in, a JSON object for each message out.
 *
 * Where the contract leaves room:
 * - A first message that is no node information, but can be read as an event of
 *   version 1, is event 0 of an unknown node: then there is no message "connected".
 *   One that is neither is node information that cannot be read. Its first byte says
 *   the version of the events; they are of version 1 if it is neither 0 nor 1.
 * - A first frame over the message limit is event 0 of an unknown node.
 * - A connection without a whole frame has no message "disconnected"; otherwise its
 *   elapsed, beside json_encoded, is the time since the connection was made.
 * - A message has the same members in any case: unknown values are null, the chain of
 *   an event whose table has no columns from it is {}. Only json_encoded,
 *   codec_encoded and problem are there or not.
 * - A string that is not UTF-8 has U+FFFD for each byte that is in no valid sequence, and
 *   is read all the same; in node information, too.
 * - A column's value is told by every event that has a field of the name, whatever its
 *   table. Events whose references cannot be followed belong to the chain whose root
 *   they name, and tell it their values.
 * - An event that cannot be read can be named like one that can, by the type in its
 *   frame; elapsed is null where its time is missing or beyond 2262. A skipped frame,
 *   or one too short for a type, can be named by references to any type only, and so
 *   cannot an id that was dropped.
 * - A reference over 2^63-1 is no reference.
 * - An event with a time field beyond 2262 cannot be read.
 * - num_events counts skipped frames too; num_dropped only events that can be read. */

typedef struct _JamJip3Connection JamJip3Connection;

typedef struct _JamJip3ConnectionOptions
{
  /* unique; also seeds a hash table, so that a sender should not know it beforehand */
  guint64 connection_id;
  /* of the peer, as text; NULL if it has none */
  const gchar *remote_ip;
  guint16 remote_port;
  /* longest content in bytes that is read */
  gsize message_limit;
  /* codec_encoded for all events */
  gboolean raw;
} JamJip3ConnectionOptions;

typedef enum
{
  /* all bytes were taken, and no message ends with them */
  JAM_JIP3_MORE,
  /* a message was appended; bytes may be left */
  JAM_JIP3_MESSAGE,
  /* A frame begins that is too long for any of JIP-3: the connection should be closed.
   * It stays so. */
  JAM_JIP3_NOT_JIP3,
} JamJip3Result;

/* The connection was made at @now, in nanoseconds since 1970. Copies the options. */
JamJip3Connection *jam_jip3_connection_new(const JamJip3ConnectionOptions *options, gint64 now);
void jam_jip3_connection_free(JamJip3Connection *self);

/* Takes bytes of @input, which arrived at @now, up to the end of a message, and appends
 * that to @out as one JSON object. To be called until it returns something else than
 * JAM_JIP3_MESSAGE. Once the window is full, no event takes memory but that of @out.
 *
 * An object is at most ten times as long as the message, and 4 KiB more. */
JamJip3Result jam_jip3_connection_feed(JamJip3Connection *self, JamJip3Cursor *input, gint64 now, JamBuffer *out);

/* Appends the message for the end of the connection at @now. Returns FALSE if there is
 * none. To be called once, after the last bytes. */
gboolean jam_jip3_connection_end(JamJip3Connection *self, gint64 now, JamBuffer *out);

/* Returns the length that the frame claims which made the connection not JIP-3. */
guint32 jam_jip3_connection_frame_length(const JamJip3Connection *self);

/* Returns how much memory the connection has, in bytes: at most 8 MiB, and of a frame in
 * pieces as much as has arrived, twice at most. */
gsize jam_jip3_connection_n_bytes(const JamJip3Connection *self);

#endif
