/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_REJECT_LOG_H_INCLUDED
#define JAM_REJECT_LOG_H_INCLUDED

#include "core/tables/reject.h"
#include "files/append-file.h"

/* Messages that can never become rows, with the reason, as JSON lines:
 * {"received":…,"host":…,"reason":…,"table":…,"column":…,"message":…}
 * and, where single rows of the message are bad, the first one's "row_id" after the
 * column, how many there are as "refused_rows", and some of the others in "other_rows".
 * Several destinations may share one file. */
typedef struct _JamRejectLog JamRejectLog;

/* What is known of a message beside its text; NUL-terminated. */
typedef struct _JamRejectOrigin
{
  /* ISO 8601 */
  const gchar *received;
  const gchar *host;
} JamRejectOrigin;

/* @path is absolute; @opener must outlive the log. */
JamRejectLog *jam_reject_log_new(const gchar *path, JamFileOpener *opener);
void jam_reject_log_free(JamRejectLog *self);

/* Adds an entry to the batch. Bytes of @message that are not UTF-8 stand as
 * U+FFFD there, and the entry has all bytes once more as "message_base64". */
void jam_reject_log_add(JamRejectLog *self, const JamRejectOrigin *origin, const JamReject *reject,
                        const gchar *message, gsize length);

/* The same for a message of which @n_rows rows are bad; @rejects has the first
 * @n_rejects of them, at least one. */
void jam_reject_log_add_rows(JamRejectLog *self, const JamRejectOrigin *origin, const JamReject *rejects,
                             guint n_rejects, guint n_rows, const gchar *message, gsize length);

/* Returns the bytes that the batch holds. */
gsize jam_reject_log_batch_bytes(const JamRejectLog *self);

/* Writes the batch and makes sure that it is on disk. On failure returns FALSE
 * and sets @error; nothing of the batch is there. */
gboolean jam_reject_log_write(JamRejectLog *self, GError **error);

/* Takes the written batch back and drops it. */
void jam_reject_log_take_back(JamRejectLog *self);

/* Ends the batch, whether it was written (it stays) or not (it is forgotten). */
void jam_reject_log_finish(JamRejectLog *self);

#endif
