/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TEST_JIP3_MESSAGES_H_INCLUDED
#define JAM_TEST_JIP3_MESSAGES_H_INCLUDED

#include "jip3-spec.h"

#include "core/jip3/connection.h"

/* when connections are made, bytes arrive, and connections end: 2026-11-25T22:39:21Z,
 * and one and two seconds later */
#define JIP3_START_NS (G_GINT64_CONSTANT(1795646361) * 1000000000)
#define JIP3_ARRIVAL_NS (JIP3_START_NS + 1000000000)
#define JIP3_END_NS (JIP3_START_NS + 2000000000)

/* a first message of node "n0", with @n_cores cores in the layout of 134 bytes */
GByteArray *jip3_node_information(guint8 version, guint16 n_cores);

/* Appends the frame of an event. */
void jip3_append_event(GByteArray *wire, guint64 time, guint8 type, const guint8 *fields, gsize n_bytes);

/* The same, with a reference and nothing else. */
void jip3_append_reference_event(GByteArray *wire, guint64 time, guint8 type, guint64 reference);

/* The same, of a dropped event. */
void jip3_append_dropped(GByteArray *wire, guint64 time, guint64 num_dropped);

/* Returns a connection 7f3a91c05b2e6d48 from 127.0.0.1:5000. */
JamJip3Connection *jip3_connection_new(gsize message_limit, gboolean raw);

/* Feeds the bytes in pieces of at most @piece bytes, each of them right before a page
 * that may not be touched, and adds the messages (GString) to @messages. Every message
 * must be a JSON object. Returns the last result. */
JamJip3Result jip3_feed(JamJip3Connection *connection, const guint8 *bytes, gsize n_bytes, gsize piece,
                        GPtrArray *messages);

/* Returns all messages of a connection with these bytes, with the one for its end; the
 * caller frees the array. */
GPtrArray *jip3_messages(const guint8 *bytes, gsize n_bytes, gsize piece);

GPtrArray *jip3_messages_new(void);

/* Returns the JSON text at @path, such as "json_encoded.reason", or NULL if it is
 * missing; the caller frees it. */
gchar *jip3_member(const GString *message, const gchar *path);

/* cr_expect: the JSON text at @path of message @index is @expected; NULL: none. */
void jip3_expect_member(const GPtrArray *messages, guint index, const gchar *path, const gchar *expected);

#endif
