/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JSON_READER_H_INCLUDED
#define JAM_JSON_READER_H_INCLUDED

#include "core/buffer.h"

/* A validating reader of RFC 8259 JSON texts. It builds no tree: it hands out
 * spans of the text, which stays the caller's and must outlive them.
 *
 * Strictly the RFC's grammar, UTF-8 checked; \u escapes may name any code unit
 * (lone surrogates included), as section 8.2 allows. */

/* Containers may be nested this deep; one level more is an error. */
#define JAM_JSON_MAX_DEPTH 1024

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
  guint depth;
  gboolean at_first;
} JamJsonReader;

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

/* Returns TRUE if only white space is left. */
gboolean jam_json_reader_finish(JamJsonReader *self);

/* Returns the first error in words, a constant. */
const gchar *jam_json_reader_error_message(const JamJsonReader *self);

/* Returns the first error's place, in bytes from the start of the text. */
gsize jam_json_reader_error_offset(const JamJsonReader *self);

#endif
