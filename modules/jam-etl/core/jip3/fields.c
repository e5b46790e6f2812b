/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/jip3/fields.h"
#include "core/jip3/values.h"

#define NOT_FIXED (-1)

typedef enum
{
  KIND_U8,
  KIND_U16,
  KIND_U32,
  KIND_U64,
  KIND_BOOLEAN,
  KIND_HASH,
  KIND_ADDRESS,
  KIND_TIME,
  KIND_STRING,
  KIND_ENUMERATION,
  KIND_LIST,
  /* a byte a core */
  KIND_CORE_BYTES,
  /* a bit a core */
  KIND_CORE_BITS,
} Kind;

typedef struct _Sequence Sequence;

/* A value, and the JSON text in front of it. */
typedef struct _Step
{
  /* in whole blocks, to be copied as such */
  const gchar *text;
  guint text_length;
  Kind kind;
  gboolean is_optional;
  /* for problems */
  JamText field;
  const JamJip3Enumeration *enumeration;
  const Sequence *element;
  /* bytes of the fields behind an array that has no length */
  gsize n_bytes_behind;
} Step;

struct _Sequence
{
  Step *steps;
  gsize n_steps;
  /* the text behind the last value */
  const gchar *text;
  guint text_length;
};

#define N_CHAIN_COLUMNS 4

static const struct
{
  const gchar *field;
  JamJip3ChainColumn column;
  gsize n_bytes;
} chain_columns[N_CHAIN_COLUMNS] =
{
  { "block_slot", JAM_JIP3_BLOCK_SLOT, 4 },
  { "header_hash", JAM_JIP3_HEADER_HASH, JAM_JIP3_HASH_BYTES },
  { "core", JAM_JIP3_CORE, 2 },
  { "work_package_hash", JAM_JIP3_WORK_PACKAGE_HASH, JAM_JIP3_HASH_BYTES },
};

struct _JamJip3Fields
{
  Sequence sequence;
  /* of the chain columns' values, in bytes, where there is one */
  gint chain_offsets[N_CHAIN_COLUMNS];
  /* those columns, and where the last of them ends */
  guint chain_columns;
  gsize chain_end;
};

/* Making of steps from a definition. */

typedef struct _Maker
{
  GArray *steps;
  /* the JSON text since the last value */
  GString *text;
  /* bytes so far, or NOT_FIXED */
  gint offset;
  /* in named structures, whose fields are no columns */
  guint depth;
  JamJip3Fields *fields;
} Maker;

static void _make_fields(Maker *self, const gchar *definition);

static gboolean
_text_is(const gchar *text, gsize length, const gchar *other)
{
  return strlen(other) == length && memcmp(text, other, length) == 0;
}

static const JamJip3Structure *
_find_structure(const gchar *name, gsize length)
{
  for (gsize i = 0; i < jam_jip3_n_structures; i++)
    {
      if (_text_is(name, length, jam_jip3_structures[i].name))
        return &jam_jip3_structures[i];
    }
  return NULL;
}

static const JamJip3Enumeration *
_find_enumeration(const gchar *name, gsize length)
{
  for (gsize i = 0; i < jam_jip3_n_enumerations; i++)
    {
      if (_text_is(name, length, jam_jip3_enumerations[i].name))
        return &jam_jip3_enumerations[i];
    }
  return NULL;
}

static gchar *
_copy_in_blocks(const GString *text)
{
  gchar *copy = g_malloc0(text->len + JAM_BUFFER_BLOCK);

  return memcpy(copy, text->str, text->len);
}

static gint
_n_bytes(const Step *step)
{
  switch (step->kind)
    {
    case KIND_U8:
    case KIND_BOOLEAN:
    case KIND_ENUMERATION:
      return step->is_optional ? NOT_FIXED : 1;
    case KIND_U16:
      return 2;
    case KIND_U32:
      return 4;
    case KIND_U64:
    case KIND_TIME:
      return 8;
    case KIND_HASH:
      return JAM_JIP3_HASH_BYTES;
    case KIND_ADDRESS:
      return JAM_JIP3_ADDRESS_BYTES;
    default:
      return NOT_FIXED;
    }
}

