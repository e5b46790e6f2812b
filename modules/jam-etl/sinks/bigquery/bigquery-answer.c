/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-answer.h"
#include "http/json-nodes.h"
#include "http/printable.h"

#include <string.h>

#define INSERT_KIND "bigquery#tableDataInsertAllResponse"
/* of the API's words, which are one or two sentences */
#define MAX_WORDS_BYTES 400

static void
_row_error_clear(gpointer s)
{
  JamBigQueryRowError *self = s;

  g_free(self->reason);
  g_free(self->location);
  g_free(self->message);
}

static gchar *
_dup_string_or_empty(JamJsonNode *object, const gchar *name)
{
  const gchar *text = jam_json_nodes_get_string(object, name);

  return jam_printable_new(text ? text : "", MAX_WORDS_BYTES);
}

/* A row's number; proto3's JSON leaves a 0 out, and may write a string. */
static gboolean
_read_index(JamJsonNode *entry, guint n_rows, guint *index)
{
  JamJsonNode *member = jam_json_nodes_get_member(entry, "index");
  const gchar *digits = jam_json_nodes_get_string(entry, "index");
  gint64 value = 0;

  if (digits && !g_ascii_string_to_signed(digits, 10, 0, G_MAXUINT, &value, NULL))
    return FALSE;
  if (member && !digits && !jam_json_nodes_get_integer(entry, "index", &value))
    return FALSE;
  *index = value;
  return jam_json_nodes_is_object(entry) && value >= 0 && value < n_rows;
}

static gboolean
_read_row_error(JamBigQueryAnswer *self, JamJsonNode *entry, guint n_rows)
{
  JamJsonNode *first = jam_json_nodes_get_element(jam_json_nodes_get_member(entry, "errors"), 0);
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
_read_row_errors(JamBigQueryAnswer *self, JamJsonNode *root, guint n_rows)
{
  JamJsonNode *entries = jam_json_nodes_get_member(root, "insertErrors");

  for (guint i = 0; i < jam_json_nodes_count(entries); i++)
    {
      if (!_read_row_error(self, jam_json_nodes_get_element(entries, i), n_rows))
        return FALSE;
    }
  return !entries || jam_json_nodes_is_array(entries);
}

static void
_read_error(JamBigQueryAnswer *self, JamJsonNode *root)
{
  JamJsonNode *error = jam_json_nodes_get_member(root, "error");
  JamJsonNode *first = jam_json_nodes_get_element(jam_json_nodes_get_member(error, "errors"), 0);

  if (jam_json_nodes_get_string(first, "reason"))
    self->reason = _dup_string_or_empty(first, "reason");
  if (jam_json_nodes_get_string(error, "message"))
    self->message = _dup_string_or_empty(error, "message");
}

/* Emulators leave the kind out; anything else does not come from an insertAll. */
static gboolean
_is_insert_answer(JamJsonNode *root)
{
  const gchar *kind = jam_json_nodes_get_string(root, "kind");
  guint n_known = jam_json_nodes_has_member(root, "insertErrors") + jam_json_nodes_has_member(root, "kind");

  if (kind)
    return strcmp(kind, INSERT_KIND) == 0 && !jam_json_nodes_has_member(root, "error");
  return jam_json_nodes_is_object(root) && jam_json_nodes_count_members(root) == n_known;
}

gboolean
jam_bigquery_answer_init(JamBigQueryAnswer *self, const gchar *body, gsize length, guint n_rows)
{
  JamJsonNode *root = jam_json_nodes_parse(body, length);
  gboolean is_understood;

  self->reason = NULL;
  self->message = NULL;
  self->row_errors = g_array_new(FALSE, FALSE, sizeof(JamBigQueryRowError));
  g_array_set_clear_func(self->row_errors, _row_error_clear);

  _read_error(self, root);
  is_understood = _read_row_errors(self, root, n_rows) && _is_insert_answer(root);
  jam_json_nodes_free(root);
  return is_understood;
}

void
jam_bigquery_answer_clear(JamBigQueryAnswer *self)
{
  g_free(self->reason);
  g_free(self->message);
  g_array_unref(self->row_errors);
}
