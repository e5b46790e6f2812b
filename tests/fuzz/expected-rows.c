/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "expected-rows.h"
#include "expected-codec.h"

#include "core/rows/row-encoder.h"

#include <string.h>

/* One table's rows on the way. */
typedef struct _Making
{
  ExpectedRows *rows;
  const ExpectedMessage *message;
  const JamTable *table;
  CoreEncoder encoder;
  JamDialect dialect;
  /* if the table's list is an object, its members, in turns a name and its value */
  GPtrArray *members;
  guint row;
} Making;

/* A cell is a JSON text, or NULL for null; the caller frees it. */
typedef GString *(*CellFunc)(Making *self, const JamColumn *column, const gchar *path);

static GString *
_reject(Making *self, JamRejectReason reason)
{
  self->rows->faults |= 1u << reason;
  return NULL;
}

static GString *
_quote(GString *text)
{
  g_string_prepend_c(text, '"');
  g_string_append_c(text, '"');
  return text;
}

static GString *
_number(Making *self, gint64 number)
{
  GString *text = g_string_new(NULL);

  g_string_printf(text, "%" G_GINT64_FORMAT, number);
  return self->dialect == JAM_DIALECT_BIGQUERY ? _quote(text) : text;
}

/* Takes @text. */
static GString *
_integer(Making *self, GString *text)
{
  gint64 number = 0;
  gboolean valid = expected_parse_integer(text, &number);

  g_string_free(text, TRUE);
  return valid ? _number(self, number) : _reject(self, JAM_REJECT_INVALID_INTEGER);
}

/* Takes @text. -0 is the only one with a sign. */
static GString *
_uint64(Making *self, GString *text)
{
  const gchar *digits = g_str_equal(text->str, "-0") ? "0" : text->str;
  guint64 number;
  gboolean valid = strlen(text->str) == text->len && !(digits[0] == '0' && digits[1])
                   && g_ascii_string_to_unsigned(digits, 10, 0, G_MAXUINT64, &number, NULL);

  g_string_free(text, TRUE);
  if (!valid)
    return _reject(self, JAM_REJECT_INVALID_INTEGER);
  text = g_string_new(NULL);
  g_string_printf(text, "\"%" G_GUINT64_FORMAT "\"", number);
  return text;
}

static GString *
_number_value(Making *self, JamColumnType type, const JsonTree *value)
{
  GString *text;

  if (json_tree_is(value, JSON_TREE_NUMBER))
    text = json_tree_write(value);
  else if (json_tree_is(value, JSON_TREE_STRING))
    text = json_tree_decode(value);
  else
    return _reject(self, JAM_REJECT_WRONG_TYPE);
  return type == JAM_TYPE_UINT64 ? _uint64(self, text) : _integer(self, text);
}

/* Returns the bytes of a value that must be hex. */
static GByteArray *
_hex_value(Making *self, const JsonTree *value)
{
  GByteArray *bytes;
  GString *text;

  if (!json_tree_is(value, JSON_TREE_STRING))
    {
      _reject(self, JAM_REJECT_WRONG_TYPE);
      return NULL;
    }
  text = json_tree_decode(value);
  bytes = expected_hex_bytes(text);
  if (!bytes || bytes->len * 2 + 2 != text->len)
    {
      _reject(self, JAM_REJECT_INVALID_HEX);
      g_clear_pointer(&bytes, g_byte_array_unref);
    }
  g_string_free(text, TRUE);
  return bytes;
}

static GString *
_bytes_value(Making *self, const JsonTree *value)
{
  GByteArray *bytes = _hex_value(self, value);
  GString *cell;
  gchar *base64;

  if (!bytes)
    return NULL;
  base64 = g_base64_encode(bytes->data, bytes->len);
  cell = self->dialect == JAM_DIALECT_DUNE ? json_tree_write(value) : _quote(g_string_new(base64));
  g_free(base64);
  g_byte_array_unref(bytes);
  return cell;
}

/* Goes down @path, names joined by dots. On the way there may be nothing but
 * objects, and null. */
