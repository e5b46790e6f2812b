/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Writes the tables' schemas, at build time: OUTPUT/DIALECT/TABLE.json, as `bq mk`
 * and Dune's table API take them. */
#include "core/table-definitions.h"

#include <glib/gstdio.h>
#include <stdlib.h>

static const gchar *dialect_names[JAM_N_DIALECTS] =
{
  [JAM_DIALECT_DUNE] = "dune",
  [JAM_DIALECT_BIGQUERY] = "bigquery",
};

static const gchar *
_type_name(JamColumnType type, JamDialect dialect)
{
  static const gchar *names[][JAM_N_DIALECTS] =
  {
    [JAM_TYPE_NONE] = { NULL, NULL },
    [JAM_TYPE_TIMESTAMP] = { "timestamp", "TIMESTAMP" },
    [JAM_TYPE_INTEGER] = { "bigint", "INTEGER" },
    [JAM_TYPE_STRING] = { "varchar", "STRING" },
    [JAM_TYPE_BYTES] = { "varchar", "BYTES" },
  };

  return names[type][dialect];
}

static const gchar *
_mode_text(JamColumnMode mode, JamDialect dialect)
{
  static const gchar *texts[][JAM_N_DIALECTS] =
  {
    [JAM_NULLABLE] = { ", \"nullable\": true", ", \"mode\": \"NULLABLE\"" },
    [JAM_REQUIRED] = { ", \"nullable\": false", ", \"mode\": \"REQUIRED\"" },
  };

  return texts[mode][dialect];
}

static gchar *
_format_schema(const JamTable *table, JamDialect dialect)
{
  GString *schema = g_string_new("[");
  const gchar *separator = "\n";

  for (gsize i = 0; i < table->n_columns; i++)
    {
      const JamColumn *column = &table->columns[i];

      if (column->type[dialect] == JAM_TYPE_NONE)
        continue;
      g_string_append_printf(schema, "%s  {\"name\": \"%s\", \"type\": \"%s\"%s}", separator,
                             jam_column_name(column, dialect), _type_name(column->type[dialect], dialect),
                             _mode_text(column->mode, dialect));
      separator = ",\n";
    }
  g_string_append(schema, "\n]\n");
  return g_string_free(schema, FALSE);
}

static void
_write_schema(const gchar *output, const JamTable *table, JamDialect dialect)
{
  gchar *directory = g_build_filename(output, dialect_names[dialect], NULL);
  gchar *path = g_strdup_printf("%s/%s.json", directory, table->name);
  gchar *schema = _format_schema(table, dialect);
  GError *error = NULL;

  g_mkdir_with_parents(directory, 0777);
  if (!g_file_set_contents(path, schema, -1, &error))
    {
      g_printerr("jam-etl-schema: %s\n", error->message);
      exit(1);
    }
  g_free(schema);
  g_free(path);
  g_free(directory);
}

int
main(int argc, char *argv[])
{
  if (argc != 2)
    {
      g_printerr("usage: jam-etl-schema OUTPUT\n");
      return 2;
    }
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      for (gint dialect = 0; dialect < JAM_N_DIALECTS; dialect++)
        _write_schema(argv[1], &jam_tables[i], dialect);
    }
  return 0;
}
