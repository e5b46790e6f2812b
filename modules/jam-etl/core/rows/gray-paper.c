/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/rows/gray-paper.h"
#include "core/bytes/hex.h"
#include "core/bytes/integer.h"

#define HASH_BYTES 32
#define KEY_BYTES 32
#define U16_BYTES 2
#define U32_BYTES 4
#define U64_BYTES 8
/* of a Bandersnatch VRF signature, as entropy source and seal */
#define VRF_SIGNATURE_BYTES 96
/* a ticket's identifier and attempt */
#define TICKET_BYTES 33
/* a segment's tree root and index */
#define IMPORT_BYTES 34
/* an extrinsic's hash and length */
#define EXTRINSIC_BYTES 36

/* A cursor over encoded bytes. A failed step clears @fits, which the caller checks once
 * at the end. */
typedef struct _Cursor
{
  const gchar *digits;
  gsize n_bytes;
  gsize pos;
  gboolean fits;
  const JamJsonValue *const *fields;
  JamBuffer *scratch;
  /* of a header's epoch mark */
  gsize validators_bytes;
} Cursor;

/* A part of a layout. */
typedef struct _Step Step;
struct _Step
{
  void (*read)(Cursor *self, const Step *step);
  gsize n_bytes;
  /* the value of the JSON to compare with */
  gint field;
  /* the layout of each entry */
  const Step *entry;
};

#define NO_FIELD (-1)

static void
_skip(Cursor *self, guint64 n_bytes)
{
  if (n_bytes > self->n_bytes - self->pos)
    self->fits = FALSE;
  else
    self->pos += n_bytes;
}

static void
_skip_each(Cursor *self, guint64 count, gsize n_bytes)
{
  if (count > self->n_bytes)
    self->fits = FALSE;
  else
    _skip(self, count * n_bytes);
}

/* Takes a number of at most 8 bytes. */
static guint64
_take_little_endian(Cursor *self, guint n_bytes)
{
  gsize at = self->pos;
  guint64 bytes = 0;

  _skip(self, n_bytes);
  if (self->fits && !jam_hex_decode(self->digits + 2 * at, n_bytes, (guint8 *) &bytes))
    self->fits = FALSE;
  return GUINT64_FROM_LE(bytes);
}

static guint8
_take_byte(Cursor *self)
{
  return _take_little_endian(self, 1);
}

/* A general natural: the first byte's leading one bits say how many
 * little-endian bytes follow, its other bits are the high part. */
static guint64
_take_natural(Cursor *self)
{
  guint8 first = _take_byte(self);
  guint n_following = 0;
  guint64 low;

  while (n_following < 8 && (first & (0x80 >> n_following)))
    n_following++;
  low = _take_little_endian(self, n_following);
  if (n_following == 8)
    return low;
  return ((guint64) (first & (0x7F >> n_following)) << (8 * n_following)) | low;
}

/* Returns the field's JSON value, or NULL if that is missing or null. */
static const JamJsonValue *
_field(const Cursor *self, gint field)
{
  return field == NO_FIELD || jam_json_value_is_null(self->fields[field]) ? NULL : self->fields[field];
}

/* Stores how many elements the JSON has in the array @field. */
static gboolean
_count_in_json(const Cursor *self, gint field, guint64 *count)
{
  const JamJsonValue *value = _field(self, field);

  *count = value ? value->count : 0;
  return !value || value->type == JAM_JSON_ARRAY;
}

static gboolean
_is_same_hex(const JamText *hex, const gchar *digits, gsize n_digits)
{
  return hex->length == n_digits + 2 && memcmp(hex->text, "0x", 2) == 0
         && (memcmp(hex->text + 2, digits, n_digits) == 0 || g_ascii_strncasecmp(hex->text + 2, digits, n_digits) == 0);
}

/* Compares the @n_bytes bytes before the cursor. */
static void
_compare_hex(Cursor *self, gint field, gsize n_bytes)
{
  const JamJsonValue *value = _field(self, field);
  JamText hex;

  if (!value || !self->fits)
    return;
  if (value->type != JAM_JSON_STRING)
    {
      self->fits = FALSE;
      return;
    }
  hex = jam_json_string_decode(value, self->scratch);
  self->fits = _is_same_hex(&hex, self->digits + 2 * (self->pos - n_bytes), 2 * n_bytes);
}

