/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TABLE_SCHEMA_H_INCLUDED
#define JAM_TABLE_SCHEMA_H_INCLUDED

#include "core/tables/table-definitions.h"

/* Returns what @dialect's database calls @type; NULL for JAM_TYPE_NONE. */
const gchar *jam_column_type_name(JamColumnType type, JamDialect dialect);

/* Returns @table's columns as JSON, an array of objects: what `bq mk` and the
 * schema.fields of BigQuery's tables.insert take, or the schema of Dune's table
 * API. The caller frees it. */
gchar *jam_table_schema_format(const JamTable *table, JamDialect dialect);

#endif
