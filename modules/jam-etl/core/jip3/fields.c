/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/jip3/fields.h"
#include "core/jip3/values.h"

static const gchar ends_early[] = "the content ends before it is whole";

typedef struct _Writer
{
  JamJip3Cursor content;
  JamBuffer *out;
  gint n_cores;
  JamJip3Problem *problem;
} Writer;

static gboolean
_fail(Writer *self, const JamJip3Step *step, const gchar *text)
{
  *self->problem = (JamJip3Problem){ step->field, text };
  return FALSE;
}

static gboolean
_write_number(Writer *self, const JamJip3Step *step, gsize n_bytes)
{
  const guint8 *bytes = jam_jip3_cursor_take(&self->content, n_bytes);
  guint64 number = 0;

  if (!bytes)
    return _fail(self, step, ends_early);
  memcpy(&number, bytes, n_bytes);
  jam_buffer_append_uint64(self->out, GUINT64_FROM_LE(number));
  return TRUE;
}

static gboolean
_write_boolean(Writer *self, const JamJip3Step *step)
{
  const guint8 *byte = jam_jip3_cursor_take(&self->content, 1);

  if (!byte)
    return _fail(self, step, ends_early);
  if (*byte > 1)
    return _fail(self, step, "a bool is neither 0 nor 1");
  if (*byte)
    jam_buffer_append_literal(self->out, "true");
  else
    jam_buffer_append_literal(self->out, "false");
  return TRUE;
}

static gboolean
_write_hash(Writer *self, const JamJip3Step *step)
{
  const guint8 *bytes = jam_jip3_cursor_take(&self->content, JAM_JIP3_HASH_BYTES);

  if (!bytes)
    return _fail(self, step, ends_early);
  jam_jip3_append_hex(self->out, bytes, JAM_JIP3_HASH_BYTES);
  return TRUE;
}

static gboolean
_write_address(Writer *self, const JamJip3Step *step)
{
  const guint8 *bytes = jam_jip3_cursor_take(&self->content, JAM_JIP3_ADDRESS_BYTES);

  if (!bytes)
    return _fail(self, step, ends_early);
  jam_jip3_append_address(self->out, bytes);
  return TRUE;
}

static gboolean
_write_time(Writer *self, const JamJip3Step *step)
{
  const guint8 *bytes = jam_jip3_cursor_take(&self->content, 8);

  if (!bytes)
    return _fail(self, step, ends_early);
  if (jam_jip3_u64(bytes) > JAM_JIP3_MAX_TIME)
    return _fail(self, step, "a time beyond the year 2262");
  jam_jip3_append_time(self->out, jam_jip3_u64(bytes));
  return TRUE;
}

static gboolean
_write_string(Writer *self, const JamJip3Step *step)
{
  const guint8 *bytes = NULL;
  guint64 length;

  if (jam_jip3_cursor_take_natural(&self->content, &length))
    bytes = jam_jip3_cursor_take(&self->content, length);
  if (!bytes)
    return _fail(self, step, ends_early);
  jam_json_append_string(self->out, (const gchar *) bytes, length);
  return TRUE;
}

static const gchar *
_find_word(const JamJip3Enumeration *enumeration, guint8 index)
{
  for (guint i = 0; enumeration->words[i]; i++)
    {
      if (i == index)
        return enumeration->words[i];
    }
  return NULL;
}

static gboolean
_write_enumeration(Writer *self, const JamJip3Step *step)
{
  const guint8 *byte = jam_jip3_cursor_take(&self->content, 1);
  const gchar *word;

  if (!byte)
    return _fail(self, step, ends_early);
  word = _find_word(step->enumeration, *byte);
  if (!word)
    return _fail(self, step, "an enumeration does not have the value");
  jam_json_append_string(self->out, word, strlen(word));
  return TRUE;
}

/* Returns NULL if the content ends before as many bytes as there are cores, where that
 * is known. */
static const guint8 *
_take_core_array(Writer *self, const JamJip3Step *step, gint n_per_byte, gsize *n_bytes)
{
  gsize n_left = jam_jip3_cursor_left(&self->content);

  if (self->n_cores >= 0)
    *n_bytes = (self->n_cores + n_per_byte - 1) / n_per_byte;
  else if (n_left >= step->n_bytes_behind)
    *n_bytes = n_left - step->n_bytes_behind;
  else
    return NULL;
  return jam_jip3_cursor_take(&self->content, *n_bytes);
}

static inline gchar *
_put_byte(gchar *p, guint8 byte)
{
  if (byte >= 100)
    *p++ = '0' + byte / 100;
  if (byte >= 10)
    *p++ = '0' + byte / 10 % 10;
  *p++ = '0' + byte % 10;
  return p;
}

/* In one go, as there are hundreds of cores. */
static void
_append_bytes(JamBuffer *out, const guint8 *bytes, gsize n_bytes)
{
  gchar *p;

  /* three digits and a comma each, and the brackets */
  jam_buffer_reserve(out, 4 * n_bytes + 2);
  p = out->data + out->length;
  *p++ = '[';
  for (gsize i = 0; i < n_bytes; i++)
    {
      if (i > 0)
        *p++ = ',';
      p = _put_byte(p, bytes[i]);
    }
  *p++ = ']';
  out->length = p - out->data;
}

