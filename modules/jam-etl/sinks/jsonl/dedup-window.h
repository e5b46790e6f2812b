/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_DEDUP_WINDOW_H_INCLUDED
#define JAM_DEDUP_WINDOW_H_INCLUDED

#include <glib.h>

/* A message's XXH3-128. */
typedef struct _JamIdentity
{
  guint64 words[2];
} JamIdentity;

/* hex digits of an identity */
#define JAM_IDENTITY_HEX_LENGTH 32

/* Reads the identity from JAM_IDENTITY_HEX_LENGTH lower-case hex digits at @hex.
 * Returns FALSE if they are something else. */
gboolean jam_identity_from_hex(JamIdentity *self, const gchar *hex);

/* The identities of the last messages that were committed, and of those that are
 * on their way. Looking one up takes one probe in the long run, whatever is sent:
 * places in the table depend on numbers that no sender knows. */
typedef struct _JamDedupWindow JamDedupWindow;

/* Returns an empty window over @size messages, at least 1; 16 bytes each are kept in
 * order, and about three times as much in the table. */
JamDedupWindow *jam_dedup_window_new(guint size);
void jam_dedup_window_free(JamDedupWindow *self);

/* Gets the place of @identity in the table on its way into the processor's cache. */
void jam_dedup_window_prefetch(const JamDedupWindow *self, const JamIdentity *identity);

gboolean jam_dedup_window_contains(const JamDedupWindow *self, const JamIdentity *identity);

/* Adds an identity that is on its way. Returns FALSE if it is there already. */
gboolean jam_dedup_window_reserve(JamDedupWindow *self, const JamIdentity *identity);

/* Takes out an identity that was added and has not been kept. */
void jam_dedup_window_release(JamDedupWindow *self, const JamIdentity *identity);

/* Keeps an identity that was added, as the latest; the oldest makes room for it. */
void jam_dedup_window_commit(JamDedupWindow *self, const JamIdentity *identity);

/* Returns how many identities are kept. */
guint jam_dedup_window_length(const JamDedupWindow *self);

/* Copies the identities that are kept to @out, oldest first. */
void jam_dedup_window_copy(const JamDedupWindow *self, JamIdentity *out);

#endif