static const JsonTree *
_descend(Making *self, const JsonTree *value, const gchar *path)
{
  gchar **names = g_strsplit(path, ".", -1);

  for (gsize i = 0; names[i]; i++)
    {
      if (!expected_is_null(value) && !json_tree_is(value, JSON_TREE_OBJECT))
        _reject(self, JAM_REJECT_WRONG_TYPE);
      value = json_tree_member(value, names[i]);
    }
  g_strfreev(names);
  return expected_is_null(value) ? NULL : value;
}

static const JsonTree *
_root_value(Making *self, const gchar *path)
{
  return _descend(self, self->message->root, expected_message_spelling(self->message, path));
}

/* @path is behind "item." and starts with what the member's name or its value
 * stands for. */
static const JsonTree *
_member_value(Making *self, const gchar *path)
{
  const JsonTree *name = g_ptr_array_index(self->members, 2 * self->row);
  const JsonTree *value = g_ptr_array_index(self->members, 2 * self->row + 1);

  if (g_str_equal(path, self->table->member_name))
    return name;
  g_assert(g_str_has_prefix(path, self->table->member_value));
  return _descend(self, value, path + strlen(self->table->member_value) + 1);
}

/* json_encoded.a.b, item.a.b, item, or ARRAY[index].a */
static const JsonTree *
_value(Making *self, const gchar *path)
{
  const gchar *dot = strchr(path, '.');
  const gchar *array_end = strstr(path, "[index].");
  const JsonTree *element;
  gchar *array;

  if (!array_end && !g_str_has_prefix(path, "item"))
    return _root_value(self, path);
  if (!array_end && self->members)
    return _member_value(self, dot + 1);
  array = array_end ? g_strdup_printf("json_encoded.%.*s", (gint) (array_end - path), path)
                    : g_strdup(self->table->each);
  element = json_tree_element(_root_value(self, array), self->row);
  g_free(array);
  if (dot)
    return _descend(self, element, dot + 1);
  return expected_is_null(element) ? NULL : element;
}

static GString *
_value_cell(Making *self, const JamColumn *column, const gchar *path)
{
  const JsonTree *value = _value(self, path);

  if (!value)
    return NULL;
  switch (column->type[self->dialect])
    {
    case JAM_TYPE_INTEGER:
    case JAM_TYPE_UINT64:
      return _number_value(self, column->type[self->dialect], value);
    case JAM_TYPE_BYTES:
      return _bytes_value(self, value);
    default:
      return json_tree_is(value, JSON_TREE_STRING) ? json_tree_write(value) : _reject(self, JAM_REJECT_WRONG_TYPE);
    }
}

static GString *
_time_cell(Making *self, const JamColumn *column G_GNUC_UNUSED, const gchar *path)
{
  GDateTime *time = g_date_time_new_from_unix_utc(self->message->time_ns / 1000000000);
  gchar *seconds = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
  GString *text = g_string_new(NULL);

  g_string_printf(text, "\"%s.%06dZ\"", seconds, (gint) (self->message->time_ns % 1000000000 / 1000));
  g_free(seconds);
  g_date_time_unref(time);
  if (self->dialect == JAM_DIALECT_BIGQUERY)
    return text;
  g_string_free(text, TRUE);
  return json_tree_write(_root_value(self, path));
}

static GString *
_time_ns_cell(Making *self, const JamColumn *column G_GNUC_UNUSED, const gchar *path G_GNUC_UNUSED)
{
  return _number(self, self->message->time_ns);
}

static GString *
_slot_cell(Making *self, const JamColumn *column G_GNUC_UNUSED, const gchar *path G_GNUC_UNUSED)
{
  return _number(self, self->message->slot);
}

static GString *
_team_cell(Making *self, const JamColumn *column G_GNUC_UNUSED, const gchar *path G_GNUC_UNUSED)
{
  return g_string_new(self->message->team->str);
}

static GString *
_sender_id_cell(Making *self, const JamColumn *column G_GNUC_UNUSED, const gchar *path G_GNUC_UNUSED)
{
  return g_string_new(self->message->sender_id->str);
}

