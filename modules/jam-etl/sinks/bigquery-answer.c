/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery-answer.h"

#include <json-glib/json-glib.h>

static void
_row_error_clear(gpointer s)
{
  JamBigQueryRowError *self = s;

  g_free(self->reason);
  g_free(self->location);
  g_free(self->message);
}

static JsonNode *
_get_member(JsonNode *object, const gchar *name)
{
  if (!object || !JSON_NODE_HOLDS_OBJECT(object))
    return NULL;
  return json_object_get_member(json_node_get_object(object), name);
}

static JsonNode *
_get_element(JsonNode *array, guint index)
{
  if (!array || !JSON_NODE_HOLDS_ARRAY(array) || index >= json_array_get_length(json_node_get_array(array)))
    return NULL;
  return json_array_get_element(json_node_get_array(array), index);
}

static gchar *
_dup_string(JsonNode *object, const gchar *name)
{
  JsonNode *member = _get_member(object, name);

  if (!member || json_node_get_value_type(member) != G_TYPE_STRING)
    return NULL;
  return json_node_dup_string(member);
}

static gchar *
_dup_string_or_empty(JsonNode *object, const gchar *name)
{
  gchar *text = _dup_string(object, name);

  return text ? text : g_strdup("");
}

/* A row's number; proto3's JSON leaves a 0 out, and may write a string. */
static gboolean
_read_index(JsonNode *entry, guint n_rows, guint *index)
{
  JsonNode *member = _get_member(entry, "index");
  gint64 value = 0;

  if (member && JSON_NODE_HOLDS_VALUE(member))
    value = json_node_get_value_type(member) == G_TYPE_STRING
            ? g_ascii_strtoll(json_node_get_string(member), NULL, 10)
            : json_node_get_int(member);
  *index = value;
  return JSON_NODE_HOLDS_OBJECT(entry) && value >= 0 && value < n_rows;
}

static gboolean
_read_row_error(JamBigQueryAnswer *self, JsonNode *entry, guint n_rows)
{
  JsonNode *first = _get_element(_get_member(entry, "errors"), 0);
  JamBigQueryRowError row_error;

  if (!_read_index(entry, n_rows, &row_error.index))
    return FALSE;
  row_error.reason = _dup_string_or_empty(first, "reason");
  row_error.location = _dup_string_or_empty(first, "location");
  row_error.message = _dup_string_or_empty(first, "message");
  g_array_append_val(self->row_errors, row_error);
  return TRUE;
}

static gboolean
_read_row_errors(JamBigQueryAnswer *self, JsonNode *root, guint n_rows)
{
  JsonNode *entries = _get_member(root, "insertErrors");

  for (guint i = 0; _get_element(entries, i); i++)
    {
      if (!_read_row_error(self, _get_element(entries, i), n_rows))
        return FALSE;
    }
  return !entries || JSON_NODE_HOLDS_ARRAY(entries) || JSON_NODE_HOLDS_NULL(entries);
}

static void
_read_error(JamBigQueryAnswer *self, JsonNode *root)
{
  JsonNode *error = _get_member(root, "error");

  self->reason = _dup_string(_get_element(_get_member(error, "errors"), 0), "reason");
  self->message = _dup_string(error, "message");
}

gboolean
jam_bigquery_answer_init(JamBigQueryAnswer *self, const gchar *body, gsize length, guint n_rows)
{
  JsonParser *parser = json_parser_new_immutable();
  JsonNode *root = NULL;
  gboolean is_understood;

  self->reason = NULL;
  self->message = NULL;
  self->row_errors = g_array_new(FALSE, FALSE, sizeof(JamBigQueryRowError));
  g_array_set_clear_func(self->row_errors, _row_error_clear);

  if (json_parser_load_from_data(parser, body, length, NULL))
    root = json_parser_get_root(parser);
  _read_error(self, root);
  is_understood = _read_row_errors(self, root, n_rows) && root && JSON_NODE_HOLDS_OBJECT(root);
  g_object_unref(parser);
  return is_understood;
}

void
jam_bigquery_answer_clear(JamBigQueryAnswer *self)
{
  g_free(self->reason);
  g_free(self->message);
  g_array_unref(self->row_errors);
}
