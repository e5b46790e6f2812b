/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "test-files.h"

#include "core/jamtart/message-kind.h"
#include "core/tables/source.h"
#include "core/tables/table-definitions.h"

#include <criterion/criterion.h>
#include <json-glib/json-glib.h>
#include <string.h>

static const gchar *dialects[JAM_N_DIALECTS] = { "dune", "bigquery" };

static const gchar *type_names[][JAM_N_DIALECTS] = {
  [JAM_TYPE_TIMESTAMP] = { "timestamp", "TIMESTAMP" }, [JAM_TYPE_INTEGER] = { "bigint", "INTEGER" },
  [JAM_TYPE_UINT64] = { "uint256", "NUMERIC" },        [JAM_TYPE_STRING] = { "varchar", "STRING" },
  [JAM_TYPE_BYTES] = { "varchar", "BYTES" },
};

static const JamColumn *
_find_column(const JamTable *table, JamDialect dialect, const gchar *name)
{
  for (gsize i = 0; i < table->n_columns; i++)
    {
      const JamColumn *column = &table->columns[i];
      if (column->type[dialect] != JAM_TYPE_NONE && g_str_equal(jam_column_name(column, dialect), name))
        return column;
    }
  return NULL;
}

Test(table_definitions, tables_are_found_by_name)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    cr_expect_eq(jam_table_lookup(jam_tables[i].name), i);
  cr_expect_eq(jam_table_lookup(""), -1);
  cr_expect_eq(jam_table_lookup("block"), -1);
  cr_expect_eq(jam_table_lookup("Blocks"), -1);
}

Test(table_definitions, column_names_are_unique_in_each_dialect)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      for (gint dialect = 0; dialect < JAM_N_DIALECTS; dialect++)
        {
          for (gsize j = 0; j < jam_tables[i].n_columns; j++)
            {
              const JamColumn *column = &jam_tables[i].columns[j];
              const gchar *name = jam_column_name(column, dialect);
              if (column->type[dialect] != JAM_TYPE_NONE)
                cr_expect_eq(_find_column(&jam_tables[i], dialect, name), column, "%s.%s", jam_tables[i].name, name);
            }
        }
    }
}

Test(table_definitions, column_names_need_no_quoting)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      for (gsize j = 0; j < jam_tables[i].n_columns; j++)
        {
          for (gint dialect = 0; dialect < JAM_N_DIALECTS; dialect++)
            {
              const gchar *name = jam_column_name(&jam_tables[i].columns[j], dialect);
              cr_expect(*name && strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789") == strlen(name), "%s", name);
            }
        }
    }
}

static const struct
{
  const gchar *name;
  JamColumnType type;
  JamColumnMode mode;
} common_columns[] = {
  { "time", JAM_TYPE_TIMESTAMP, JAM_REQUIRED },  { "slot", JAM_TYPE_INTEGER, JAM_REQUIRED },
  { "team", JAM_TYPE_STRING, JAM_REQUIRED },     { "sender_id", JAM_TYPE_STRING, JAM_REQUIRED },
  { "elapsed", JAM_TYPE_INTEGER, JAM_NULLABLE }, { "time_ns", JAM_TYPE_INTEGER, JAM_REQUIRED },
  { "row_id", JAM_TYPE_STRING, JAM_REQUIRED },   { "codec_encoded", JAM_TYPE_STRING, JAM_NULLABLE },
};

Test(table_definitions, every_table_has_the_common_columns_in_both_dialects)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      for (gsize j = 0; j < G_N_ELEMENTS(common_columns); j++)
        {
          for (gint dialect = 0; dialect < JAM_N_DIALECTS; dialect++)
            {
              const JamColumn *column = _find_column(&jam_tables[i], dialect, common_columns[j].name);
              cr_assert(column, "%s.%s", jam_tables[i].name, common_columns[j].name);
              cr_expect_eq(column->type[dialect], common_columns[j].type);
              cr_expect_eq(column->mode, common_columns[j].mode);
            }
        }
    }
}

/* The encoder turns the first column's comma into the row's bracket. */
Test(table_definitions, the_first_column_is_never_null)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      const JamColumn *first = &jam_tables[i].columns[0];
      cr_expect(first->mode == JAM_REQUIRED && first->type[JAM_DIALECT_DUNE] && first->type[JAM_DIALECT_BIGQUERY]);
    }
}

