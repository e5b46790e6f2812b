/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/rows/row-encoder.h"
#include "core/bytes/base64.h"
#include "core/bytes/hex.h"
#include "core/bytes/integer.h"
#include "core/json/json-text.h"
#include "core/rows/gray-paper.h"
#include "core/rows/row-plan.h"
#include "core/bytes/time.h"

/* that many digits always fit into 64 bits */
#define MAX_PLAIN_DIGITS 18

/* bytes of a bad name that a rejection shows */
#define MAX_SHOWN_NAME 40

/* beyond that, a look at the length is worth while */
#define MAX_SPAN_BY_BLOCKS 256

typedef enum
{
  CELL_WRITTEN,
  CELL_NULL,
  CELL_REJECTED,
} Cell;

/* One call of encode. */
typedef struct _EncodeContext
{
  JamRowEncoder *encoder;
  const JamRowPlan *plan;
  const JamMessage *message;
  JamBuffer *out;
  GArray *ends;
  guint row;
  /* the last hex string that was found good */
  const JamJsonValue *checked;
  JamReject *reject;
} EncodeContext;

typedef Cell (*CellFunc)(EncodeContext *self, const JamColumnPlan *column);

struct _JamRowEncoder
{
  JamRowPlan plans[JAM_N_TABLES];
  JamBuffer scratch;
  /* decoded JSON values that are compared with the bytes in @scratch */
  JamBuffer compared;
  /* where the constant runs stand in a message's first row */
  gsize starts[JAM_MAX_RUNS];
  gsize lengths[JAM_MAX_RUNS];
};

static Cell
_reject(EncodeContext *self, JamRejectReason reason, const JamColumnPlan *column, const gchar *what)
{
  jam_reject_set(self->reject, reason, "%s %s", column->value_name, what);
  return CELL_REJECTED;
}

static Cell
_reject_type(EncodeContext *self, const JamColumnPlan *column, const JamJsonValue *value, const gchar *expected)
{
  jam_reject_set_wrong_type(self->reject, column->value_name, value->type, expected);
  return CELL_REJECTED;
}

static void
_append_quoted(JamBuffer *out, const gchar *text, gsize length)
{
  jam_buffer_reserve(out, length + 2);
  jam_buffer_append_char(out, '"');
  jam_buffer_append(out, text, length);
  jam_buffer_append_char(out, '"');
}

/* Appends a span of the message. */
static inline void
_append_span(EncodeContext *self, const gchar *text, gsize length)
{
  const JamText *body = &self->message->body;

  if (length <= MAX_SPAN_BY_BLOCKS && (gsize) (body->text + body->length - text) >= length + JAM_BUFFER_BLOCK)
    jam_buffer_append_blocks(self->out, text, length);
  else
    jam_buffer_append(self->out, text, length);
}

static inline void
_append_value(EncodeContext *self, const JamJsonValue *value)
{
  if (G_UNLIKELY(value->flags & JAM_JSON_UNPAIRED))
    jam_json_append_paired(self->out, value);
  else
    _append_span(self, value->text, value->length);
}

/* BigQuery's API reads JSON numbers as doubles, so integers go as strings. */
static inline void
_append_integer_text(EncodeContext *self, const gchar *digits, gsize length)
{
  gboolean quoted = self->plan->dialect == JAM_DIALECT_BIGQUERY;

  if (quoted)
    jam_buffer_append_char(self->out, '"');
  jam_buffer_append(self->out, digits, length);
  if (quoted)
    jam_buffer_append_char(self->out, '"');
}

static inline void
_append_integer_span(EncodeContext *self, const JamJsonValue *value)
{
  gboolean quoted = self->plan->dialect == JAM_DIALECT_BIGQUERY;

  if (quoted)
    jam_buffer_append_char(self->out, '"');
  _append_span(self, value->text, value->length);
  if (quoted)
    jam_buffer_append_char(self->out, '"');
}

static Cell
_append_integer(EncodeContext *self, gint64 value)
{
  gboolean quoted = self->plan->dialect == JAM_DIALECT_BIGQUERY;

  if (quoted)
    jam_buffer_append_char(self->out, '"');
  jam_buffer_append_int64(self->out, value);
  if (quoted)
    jam_buffer_append_char(self->out, '"');
  return CELL_WRITTEN;
}