static void
_add_step(Maker *self, Step step)
{
  gint n_bytes = _n_bytes(&step);

  step.text = _copy_in_blocks(self->text);
  step.text_length = self->text->len;
  g_string_truncate(self->text, 0);
  g_array_append_val(self->steps, step);
  self->offset = self->offset == NOT_FIXED || n_bytes == NOT_FIXED ? NOT_FIXED : self->offset + n_bytes;
}

static void
_end_sequence(Maker *self, Sequence *sequence)
{
  sequence->text = _copy_in_blocks(self->text);
  sequence->text_length = self->text->len;
  sequence->n_steps = self->steps->len;
  sequence->steps = (Step *) g_array_free(self->steps, FALSE);
  g_string_free(self->text, TRUE);
}

static void
_maker_init(Maker *self, JamJip3Fields *fields, guint depth)
{
  *self = (Maker)
  {
    .steps = g_array_new(FALSE, FALSE, sizeof(Step)),
    .text = g_string_new(NULL),
    .depth = depth,
    .fields = fields,
  };
}

static void _make_value(Maker *self, JamText field, const gchar *type, gsize length, gboolean is_optional);

static const Sequence *
_make_element(const Maker *outer, JamText field, const gchar *type, gsize length)
{
  Sequence *element = g_new0(Sequence, 1);
  Maker maker;

  _maker_init(&maker, outer->fields, outer->depth + 1);
  _make_value(&maker, field, type, length, FALSE);
  _end_sequence(&maker, element);
  return element;
}

static const struct
{
  const gchar *type;
  Kind kind;
} simple_types[] =
{
  { "u8", KIND_U8 },
  { "u16", KIND_U16 },
  { "u32", KIND_U32 },
  { "u64", KIND_U64 },
  { "bool", KIND_BOOLEAN },
  { "hash", KIND_HASH },
  { "peer", KIND_HASH },
  { "addr", KIND_ADDRESS },
  { "time", KIND_TIME },
  { "[u8;C]", KIND_CORE_BYTES },
  { "[u8;ceil(C/8)]", KIND_CORE_BITS },
};

static gboolean
_find_simple_type(const gchar *type, gsize length, Kind *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS(simple_types); i++)
    {
      if (_text_is(type, length, simple_types[i].type))
        {
          *kind = simple_types[i].kind;
          return TRUE;
        }
    }
  *kind = KIND_STRING;
  /* the maximum length tells node information apart, and says nothing here */
  return length > 3 && memcmp(type, "str", 3) == 0 && g_ascii_isdigit(type[3]);
}

static void
_make_structure(Maker *self, const JamJip3Structure *structure)
{
  g_string_append_c(self->text, '{');
  self->depth++;
  _make_fields(self, structure->fields);
  self->depth--;
  g_string_append_c(self->text, '}');
}

static void
_make_list(Maker *self, JamText field, const gchar *type, gsize length)
{
  g_string_append_c(self->text, '[');
  _add_step(self, (Step)
  {
    .kind = KIND_LIST, .field = field, .element = _make_element(self, field, type + 1, length - 2),
  });
  g_string_append_c(self->text, ']');
}

static void
_make_value(Maker *self, JamText field, const gchar *type, gsize length, gboolean is_optional)
{
  static const gchar option[] = "option ";
  const gsize prefix = sizeof(option) - 1;
  const JamJip3Enumeration *enumeration = _find_enumeration(type, length);
  const JamJip3Structure *structure = _find_structure(type, length);
  Kind kind;

  if (length > prefix && memcmp(type, option, prefix) == 0)
    _make_value(self, field, type + prefix, length - prefix, TRUE);
  else if (_find_simple_type(type, length, &kind))
    _add_step(self, (Step) { .kind = kind, .field = field, .is_optional = is_optional });
  else if (enumeration)
    _add_step(self, (Step)
    {
      .kind = KIND_ENUMERATION, .field = field, .is_optional = is_optional, .enumeration = enumeration,
    });
  else if (structure && !is_optional)
    _make_structure(self, structure);
  else
    {
      g_assert(type[0] == '[' && !is_optional);
      _make_list(self, field, type, length);
    }
}

