/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ROW_PLAN_H_INCLUDED
#define JAM_ROW_PLAN_H_INCLUDED

#include "core/message-kind.h"
#include "core/source.h"

/* A table's definition made ready for encoding rows of one dialect: names are
 * written out, paths are resolved to slots. */

typedef struct _JamColumnPlan JamColumnPlan;
typedef struct _JamRowPlan JamRowPlan;

struct _JamColumnPlan
{
  const JamColumn *definition;
  JamSource source;
  JamColumnType type;
  const gchar *name;
  /* what a rejection names: the value, and the column that holds it */
  const gchar *value_name;
  const gchar *rejected_column;
  /* ,"name": */
  gchar *key;
  gsize key_length;
  guint slot;
  /* the same in all rows of a message */
  gboolean is_constant;
};

/* A value on the way to columns: it must be an object. */
typedef struct _JamObjectCheck
{
  JamFrame frame;
  guint slot;
  const gchar *path;
  gboolean required;
} JamObjectCheck;

struct _JamRowPlan
{
  const JamTable *table;
  JamDialect dialect;
  JamColumnPlan *columns;
  gsize n_columns;
  /* how many of the first columns are constant */
  gsize n_constant_columns;
  GArray *message_checks;
  GArray *row_checks;
  /* valid if the table has arrays to make rows of */
  guint each_slot, each_list;
  guint paired_slot, paired_list;
  guint header_epoch_slot, header_validators_slot, header_tickets_slot;
};

/* Makes the plan of jam_tables[@table] in @dialect. Columns that are TRUE in
 * @left_out, by their index in the table's definition, are not in the rows; NULL
 * leaves out none. The first column must stay. */
void jam_row_plan_init(JamRowPlan *self, gint table, JamDialect dialect, const gboolean *left_out);

void jam_row_plan_clear(JamRowPlan *self);

#endif
