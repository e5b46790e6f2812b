/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Compiled once for each way that the core is built: CORE_RUN says which.
 */
#include "core-run.h"

#include "core/rows/row-encoder.h"

#define STRINGIFY(name) STRINGIFY_VALUE(name)
#define STRINGIFY_VALUE(name) #name

/* what stands in an output buffer before the rows */
#define BEFORE "what was there before\n"
#define KEPT_OUTPUT_BYTES (1024 * 1024)

struct _CoreRun
{
  JamMessage *message;
  JamRowEncoder *encoders[CORE_N_ENCODERS];
  JamTeamMap *team_map;
  JamBuffer out;
};

static void
_leave_out(JamRowEncoder *self, CoreEncoder encoder)
{
  for (gint table = 0; table < JAM_N_TABLES; table++)
    {
      gboolean *left_out = g_new(gboolean, jam_tables[table].n_columns);

      for (gsize i = 0; i < jam_tables[table].n_columns; i++)
        left_out[i] = core_encoder_leaves_out(encoder, i);
      jam_row_encoder_leave_out(self, table, left_out);
      g_free(left_out);
    }
}

static CoreRun *
_new(const GString *team_map)
{
  CoreRun *self = g_new0(CoreRun, 1);

  self->message = jam_message_new();
  for (gint i = 0; i < CORE_N_ENCODERS; i++)
    self->encoders[i] = jam_row_encoder_new(core_encoder_dialect(i));
  _leave_out(self->encoders[CORE_BIGQUERY_WITH_GAPS], CORE_BIGQUERY_WITH_GAPS);
  if (team_map)
    self->team_map = jam_team_map_new(team_map->str, team_map->len, NULL);
  return self;
}

static void
_renew(CoreRun *self)
{
  jam_message_free(self->message);
  self->message = jam_message_new();
}

static void _describe_values(GString *values, const gchar *text, const JamJsonValue *value);

static void
_describe(GString *values, const gchar *text, const JamJsonValue *value)
{
  g_string_append_printf(values, "%" G_GSIZE_FORMAT " %u type %u count %u flags %u\n", value->text - text,
                         value->length, value->type, value->count, value->flags);
}

static void
_describe_elements(GString *values, const gchar *text, JamJsonReader *reader)
{
  JamJsonValue element;

  jam_json_reader_enter_array(reader);
  while (jam_json_reader_next_element(reader) && jam_json_reader_value(reader, &element))
    _describe_values(values, text, &element);
}

static void
_describe_members(GString *values, const gchar *text, JamJsonReader *reader)
{
  JamJsonValue name, member;

  jam_json_reader_enter_object(reader);
  while (jam_json_reader_next_member(reader, &name) && jam_json_reader_value(reader, &member))
    {
      _describe(values, text, &name);
      _describe_values(values, text, &member);
    }
}

/* @value and all that is in it */
static void
_describe_values(GString *values, const gchar *text, const JamJsonValue *value)
{
  JamJsonReader reader;

  _describe(values, text, value);
  jam_json_reader_init(&reader, value->text, value->length);
  if (value->type == JAM_JSON_ARRAY)
    _describe_elements(values, text, &reader);
  else if (value->type == JAM_JSON_OBJECT)
    _describe_members(values, text, &reader);
}

static gboolean _walk(JamJsonReader *reader);

static gboolean
_walk_array(JamJsonReader *reader)
{
  if (!jam_json_reader_enter_array(reader))
    return FALSE;
  while (jam_json_reader_next_element(reader))
    {
      if (!_walk(reader))
        return FALSE;
    }
  return reader->error == JAM_JSON_OK;
}

static gboolean
_walk_object(JamJsonReader *reader)
{
  JamJsonValue name;

  if (!jam_json_reader_enter_object(reader))
    return FALSE;
  while (jam_json_reader_next_member(reader, &name))
    {
      if (!_walk(reader))
        return FALSE;
    }
  return reader->error == JAM_JSON_OK;
}

static gboolean
_walk(JamJsonReader *reader)
{
  JamJsonValue value;

  switch (jam_json_reader_peek(reader))
    {
    case JAM_JSON_ARRAY:
      return _walk_array(reader);
    case JAM_JSON_OBJECT:
      return _walk_object(reader);
    default:
      return jam_json_reader_value(reader, &value);
    }
}

static void
_read_json(const gchar *text, gsize length, CoreResult *result)
{
  JamJsonReader reader;
  JamJsonValue value;

  jam_json_reader_init(&reader, text, length);
  result->is_json = jam_json_reader_value(&reader, &value) && jam_json_reader_finish(&reader);
  if (result->is_json)
    _describe_values(result->values, text, &value);
  jam_json_reader_init(&reader, text, length);
  result->is_walked = _walk(&reader) && jam_json_reader_finish(&reader);
}

static void
_encode(CoreRun *self, CoreEncoder encoder, CoreRows *rows)
{
  gsize before = strlen(BEFORE);

  jam_buffer_reset(&self->out, KEPT_OUTPUT_BYTES);
  jam_buffer_append_literal(&self->out, BEFORE);
  rows->is_encoded = jam_row_encoder_encode(self->encoders[encoder], self->message, rows->table, &self->out, NULL,
                                            &rows->n_rows, &rows->reject);
  rows->is_output_damaged = self->out.length < before || memcmp(self->out.data, BEFORE, before) != 0
                            || (!rows->is_encoded && self->out.length != before);
  rows->text = g_string_new_len(self->out.data + before, MAX(self->out.length, before) - before);
}

static void
_read(CoreRun *self, const gchar *text, gsize length, CoreResult *result)
{
  *result = (CoreResult){ .values = g_string_new(NULL), .reject.reason = JAM_N_REJECT_REASONS };
  _read_json(text, length, result);
  result->is_message = jam_message_read(self->message, text, length, self->team_map, &result->reject);
  if (!result->is_message)
    return;
  result->n_tables = self->message->kind->n_tables;
  for (gint encoder = 0; encoder < CORE_N_ENCODERS; encoder++)
    {
      for (gsize i = 0; i < result->n_tables; i++)
        {
          CoreRows *rows = &result->rows[encoder][i];

          *rows = (CoreRows){ .table = self->message->kind->tables[i], .reject.reason = JAM_N_REJECT_REASONS };
          _encode(self, encoder, rows);
        }
    }
}

const CoreRunClass CORE_RUN = { STRINGIFY(CORE_RUN), _new, _renew, _read };
