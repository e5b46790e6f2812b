/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JSONL_SINK_H_INCLUDED
#define JAM_JSONL_SINK_H_INCLUDED

#include "sinks/append-file.h"
#include "sinks/sink.h"

#define JAM_JSONL_SUFFIX ".jsonl"

typedef struct _JamJsonlSinkOptions
{
  JamDialect dialect;
  /* rows are on disk before a batch counts as committed */
  gboolean fsync;
  const JamTableSelection *tables;
  JamFileOpener *opener;
} JamJsonlSinkOptions;

/* Returns a sink that appends rows to TABLE.jsonl in the directory that is the
 * message's partition (an absolute path). What @options points to must outlive
 * it. A batch that fails in one file is taken back in all. */
JamSink *jam_jsonl_sink_new(const JamJsonlSinkOptions *options);

#endif
