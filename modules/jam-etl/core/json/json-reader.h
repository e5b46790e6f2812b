/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JSON_READER_H_INCLUDED
#define JAM_JSON_READER_H_INCLUDED

#include "core/bytes/buffer.h"
#include "core/json/json-scan.h"

/* A validating reader of RFC 8259 JSON texts. It builds no tree: it hands out
 * spans of the text, which stays the caller's and must outlive them.
 *
 * Strictly the RFC's grammar, UTF-8 checked; \u escapes may name any code unit
 * (unpaired surrogates included), as section 8.2 allows. */

/* Containers may be nested this deep; one level more is an error. */
#define JAM_JSON_MAX_DEPTH 1024

/* Two vectors and a byte more: a first member's name has no comma in front. */
#define JAM_JSON_NAME_BYTES 33

typedef enum
{
  JAM_JSON_MISSING,
  JAM_JSON_NULL,
  JAM_JSON_BOOLEAN,
  JAM_JSON_NUMBER,
  JAM_JSON_STRING,
  JAM_JSON_ARRAY,
  JAM_JSON_OBJECT,
} JamJsonType;

typedef enum
{
  /* a string that holds a backslash */
  JAM_JSON_ESCAPED = 0x01,
  /* a number without fraction and exponent */
  JAM_JSON_INTEGER = 0x02,
  /* a container with white space between its tokens */
  JAM_JSON_SPACED = 0x04,
  /* a string with an escape that is half of a surrogate pair, or a container with
   * such a string in it, names included: strict readers refuse that */
  JAM_JSON_UNPAIRED = 0x08,
} JamJsonFlags;

typedef struct _JamJsonValue
{
  /* the value's text, a string's with its quotation marks; not NUL-terminated */
  const gchar *text;
  guint32 length;
  /* elements of an array, members of an object */
  guint32 count;
  guint8 type;
  guint8 flags;
} JamJsonValue;

/* Returns TRUE if @value is missing or null. */
static inline gboolean
jam_json_value_is_null(const JamJsonValue *value)
{
  return value->type == JAM_JSON_MISSING || value->type == JAM_JSON_NULL;
}

/* Makes the @n values at @values missing ones. */
void jam_json_values_clear(JamJsonValue *values, gsize n);

typedef enum
{
  JAM_JSON_OK,
  JAM_JSON_ERROR_SYNTAX,
  JAM_JSON_ERROR_STRING,
  JAM_JSON_ERROR_NUMBER,
  JAM_JSON_ERROR_UTF8,
  JAM_JSON_ERROR_DEPTH,
  JAM_JSON_ERROR_TRAILING,
} JamJsonError;

typedef struct _JamJsonReader
{
  const gchar *start;
  const gchar *pos;
  const gchar *end;
  const gchar *error_pos;
  JamJsonError error;
  /* white space skipped so far, in bytes */
  gsize n_spaces;
  /* escapes so far that are half of a surrogate pair */
  gsize n_unpaired;
  guint depth;
  /* right behind an opening bracket, 1 or 0 */
  gboolean at_first;
} JamJsonReader;

/* A member's name as the known senders write it: behind a comma, without white
 * space, and with the colon. */
typedef struct _JamJsonName
{
  gchar text[JAM_JSON_NAME_BYTES];
  /* 0 if it is too long for a look ahead, or needs escapes */
  guint length;
} JamJsonName;

/* Makes @self stand for the name of @length bytes at @name. */
void jam_json_name_init(JamJsonName *self, const gchar *name, gsize length);

/* Starts reading the @length bytes at @text, at most G_MAXUINT32. */
void jam_json_reader_init(JamJsonReader *self, const gchar *text, gsize length);

/* Returns the type of the value that comes next, without reading it;
 * JAM_JSON_MISSING if none can start here. */
JamJsonType jam_json_reader_peek(JamJsonReader *self);

/* Reads one whole value, with all that is in it. Returns FALSE on an error. */
gboolean jam_json_reader_value(JamJsonReader *self, JamJsonValue *value);

/* Step into the array or object that comes next. Return FALSE on an error, also
 * when what comes is neither. */
gboolean jam_json_reader_enter_array(JamJsonReader *self);
gboolean jam_json_reader_enter_object(JamJsonReader *self);

/* Returns TRUE if another element follows: the caller must read or enter it.
 * FALSE when the array has ended, or on an error: see self->error. */
gboolean jam_json_reader_next_element(JamJsonReader *self);

/* Reads the next member's name into @key and returns TRUE: the caller must read
 * or enter its value. FALSE when the object has ended, or on an error: see
 * self->error. */