static gboolean
_is_number(const Cursor *self, const JamJsonValue *value, guint64 number)
{
  JamText digits;
  guint64 in_json;

  return jam_json_number_text(value, self->scratch, &digits)
         && jam_integer_parse_uint64(digits.text, digits.length, &in_json) && in_json == number;
}

/* Step types. */

static void
_skip_bytes(Cursor *self, const Step *step)
{
  _skip(self, step->n_bytes);
}

static void
_read_hex(Cursor *self, const Step *step)
{
  _skip(self, step->n_bytes);
  _compare_hex(self, step->field, step->n_bytes);
}

static void
_read_number(Cursor *self, const Step *step)
{
  guint64 number = _take_little_endian(self, step->n_bytes);
  const JamJsonValue *value = _field(self, step->field);

  if (value && !_is_number(self, value, number))
    self->fits = FALSE;
}

/* a length and that many bytes */
static void
_read_blob(Cursor *self, const Step *step)
{
  guint64 n_bytes = _take_natural(self);

  _skip(self, n_bytes);
  _compare_hex(self, step->field, n_bytes);
}

/* a count and that many entries */
static void
_skip_list(Cursor *self, const Step *step)
{
  _skip_each(self, _take_natural(self), step->n_bytes);
}

/* the same, with as many entries as the JSON has */
static void
_read_list(Cursor *self, const Step *step)
{
  guint64 count = _take_natural(self);
  guint64 in_json;

  if (!_count_in_json(self, step->field, &in_json) || in_json != count)
    self->fits = FALSE;
  _skip_each(self, count, step->n_bytes);
}

static void
_read_steps(Cursor *self, const Step *layout)
{
  for (const Step *step = layout; step->read && self->fits; step++)
    step->read(self, step);
}

static void
_read_entries(Cursor *self, const Step *step)
{
  guint64 count = _take_natural(self);

  for (guint64 i = 0; i < count && self->fits; i++)
    _read_steps(self, step->entry);
}

/* An optional value starts with a byte 0 or 1. Returns TRUE if it is there, in the
 * JSON too. */
static gboolean
_take_presence(Cursor *self, gint field)
{
  guint8 presence = _take_byte(self);
  gboolean in_json = _field(self, field) != NULL;

  if (presence != (in_json ? 1 : 0))
    self->fits = FALSE;
  return self->fits && in_json;
}

/* The header. */

/* An entry is an object, a pair of keys, or a single key. */
static gsize
_validators_bytes(const JamJsonValue *validators)
{
  JamJsonReader json;
  JamJsonValue entry;
  gsize n_bytes = 0;

  if (validators->type != JAM_JSON_ARRAY)
    return 0;
  jam_json_reader_init(&json, validators->text, validators->length);
  jam_json_reader_enter_array(&json);
  while (jam_json_reader_next_element(&json) && jam_json_reader_value(&json, &entry))
    n_bytes += entry.type == JAM_JSON_OBJECT ? 2 * KEY_BYTES : KEY_BYTES;
  return n_bytes;
}

static void
_read_epoch_mark(Cursor *self, gboolean has_count)
{
  guint64 count;

  if (!_take_presence(self, JAM_HEADER_EPOCH_MARK))
    return;
  _skip(self, 2 * HASH_BYTES);
  if (!_count_in_json(self, JAM_HEADER_VALIDATORS, &count) || (has_count && _take_natural(self) != count))
    self->fits = FALSE;
  _skip(self, self->validators_bytes);
}

static void
_read_plain_epoch_mark(Cursor *self, const Step *step G_GNUC_UNUSED)
{
  _read_epoch_mark(self, FALSE);
}

static void
_read_counted_epoch_mark(Cursor *self, const Step *step G_GNUC_UNUSED)
{
  _read_epoch_mark(self, TRUE);
}

static void
_read_tickets_mark(Cursor *self, const Step *step G_GNUC_UNUSED)
{
  guint64 count;

  if (!_take_presence(self, JAM_HEADER_TICKETS_MARK))
    return;
  if (_count_in_json(self, JAM_HEADER_TICKETS_MARK, &count))
    _skip_each(self, count, TICKET_BYTES);
  else
    self->fits = FALSE;
}