static GString *
_codec_cell(Making *self, const JamColumn *column G_GNUC_UNUSED, const gchar *path)
{
  const JsonTree *value = _root_value(self, path);

  return value && self->row == 0 ? json_tree_write(value) : NULL;
}

static GString *
_row_id_cell(Making *self, const JamColumn *column G_GNUC_UNUSED, const gchar *path G_GNUC_UNUSED)
{
  GString *text = g_string_new(NULL);

  g_string_printf(text, "\"%s-%u\"", self->message->id, self->row);
  return text;
}

static GString *
_index_cell(Making *self, const JamColumn *column G_GNUC_UNUSED, const gchar *path G_GNUC_UNUSED)
{
  if (!json_tree_element(_root_value(self, self->table->each), self->row))
    return NULL;
  return _number(self, self->row);
}

static GString *
_metadata_cell(Making *self, const JamColumn *column, const gchar *path)
{
  GString *value = expected_message_metadata(self->message, path);
  GString *text;

  if (!value)
    return NULL;
  if (column->type[self->dialect] == JAM_TYPE_INTEGER)
    return _integer(self, value);
  text = g_string_new(NULL);
  expected_append_string(text, value);
  g_string_free(value, TRUE);
  return text;
}

static GString *
_json_cell(Making *self, const JamColumn *column G_GNUC_UNUSED, const gchar *path)
{
  const JsonTree *value = _value(self, path);
  GString *json, *text;

  if (!value)
    return NULL;
  json = json_tree_write(value);
  text = g_string_new(NULL);
  expected_append_string(text, json);
  g_string_free(json, TRUE);
  return text;
}

static GString *
_count_cell(Making *self, const JamColumn *column G_GNUC_UNUSED, const gchar *path)
{
  const JsonTree *value = _value(self, path);

  if (value && !json_tree_is(value, JSON_TREE_ARRAY))
    return _reject(self, JAM_REJECT_WRONG_TYPE);
  return _number(self, json_tree_count(value));
}

static GString *
_blake2b256_cell(Making *self, const JamColumn *column G_GNUC_UNUSED, const gchar *path)
{
  const JsonTree *value = _value(self, path);
  GByteArray *bytes = value ? _hex_value(self, value) : NULL;
  GString *cell;

  if (!bytes)
    return NULL;
  cell = expected_hash(bytes->data, bytes->len);
  g_byte_array_unref(bytes);
  return cell;
}

/* Canonical base64 is what encodes to itself. */
static GString *
_base64_cell(Making *self, const JamColumn *column G_GNUC_UNUSED, const gchar *path)
{
  const JsonTree *value = _value(self, path);
  GString *text;
  guchar *bytes;
  gchar *again;
  gsize length;

  if (!json_tree_is(value, JSON_TREE_STRING))
    return NULL;
  text = json_tree_decode(value);
  bytes = g_base64_decode(text->str, &length);
  again = g_base64_encode(bytes, length);
  if (strlen(text->str) != text->len || strcmp(again, text->str) != 0)
    _reject(self, JAM_REJECT_INVALID_BASE64);
  g_free(again);
  g_free(bytes);
  return _quote(text);
}

static GString *
_header_hash_cell(Making *self, const JamColumn *column G_GNUC_UNUSED, const gchar *path G_GNUC_UNUSED)
{
  return expected_header_hash(self->message);
}

static GString *
_work_package_hash_cell(Making *self, const JamColumn *column G_GNUC_UNUSED, const gchar *path G_GNUC_UNUSED)
{
  return expected_work_package_hash(self->message);
}

/* how a source is written: its start, and what it ends with */
static const struct
{
  const gchar *start;
  const gchar *end;
  CellFunc cell;
} sources[] = {
  { "time", "", _time_cell },
  { "team", "", _team_cell },
  { "sender_id", "", _sender_id_cell },
  { "elapsed", "", _value_cell },
  { "codec_encoded", "", _codec_cell },
  { "row_id", "", _row_id_cell },
  { "index", "", _index_cell },
  { "metadata.", NULL, _metadata_cell },
  { "unix_ns(", ")", _time_ns_cell },
  { "slot(", ")", _slot_cell },
  { "json(", ")", _json_cell },
  { "count(", ")", _count_cell },
  { "blake2b256(", ")", _blake2b256_cell },
  { "base64(", ")", _base64_cell },
  { "header_hash(", ")", _header_hash_cell },
  { "work_package_hash(", ")", _work_package_hash_cell },
};