static inline const JamJsonValue *
_frame_value(const EncodeContext *self, JamFrame frame, guint slot)
{
  switch (frame)
    {
    case JAM_FRAME_EACH:
      return jam_message_get_item(self->message, self->plan->each_list, self->row, slot);
    case JAM_FRAME_PAIRED:
      return jam_message_get_item(self->message, self->plan->paired_list, self->row, slot);
    default:
      return &self->message->payload[slot];
    }
}

static inline gboolean
_is_null(const JamJsonValue *value)
{
  return !value || jam_json_value_is_null(value);
}

/* Returns the column's value, or NULL for null. */
static inline const JamJsonValue *
_column_value(const EncodeContext *self, const JamColumnPlan *column)
{
  const JamJsonValue *value = _frame_value(self, column->source.frame, column->slot);

  return _is_null(value) ? NULL : value;
}

static JamText
_decode(EncodeContext *self, const JamJsonValue *string)
{
  return jam_json_string_decode(string, &self->encoder->scratch);
}

static Cell
_encode_time(EncodeContext *self, const JamColumnPlan *column G_GNUC_UNUSED)
{
  const JamJsonValue *value = &self->message->envelope[JAM_KEY_TIME];
  gchar text[JAM_TIME_TEXT_LENGTH];

  if (self->plan->dialect == JAM_DIALECT_DUNE)
    {
      _append_value(self, value);
      return CELL_WRITTEN;
    }
  jam_time_format(self->message->time_ns, text);
  _append_quoted(self->out, text, sizeof(text));
  return CELL_WRITTEN;
}

static Cell
_encode_unix_ns(EncodeContext *self, const JamColumnPlan *column G_GNUC_UNUSED)
{
  return _append_integer(self, self->message->time_ns);
}

static Cell
_encode_slot(EncodeContext *self, const JamColumnPlan *column G_GNUC_UNUSED)
{
  return _append_integer(self, self->message->slot);
}

static Cell
_encode_team(EncodeContext *self, const JamColumnPlan *column G_GNUC_UNUSED)
{
  jam_buffer_append(self->out, self->message->team.text, self->message->team.length);
  return CELL_WRITTEN;
}

static Cell
_encode_sender_id(EncodeContext *self, const JamColumnPlan *column G_GNUC_UNUSED)
{
  jam_buffer_append(self->out, self->message->sender_id.text, self->message->sender_id.length);
  return CELL_WRITTEN;
}

static inline gboolean
_is_plain_integer(const JamJsonValue *value)
{
  return value && value->type == JAM_JSON_NUMBER && (value->flags & JAM_JSON_INTEGER)
         && value->length <= MAX_PLAIN_DIGITS && *value->text != '-';
}

static Cell
_encode_integer_text(EncodeContext *self, const JamColumnPlan *column, JamText text)
{
  if (!jam_integer_is_valid(text.text, text.length))
    return _reject(self, JAM_REJECT_INVALID_INTEGER, column, "is no integer of 64 bits");
  if (text.length == 2 && memcmp(text.text, "-0", 2) == 0)
    text = (JamText){ "0", 1 };
  _append_integer_text(self, text.text, text.length);
  return CELL_WRITTEN;
}

static Cell
_encode_integer(EncodeContext *self, const JamColumnPlan *column, const JamJsonValue *value)
{
  JamText text;

  if (_is_plain_integer(value))
    {
      _append_integer_text(self, value->text, value->length);
      return CELL_WRITTEN;
    }
  if (!jam_json_number_text(value, &self->encoder->scratch, &text))
    return _reject_type(self, column, value, "an integer");
  return _encode_integer_text(self, column, text);
}

static Cell
_encode_uint64(EncodeContext *self, const JamColumnPlan *column, const JamJsonValue *value)
{
  JamText text;
  guint64 number;

  if (!jam_json_number_text(value, &self->encoder->scratch, &text))
    return _reject_type(self, column, value, "an integer");
  if (!jam_integer_parse_uint64(text.text, text.length, &number))
    return _reject(self, JAM_REJECT_INVALID_INTEGER, column, "is no integer from 0 to 2^64-1");
  if (number == 0)
    text = (JamText){ "0", 1 };
  _append_quoted(self->out, text.text, text.length);
  return CELL_WRITTEN;
}