static void
_add_chain_column(Maker *self, gsize i)
{
  JamJip3Fields *fields = self->fields;

  g_assert(self->offset != NOT_FIXED);
  fields->chain_offsets[i] = self->offset;
  fields->chain_columns |= chain_columns[i].column;
  fields->chain_end = MAX(fields->chain_end, self->offset + chain_columns[i].n_bytes);
}

static void
_note_chain_column(Maker *self, JamText field)
{
  for (gsize i = 0; i < N_CHAIN_COLUMNS && self->depth == 0; i++)
    {
      if (_text_is(field.text, field.length, chain_columns[i].field))
        _add_chain_column(self, i);
    }
}

/* @text is NAME:TYPE or the name of a structure. */
static void
_make_field(Maker *self, const gchar *text, gsize length)
{
  const gchar *colon = memchr(text, ':', length);
  JamText field;

  if (!colon)
    {
      _make_fields(self, _find_structure(text, length)->fields);
      return;
    }
  field = (JamText) { text, colon - text };
  if (!g_str_has_suffix(self->text->str, "{"))
    g_string_append_c(self->text, ',');
  g_string_append_printf(self->text, "\"%.*s\":", (gint) field.length, field.text);
  _note_chain_column(self, field);
  _make_value(self, field, colon + 1, text + length - colon - 1, FALSE);
}

static void
_make_fields(Maker *self, const gchar *definition)
{
  while (*definition)
    {
      const gchar *comma = strchr(definition, ',');
      gsize length = comma ? (gsize) (comma - definition) : strlen(definition);

      _make_field(self, definition, length);
      definition += length;
      definition += strspn(definition, ", ");
    }
}

/* An array that has no length takes what the fields behind it leave: they must be of
 * fixed size. */
static void
_measure_bytes_behind(Sequence *sequence)
{
  gint n_behind = 0;

  for (gsize i = sequence->n_steps; i-- > 0;)
    {
      Step *step = &sequence->steps[i];
      gint n_bytes = _n_bytes(step);

      if (step->kind == KIND_CORE_BYTES || step->kind == KIND_CORE_BITS)
        {
          g_assert(n_behind != NOT_FIXED);
          step->n_bytes_behind = n_behind;
        }
      n_behind = n_behind == NOT_FIXED || n_bytes == NOT_FIXED ? NOT_FIXED : n_behind + n_bytes;
    }
}

JamJip3Fields *
jam_jip3_fields_new(const gchar *definition)
{
  JamJip3Fields *self = g_new0(JamJip3Fields, 1);
  Maker maker;

  _maker_init(&maker, self, 0);
  g_string_append_c(maker.text, '{');
  _make_fields(&maker, definition);
  g_string_append_c(maker.text, '}');
  _end_sequence(&maker, &self->sequence);
  _measure_bytes_behind(&self->sequence);
  return self;
}

/* Writing. */

static const gchar ends_early[] = "the content ends before it is whole";

typedef struct _Writer
{
  JamJip3Cursor content;
  JamBuffer *out;
  gint n_cores;
  JamJip3Problem *problem;
} Writer;

static gboolean
_fail(Writer *self, const Step *step, const gchar *text)
{
  *self->problem = (JamJip3Problem) { step->field, text };
  return FALSE;
}

static gboolean
_write_number(Writer *self, const Step *step, gsize n_bytes)
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
_write_boolean(Writer *self, const Step *step)
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
_write_hash(Writer *self, const Step *step)
{
  const guint8 *bytes = jam_jip3_cursor_take(&self->content, JAM_JIP3_HASH_BYTES);

  if (!bytes)
    return _fail(self, step, ends_early);
  jam_jip3_append_hex(self->out, bytes, JAM_JIP3_HASH_BYTES);
  return TRUE;
}

static gboolean
_write_address(Writer *self, const Step *step)
{
  const guint8 *bytes = jam_jip3_cursor_take(&self->content, JAM_JIP3_ADDRESS_BYTES);

  if (!bytes)
    return _fail(self, step, ends_early);
  jam_jip3_append_address(self->out, bytes);
  return TRUE;
}

