/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JSONL_SINK_H_INCLUDED
#define JAM_JSONL_SINK_H_INCLUDED

#include "sinks/jsonl/journal.h"
#include "sinks/sink.h"

#define JAM_JSONL_SUFFIX ".jsonl"

typedef struct _JamJsonlSinkOptions
{
  JamDialect dialect;
  /* rows are on disk before a batch counts as committed */
  gboolean fsync;
  const JamTableSelection *tables;
  JamFileOpener *opener;
  /* of the journal, see jam_journal_path() */
  const gchar *journal_path;
  /* where partitions are below the journal's directory, as the configuration has it */
  const gchar *journal_layout;
  /* messages that are known when they come again; 0: none, and no journal is kept */
  guint dedup_window;
} JamJsonlSinkOptions;

/* Returns a sink that appends rows to TABLE.jsonl in the directory that is the
 * message's partition (an absolute path). What @options points to must outlive
 * it. A batch that fails in one file is taken back in all. With a journal each
 * message is written once, whatever happens; a journal that is there is taken away
 * if none is kept, since it would not know what is written from then on. */
JamSink *jam_jsonl_sink_new(const JamJsonlSinkOptions *options);

#endif
