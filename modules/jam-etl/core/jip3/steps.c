/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/jip3/steps.h"
#include "core/jip3/cursor.h"

#define NOT_FIXED (-1)

static const struct
{
  const gchar *field;
  JamJip3ChainColumn column;
  gsize n_bytes;
  /* in JamJip3ChainOffsets */
  gsize place;
} chain_columns[] = {
  { "block_slot", JAM_JIP3_BLOCK_SLOT, 4, G_STRUCT_OFFSET(JamJip3ChainOffsets, block_slot) },
  { "header_hash", JAM_JIP3_HEADER_HASH, 32, G_STRUCT_OFFSET(JamJip3ChainOffsets, header_hash) },
  { "core", JAM_JIP3_CORE, 2, G_STRUCT_OFFSET(JamJip3ChainOffsets, core) },
  { "work_package_hash", JAM_JIP3_WORK_PACKAGE_HASH, 32, G_STRUCT_OFFSET(JamJip3ChainOffsets, work_package_hash) },
};

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
_n_bytes(const JamJip3Step *step)
{
  switch (step->kind)
    {
    case JAM_JIP3_KIND_U8:
    case JAM_JIP3_KIND_BOOLEAN:
    case JAM_JIP3_KIND_ENUMERATION:
      return step->is_optional ? NOT_FIXED : 1;
    case JAM_JIP3_KIND_U16:
      return 2;
    case JAM_JIP3_KIND_U32:
      return 4;
    case JAM_JIP3_KIND_U64:
    case JAM_JIP3_KIND_TIME:
      return 8;
    case JAM_JIP3_KIND_HASH:
      return JAM_JIP3_HASH_BYTES;
    case JAM_JIP3_KIND_ADDRESS:
      return JAM_JIP3_ADDRESS_BYTES;
    default:
      return NOT_FIXED;
    }
}

static void
_add_step(Maker *self, JamJip3Step step)
{
  gint n_bytes = _n_bytes(&step);

  step.text = _copy_in_blocks(self->text);
  step.text_length = self->text->len;
  g_string_truncate(self->text, 0);
  g_array_append_val(self->steps, step);
  self->offset = self->offset == NOT_FIXED || n_bytes == NOT_FIXED ? NOT_FIXED : self->offset + n_bytes;
}

static void
_end_sequence(Maker *self, JamJip3Sequence *sequence)
{
  sequence->text = _copy_in_blocks(self->text);
  sequence->text_length = self->text->len;
  sequence->n_steps = self->steps->len;
  sequence->steps = (JamJip3Step *) g_array_free(self->steps, FALSE);
  g_string_free(self->text, TRUE);
}

static void
_maker_init(Maker *self, JamJip3Fields *fields, guint depth)
{
  *self = (Maker){
    .steps = g_array_new(FALSE, FALSE, sizeof(JamJip3Step)),
    .text = g_string_new(NULL),
    .depth = depth,
    .fields = fields,
  };
}

static void _make_value(Maker *self, JamText field, const gchar *type, gsize length, gboolean is_optional);

static const JamJip3Sequence *
_make_element(const Maker *outer, JamText field, const gchar *type, gsize length)
{
  JamJip3Sequence *element = g_new0(JamJip3Sequence, 1);
  Maker maker;

  _maker_init(&maker, outer->fields, outer->depth + 1);
  _make_value(&maker, field, type, length, FALSE);
  _end_sequence(&maker, element);
  return element;
}

static const struct
{
  const gchar *type;
  JamJip3StepKind kind;
} simple_types[] = {
  { "u8", JAM_JIP3_KIND_U8 },
  { "u16", JAM_JIP3_KIND_U16 },
  { "u32", JAM_JIP3_KIND_U32 },
  { "u64", JAM_JIP3_KIND_U64 },
  { "bool", JAM_JIP3_KIND_BOOLEAN },
  { "hash", JAM_JIP3_KIND_HASH },
  { "peer", JAM_JIP3_KIND_HASH },
  { "addr", JAM_JIP3_KIND_ADDRESS },
  { "time", JAM_JIP3_KIND_TIME },
  { "[u8;C]", JAM_JIP3_KIND_CORE_BYTES },
  { "[u8;ceil(C/8)]", JAM_JIP3_KIND_CORE_BITS },
};

static gboolean
_find_simple_type(const gchar *type, gsize length, JamJip3StepKind *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS(simple_types); i++)
    {
      if (_text_is(type, length, simple_types[i].type))
        {
          *kind = simple_types[i].kind;
          return TRUE;
        }
    }
  *kind = JAM_JIP3_KIND_STRING;
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
  _add_step(self, (JamJip3Step){
                    .kind = JAM_JIP3_KIND_LIST,
                    .field = field,
                    .element = _make_element(self, field, type + 1, length - 2),
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
  JamJip3StepKind kind;

  if (length > prefix && memcmp(type, option, prefix) == 0)
    _make_value(self, field, type + prefix, length - prefix, TRUE);
  else if (_find_simple_type(type, length, &kind))
    _add_step(self, (JamJip3Step){ .kind = kind, .field = field, .is_optional = is_optional });
  else if (enumeration)
    _add_step(self, (JamJip3Step){
                      .kind = JAM_JIP3_KIND_ENUMERATION,
                      .field = field,
                      .is_optional = is_optional,
                      .enumeration = enumeration,
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
  G_STRUCT_MEMBER(gsize, &fields->chain_offsets, chain_columns[i].place) = self->offset;
  fields->chain_columns |= chain_columns[i].column;
  fields->chain_end = MAX(fields->chain_end, self->offset + chain_columns[i].n_bytes);
}

static void
_note_chain_column(Maker *self, JamText field)
{
  for (gsize i = 0; i < G_N_ELEMENTS(chain_columns) && self->depth == 0; i++)
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
  field = (JamText){ text, colon - text };
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
_measure_bytes_behind(JamJip3Sequence *sequence)
{
  gint n_behind = 0;

  for (gsize i = sequence->n_steps; i-- > 0;)
    {
      JamJip3Step *step = &sequence->steps[i];
      gint n_bytes = _n_bytes(step);

      if (step->kind == JAM_JIP3_KIND_CORE_BYTES || step->kind == JAM_JIP3_KIND_CORE_BITS)
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
