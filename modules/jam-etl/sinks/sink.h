/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_SINK_H_INCLUDED
#define JAM_SINK_H_INCLUDED

#include "core/message.h"
#include "core/table-definitions.h"

/* Where rows go. Rows of many messages are gathered into a batch, which is then
 * committed whole: a message counts as delivered when the commit that follows
 * its append has succeeded. A sink belongs to one thread at a time. */

typedef enum
{
  /* the message's rows are in the batch, or it has none in the chosen tables */
  JAM_SINK_APPENDED,
  /* the message can never be written; the batch is as before */
  JAM_SINK_REJECTED,
  /* the batch must be dropped and sent again later */
  JAM_SINK_FAILED,
} JamSinkResult;

/* Which tables are written, and under which names. */
typedef struct _JamTableSelection
{
  gboolean enabled[JAM_N_TABLES];
  gchar *names[JAM_N_TABLES];
} JamTableSelection;

/* Enables all tables under their own names. */
void jam_table_selection_init(JamTableSelection *self);
void jam_table_selection_clear(JamTableSelection *self);

typedef struct _JamSink JamSink;

struct _JamSink
{
  /* rows in the batch, by index in jam_tables */
  guint64 batch_rows[JAM_N_TABLES];

  JamSinkResult (*append)(JamSink *self, const JamMessage *message, const gchar *partition,
                          JamReject *reject, GError **error);
  gboolean (*wants_commit)(JamSink *self);
  gboolean (*commit)(JamSink *self, GError **error);
  void (*drop_batch)(JamSink *self);
  void (*release_idle)(JamSink *self, gint64 idle_us);
  void (*free_fn)(JamSink *self);
};

/* Adds @message's rows to the batch. @partition says where to, in the sink's own
 * terms. @reject is filled in on JAM_SINK_REJECTED, @error on JAM_SINK_FAILED. */
static inline JamSinkResult
jam_sink_append(JamSink *self, const JamMessage *message, const gchar *partition,
                JamReject *reject, GError **error)
{
  return self->append(self, message, partition, reject, error);
}

/* Returns TRUE if the batch is as large as it may become. */
static inline gboolean
jam_sink_wants_commit(JamSink *self)
{
  return self->wants_commit(self);
}

/* Makes the batch final and starts an empty one; the caller reads batch_rows
 * before. On failure returns FALSE and sets @error: nothing of the batch is
 * there, and the caller drops it. */
static inline gboolean
jam_sink_commit(JamSink *self, GError **error)
{
  return self->commit(self, error);
}

/* Forgets the batch. */
static inline void
jam_sink_drop_batch(JamSink *self)
{
  self->drop_batch(self);
}

/* Gives back what was not used for @idle_us microseconds. */
static inline void
jam_sink_release_idle(JamSink *self, gint64 idle_us)
{
  self->release_idle(self, idle_us);
}

/* Drops the batch and closes everything. */
static inline void
jam_sink_free(JamSink *self)
{
  self->free_fn(self);
}

#endif
