/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ROW_PLAN_H_INCLUDED
#define JAM_ROW_PLAN_H_INCLUDED

#include "core/jamtart/message-kind.h"
#include "core/tables/source.h"

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
  /* ,"name": and zeros, whole blocks */
  gchar *key;
  gsize key_length;
  /* what stands in front of an integer's digits: the key, and a quotation mark if
   * the dialect has one there; zeros behind it */
  gchar lead[JAM_BUFFER_BLOCK];
  gsize lead_length;
  guint slot;
  /* the same in all rows of a message */
  gboolean is_constant;
};

/* How the columns of a run are made in all rows but the first. */
typedef enum
{
  /* They are the same, and copied: but for the row's number in a row_id, which only
   * the last can be. */
  JAM_RUN_CONSTANT,
  /* integers of the element, or of the one it is paired with */
  JAM_RUN_INTEGERS,
  JAM_RUN_OTHER,
} JamRunKind;

/* The columns from @from up to, not including, @to. */
typedef struct _JamColumnRun
{
  JamRunKind kind;
  gsize from, to;
  /* the column @to is the row_id, and belongs to this constant run */
  gboolean ends_with_row_id;
} JamColumnRun;

/* more than there are never happens: tables have a head, a middle, and a tail */
#define JAM_MAX_RUNS 8

/* A value on the way to columns: it must be an object. */
typedef struct _JamObjectCheck
{
  JamFrame frame;
  guint slot;
  const gchar *path;
  gboolean required;
  /* Required, unless a value that is a member of it was found under another name. */
  gboolean has_unless;
  guint unless_slot;
} JamObjectCheck;

struct _JamRowPlan
{
  const JamTable *table;
  JamDialect dialect;
  JamColumnPlan *columns;
  gsize n_columns;
  JamColumnRun runs[JAM_MAX_RUNS];
  gsize n_runs;
  GArray *message_checks;
  GArray *row_checks;
  /* valid if the table has arrays to make rows of */
  guint each_slot, each_list;
  guint paired_slot, paired_list;
  /* of an object's member that a row is made of; NULL if it must be an array */
  const JamShape *member_name;
  /* the column that it goes to */
  const gchar *member_column;
  /* of the values at the paths of the encoded object that a column is the hash of */
  guint object_slots[JAM_MAX_ENCODED_FIELDS];
};

/* Makes the plan of jam_tables[@table] in @dialect. Columns that are TRUE in
 * @left_out, by their index in the table's definition, are not in the rows; NULL
 * leaves out none. The first column must stay. */
void jam_row_plan_init(JamRowPlan *self, gint table, JamDialect dialect, const gboolean *left_out);

void jam_row_plan_clear(JamRowPlan *self);

#endif