static Cell
_encode_elapsed(EncodeContext *self, const JamColumnPlan *column)
{
  const JamJsonValue *value = &self->message->envelope[JAM_KEY_ELAPSED];

  return _is_null(value) ? CELL_NULL : _encode_integer(self, column, value);
}

/* Kept once a table and message, for audit without multiplying it by the number
 * of validators. */
static Cell
_encode_codec_encoded(EncodeContext *self, const JamColumnPlan *column G_GNUC_UNUSED)
{
  const JamJsonValue *value = &self->message->envelope[JAM_KEY_CODEC_ENCODED];

  if (_is_null(value) || self->row > 0)
    return CELL_NULL;
  _append_value(self, value);
  return CELL_WRITTEN;
}

/* The one row of an empty array is not an element. */
static Cell
_encode_index(EncodeContext *self, const JamColumnPlan *column G_GNUC_UNUSED)
{
  if (!jam_message_get_item(self->message, self->plan->each_list, self->row, 0))
    return CELL_NULL;
  return _append_integer(self, self->row);
}

static Cell
_encode_metadata(EncodeContext *self, const JamColumnPlan *column)
{
  JamText value;

  if (!jam_message_get_metadata(self->message, column->source.path, column->source.path_length, &value))
    return CELL_NULL;
  if (column->type == JAM_TYPE_INTEGER)
    return _encode_integer_text(self, column, value);
  jam_json_append_string(self->out, value.text, value.length);
  return CELL_WRITTEN;
}

/* Finds the digits behind a hex string's "0x". Returns FALSE if it has none. */
static gboolean
_strip_hex_prefix(JamText *hex)
{
  if (hex->length < 2 || memcmp(hex->text, "0x", 2) != 0)
    return FALSE;
  hex->text += 2;
  hex->length -= 2;
  return TRUE;
}

/* Finds the digits of a value that must be a hex string of whole bytes. Whether
 * they are digits is not looked at. */
static gboolean
_hex_digits(EncodeContext *self, const JamColumnPlan *column, const JamJsonValue *value, JamText *digits)
{
  if (value->type != JAM_JSON_STRING)
    {
      _reject_type(self, column, value, "a hex string");
      return FALSE;
    }
  *digits = _decode(self, value);
  if (!_strip_hex_prefix(digits))
    _reject(self, JAM_REJECT_INVALID_HEX, column, "does not start with 0x");
  else if (digits->length % 2 != 0)
    _reject(self, JAM_REJECT_INVALID_HEX, column, "has an odd number of hex digits");
  else
    return TRUE;
  return FALSE;
}

static Cell
_reject_digits(EncodeContext *self, const JamColumnPlan *column)
{
  return _reject(self, JAM_REJECT_INVALID_HEX, column, "has a byte that is no hex digit");
}

static Cell
_encode_hex_as_text(EncodeContext *self, const JamColumnPlan *column, const JamJsonValue *value, const JamText *digits)
{
  if (value != self->checked && !jam_hex_is_valid(digits->text, digits->length))
    return _reject_digits(self, column);
  _append_value(self, value);
  return CELL_WRITTEN;
}

static Cell
_encode_hex_as_base64(EncodeContext *self, const JamColumnPlan *column, const JamText *digits)
{
  jam_buffer_append_char(self->out, '"');
  if (!jam_hex_append_base64(self->out, digits->text, digits->length / 2))
    return _reject_digits(self, column);
  jam_buffer_append_char(self->out, '"');
  return CELL_WRITTEN;
}

static Cell
_encode_hex(EncodeContext *self, const JamColumnPlan *column, const JamJsonValue *value)
{
  JamText digits;

  if (!_hex_digits(self, column, value, &digits))
    return CELL_REJECTED;
  if (self->plan->dialect == JAM_DIALECT_DUNE)
    return _encode_hex_as_text(self, column, value, &digits);
  return _encode_hex_as_base64(self, column, &digits);
}

static Cell
_encode_value(EncodeContext *self, const JamColumnPlan *column)
{
  const JamJsonValue *value = _column_value(self, column);

  if (!value)
    return CELL_NULL;
  if (column->type == JAM_TYPE_INTEGER)
    return _encode_integer(self, column, value);
  if (column->type == JAM_TYPE_UINT64)
    return _encode_uint64(self, column, value);
  if (column->type == JAM_TYPE_BYTES)
    return _encode_hex(self, column, value);
  if (value->type != JAM_JSON_STRING)
    return _reject_type(self, column, value, "a string");
  _append_value(self, value);
  return CELL_WRITTEN;
}

