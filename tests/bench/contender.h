/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BENCH_CONTENDER_H_INCLUDED
#define JAM_BENCH_CONTENDER_H_INCLUDED

#include "traffic.h"

/* What a batch holds at most before it is written, as in the JSONL sink. */
#define CONTENDER_BATCH_BYTES (8 * 1024 * 1024)

/* One way of going over messages. */
typedef struct _Contender
{
  const gchar *name;
  /* returns NULL where it is not installed */
  gpointer (*start)(void);
  /* Goes over all messages once and returns how many rows they gave. */
  gsize (*pass)(gpointer state, const Traffic *traffic);
  void (*stop)(gpointer state);
} Contender;

extern const Contender contenders[];
extern const gsize n_contenders;

/* What the others are compared with. */
#define CONTENDER_MEMCPY "memcpy"
#define CONTENDER_JSON_GLIB "json-glib"
/* What growth is measured of: they take bytes to rows, each in one dialect. */
#define CONTENDER_DUNE "core-dune"
#define CONTENDER_BIGQUERY "core-bigquery"

#endif
