/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/jip3/node.h"

#define BYTES_0_7 134
#define BYTES_0_8 122
#define MAX_VERSION 1

const JamJip3Parameter jam_jip3_parameters[JAM_JIP3_N_PARAMETERS] = {
  { "B_I", 8, FALSE }, { "B_L", 8, FALSE }, { "B_S", 8, FALSE }, { "C", 2, FALSE },   { "D", 4, FALSE },
  { "E", 4, FALSE },   { "G_A", 8, FALSE }, { "G_I", 8, FALSE }, { "G_R", 8, FALSE }, { "G_T", 8, FALSE },
  { "H", 2, FALSE },   { "I", 2, FALSE },   { "J", 2, FALSE },   { "K", 2, FALSE },   { "L", 4, FALSE },
  { "N", 2, TRUE },    { "O", 2, FALSE },   { "P", 2, FALSE },   { "Q", 2, FALSE },   { "R", 2, FALSE },
  { "T", 2, FALSE },   { "U", 2, FALSE },   { "V", 2, TRUE },    { "W_A", 4, FALSE }, { "W_B", 4, FALSE },
  { "W_C", 4, FALSE }, { "W_E", 4, TRUE },  { "W_M", 4, FALSE }, { "W_P", 4, TRUE },  { "W_R", 4, FALSE },
  { "W_T", 4, FALSE }, { "W_X", 4, FALSE }, { "Y", 4, FALSE },
};

static gboolean
_take_string(JamJip3Cursor *content, JamText *string, gsize max_length)
{
  guint64 length;

  if (!jam_jip3_cursor_take_natural(content, &length) || length > max_length)
    return FALSE;
  string->text = (const gchar *) jam_jip3_cursor_take(content, length);
  string->length = length;
  return string->text != NULL;
}

/* Reads the members that follow the parameters. */
static gboolean
_read_rest(JamJip3Node *self, JamJip3Cursor content)
{
  const guint8 *flags;

  self->genesis_hash = jam_jip3_cursor_take(&content, JAM_JIP3_HASH_BYTES);
  self->peer_id = jam_jip3_cursor_take(&content, JAM_JIP3_HASH_BYTES);
  self->address = jam_jip3_cursor_take(&content, JAM_JIP3_ADDRESS_BYTES);
  flags = jam_jip3_cursor_take(&content, sizeof(self->flags));
  if (!self->genesis_hash || !self->peer_id || !self->address || !flags)
    return FALSE;
  self->flags = jam_jip3_u32(flags);
  return _take_string(&content, &self->implementation, 32) && _take_string(&content, &self->implementation_version, 32)
         && _take_string(&content, &self->gp_version, 16) && _take_string(&content, &self->note, 512)
         && jam_jip3_cursor_left(&content) == 0;
}

static JamJip3ParametersLayout
_layout(guint64 n_bytes)
{
  switch (n_bytes)
    {
    case BYTES_0_7:
      return JAM_JIP3_PARAMETERS_0_7;
    case BYTES_0_8:
      return JAM_JIP3_PARAMETERS_0_8;
    default:
      return JAM_JIP3_PARAMETERS_UNKNOWN;
    }
}

/* @content begins with the parameters. */
static gboolean
_read_with(JamJip3Node *self, JamJip3Cursor content, guint64 n_parameter_bytes)
{
  self->layout = _layout(n_parameter_bytes);
  self->parameters = jam_jip3_cursor_take(&content, n_parameter_bytes);
  return self->parameters && _read_rest(self, content);
}

/* Keeps @candidate, if it @fits, as the one that was found. */
static void
_count(JamJip3Node *self, const JamJip3Node *candidate, gboolean fits, guint *n_fitting)
{
  if (!fits)
    return;
  *self = *candidate;
  (*n_fitting)++;
}

gboolean
jam_jip3_node_read(JamJip3Node *self, const JamJip3Cursor *content)
{
  static const guint sizes[] = { BYTES_0_7, BYTES_0_8, 0 };
  JamJip3Cursor cursor = *content;
  const guint8 *version = jam_jip3_cursor_take(&cursor, 1);
  JamJip3Cursor behind_natural = cursor;
  JamJip3Node candidate = { 0 };
  guint64 n_bytes;
  guint n_fitting = 0;

  if (!version || *version > MAX_VERSION)
    return FALSE;
  candidate.version = *version;
  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++)
    _count(self, &candidate, _read_with(&candidate, cursor, sizes[i]), &n_fitting);
  if (jam_jip3_cursor_take_natural(&behind_natural, &n_bytes))
    _count(self, &candidate, _read_with(&candidate, behind_natural, n_bytes), &n_fitting);
  return n_fitting == 1;
}

static gboolean
_has(const JamJip3Node *self, const JamJip3Parameter *parameter)
{
  return self->layout == JAM_JIP3_PARAMETERS_0_7 || (self->layout == JAM_JIP3_PARAMETERS_0_8 && !parameter->is_0_7);
}

static guint64
_value(const guint8 *bytes, gsize n_bytes)
{
  guint64 value = 0;

  memcpy(&value, bytes, n_bytes);
  return GUINT64_FROM_LE(value);
}

static gint
_find_value(const JamJip3Node *self, const gchar *name)
{
  const guint8 *bytes = self->parameters;

  for (gsize i = 0; i < JAM_JIP3_N_PARAMETERS; i++)
    {
      const JamJip3Parameter *parameter = &jam_jip3_parameters[i];

      if (!_has(self, parameter))
        continue;
      if (g_str_equal(parameter->name, name))
        return _value(bytes, parameter->n_bytes);
      bytes += parameter->n_bytes;
    }
  return -1;
}

gint
jam_jip3_node_n_cores(const JamJip3Node *self)
{
  return _find_value(self, "C");
}

gint
jam_jip3_node_n_validators(const JamJip3Node *self)
{
  return _find_value(self, "V");
}

void
jam_jip3_node_append_parameters(const JamJip3Node *self, JamBuffer *out)
{
  const guint8 *bytes = self->parameters;
  gchar separator = '{';

  if (self->layout == JAM_JIP3_PARAMETERS_UNKNOWN)
    {
      jam_buffer_append_literal(out, "null");
      return;
    }
  for (gsize i = 0; i < JAM_JIP3_N_PARAMETERS; i++)
    {
      const JamJip3Parameter *parameter = &jam_jip3_parameters[i];

      if (!_has(self, parameter))
        continue;
      jam_buffer_append_char(out, separator);
      jam_json_append_string(out, parameter->name, strlen(parameter->name));
      jam_buffer_append_char(out, ':');
      jam_buffer_append_uint64(out, _value(bytes, parameter->n_bytes));
      bytes += parameter->n_bytes;
      separator = ',';
    }
  jam_buffer_append_char(out, '}');
}
