/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TABLE_DEFINITIONS_H_INCLUDED
#define JAM_TABLE_DEFINITIONS_H_INCLUDED

#include <glib.h>

/* Every table, every column: where its value comes from and its type in each
 * dialect. Rows, schemas and tests are all made from these definitions. */

typedef enum
{
  JAM_DIALECT_DUNE,
  JAM_DIALECT_BIGQUERY,
  JAM_N_DIALECTS,
} JamDialect;

typedef enum
{
  /* not in the rows of this dialect */
  JAM_TYPE_NONE,
  JAM_TYPE_TIMESTAMP,
  /* 64 bits with sign */
  JAM_TYPE_INTEGER,
  /* 64 bits without sign, as a decimal string in both dialects */
  JAM_TYPE_UINT64,
  JAM_TYPE_STRING,
  /* dune: the hex text; bigquery: base64 */
  JAM_TYPE_BYTES,
} JamColumnType;

typedef enum
{
  JAM_NULLABLE,
  JAM_REQUIRED,
} JamColumnMode;

typedef struct _JamColumn
{
  const gchar *name;
  /* The value's source: a key of the message; a path from json_encoded, from
   * item (the array element that this row is made of) or from ARRAY[index];
   * metadata.KEY; index (of the element); or FUNCTION(source). */
  const gchar *from;
  JamColumnType type[JAM_N_DIALECTS];
  JamColumnMode mode;
  /* if not NULL, the name in the bigquery dialect */
  const gchar *bigquery_name;
} JamColumn;

typedef enum
{
  /* the table has one row a message */
  JAM_ROWS_ONE,
  /* one row an element of the array; null or missing rejects the message */
  JAM_ROWS_EACH,
  /* one row an element of the array; null or missing: no row */
  JAM_ROWS_EACH_IF_ANY,
  /* bigquery: one row an element, all of them strings, but one row in any case;
   * dune: one row */
  JAM_ROWS_EACH_STRING,
} JamRowsMode;

#define JAM_MAX_MSG_TYPES 2
#define JAM_MAX_REQUIRED_OBJECTS 5

/* A value that must be an object. */
typedef struct _JamRequiredObject
{
  const gchar *path;
  /* If not NULL, the object may be missing if the value at this path was found
   * under another name. */
  const gchar *unless;
} JamRequiredObject;

typedef struct _JamTable
{
  const gchar *name;
  /* unused places are -1 */
  gint msg_types[JAM_MAX_MSG_TYPES];
  JamRowsMode rows;
  /* the array that rows are made of, and the one that ARRAY[index] pairs it with */
  const gchar *each;
  const gchar *paired;
  /* If not NULL, @each may be an object: a row a member, whose name, a decimal u32,
   * and value take the place of these members of an array's element. */
  const gchar *member_name;
  const gchar *member_value;
  /* terminated by a NULL path */
  JamRequiredObject required_objects[JAM_MAX_REQUIRED_OBJECTS];
  const JamColumn *columns;
  gsize n_columns;
} JamTable;

#define JAM_N_TABLES 11

extern const JamTable jam_tables[JAM_N_TABLES];

/* Another name that senders use for a value of the payload. If a message has a
 * value under several names, the last one in its text counts, as with a repeated
 * key. */
typedef struct _JamAlias
{
  /* the first of the message kind's msg_types */
  gint msg_type;
  const gchar *path;
  /* the path that columns and tables have */
  const gchar *of;
} JamAlias;

extern const JamAlias jam_aliases[];
extern const gsize jam_n_aliases;

/* Returns the index in jam_tables of the table called @name, or -1. */
gint jam_table_lookup(const gchar *name);

/* Returns the column's name in @dialect. */
const gchar *jam_column_name(const JamColumn *self, JamDialect dialect);

#endif
