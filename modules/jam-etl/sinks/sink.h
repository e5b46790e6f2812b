/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_SINK_H_INCLUDED
#define JAM_SINK_H_INCLUDED

#include "core/jamtart/message.h"
#include "core/tables/table-selection.h"

/* Where rows go. Rows of many messages are gathered in a batch, which is committed as
 * a whole: a message is delivered when the commit that follows its append has
 * succeeded. A sink belongs to one thread at a time. */

#define JAM_SINK_ERROR jam_sink_error_quark()

typedef enum
{
  /* the program stops or reads its configuration again */
  JAM_SINK_ERROR_STOPPED,
  /* a condition that passes */
  JAM_SINK_ERROR_UNAVAILABLE,
  /* a file that the configuration names is missing or cannot be used: to try again costs
   * little more than to look for it */
  JAM_SINK_ERROR_FILE,
} JamSinkError;

GQuark jam_sink_error_quark(void);

/* refused rows of a message that are reported one by one */
#define JAM_MAX_ROW_REJECTS 100

/* The rows of one message that the other side refuses permanently. */
typedef struct _JamRowRejects
{
  /* how many messages the batch had before it */
  guint message;
  guint n_rows;
  /* JamReject, the first JAM_MAX_ROW_REJECTS of them */
  GArray *rejects;
} JamRowRejects;

typedef enum
{
  /* the message's rows are in the batch, or it has none in the chosen tables */
  JAM_SINK_APPENDED,
  /* the message's rows are written already, or in the batch; the batch is as before */
  JAM_SINK_SUPPRESSED,
  /* the message can never be written; the batch is as before */
  JAM_SINK_REJECTED,
  /* the batch must be dropped and sent again later */
  JAM_SINK_FAILED,
} JamSinkResult;

/* What a commit does with a row that the other side refuses. */
typedef enum
{
  /* no row can be refused: the batch is written, or nothing of it */
  JAM_SINK_ATOMIC,
  /* it goes to @row_rejects, and the others are written */
  JAM_SINK_PER_ROW,
} JamSinkCommitMode;

typedef struct _JamSink JamSink;

struct _JamSink
{
  JamSinkCommitMode commit_mode;
  /* rows of the batch that the commit has written, by index in jam_tables */
  guint64 batch_rows[JAM_N_TABLES];
  /* JamRowRejects, one for each message with refused rows; only of JAM_SINK_PER_ROW */
  GArray *row_rejects;

  gboolean (*open)(JamSink *self, GError **error);
  JamSinkResult (*append)(JamSink *self, const JamMessage *message, const gchar *partition, JamReject *reject,
                          GError **error);
  gboolean (*wants_commit)(JamSink *self);
  gboolean (*commit)(JamSink *self, GError **error);
  void (*finish_batch)(JamSink *self);
  void (*drop_batch)(JamSink *self);
  void (*release_idle)(JamSink *self, gint64 idle_us);
  void (*free_fn)(JamSink *self);
};

/* Makes the sink ready, before the first append and after each failure. Returns
 * FALSE and sets @error if that must be tried again later. */
static inline gboolean
jam_sink_open(JamSink *self, GError **error)
{
  return self->open(self, error);
}

/* Adds @message's rows to the batch. @partition says where to, in the sink's own
 * terms. @reject is filled in on JAM_SINK_REJECTED, @error on JAM_SINK_FAILED. */
static inline JamSinkResult
jam_sink_append(JamSink *self, const JamMessage *message, const gchar *partition, JamReject *reject, GError **error)
{
  return self->append(self, message, partition, reject, error);
}

/* Returns TRUE if the batch is as large as it may become. */
static inline gboolean
jam_sink_wants_commit(JamSink *self)
{
  return self->wants_commit(self);
}

/* Makes the batch's rows final. On failure returns FALSE and sets @error: the
 * caller drops the batch. */
static inline gboolean
jam_sink_commit(JamSink *self, GError **error)
{
  return self->commit(self, error);
}

/* Starts an empty batch; the messages of this one are delivered. */
static inline void
jam_sink_finish_batch(JamSink *self)
{
  self->finish_batch(self);
}

/* Starts an empty batch: the messages of this one, committed or not, will be
 * appended again. */
static inline void
jam_sink_drop_batch(JamSink *self)
{
  self->drop_batch(self);
}

/* Releases files and connections that were not used for @idle_us microseconds. */
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
