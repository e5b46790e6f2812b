/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CRASH_STATES_H_INCLUDED
#define CRASH_STATES_H_INCLUDED

#include "recorded-files.h"

/* What a disk may hold after a crash in the middle of recorded operations.
 *
 * After a kill all that was done is there, and of the last write perhaps only some
 * pages. After a power cut what was not synced may be lost: of a write each page,
 * with or without the file having become longer; a truncation; and of what was done
 * to names, which a file system keeps in order, the latest part. */
typedef struct _CrashStates CrashStates;

/* Returns the states after the first @n of @operations; with a @power_cut, or a kill
 * only. */
CrashStates *crash_states_new(const GArray *operations, guint n, gboolean power_cut);
void crash_states_free(CrashStates *self);

/* Returns how many states there are, at most G_MAXUINT. */
guint crash_states_count(const CrashStates *self);

/* Makes state number @index in the empty @directory. */
void crash_states_make(const CrashStates *self, guint index, const gchar *directory);

#endif