Test(table_definitions, every_source_parses_and_has_a_fitting_type)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      for (gsize j = 0; j < jam_tables[i].n_columns; j++)
        {
          const JamColumn *column = &jam_tables[i].columns[j];
          gboolean in_a_row = jam_tables[i].each != NULL;
          JamSource source;

          jam_source_parse(&source, &jam_tables[i], column);
          cr_expect_eq(jam_source_has_path(&source), source.kind >= JAM_SOURCE_VALUE, "%s", column->from);
          if (source.kind == JAM_SOURCE_METADATA || jam_source_has_path(&source))
            cr_expect(source.path && !strpbrk(source.path, "()[]"), "%s: %s", column->from, source.path);
          cr_expect(source.frame == JAM_FRAME_PAYLOAD || in_a_row, "%s", column->from);
          cr_expect(source.frame != JAM_FRAME_PAIRED || jam_tables[i].paired, "%s", column->from);
          if (source.kind == JAM_SOURCE_COUNT || source.kind == JAM_SOURCE_INDEX)
            cr_expect(column->type[JAM_DIALECT_DUNE] == JAM_TYPE_INTEGER
                      || column->type[JAM_DIALECT_BIGQUERY] == JAM_TYPE_INTEGER);
        }
    }
}

static const struct
{
  const gchar *from;
  JamSourceKind kind;
  JamFrame frame;
  const gchar *path;
} sources[] = {
  { "time", JAM_SOURCE_TIME, JAM_FRAME_PAYLOAD, NULL },
  { "slot(time)", JAM_SOURCE_SLOT, JAM_FRAME_PAYLOAD, NULL },
  { "unix_ns(time)", JAM_SOURCE_UNIX_NS, JAM_FRAME_PAYLOAD, NULL },
  { "metadata.wph", JAM_SOURCE_METADATA, JAM_FRAME_PAYLOAD, "wph" },
  { "json_encoded.a.b", JAM_SOURCE_VALUE, JAM_FRAME_PAYLOAD, "a.b" },
  { "json(json_encoded.a)", JAM_SOURCE_JSON, JAM_FRAME_PAYLOAD, "a" },
  { "count(json_encoded)", JAM_SOURCE_COUNT, JAM_FRAME_PAYLOAD, "" },
  { "blake2b256(json_encoded.blob)", JAM_SOURCE_BLAKE2B256, JAM_FRAME_PAYLOAD, "blob" },
  { "base64(item)", JAM_SOURCE_BASE64, JAM_FRAME_EACH, "" },
  { "item.record.imports", JAM_SOURCE_VALUE, JAM_FRAME_EACH, "record.imports" },
  { "vals_current[index].blocks", JAM_SOURCE_VALUE, JAM_FRAME_EACH, "blocks" },
  { "vals_last[index].blocks", JAM_SOURCE_VALUE, JAM_FRAME_PAIRED, "blocks" },
  { "index", JAM_SOURCE_INDEX, JAM_FRAME_PAYLOAD, NULL },
  { "header_hash(codec_encoded)", JAM_SOURCE_OBJECT_HASH, JAM_FRAME_PAYLOAD, NULL },
};

Test(table_definitions, sources_are_taken_apart)
{
  const JamTable *table = &jam_tables[jam_table_lookup("validatorstatistics")];

  for (gsize i = 0; i < G_N_ELEMENTS(sources); i++)
    {
      JamColumn column = { .name = "x", .from = sources[i].from };
      JamSource source;

      jam_source_parse(&source, table, &column);
      cr_expect_eq(source.kind, sources[i].kind, "%s: kind %d", sources[i].from, source.kind);
      cr_expect_eq(source.frame, sources[i].frame, "%s: frame %d", sources[i].from, source.frame);
      cr_expect_eq(g_strcmp0(source.path, sources[i].path), 0, "%s: path %s", sources[i].from, source.path);
    }
}

Test(table_definitions, all_tables_are_filled_by_some_msg_type)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      for (gsize j = 0; j < JAM_MAX_MSG_TYPES; j++)
        {
          const JamMessageKind *kind = jam_message_kind_lookup(jam_tables[i].msg_types[j]);
          gboolean filled = FALSE;

          for (gsize k = 0; kind && k < kind->n_tables; k++)
            filled = filled || kind->tables[k] == i;
          cr_expect_eq(filled, jam_tables[i].msg_types[j] >= 0, "%s", jam_tables[i].name);
        }
    }
}

/* From here on, the comparison with the contract's own list. */

static JsonArray *
_load_contract(JsonParser *parser)
{
  gchar *text;
  gsize length;

  cr_assert(test_files_read("data", "tables.json", &text, &length));
  cr_assert(json_parser_load_from_data(parser, text, length, NULL));
  g_free(text);
  return json_object_get_array_member(json_node_get_object(json_parser_get_root(parser)), "tables");
}

static gchar *
_rows_in_words(const JamTable *table)
{
  switch (table->rows)
    {
    case JAM_ROWS_EACH:
      return g_strconcat("each ", table->each, table->paired ? ", paired by index with " : NULL, table->paired, NULL);
    case JAM_ROWS_EACH_IF_ANY:
      return g_strconcat("each ", table->each, " (null or missing: no row)", NULL);
    case JAM_ROWS_EACH_STRING:
      return g_strconcat("dune: one; bigquery: each ", table->each, " (null or empty: one row, index and data null)",
                         NULL);
    default:
      return g_strdup("one");
    }
}

