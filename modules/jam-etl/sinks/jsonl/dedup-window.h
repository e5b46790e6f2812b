/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_DEDUP_WINDOW_H_INCLUDED
#define JAM_DEDUP_WINDOW_H_INCLUDED

#include "core/bytes/message-id.h"

/* The identities of the last messages that were committed, and of those that are
 * reserved: in a batch that is not committed yet. A lookup takes one probe on average,
 * for any traffic: places in the table depend on numbers that no sender knows. */
typedef struct _JamDedupWindow JamDedupWindow;

/* Returns an empty window over @size messages, at least 1; 16 bytes each are kept in
 * order, and about three times as much in the table. */
JamDedupWindow *jam_dedup_window_new(guint size);
void jam_dedup_window_free(JamDedupWindow *self);

/* Fetches the place of @identity in the table into the processor's cache. */
void jam_dedup_window_prefetch(const JamDedupWindow *self, const JamIdentity *identity);

gboolean jam_dedup_window_contains(const JamDedupWindow *self, const JamIdentity *identity);

/* Reserves an identity. Returns FALSE if it is reserved or committed already. */
gboolean jam_dedup_window_reserve(JamDedupWindow *self, const JamIdentity *identity);

/* Removes an identity that is reserved. */
void jam_dedup_window_release(JamDedupWindow *self, const JamIdentity *identity);

/* Commits a reserved identity as the latest; the oldest one is removed if the window is
 * full. */
void jam_dedup_window_commit(JamDedupWindow *self, const JamIdentity *identity);

/* Returns the number of committed identities. */
guint jam_dedup_window_length(const JamDedupWindow *self);

/* Copies the committed identities to @out, oldest first. */
void jam_dedup_window_copy(const JamDedupWindow *self, JamIdentity *out);

#endif