static Cell
_encode_json(EncodeContext *self, const JamColumnPlan *column)
{
  const JamJsonValue *value = _column_value(self, column);

  if (!value)
    return CELL_NULL;
  jam_json_append_as_string(self->out, value, &self->encoder->scratch);
  return CELL_WRITTEN;
}

static Cell
_encode_count(EncodeContext *self, const JamColumnPlan *column)
{
  const JamJsonValue *value = _column_value(self, column);

  if (!value)
    return _append_integer(self, 0);
  if (value->type != JAM_JSON_ARRAY)
    return _reject_type(self, column, value, "an array");
  return _append_integer(self, value->count);
}

static Cell
_encode_blake2b256(EncodeContext *self, const JamColumnPlan *column)
{
  const JamJsonValue *value = _column_value(self, column);
  gchar hash[JAM_HASH_TEXT_LENGTH];
  JamText digits;

  if (!value)
    return CELL_NULL;
  if (!_hex_digits(self, column, value, &digits))
    return CELL_REJECTED;
  if (!jam_hex_blake2b256(digits.text, digits.length / 2, hash))
    return _reject_digits(self, column);
  self->checked = value;
  _append_quoted(self->out, hash, sizeof(hash));
  return CELL_WRITTEN;
}

static Cell
_encode_base64(EncodeContext *self, const JamColumnPlan *column)
{
  const JamJsonValue *value = _column_value(self, column);
  JamText text;

  if (!value)
    return CELL_NULL;
  text = _decode(self, value);
  if (!jam_base64_is_valid(text.text, text.length))
    return _reject(self, JAM_REJECT_INVALID_BASE64, column, "is no base64");
  _append_quoted(self->out, text.text, text.length);
  return CELL_WRITTEN;
}

/* Finds codec_encoded's digits; FALSE if it is missing or no hex string. */
static gboolean
_codec_digits(EncodeContext *self, JamText *digits)
{
  const JamJsonValue *value = &self->message->envelope[JAM_KEY_CODEC_ENCODED];

  if (_is_null(value))
    return FALSE;
  *digits = _decode(self, value);
  return _strip_hex_prefix(digits);
}

static Cell
_encode_object_hash(EncodeContext *self, const JamColumnPlan *column)
{
  JamEncodedObject object = column->source.object;
  const JamJsonValue *fields[JAM_MAX_ENCODED_FIELDS];
  gchar hash[JAM_HASH_TEXT_LENGTH];
  JamText digits;
  gsize length;

  if (!_codec_digits(self, &digits))
    return CELL_NULL;
  for (gsize i = 0; jam_encoded_paths[object][i]; i++)
    fields[i] = &self->message->payload[self->plan->object_slots[i]];
  length = jam_gray_paper_measure(object, fields, &digits, &self->encoder->compared);
  if (length == 0 || !jam_hex_blake2b256(digits.text, length, hash))
    return CELL_NULL;
  _append_quoted(self->out, hash, sizeof(hash));
  return CELL_WRITTEN;
}

static const CellFunc cell_funcs[] = {
  [JAM_SOURCE_TIME] = _encode_time,
  [JAM_SOURCE_UNIX_NS] = _encode_unix_ns,
  [JAM_SOURCE_SLOT] = _encode_slot,
  [JAM_SOURCE_TEAM] = _encode_team,
  [JAM_SOURCE_SENDER_ID] = _encode_sender_id,
  [JAM_SOURCE_ELAPSED] = _encode_elapsed,
  [JAM_SOURCE_CODEC_ENCODED] = _encode_codec_encoded,
  [JAM_SOURCE_INDEX] = _encode_index,
  [JAM_SOURCE_METADATA] = _encode_metadata,
  [JAM_SOURCE_OBJECT_HASH] = _encode_object_hash,
  [JAM_SOURCE_VALUE] = _encode_value,
  [JAM_SOURCE_JSON] = _encode_json,
  [JAM_SOURCE_COUNT] = _encode_count,
  [JAM_SOURCE_BLAKE2B256] = _encode_blake2b256,
  [JAM_SOURCE_BASE64] = _encode_base64,
};