gboolean jam_json_reader_next_member(JamJsonReader *self, JamJsonValue *key);

/* Returns the flags of the container that was read since @self was as @start. */
static inline guint8
jam_json_reader_container_flags(const JamJsonReader *self, const JamJsonReader *start)
{
  return (self->n_spaces != start->n_spaces ? JAM_JSON_SPACED : 0)
         | (self->n_unpaired != start->n_unpaired ? JAM_JSON_UNPAIRED : 0);
}

/* Returns TRUE if only white space is left. */
gboolean jam_json_reader_finish(JamJsonReader *self);

/* Returns the first error in words, a constant. */
const gchar *jam_json_reader_error_message(const JamJsonReader *self);

/* Returns the first error's place, in bytes from the start of the text. */
gsize jam_json_reader_error_offset(const JamJsonReader *self);

/* How many of the bytes at @p, 32 at least, are those at @text; a bit each. */
static inline guint32
jam_json_equal_bytes(const gchar *p, const gchar *text)
{
#if JAM_HAVE_SSE2
  const __m128i *a = (const __m128i *) p;
  const __m128i *b = (const __m128i *) text;
  guint32 low = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(a), _mm_loadu_si128(b)));
  guint32 high = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(a + 1), _mm_loadu_si128(b + 1)));

  return low | high << 16;
#else
  guint32 equal = 0;

  for (gint i = 0; i < 32; i++)
    equal |= (guint32) (p[i] == text[i]) << i;
  return equal;
#endif
}

/* Returns the place behind @name if that, with a comma in front unless it is the
 * first in its object, is just what stands at @p, and enough behind it to be
 * looked at; NULL otherwise. */
static inline const gchar *
jam_json_name_skip(const JamJsonName *self, const gchar *p, const gchar *end, gboolean is_first)
{
  guint length = self->length - is_first;
  guint32 mask = ((guint64) 1 << length) - 1;

  if (end - p < 32 || self->length == 0 || (jam_json_equal_bytes(p, self->text + is_first) & mask) != mask)
    return NULL;
  return p + length;
}

static inline gboolean
_jam_json_ends_member(gchar c)
{
  return c == ',' || c == '}';
}

/* Returns the place behind the string without escapes, or the integer without sign,
 * that stands at @p, in ASCII, and stores which of the two it is. NULL if there is
 * none. */
static inline const gchar *
jam_json_skip_plain_value(const gchar *p, const gchar *end, JamJsonType *type)
{
  const gchar *q;

  if (p == end)
    return NULL;
  if (*p == '"')
    {
      *type = JAM_JSON_STRING;
      q = jam_json_scan_short(p + 1, end);
      return q < end && *q == '"' ? q + 1 : NULL;
    }
  *type = JAM_JSON_NUMBER;
  /* a digit alone is what most numbers are */
  if (end - p >= 2 && _jam_json_ends_member(p[1]))
    return (guchar) (*p - '0') <= 9 ? p + 1 : NULL;
  q = jam_json_scan_digits(p, end);
  return q > p && q < end && _jam_json_ends_member(*q) && *p != '0' ? q : NULL;
}

/* Stores what jam_json_skip_plain_value has found between @p and @end. */
static inline void
jam_json_set_plain_value(JamJsonValue *value, JamJsonType type, const gchar *p, const gchar *end)
{
  *value = (JamJsonValue){
    .text = p,
    .length = end - p,
    .type = type,
    .flags = type == JAM_JSON_NUMBER ? JAM_JSON_INTEGER : 0,
  };
}

/* Reads @name, and returns TRUE, if that is just what comes next: the caller must
 * read or enter the member's value. FALSE says nothing: then it is up to
 * jam_json_reader_next_member. */
static inline gboolean
jam_json_reader_next_is(JamJsonReader *self, const JamJsonName *name)
{
  const gchar *p = jam_json_name_skip(name, self->pos, self->end, self->at_first);

  if (!p || self->error != JAM_JSON_OK)
    return FALSE;
  self->pos = p;
  self->at_first = FALSE;
  return TRUE;
}

/* Reads what comes next if jam_json_skip_plain_value takes it. FALSE says nothing:
 * then it is up to jam_json_reader_value. */
static inline gboolean
jam_json_reader_plain_value(JamJsonReader *self, JamJsonValue *value)
{
  JamJsonType type;
  const gchar *end = jam_json_skip_plain_value(self->pos, self->end, &type);

  if (!end)
    return FALSE;
  jam_json_set_plain_value(value, type, self->pos, end);
  self->pos = end;
  return TRUE;
}

#endif