/* clang-format off */
#define END { NULL, 0, NO_FIELD, NULL }

static const Step header_start[] =
{
  { _read_hex, HASH_BYTES, JAM_HEADER_PARENT, NULL },
  { _read_hex, HASH_BYTES, JAM_HEADER_PARENT_STATE_ROOT, NULL },
  { _read_hex, HASH_BYTES, JAM_HEADER_EXTRINSIC_HASH, NULL },
  { _read_number, U32_BYTES, JAM_HEADER_SLOT, NULL },
  END,
};

#define OFFENDERS { _read_list, HASH_BYTES, JAM_HEADER_OFFENDERS_MARK, NULL }

#define AUTHOR \
  { _read_number, U16_BYTES, JAM_HEADER_AUTHOR_INDEX, NULL }, \
  { _read_hex, VRF_SIGNATURE_BYTES, JAM_HEADER_ENTROPY_SOURCE, NULL }

#define HEADER_END { _read_hex, VRF_SIGNATURE_BYTES, JAM_HEADER_SEAL, NULL }, END

static const Step header_0_6[] =
{
  { _read_plain_epoch_mark, 0, NO_FIELD, NULL },
  { _read_tickets_mark, 0, NO_FIELD, NULL },
  OFFENDERS,
  AUTHOR,
  HEADER_END,
};

static const Step header_0_7[] =
{
  { _read_plain_epoch_mark, 0, NO_FIELD, NULL },
  { _read_tickets_mark, 0, NO_FIELD, NULL },
  AUTHOR,
  OFFENDERS,
  HEADER_END,
};

static const Step header_0_8[] =
{
  { _read_counted_epoch_mark, 0, NO_FIELD, NULL },
  { _read_tickets_mark, 0, NO_FIELD, NULL },
  AUTHOR,
  OFFENDERS,
  HEADER_END,
};

/* The work package. */

#define AUTHORIZER \
  { _read_number, U32_BYTES, JAM_PACKAGE_HOST, NULL }, \
  { _read_hex, HASH_BYTES, JAM_PACKAGE_CODE_HASH, NULL }

#define PREREQUISITES { _skip_list, HASH_BYTES, NO_FIELD, NULL }

/* state root, BEEFY root and lookup anchor are between anchor and slot */
#define CONTEXT_0_6 \
  { _read_hex, HASH_BYTES, JAM_PACKAGE_ANCHOR, NULL }, \
  { _skip_bytes, 3 * HASH_BYTES, NO_FIELD, NULL }, \
  { _read_number, U32_BYTES, JAM_PACKAGE_LOOKUP_ANCHOR_SLOT, NULL }, \
  PREREQUISITES

#define CONTEXT_0_8 \
  { _read_hex, HASH_BYTES, JAM_PACKAGE_ANCHOR, NULL }, \
  { _skip_bytes, U32_BYTES + 3 * HASH_BYTES, NO_FIELD, NULL }, \
  { _read_number, U32_BYTES, JAM_PACKAGE_LOOKUP_ANCHOR_SLOT, NULL }, \
  { _skip_bytes, HASH_BYTES, NO_FIELD, NULL }, \
  PREREQUISITES

#define ITEM_END \
  { _skip_list, IMPORT_BYTES, NO_FIELD, NULL }, \
  { _skip_list, EXTRINSIC_BYTES, NO_FIELD, NULL }

static const Step item_0_6[] =
{
  { _skip_bytes, U32_BYTES + HASH_BYTES, NO_FIELD, NULL },
  { _read_blob, 0, NO_FIELD, NULL },
  { _skip_bytes, 2 * U64_BYTES, NO_FIELD, NULL },
  ITEM_END,
  { _skip_bytes, U16_BYTES, NO_FIELD, NULL },
  END,
};

static const Step item_0_7[] =
{
  { _skip_bytes, U32_BYTES + HASH_BYTES + 2 * U64_BYTES + U16_BYTES, NO_FIELD, NULL },
  { _read_blob, 0, NO_FIELD, NULL },
  ITEM_END,
  END,
};

