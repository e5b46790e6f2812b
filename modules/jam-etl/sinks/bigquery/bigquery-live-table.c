/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-live-table.h"
#include "core/tables/table-schema.h"
#include "http/json-nodes.h"

#include <string.h>

/* The names of GoogleSQL, which the API also takes. */
static const gchar *
_normal_type(const gchar *type)
{
  static const struct
  {
    const gchar *name;
    const gchar *normal;
  } aliases[] = {
    { "INT64", "INTEGER" },
    { "DECIMAL", "NUMERIC" },
    { "BIGDECIMAL", "BIGNUMERIC" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(aliases); i++)
    {
      if (g_ascii_strcasecmp(type, aliases[i].name) == 0)
        return aliases[i].normal;
    }
  return type;
}

/* A column made when balances were thought to fit into an INTEGER takes those that do;
 * BigQuery refuses the rows with others, one by one. */
static gboolean
_takes_type(const gchar *live_type, const gchar *type)
{
  static const gchar *numeric_types[] = { "INTEGER", "NUMERIC", "BIGNUMERIC" };

  live_type = _normal_type(live_type);
  if (strcmp(type, "NUMERIC") != 0)
    return g_ascii_strcasecmp(live_type, type) == 0;
  for (gsize i = 0; i < G_N_ELEMENTS(numeric_types); i++)
    {
      if (g_ascii_strcasecmp(live_type, numeric_types[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
_is_mode(JamJsonNode *field, const gchar *mode)
{
  const gchar *live_mode = jam_json_nodes_get_string(field, "mode");

  return live_mode && g_ascii_strcasecmp(live_mode, mode) == 0;
}

/* Names of columns are the same whatever their case. */
static JamJsonNode *
_find_field(JamJsonNode *fields, const gchar *name)
{
  for (guint i = 0; i < jam_json_nodes_count(fields); i++)
    {
      JamJsonNode *field = jam_json_nodes_get_element(fields, i);
      const gchar *live_name = jam_json_nodes_get_string(field, "name");
      if (live_name && g_ascii_strcasecmp(live_name, name) == 0)
        return field;
    }
  return NULL;
}

static void
_check_type(GString *problems, const JamColumn *column, JamJsonNode *field)
{
  const gchar *name = jam_column_name(column, JAM_DIALECT_BIGQUERY);
  const gchar *type = jam_column_type_name(column->type[JAM_DIALECT_BIGQUERY], JAM_DIALECT_BIGQUERY);
  const gchar *live_type = jam_json_nodes_get_string(field, "type");
  gboolean is_repeated = _is_mode(field, "REPEATED");

  if (is_repeated || !live_type || !_takes_type(live_type, type))
    g_string_append_printf(problems, "; its column %s is %s%s, where rows have %s", name,
                           is_repeated ? "REPEATED " : "", live_type ? live_type : "of no type", type);
}

static gboolean
_is_ours(const JamTable *table, const gchar *name)
{
  for (gsize i = 0; i < table->n_columns; i++)
    {
      const JamColumn *column = &table->columns[i];
      if (column->type[JAM_DIALECT_BIGQUERY] != JAM_TYPE_NONE
          && g_ascii_strcasecmp(jam_column_name(column, JAM_DIALECT_BIGQUERY), name) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
_check_required_fields(GString *problems, const JamTable *table, JamJsonNode *fields)
{
  for (guint i = 0; i < jam_json_nodes_count(fields); i++)
    {
      JamJsonNode *field = jam_json_nodes_get_element(fields, i);
      const gchar *name = jam_json_nodes_get_string(field, "name");
      if (name && _is_mode(field, "REQUIRED") && !_is_ours(table, name))
        g_string_append_printf(problems, "; its column %s is REQUIRED, which rows do not have", name);
    }
}

static void
_check_columns(JamBigQueryLiveTable *self, GString *problems, const JamTable *table, JamJsonNode *fields)
{
  for (gsize i = 0; i < table->n_columns; i++)
    {
      const JamColumn *column = &table->columns[i];
      JamJsonNode *field;

      if (column->type[JAM_DIALECT_BIGQUERY] == JAM_TYPE_NONE)
        continue;
      field = _find_field(fields, jam_column_name(column, JAM_DIALECT_BIGQUERY));
      self->left_out[i] = field == NULL;
      if (field)
        _check_type(problems, column, field);
    }
  if (self->left_out[0])
    g_string_append_printf(problems, "; it has no column %s", table->columns[0].name);
}

gchar *
jam_bigquery_live_table_init(JamBigQueryLiveTable *self, const JamTable *table, const gchar *body, gsize length)
{
  JamJsonNode *root = jam_json_nodes_parse(body, length);
  JamJsonNode *fields = jam_json_nodes_get_member(jam_json_nodes_get_member(root, "schema"), "fields");
  const gchar *creation_time = jam_json_nodes_get_string(root, "creationTime");
  const gchar *location = jam_json_nodes_get_string(root, "location");
  GString *problems = g_string_new(NULL);

  self->left_out = g_new0(gboolean, table->n_columns);
  self->creation_time_ms = creation_time ? g_ascii_strtoll(creation_time, NULL, 10) : 0;
  self->location = g_strdup(location ? location : "");
  _check_columns(self, problems, table, fields);
  _check_required_fields(problems, table, fields);
  jam_json_nodes_free(root);
  if (problems->len > 0)
    /* without the first "; " */
    g_string_erase(problems, 0, 2);
  return g_string_free(problems, problems->len == 0);
}

void
jam_bigquery_live_table_clear(JamBigQueryLiveTable *self)
{
  g_clear_pointer(&self->left_out, g_free);
  g_clear_pointer(&self->location, g_free);
}

gchar *
jam_bigquery_live_table_name_left_out(const JamBigQueryLiveTable *self, const JamTable *table)
{
  GString *names = g_string_new(NULL);

  for (gsize i = 0; i < table->n_columns; i++)
    {
      if (self->left_out[i])
        g_string_append_printf(names, "%s%s", names->len ? ", " : "",
                               jam_column_name(&table->columns[i], JAM_DIALECT_BIGQUERY));
    }
  return g_string_free(names, names->len == 0);
}
