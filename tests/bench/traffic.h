/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BENCH_TRAFFIC_H_INCLUDED
#define JAM_BENCH_TRAFFIC_H_INCLUDED

#include "core/jamtart/message.h"

typedef struct _BenchMessage
{
  const gchar *text;
  gsize length;
  const JamMessageKind *kind;
} BenchMessage;

/* Messages in memory, one behind another in one block, as they came. */
typedef struct _Traffic
{
  gchar *block;
  gsize n_bytes;
  BenchMessage *messages;
  gsize n_messages;
} Traffic;

/* Reads the lines of a log file: in each, what starts at the first brace is a
 * message. Lines that no table takes are left out. Returns NULL and sets @error
 * if the file cannot be read or holds no message. */
Traffic *traffic_load(const gchar *path, GError **error);

/* Returns the messages that the program @generator, a jamtart-gen, writes with
 * the arguments @arguments, separated by spaces; NULL and @error otherwise. */
Traffic *traffic_generate(const gchar *generator, const gchar *arguments, GError **error);

/* Returns a copy of at most @limit of the messages of @kind in @self, or NULL if
 * there are none. */
Traffic *traffic_select(const Traffic *self, const JamMessageKind *kind, gsize limit);

void traffic_free(Traffic *self);

#endif