static const Step work_package_0_6[] =
{
  { _read_blob, 0, JAM_PACKAGE_AUTHORIZATION, NULL },
  AUTHORIZER,
  { _read_blob, 0, JAM_PACKAGE_PARAMETERS, NULL },
  CONTEXT_0_6,
  { _read_entries, 0, NO_FIELD, item_0_6 },
  END,
};

#define WORK_PACKAGE_END \
  { _read_blob, 0, JAM_PACKAGE_AUTHORIZATION, NULL }, \
  { _read_blob, 0, JAM_PACKAGE_PARAMETERS, NULL }, \
  { _read_entries, 0, NO_FIELD, item_0_7 }, \
  END

static const Step work_package_0_7[] = { AUTHORIZER, CONTEXT_0_6, WORK_PACKAGE_END };
static const Step work_package_0_8[] = { AUTHORIZER, CONTEXT_0_8, WORK_PACKAGE_END };
/* clang-format on */

/* Returns where @layout, which begins at @start, ends; 0 if it does not fit. */
static gsize
_measure_layout(const Cursor *start, const Step *layout)
{
  Cursor cursor = *start;

  _read_steps(&cursor, layout);
  return cursor.fits ? cursor.pos : 0;
}

/* Returns where the layouts that fit end; 0 if none fits, or if they do not agree. */
static gsize
_measure(const Cursor *start, const Step *const layouts[], gsize n_layouts)
{
  gsize found = 0;

  for (gsize i = 0; i < n_layouts; i++)
    {
      gsize length = _measure_layout(start, layouts[i]);

      if (found > 0 && length > 0 && length != found)
        return 0;
      found = MAX(found, length);
    }
  return found;
}

static void
_cursor_init(Cursor *self, const JamJsonValue *const fields[], const JamText *digits, JamBuffer *scratch)
{
  *self = (Cursor){
    .digits = digits->text,
    .n_bytes = digits->length / 2,
    .fits = TRUE,
    .fields = fields,
    .scratch = scratch,
  };
}

static gsize
_measure_header(const JamJsonValue *const fields[], const JamText *digits, JamBuffer *scratch)
{
  /* the last two differ in the epoch mark */
  static const Step *const layouts[] = { header_0_6, header_0_7, header_0_8 };
  gboolean has_epoch_mark = !jam_json_value_is_null(fields[JAM_HEADER_EPOCH_MARK]);
  Cursor start;

  if (jam_json_value_is_null(fields[JAM_HEADER_ENTROPY_SOURCE]) && jam_json_value_is_null(fields[JAM_HEADER_SEAL]))
    return 0;
  _cursor_init(&start, fields, digits, scratch);
  start.validators_bytes = _validators_bytes(fields[JAM_HEADER_VALIDATORS]);
  _read_steps(&start, header_start);
  return start.fits ? _measure(&start, layouts, G_N_ELEMENTS(layouts) - !has_epoch_mark) : 0;
}

static gsize
_measure_work_package(const JamJsonValue *const fields[], const JamText *digits, JamBuffer *scratch)
{
  static const Step *const layouts[] = { work_package_0_6, work_package_0_7 };
  static const Step *const newer_layouts[] = { work_package_0_8 };
  Cursor start;

  if (jam_json_value_is_null(fields[JAM_PACKAGE_CODE_HASH]) && jam_json_value_is_null(fields[JAM_PACKAGE_ANCHOR]))
    return 0;
  _cursor_init(&start, fields, digits, scratch);
  if (!jam_json_value_is_null(fields[JAM_PACKAGE_ANCHOR_SLOT])
      || !jam_json_value_is_null(fields[JAM_PACKAGE_LOOKUP_ANCHOR_STATE_ROOT]))
    return _measure(&start, newer_layouts, G_N_ELEMENTS(newer_layouts));
  return _measure(&start, layouts, G_N_ELEMENTS(layouts));
}

gsize
jam_gray_paper_measure(JamEncodedObject object, const JamJsonValue *const fields[], const JamText *digits,
                       JamBuffer *scratch)
{
  switch (object)
    {
    case JAM_ENCODED_HEADER:
      return _measure_header(fields, digits, scratch);
    case JAM_ENCODED_WORK_PACKAGE:
      return _measure_work_package(fields, digits, scratch);
    default:
      return 0;
    }
}