static gboolean
_write_core_bytes(Writer *self, const JamJip3Step *step)
{
  gsize n_bytes;
  const guint8 *bytes = _take_core_array(self, step, 1, &n_bytes);

  if (!bytes)
    return _fail(self, step, ends_early);
  _append_bytes(self->out, bytes, n_bytes);
  return TRUE;
}

static gboolean
_write_core_bits(Writer *self, const JamJip3Step *step)
{
  gsize n_bytes;
  const guint8 *bytes = _take_core_array(self, step, 8, &n_bytes);

  if (!bytes)
    return _fail(self, step, ends_early);
  jam_jip3_append_hex(self->out, bytes, n_bytes);
  return TRUE;
}

static gboolean _write_sequence(Writer *self, const JamJip3Sequence *sequence);

/* No element is without bytes, so that a count that is not true ends soon. */
static gboolean
_write_list(Writer *self, const JamJip3Step *step)
{
  guint64 count;

  if (!jam_jip3_cursor_take_natural(&self->content, &count))
    return _fail(self, step, ends_early);
  for (guint64 i = 0; i < count; i++)
    {
      if (i > 0)
        jam_buffer_append_char(self->out, ',');
      if (!_write_sequence(self, step->element))
        return FALSE;
    }
  return TRUE;
}

/* Stores whether the value is there. */
static gboolean
_take_option(Writer *self, const JamJip3Step *step, gboolean *is_there)
{
  const guint8 *byte = jam_jip3_cursor_take(&self->content, 1);

  if (!byte)
    return _fail(self, step, ends_early);
  if (*byte > 1)
    return _fail(self, step, "an option is neither 0 nor 1");
  *is_there = *byte;
  return TRUE;
}

static gboolean
_write_value(Writer *self, const JamJip3Step *step)
{
  switch (step->kind)
    {
    case JAM_JIP3_KIND_U8:
      return _write_number(self, step, 1);
    case JAM_JIP3_KIND_U16:
      return _write_number(self, step, 2);
    case JAM_JIP3_KIND_U32:
      return _write_number(self, step, 4);
    case JAM_JIP3_KIND_U64:
      return _write_number(self, step, 8);
    case JAM_JIP3_KIND_BOOLEAN:
      return _write_boolean(self, step);
    case JAM_JIP3_KIND_HASH:
      return _write_hash(self, step);
    case JAM_JIP3_KIND_ADDRESS:
      return _write_address(self, step);
    case JAM_JIP3_KIND_TIME:
      return _write_time(self, step);
    case JAM_JIP3_KIND_STRING:
      return _write_string(self, step);
    case JAM_JIP3_KIND_ENUMERATION:
      return _write_enumeration(self, step);
    case JAM_JIP3_KIND_LIST:
      return _write_list(self, step);
    case JAM_JIP3_KIND_CORE_BYTES:
      return _write_core_bytes(self, step);
    case JAM_JIP3_KIND_CORE_BITS:
      return _write_core_bits(self, step);
    }
  g_assert_not_reached();
}

static gboolean
_write_step(Writer *self, const JamJip3Step *step)
{
  gboolean is_there = TRUE;

  jam_buffer_append_blocks(self->out, step->text, step->text_length);
  if (step->is_optional && !_take_option(self, step, &is_there))
    return FALSE;
  if (is_there)
    return _write_value(self, step);
  jam_buffer_append_literal(self->out, "null");
  return TRUE;
}

static gboolean
_write_sequence(Writer *self, const JamJip3Sequence *sequence)
{
  for (gsize i = 0; i < sequence->n_steps; i++)
    {
      if (!_write_step(self, &sequence->steps[i]))
        return FALSE;
    }
  jam_buffer_append_blocks(self->out, sequence->text, sequence->text_length);
  return TRUE;
}

gboolean
jam_jip3_fields_write(const JamJip3Fields *self, const JamJip3Cursor *content, gint n_cores, JamBuffer *out,
                      JamJip3Problem *problem)
{
  Writer writer = { *content, out, n_cores, problem };

  if (!_write_sequence(&writer, &self->sequence))
    return FALSE;
  if (jam_jip3_cursor_left(&writer.content) == 0)
    return TRUE;
  *problem = (JamJip3Problem){ .text = "bytes are left over" };
  return FALSE;
}

void
jam_jip3_fields_chain_values(const JamJip3Fields *self, const JamJip3Cursor *content, JamJip3ChainValues *values)
{
  const JamJip3ChainOffsets *offsets = &self->chain_offsets;

  values->known = jam_jip3_cursor_left(content) >= self->chain_end ? self->chain_columns : 0;
  if (values->known & JAM_JIP3_BLOCK_SLOT)
    values->block_slot = jam_jip3_u32(content->pos + offsets->block_slot);
  if (values->known & JAM_JIP3_HEADER_HASH)
    memcpy(values->header_hash, content->pos + offsets->header_hash, JAM_JIP3_HASH_BYTES);
  if (values->known & JAM_JIP3_CORE)
    values->core = jam_jip3_u16(content->pos + offsets->core);
  if (values->known & JAM_JIP3_WORK_PACKAGE_HASH)
    memcpy(values->work_package_hash, content->pos + offsets->work_package_hash, JAM_JIP3_HASH_BYTES);
}
