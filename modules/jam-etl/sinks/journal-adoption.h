/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JOURNAL_ADOPTION_H_INCLUDED
#define JAM_JOURNAL_ADOPTION_H_INCLUDED

#include "sinks/file-operations.h"

/* Gives the name @path to a journal in the same directory that is for the same
 * @contents, see JamJournalOptions, and that nobody has open: its destination has had
 * another name. Returns FALSE if there is none. */
gboolean jam_journal_adopt(const gchar *path, guint64 contents, JamFileOpener *opener);

#endif