/* Takes the source of @column apart: what is in its brackets goes to @path, which
 * the caller frees. */
static CellFunc
_find_source(const JamColumn *column, gchar **path)
{
  for (gsize i = 0; i < G_N_ELEMENTS(sources); i++)
    {
      gsize length = strlen(sources[i].start);
      const gchar *rest = column->from + length;

      if (strncmp(column->from, sources[i].start, length) != 0)
        continue;
      if (sources[i].end && *sources[i].end)
        *path = g_strndup(rest, strlen(rest) - strlen(sources[i].end));
      else if (!sources[i].end)
        *path = g_strdup(rest);
      else if (!*rest)
        *path = g_strdup(column->from);
      else
        continue;
      return sources[i].cell;
    }
  *path = g_strdup(column->from);
  return _value_cell;
}

static const gchar *
_name(const Making *self, const JamColumn *column)
{
  return self->dialect == JAM_DIALECT_BIGQUERY && column->bigquery_name ? column->bigquery_name : column->name;
}

static void
_append_cell(Making *self, const JamColumn *column, const GString *cell)
{
  GString *text = self->rows->text;

  if (!cell && self->dialect == JAM_DIALECT_BIGQUERY)
    return;
  g_string_append_printf(text, "%s\"%s\":", text->str[text->len - 1] == '{' ? "" : ",", _name(self, column));
  if (cell)
    g_string_append_len(text, cell->str, cell->len);
  else
    g_string_append(text, "null");
}

static void
_make_cell(Making *self, const JamColumn *column)
{
  guint other_faults = self->rows->faults;
  gchar *path;
  CellFunc make = _find_source(column, &path);
  GString *cell;

  self->rows->faults = 0;
  cell = make(self, column, path);
  if (!cell && column->mode == JAM_REQUIRED && !self->rows->faults)
    _reject(self, JAM_REJECT_MISSING_VALUE);
  self->rows->faults |= other_faults;
  _append_cell(self, column, cell);
  if (cell)
    g_string_free(cell, TRUE);
  g_free(path);
}

static gboolean
_is_in_rows(const Making *self, gsize column)
{
  return self->table->columns[column].type[self->dialect] != JAM_TYPE_NONE
         && !core_encoder_leaves_out(self->encoder, column);
}

static void
_make_row(Making *self)
{
  g_string_append_c(self->rows->text, '{');
  for (gsize i = 0; i < self->table->n_columns; i++)
    {
      if (_is_in_rows(self, i))
        _make_cell(self, &self->table->columns[i]);
    }
  g_string_append(self->rows->text, "}\n");
}

static gboolean
_is_of_an_element(const JamColumn *column)
{
  return strstr(column->from, "item") || strstr(column->from, "[index]") || g_str_equal(column->from, "index");
}

/* What all rows share must be good even if there are none. */
static void
_check_without_rows(Making *self)
{
  for (gsize i = 0; i < self->table->n_columns; i++)
    {
      if (_is_in_rows(self, i) && !_is_of_an_element(&self->table->columns[i]))
        _make_cell(self, &self->table->columns[i]);
    }
}

/* of a value whose object may be missing for that */
static gboolean
_has_another_name(const Making *self, const gchar *path)
{
  return path && !g_str_equal(expected_message_spelling(self->message, path), path)
         && !expected_is_null(expected_message_value(self->message, path));
}

static void
_check_required_objects(Making *self)
{
  for (const JamRequiredObject *required = self->table->required_objects; required->path; required++)
    {
      const JsonTree *value = _root_value(self, required->path);

      if (!value && !_has_another_name(self, required->unless))
        _reject(self, JAM_REJECT_MISSING_VALUE);
      else if (value && !json_tree_is(value, JSON_TREE_OBJECT))
        _reject(self, JAM_REJECT_WRONG_TYPE);
    }
}