/* A column that stands for two of ours has a source a dialect. */
static gboolean
_is_same_source(const JamColumn *column, JamDialect dialect, const gchar *from)
{
  if (g_str_equal(from, "dune: json(json_encoded); bigquery: item (already base64)"))
    from = dialect == JAM_DIALECT_DUNE ? "json(json_encoded)" : "base64(item)";
  return g_str_equal(column->from, from);
}

/* The alternatives of @path, which the list's @names may begin with. */
static void
_expect_aliases(const JamTable *table, const gchar *path, JsonObject *spec, const gchar *key)
{
  JsonArray *names = json_object_has_member(spec, key) ? json_object_get_array_member(spec, key) : json_array_new();
  guint n = json_array_get_length(names);
  guint at = n > 0 && g_strcmp0(json_array_get_string_element(names, 0), path) == 0;

  for (gsize i = 0; i < jam_n_aliases; i++)
    {
      if (jam_aliases[i].msg_type != table->msg_types[0] || g_strcmp0(jam_aliases[i].of, path) != 0)
        continue;
      cr_assert_lt(at, n, "%s is not in the contract", jam_aliases[i].path);
      cr_expect_str_eq(jam_aliases[i].path, json_array_get_string_element(names, at++));
    }
  cr_expect_eq(at, n, "%s: %s lacks other names", table->name, path);
  if (!json_object_has_member(spec, key))
    json_array_unref(names);
}

static void
_expect_column(const JamTable *table, const JamColumn *column, JamDialect dialect, JsonObject *spec)
{
  const gchar *name = json_object_get_string_member(spec, "name");
  gboolean required = json_object_has_member(spec, "required") && json_object_get_boolean_member(spec, "required");

  if (dialect == JAM_DIALECT_BIGQUERY && json_object_has_member(spec, "bigquery_name"))
    name = json_object_get_string_member(spec, "bigquery_name");
  cr_expect_str_eq(jam_column_name(column, dialect), name, "%s.%s", table->name, name);
  cr_expect_str_eq(type_names[column->type[dialect]][dialect], json_object_get_string_member(spec, dialects[dialect]),
                   "%s.%s", table->name, name);
  cr_expect_eq(column->mode == JAM_REQUIRED, required, "%s.%s", table->name, name);
  cr_expect(_is_same_source(column, dialect, json_object_get_string_member(spec, "from")), "%s.%s", table->name, name);
  _expect_aliases(table, column->from, spec, "or");
}

static void
_expect_columns(const JamTable *table, JamDialect dialect, JsonArray *spec)
{
  gsize at = 0;

  for (guint i = 0; i < json_array_get_length(spec); i++)
    {
      JsonObject *column = json_array_get_object_element(spec, i);
      if (!json_object_has_member(column, dialects[dialect]))
        continue;
      while (at < table->n_columns && table->columns[at].type[dialect] == JAM_TYPE_NONE)
        at++;
      cr_assert_lt(at, table->n_columns, "%s lacks columns", table->name);
      _expect_column(table, &table->columns[at++], dialect, column);
    }
  while (at < table->n_columns && table->columns[at].type[dialect] == JAM_TYPE_NONE)
    at++;
  cr_expect_eq(at, table->n_columns, "%s has more columns", table->name);
}

static void
_expect_table(const JamTable *table, JsonObject *spec)
{
  JsonArray *msg_types = json_object_get_array_member(spec, "msg_types");
  gchar *rows = _rows_in_words(table);

  cr_assert_str_eq(table->name, json_object_get_string_member(spec, "table"));
  cr_expect_str_eq(rows, json_object_get_string_member(spec, "rows"), "%s", table->name);
  g_free(rows);
  cr_expect_eq(table->member_name != NULL, json_object_has_member(spec, "each_may_be_object"), "%s", table->name);
  if (json_object_has_member(spec, "each"))
    _expect_aliases(table, table->each, spec, "each");
  _expect_aliases(table, table->paired, spec, "paired");
  for (guint i = 0; i < JAM_MAX_MSG_TYPES; i++)
    {
      gint64 expected = i < json_array_get_length(msg_types) ? json_array_get_int_element(msg_types, i) : -1;
      cr_expect_eq(table->msg_types[i], expected, "%s", table->name);
    }
  for (gint dialect = 0; dialect < JAM_N_DIALECTS; dialect++)
    _expect_columns(table, dialect, json_object_get_array_member(spec, "columns"));
}

Test(table_definitions, are_those_of_the_contract)
{
  JsonParser *parser = json_parser_new();
  JsonArray *contract = _load_contract(parser);

  cr_assert_eq(json_array_get_length(contract), JAM_N_TABLES);
  for (gint i = 0; i < JAM_N_TABLES; i++)
    _expect_table(&jam_tables[i], json_array_get_object_element(contract, i));
  g_object_unref(parser);
}
