/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef NUMBERED_ROWS_H_INCLUDED
#define NUMBERED_ROWS_H_INCLUDED

#include "sinks/jsonl/jsonl-sink.h"

/* A JSONL sink and messages that are known by their number: appended, committed, and
 * found again in the files. Some have rows in one table, some in two. */
typedef struct _NumberedRows
{
  gchar *directory;
  JamTableSelection tables;
  JamMessage *message;
  gchar *journal_path;
  JamSink *sink;
  guint n_suppressed;
} NumberedRows;

/* Opens a sink for files in @directory; with @dedup_window 0 without a journal. */
void numbered_rows_init(NumberedRows *self, const gchar *directory, JamFileOpener *opener, gboolean fsync,
                        guint dedup_window);

/* Closes the sink, dropping its batch. */
void numbered_rows_clear(NumberedRows *self);

/* Appends messages number @first to @last and commits them. Returns FALSE if that
 * failed; the batch is dropped then. */
gboolean numbered_rows_write(NumberedRows *self, guint first, guint last);

/* Returns what is wrong with the files in @directory: rows of messages number 0 to
 * @last that are missing, twice or out of order, and lines that are not whole; the
 * caller frees it. NULL if nothing is. */
gchar *numbered_rows_find_fault(const gchar *directory, guint last);

#endif