static gboolean
_encode_null(EncodeContext *self, const JamColumnPlan *column, gsize key_start)
{
  if (column->definition->mode == JAM_REQUIRED)
    {
      _reject(self, JAM_REJECT_MISSING_VALUE, column, "is missing or null");
      return FALSE;
    }
  if (self->plan->dialect == JAM_DIALECT_DUNE)
    jam_buffer_append_literal(self->out, "null");
  else
    self->out->length = key_start;
  return TRUE;
}

/* Returns FALSE, without anything appended, if the value needs a closer look. */
static inline gboolean
_append_plain_value(EncodeContext *self, const JamColumnPlan *column)
{
  const JamJsonValue *value = _frame_value(self, column->source.frame, column->slot);

  if (!value)
    return FALSE;
  if (column->type == JAM_TYPE_STRING && value->type == JAM_JSON_STRING)
    _append_value(self, value);
  else if (column->type == JAM_TYPE_INTEGER && _is_plain_integer(value))
    _append_integer_span(self, value);
  else
    return FALSE;
  return TRUE;
}

static gboolean
_encode_column(EncodeContext *self, const JamColumnPlan *column)
{
  gsize key_start = self->out->length;
  Cell cell;

  jam_buffer_append_blocks(self->out, column->key, column->key_length);
  if (column->source.kind == JAM_SOURCE_VALUE && _append_plain_value(self, column))
    return TRUE;
  cell = cell_funcs[column->source.kind](self, column);
  if (cell == CELL_WRITTEN || (cell == CELL_NULL && _encode_null(self, column, key_start)))
    return TRUE;
  self->reject->column = column->rejected_column;
  return FALSE;
}

static gboolean
_encode_columns(EncodeContext *self, gsize from, gsize to)
{
  for (gsize i = from; i < to; i++)
    {
      if (!_encode_column(self, &self->plan->columns[i]))
        return FALSE;
    }
  return TRUE;
}

static gboolean
_check_object(EncodeContext *self, const JamObjectCheck *check)
{
  const JamJsonValue *value = _frame_value(self, check->frame, check->slot);

  if (_is_null(value))
    {
      if (!check->required || (check->has_unless && !_is_null(&self->message->payload[check->unless_slot])))
        return TRUE;
      jam_reject_set(self->reject, JAM_REJECT_MISSING_VALUE, "%s is missing or null", check->path);
      return FALSE;
    }
  if (value->type == JAM_JSON_OBJECT)
    return TRUE;
  jam_reject_set_wrong_type(self->reject, check->path, value->type, "an object");
  return FALSE;
}