/* An id is a decimal number of 32 bits, in the one way that it is written. */
static gboolean
_is_id(const JsonTree *name)
{
  GString *text = json_tree_decode(name);
  guint64 id = g_ascii_strtoull(text->str, NULL, 10);
  gchar *digits = g_strdup_printf("%" G_GUINT64_FORMAT, id);
  gboolean valid = id <= G_MAXUINT32 && strlen(text->str) == text->len && g_str_equal(digits, text->str);

  g_free(digits);
  g_string_free(text, TRUE);
  return valid;
}

static guint
_check_members(Making *self, const JsonTree *object)
{
  self->members = json_tree_members(object);
  for (guint i = 0; i < self->members->len; i += 2)
    {
      if (!_is_id(g_ptr_array_index(self->members, i)))
        _reject(self, JAM_REJECT_INVALID_INTEGER);
    }
  return self->members->len / 2;
}

/* Returns the number of elements, or of members. */
static guint
_check_each(Making *self)
{
  const JsonTree *list = self->table->each ? _root_value(self, self->table->each) : NULL;

  if (!list && self->table->rows == JAM_ROWS_EACH)
    _reject(self, JAM_REJECT_MISSING_VALUE);
  if (self->table->member_name && json_tree_is(list, JSON_TREE_OBJECT))
    return _check_members(self, list);
  if (list && !json_tree_is(list, JSON_TREE_ARRAY))
    _reject(self, JAM_REJECT_WRONG_TYPE);
  return json_tree_is(list, JSON_TREE_ARRAY) ? json_tree_count(list) : 0;
}

static void
_check_paired(Making *self)
{
  const JsonTree *list = self->table->paired ? _root_value(self, self->table->paired) : NULL;

  if (list && !json_tree_is(list, JSON_TREE_ARRAY))
    _reject(self, JAM_REJECT_WRONG_TYPE);
}

static void
_check_strings(Making *self)
{
  const JsonTree *array = _root_value(self, self->table->each);

  for (guint i = 0; i < json_tree_count(array); i++)
    {
      const JsonTree *element = json_tree_element(array, i);

      if (element && !json_tree_is(element, JSON_TREE_STRING))
        _reject(self, JAM_REJECT_WRONG_TYPE);
    }
}

static guint
_count_rows(Making *self)
{
  guint n_elements = _check_each(self);

  _check_paired(self);
  switch (self->table->rows)
    {
    case JAM_ROWS_ONE:
      return 1;
    case JAM_ROWS_EACH_STRING:
      _check_strings(self);
      return self->dialect == JAM_DIALECT_BIGQUERY ? MAX(n_elements, 1) : 1;
    default:
      return n_elements;
    }
}

void
expected_rows_init(ExpectedRows *self, const ExpectedMessage *message, gint table, CoreEncoder encoder)
{
  Making making = {
    .rows = self,
    .message = message,
    .table = &jam_tables[table],
    .encoder = encoder,
    .dialect = core_encoder_dialect(encoder),
  };

  *self = (ExpectedRows){ .text = g_string_new(NULL) };
  _check_required_objects(&making);
  self->n_rows = _count_rows(&making);
  if (self->n_rows == 0)
    {
      g_string_append_c(self->text, '{');
      _check_without_rows(&making);
      g_string_truncate(self->text, 0);
    }
  for (making.row = 0; making.row < self->n_rows && (making.row == 0 || !self->faults); making.row++)
    _make_row(&making);
  if (self->text->len > MAX(JAM_MAX_ROWS_BYTES, JAM_MAX_ROWS_GROWTH * message->length))
    _reject(&making, JAM_REJECT_TOO_LARGE);
  if (making.members)
    g_ptr_array_unref(making.members);
}

void
expected_rows_clear(ExpectedRows *self)
{
  g_string_free(self->text, TRUE);
}
