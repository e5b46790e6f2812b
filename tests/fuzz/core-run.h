/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_FUZZ_CORE_RUN_H_INCLUDED
#define JAM_FUZZ_CORE_RUN_H_INCLUDED

#include "core/jamtart/message-kind.h"
#include "core/tables/reject.h"

/* The core run over one text, with all that came of it kept, so that two runs
 * can be compared. */

/* The encoders that a run has. */
typedef enum
{
  CORE_DUNE,
  CORE_BIGQUERY,
  /* as for a table that lacks columns */
  CORE_BIGQUERY_WITH_GAPS,
  CORE_N_ENCODERS,
} CoreEncoder;

static inline JamDialect
core_encoder_dialect(CoreEncoder encoder)
{
  return encoder == CORE_DUNE ? JAM_DIALECT_DUNE : JAM_DIALECT_BIGQUERY;
}

static inline gboolean
core_encoder_leaves_out(CoreEncoder encoder, gsize column)
{
  return encoder == CORE_BIGQUERY_WITH_GAPS && column % 2 == 1;
}

typedef struct _CoreRows
{
  gint table;
  gboolean is_encoded;
  JamReject reject;
  guint n_rows;
  /* of an encoded table; what stood before them is not in it */
  GString *text;
  /* what stood before them, or a rejected table left something behind */
  gboolean is_output_damaged;
} CoreRows;

typedef struct _CoreResult
{
  gboolean is_json;
  /* the same by stepping into every array and object */
  gboolean is_walked;
  /* of a JSON text, a line a value: how the reader describes it */
  GString *values;
  gboolean is_message;
  JamReject reject;
  gsize n_tables;
  CoreRows rows[CORE_N_ENCODERS][JAM_MAX_TABLES_PER_KIND];
} CoreResult;

/* What is used for text after text: one message object, one of each encoder. */
typedef struct _CoreRun CoreRun;

typedef struct _CoreRunClass
{
  const gchar *name;
  /* @team_map is the text of a team map, or NULL. */
  CoreRun *(*new)(const GString *team_map);
  /* Takes a new message object. */
  void (*renew)(CoreRun *self);
  /* The caller clears @result. */
  void (*read)(CoreRun *self, const gchar *text, gsize length, CoreResult *result);
} CoreRunClass;

/* the core as it is built on this machine, and without vector instructions */
extern const CoreRunClass core_run_built;
extern const CoreRunClass core_run_portable;

void core_result_clear(CoreResult *self);

#endif