static gboolean
_write_time(Writer *self, const Step *step)
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
_write_string(Writer *self, const Step *step)
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
_write_enumeration(Writer *self, const Step *step)
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
_take_core_array(Writer *self, const Step *step, gint n_per_byte, gsize *n_bytes)
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

static gboolean
_write_core_bytes(Writer *self, const Step *step)
{
  gsize n_bytes;
  const guint8 *bytes = _take_core_array(self, step, 1, &n_bytes);

  if (!bytes)
    return _fail(self, step, ends_early);
  jam_buffer_append_char(self->out, '[');
  for (gsize i = 0; i < n_bytes; i++)
    {
      if (i > 0)
        jam_buffer_append_char(self->out, ',');
      jam_buffer_append_uint64(self->out, bytes[i]);
    }
  jam_buffer_append_char(self->out, ']');
  return TRUE;
}

static gboolean
_write_core_bits(Writer *self, const Step *step)
{
  gsize n_bytes;
  const guint8 *bytes = _take_core_array(self, step, 8, &n_bytes);

  if (!bytes)
    return _fail(self, step, ends_early);
  jam_jip3_append_hex(self->out, bytes, n_bytes);
  return TRUE;
}

static gboolean _write_sequence(Writer *self, const Sequence *sequence);

/* No element is without bytes, so that a count that is not true ends soon. */
static gboolean
_write_list(Writer *self, const Step *step)
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
_take_option(Writer *self, const Step *step, gboolean *is_there)
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
_write_value(Writer *self, const Step *step)
{
  switch (step->kind)
    {
    case KIND_U8:
      return _write_number(self, step, 1);
    case KIND_U16:
      return _write_number(self, step, 2);
    case KIND_U32:
      return _write_number(self, step, 4);
    case KIND_U64:
      return _write_number(self, step, 8);
    case KIND_BOOLEAN:
      return _write_boolean(self, step);
    case KIND_HASH:
      return _write_hash(self, step);
    case KIND_ADDRESS:
      return _write_address(self, step);
    case KIND_TIME:
      return _write_time(self, step);
    case KIND_STRING:
      return _write_string(self, step);
    case KIND_ENUMERATION:
      return _write_enumeration(self, step);
    case KIND_LIST:
      return _write_list(self, step);
    case KIND_CORE_BYTES:
      return _write_core_bytes(self, step);
    case KIND_CORE_BITS:
      return _write_core_bits(self, step);
    }
  g_assert_not_reached();
}

static gboolean
_write_step(Writer *self, const Step *step)
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
_write_sequence(Writer *self, const Sequence *sequence)
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
jam_jip3_fields_write(const JamJip3Fields *self, const JamJip3Cursor *content, gint n_cores,
                      JamBuffer *out, JamJip3Problem *problem)
{
  Writer writer = { *content, out, n_cores, problem };

  if (!_write_sequence(&writer, &self->sequence))
    return FALSE;
  if (jam_jip3_cursor_left(&writer.content) == 0)
    return TRUE;
  *problem = (JamJip3Problem) { .text = "bytes are left over" };
  return FALSE;
}

void
jam_jip3_fields_chain_values(const JamJip3Fields *self, const JamJip3Cursor *content, JamJip3ChainValues *values)
{
  const gint *offsets = self->chain_offsets;

  values->known = jam_jip3_cursor_left(content) >= self->chain_end ? self->chain_columns : 0;
  if (values->known & JAM_JIP3_BLOCK_SLOT)
    values->block_slot = jam_jip3_u32(content->pos + offsets[0]);
  if (values->known & JAM_JIP3_HEADER_HASH)
    memcpy(values->header_hash, content->pos + offsets[1], JAM_JIP3_HASH_BYTES);
  if (values->known & JAM_JIP3_CORE)
    values->core = jam_jip3_u16(content->pos + offsets[2]);
  if (values->known & JAM_JIP3_WORK_PACKAGE_HASH)
    memcpy(values->work_package_hash, content->pos + offsets[3], JAM_JIP3_HASH_BYTES);
}
