/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JSON_TEXT_H_INCLUDED
#define JAM_JSON_TEXT_H_INCLUDED

#include "core/json/json-reader.h"

/* A run of bytes that somebody else owns; not NUL-terminated. */
typedef struct _JamText
{
  const gchar *text;
  gsize length;
} JamText;

/* what one huge string may leave allocated in a scratch buffer for the next */
#define JAM_KEPT_SCRATCH_BYTES (64 * 1024)

/* What stands between a string value's quotation marks. */
static inline const gchar *
jam_json_string_content(const JamJsonValue *string, gsize *length)
{
  *length = string->length - 2;
  return string->text + 1;
}

/* Appends the decoded value (UTF-8) of the valid JSON string content of @length
 * bytes at @content. An unpaired surrogate becomes U+FFFD. */
void jam_json_unescape(JamBuffer *out, const gchar *content, gsize length);

/* Returns the decoded value of @string, a JSON string: in place if nothing is
 * escaped in it, else in @scratch, which is overwritten. */
JamText jam_json_string_decode(const JamJsonValue *string, JamBuffer *scratch);

/* Appends @bytes as a JSON string with its quotation marks. Bytes that are not
 * UTF-8 become U+FFFD; returns FALSE if there were any. */
gboolean jam_json_append_string(JamBuffer *out, const gchar *bytes, gsize length);

/* Finds the text of @value if that is a number, or its decoded value if it is a string,
 * which may be one in quotation marks; as jam_json_string_decode does. Returns FALSE for
 * other types. */
gboolean jam_json_number_text(const JamJsonValue *value, JamBuffer *scratch, JamText *text);

/* Appends the JSON text of @value, a value that a JamJsonReader has read, with
 * \ufffd in the place of each escape that is half of a surrogate pair. */
void jam_json_append_paired(JamBuffer *out, const JamJsonValue *value);

/* Appends a JSON string that holds the JSON text of @value, a value that a
 * JamJsonReader has read, without the white space between its tokens. Halves of
 * surrogate pairs are appended as in jam_json_append_paired, by way of @scratch. */
void jam_json_append_as_string(JamBuffer *out, const JamJsonValue *value, JamBuffer *scratch);

/* The same as jam_json_string_equals, for a string with a backslash and a @text of
 * 170 bytes at most. */
gboolean jam_json_escaped_string_equals(const JamJsonValue *string, const gchar *text, gsize length);

/* Returns TRUE if the decoded value of @string, a JSON string, is @text, of which
 * @length, in bytes, is 170 at most. */
static inline gboolean
jam_json_string_equals(const JamJsonValue *string, const gchar *text, gsize length)
{
  if (string->flags & JAM_JSON_ESCAPED)
    return jam_json_escaped_string_equals(string, text, length);
  return string->length == length + 2 && memcmp(string->text + 1, text, length) == 0;
}

#endif