static gboolean
_check_objects(EncodeContext *self, const GArray *checks)
{
  for (guint i = 0; i < checks->len; i++)
    {
      if (!_check_object(self, &g_array_index(checks, JamObjectCheck, i)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
_check_array(EncodeContext *self, const gchar *path, guint slot, gboolean required)
{
  const JamJsonValue *value = &self->message->payload[slot];

  if (_is_null(value) && !required)
    return TRUE;
  if (_is_null(value))
    jam_reject_set(self->reject, JAM_REJECT_MISSING_VALUE, "%s is missing or null", path);
  else if (value->type != JAM_JSON_ARRAY && !(self->plan->member_name && value->type == JAM_JSON_OBJECT))
    jam_reject_set_wrong_type(self->reject, path, value->type,
                              self->plan->member_name ? "an array or an object" : "an array");
  else
    return TRUE;
  return FALSE;
}

/* Of an object in the place of an array. */
static gboolean
_check_member_names(EncodeContext *self)
{
  const JamJsonValue *bad_name = &self->message->lists[self->plan->each_list].bad_name;

  if (!self->plan->member_name || bad_name->type == JAM_JSON_MISSING)
    return TRUE;
  jam_reject_set(self->reject, JAM_REJECT_INVALID_INTEGER, "a key of %s is no integer from 0 to 2^32-1: %.*s",
                 self->plan->table->each, (gint) MIN(bad_name->length, MAX_SHOWN_NAME), bad_name->text);
  self->reject->column = self->plan->member_column;
  return FALSE;
}

static gboolean
_check_arrays(EncodeContext *self)
{
  const JamTable *table = self->plan->table;

  if (table->each && !_check_array(self, table->each, self->plan->each_slot, table->rows == JAM_ROWS_EACH))
    return FALSE;
  return !table->paired || _check_array(self, table->paired, self->plan->paired_slot, FALSE);
}

static gboolean
_check_strings(EncodeContext *self)
{
  guint n_items = self->message->lists[self->plan->each_list].n_items;

  if (self->plan->table->rows != JAM_ROWS_EACH_STRING)
    return TRUE;
  for (guint i = 0; i < n_items; i++)
    {
      const JamJsonValue *element = jam_message_get_item(self->message, self->plan->each_list, i, 0);
      if (element->type != JAM_JSON_STRING)
        {
          jam_reject_set_wrong_type(self->reject, "an element of json_encoded", element->type, "a string");
          return FALSE;
        }
    }
  return TRUE;
}

static guint
_count_rows(const EncodeContext *self)
{
  guint n_items = self->message->lists[self->plan->each_list].n_items;

  switch (self->plan->table->rows)
    {
    case JAM_ROWS_EACH:
    case JAM_ROWS_EACH_IF_ANY:
      return n_items;
    case JAM_ROWS_EACH_STRING:
      return self->plan->dialect == JAM_DIALECT_BIGQUERY ? MAX(n_items, 1) : 1;
    default:
      return 1;
    }
}

/* Copies more than the digits, which the next bytes are written over, if there is
 * as much behind them in the message. */
static inline gchar *
_copy_digits(const EncodeContext *self, gchar *p, const JamJsonValue *value)
{
  const gchar *message_end = self->message->body.text + self->message->body.length;

  if (G_LIKELY(message_end - value->text >= JAM_BUFFER_BLOCK))
    memcpy(p, value->text, JAM_BUFFER_BLOCK);
  else
    memcpy(p, value->text, value->length);
  return p + value->length;
}

static inline gchar *
_copy_lead(gchar *p, const JamColumnPlan *column)
{
  memcpy(p, column->lead, JAM_BUFFER_BLOCK);
  return p + column->lead_length;
}

/* Most of the statistics are integers that need no second look. Returns the first
 * column that is none, or @to. */
static gsize
_encode_plain_integers(EncodeContext *self, gsize from, gsize to)
{
  gboolean quoted = self->plan->dialect == JAM_DIALECT_BIGQUERY;
  gchar *p;
  gsize i;

  jam_buffer_reserve(self->out, (to - from) * 2 * JAM_BUFFER_BLOCK + JAM_BUFFER_BLOCK);
  p = self->out->data + self->out->length;
  for (i = from; i < to; i++)
    {
      const JamColumnPlan *column = &self->plan->columns[i];
      const JamJsonValue *value = _frame_value(self, column->source.frame, column->slot);

      if (!_is_plain_integer(value))
        break;
      p = _copy_digits(self, _copy_lead(p, column), value);
      if (quoted)
        *p++ = '"';
    }
  self->out->length = p - self->out->data;
  return i;
}

static gboolean
_encode_integers(EncodeContext *self, const JamColumnRun *run)
{
  for (gsize i = run->from; (i = _encode_plain_integers(self, i, run->to)) < run->to; i++)
    {
      if (!_encode_column(self, &self->plan->columns[i]))
        return FALSE;
    }
  return TRUE;
}

/* All of a row_id but the row's number and what is behind it. */
static void
_begin_row_id(EncodeContext *self, const JamColumnPlan *column)
{
  jam_buffer_append_blocks(self->out, column->key, column->key_length);
  jam_buffer_append_char(self->out, '"');
  jam_buffer_append(self->out, self->message->id.hex, sizeof(self->message->id.hex));
  jam_buffer_append_char(self->out, '-');
}

static void
_end_row_id(EncodeContext *self)
{
  jam_buffer_append_int64(self->out, self->row);
  jam_buffer_append_char(self->out, '"');
}

static gboolean
_encode_first_of_run(EncodeContext *self, const JamColumnRun *run)
{
  if (!_encode_columns(self, run->from, run->to))
    return FALSE;
  if (run->ends_with_row_id)
    _begin_row_id(self, &self->plan->columns[run->to]);
  return TRUE;
}

static gboolean
_encode_constant_run(EncodeContext *self, gsize run)
{
  gsize *start = &self->encoder->starts[run];
  gsize *length = &self->encoder->lengths[run];
  JamBuffer *out = self->out;

  if (self->row > 0)
    {
      jam_buffer_reserve(out, *length);
      jam_buffer_append(out, out->data + *start, *length);
    }
  else
    {
      *start = out->length;
      if (!_encode_first_of_run(self, &self->plan->runs[run]))
        return FALSE;
      *length = out->length - *start;
    }
  if (self->plan->runs[run].ends_with_row_id)
    _end_row_id(self);
  return TRUE;
}

static gboolean
_encode_run(EncodeContext *self, gsize run)
{
  const JamColumnRun *columns = &self->plan->runs[run];

  switch (columns->kind)
    {
    case JAM_RUN_CONSTANT:
      return _encode_constant_run(self, run);
    case JAM_RUN_INTEGERS:
      return _encode_integers(self, columns);
    default:
      return _encode_columns(self, columns->from, columns->to);
    }
}

static gboolean
_encode_row(EncodeContext *self)
{
  gsize start = self->out->length;

  for (gsize i = 0; i < self->plan->n_runs; i++)
    {
      if (!_encode_run(self, i))
        return FALSE;
    }
  self->out->data[start] = '{';
  jam_buffer_append_literal(self->out, "}\n");
  return TRUE;
}

/* Values that all rows share are checked even if there is no row. */
static gboolean
_check_constant_runs(EncodeContext *self)
{
  gsize start = self->out->length;
  gboolean success = TRUE;

  for (gsize i = 0; i < self->plan->n_runs && success; i++)
    success = self->plan->runs[i].kind != JAM_RUN_CONSTANT || _encode_constant_run(self, i);
  self->out->length = start;
  return success;
}

static gboolean
_encode_rows(EncodeContext *self, guint n_rows)
{
  gsize max_bytes = MAX(JAM_MAX_ROWS_BYTES, JAM_MAX_ROWS_GROWTH * self->message->body.length);
  gsize limit = self->out->length + max_bytes;

  for (self->row = 0; self->row < n_rows; self->row++)
    {
      if (!_check_objects(self, self->plan->row_checks) || !_encode_row(self))
        return FALSE;
      if (self->out->length > limit)
        {
          jam_reject_set(self->reject, JAM_REJECT_TOO_LARGE, "the rows take more than %" G_GSIZE_FORMAT " bytes",
                         max_bytes);
          return FALSE;
        }
      if (self->ends)
        g_array_append_val(self->ends, self->out->length);
    }
  return TRUE;
}

gboolean
jam_row_encoder_encode(JamRowEncoder *self, const JamMessage *message, gint table, JamBuffer *out, GArray *ends,
                       guint *n_rows, JamReject *reject)
{
  EncodeContext context = {
    .encoder = self,
    .plan = &self->plans[table],
    .message = message,
    .out = out,
    .ends = ends,
    .reject = reject,
  };
  gsize start = out->length;

  /* so that one huge string does not stay forever */
  jam_buffer_reset(&self->scratch, JAM_KEPT_SCRATCH_BYTES);
  jam_buffer_reset(&self->compared, JAM_KEPT_SCRATCH_BYTES);
  *n_rows = _count_rows(&context);
  if (_check_objects(&context, context.plan->message_checks) && _check_arrays(&context) && _check_member_names(&context)
      && _check_strings(&context) && (*n_rows > 0 || _check_constant_runs(&context)) && _encode_rows(&context, *n_rows))
    return TRUE;
  reject->table = jam_tables[table].name;
  out->length = start;
  return FALSE;
}

JamRowEncoder *
jam_row_encoder_new(JamDialect dialect)
{
  JamRowEncoder *self = g_new0(JamRowEncoder, 1);

  for (gint i = 0; i < JAM_N_TABLES; i++)
    jam_row_plan_init(&self->plans[i], i, dialect, NULL);
  return self;
}

void
jam_row_encoder_leave_out(JamRowEncoder *self, gint table, const gboolean *left_out)
{
  JamRowPlan *plan = &self->plans[table];
  JamDialect dialect = plan->dialect;

  jam_row_plan_clear(plan);
  jam_row_plan_init(plan, table, dialect, left_out);
}

void
jam_row_encoder_free(JamRowEncoder *self)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    jam_row_plan_clear(&self->plans[i]);
  jam_buffer_clear(&self->scratch);
  jam_buffer_clear(&self->compared);
  g_free(self);
}
