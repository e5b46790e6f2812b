/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JIP3_MESSAGES_H_INCLUDED
#define JAM_JIP3_MESSAGES_H_INCLUDED

#include "core/jip3/events.h"
#include "core/jip3/identity.h"
#include "core/jip3/window.h"

/* The messages of a connection as JSON objects. Times of arrival are in nanoseconds since
 * 1970. */

/* An event as far as it was read. */
typedef struct _JamJip3Event
{
  guint64 id;
  /* JAM_JIP3_UNKNOWN_TIME if the content has none that can be written */
  guint64 time;
  /* JAM_JIP3_UNKNOWN_TYPE */
  guint16 type;
  /* NULL if the type is unknown */
  const JamJip3EventKind *kind;
  gboolean has_reference;
  guint64 reference;
  /* the fields that follow the reference */
  JamJip3Cursor fields;
} JamJip3Event;

/* What an event's reference tells. */
typedef struct _JamJip3Link
{
  guint64 root;
  gboolean has_elapsed;
  gint64 elapsed;
  /* NULL if nothing comes from it */
  const JamJip3Chain *chain;
} JamJip3Link;

typedef struct _JamJip3Counts
{
  /* messages after the node information */
  guint64 n_events;
  /* sum of all dropped events */
  guint64 n_dropped;
  guint64 n_undecoded;
} JamJip3Counts;

/* Appends the message for the node information @content. */
void jam_jip3_append_connected(JamBuffer *out, const JamJip3Identity *identity, const JamJip3Cursor *content,
                               gint64 now);

/* Appends the message for the end of a connection that was there for @elapsed
 * microseconds. */
void jam_jip3_append_disconnected(JamBuffer *out, const JamJip3Identity *identity, const JamJip3Counts *counts,
                                  gint64 now, gint64 elapsed);

/* Appends the message of an event whose fields are yet to be read; @own are its values of
 * the chain's columns, @raw the content to be in the message or NULL, @n_cores as in
 * jam_jip3_fields_write. Returns FALSE if the fields cannot be read; then nothing is
 * appended. */
gboolean jam_jip3_append_event(JamBuffer *out, const JamJip3Identity *identity, const JamJip3Event *event,
                               const JamJip3Link *link, const JamJip3ChainValues *own, const JamJip3Cursor *raw,
                               gint n_cores, JamJip3Problem *problem);

/* Appends the message of an event that cannot be read. @content is NULL if it was
 * skipped. */
void jam_jip3_append_unreadable(JamBuffer *out, const JamJip3Identity *identity, const JamJip3Event *event,
                                const JamJip3Problem *problem, const JamJip3Cursor *content, gint64 now);

#endif
