/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/tables/table-schema.h"

const gchar *
jam_column_type_name(JamColumnType type, JamDialect dialect)
{
  static const gchar *names[][JAM_N_DIALECTS] = {
    [JAM_TYPE_NONE] = { NULL, NULL },
    [JAM_TYPE_TIMESTAMP] = { "timestamp", "TIMESTAMP" },
    [JAM_TYPE_INTEGER] = { "bigint", "INTEGER" },
    [JAM_TYPE_UINT64] = { "uint256", "NUMERIC" },
    [JAM_TYPE_STRING] = { "varchar", "STRING" },
    [JAM_TYPE_BYTES] = { "varchar", "BYTES" },
  };

  return names[type][dialect];
}

static const gchar *
_mode_text(JamColumnMode mode, JamDialect dialect)
{
  static const gchar *texts[][JAM_N_DIALECTS] = {
    [JAM_NULLABLE] = { ", \"nullable\": true", ", \"mode\": \"NULLABLE\"" },
    [JAM_REQUIRED] = { ", \"nullable\": false", ", \"mode\": \"REQUIRED\"" },
  };

  return texts[mode][dialect];
}

gchar *
jam_table_schema_format(const JamTable *table, JamDialect dialect)
{
  GString *schema = g_string_new("[");
  const gchar *separator = "\n";

  for (gsize i = 0; i < table->n_columns; i++)
    {
      const JamColumn *column = &table->columns[i];

      if (column->type[dialect] == JAM_TYPE_NONE)
        continue;
      g_string_append_printf(schema, "%s  {\"name\": \"%s\", \"type\": \"%s\"%s}", separator,
                             jam_column_name(column, dialect), jam_column_type_name(column->type[dialect], dialect),
                             _mode_text(column->mode, dialect));
      separator = ",\n";
    }
  g_string_append(schema, "\n]\n");
  return g_string_free(schema, FALSE);
}
