/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Writes the tables' schemas, at build time: OUTPUT/DIALECT/TABLE.json, as `bq mk`
 * and Dune's table API take them. */
#include "core/tables/table-schema.h"

#include <glib/gstdio.h>
#include <stdlib.h>

static const gchar *dialect_names[JAM_N_DIALECTS] = {
  [JAM_DIALECT_DUNE] = "dune",
  [JAM_DIALECT_BIGQUERY] = "bigquery",
};

static void
_write_schema(const gchar *output, const JamTable *table, JamDialect dialect)
{
  gchar *directory = g_build_filename(output, dialect_names[dialect], NULL);
  gchar *path = g_strdup_printf("%s/%s.json", directory, table->name);
  gchar *schema = jam_table_schema_format(table, dialect);
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
