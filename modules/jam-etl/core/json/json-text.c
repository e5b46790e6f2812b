/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/json/json-text.h"

#define REPLACEMENT_CHARACTER 0xFFFD
/* of a name that is looked for, written with escapes: longer ones do not occur */
#define MAX_ESCAPED_BYTES 1024

static void
_append_code_point(JamBuffer *out, gunichar c)
{
  gchar utf8[6];

  jam_buffer_append(out, utf8, g_unichar_to_utf8(c, utf8));
}

/* @p is at "\u". Returns the length of the escape. */
static guint
_unescape_code_point(JamBuffer *out, const gchar *p, const gchar *end)
{
  gunichar c;
  guint length = jam_json_read_unicode_escape(p, end, &c);

  _append_code_point(out, jam_unichar_is_surrogate(c) ? REPLACEMENT_CHARACTER : c);
  return length;
}

static gchar
_unescape_char(gchar c)
{
  switch (c)
    {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
    }
}

void
jam_json_unescape(JamBuffer *out, const gchar *content, gsize length)
{
  const gchar *p = content;
  const gchar *end = content + length;

  while (p < end)
    {
      const gchar *backslash = memchr(p, '\\', end - p);
      if (!backslash)
        backslash = end;
      jam_buffer_append(out, p, backslash - p);
      if (backslash == end)
        return;
      p = backslash;
      if (p[1] == 'u')
        p += _unescape_code_point(out, p, end);
      else
        {
          jam_buffer_append_char(out, _unescape_char(p[1]));
          p += 2;
        }
    }
}

JamText
jam_json_string_decode(const JamJsonValue *string, JamBuffer *scratch)
{
  JamText decoded;

  decoded.text = jam_json_string_content(string, &decoded.length);
  if (!(string->flags & JAM_JSON_ESCAPED))
    return decoded;
  jam_buffer_reset(scratch, JAM_KEPT_SCRATCH_BYTES);
  jam_json_unescape(scratch, decoded.text, decoded.length);
  return (JamText){ scratch->data, scratch->length };
}

gboolean
jam_json_number_text(const JamJsonValue *value, JamBuffer *scratch, JamText *text)
{
  *text = (JamText){ value->text, value->length };
  if (value->type == JAM_JSON_STRING)
    *text = jam_json_string_decode(value, scratch);
  return value->type == JAM_JSON_STRING || value->type == JAM_JSON_NUMBER;
}

/* @p is at a backslash. Returns the length of the escape. */
static guint
_append_paired_escape(JamBuffer *out, const gchar *p, const gchar *end)
{
  guint length = 2;
  gunichar c = 0;

  if (p[1] == 'u')
    length = jam_json_read_unicode_escape(p, end, &c);
  if (jam_unichar_is_surrogate(c))
    jam_buffer_append_literal(out, "\\ufffd");
  else
    jam_buffer_append(out, p, length);
  return length;
}

void
jam_json_append_paired(JamBuffer *out, const JamJsonValue *value)
{
  const gchar *p = value->text;
  const gchar *end = p + value->length;
  const gchar *backslash;

  while ((backslash = memchr(p, '\\', end - p)))
    {
      jam_buffer_append(out, p, backslash - p);
      p = backslash + _append_paired_escape(out, backslash, end);
    }
  jam_buffer_append(out, p, end - p);
}

static void
_append_escape(JamBuffer *out, guchar c)
{
  static const gchar digits[] = "0123456789abcdef";
  gchar escape[] = { '\\', 'u', '0', '0', digits[c >> 4], digits[c & 15] };

  jam_buffer_append(out, escape, sizeof(escape));
}

static void
_append_escaped_ascii(JamBuffer *out, gchar c)
{
  switch (c)
    {
    case '"':
    case '\\':
      jam_buffer_append_char(out, '\\');
      jam_buffer_append_char(out, c);
      break;
    case '\n':
      jam_buffer_append_literal(out, "\\n");
      break;
    case '\r':
      jam_buffer_append_literal(out, "\\r");
      break;
    case '\t':
      jam_buffer_append_literal(out, "\\t");
      break;
    default:
      _append_escape(out, c);
      break;
    }
}

gboolean
jam_json_append_string(JamBuffer *out, const gchar *bytes, gsize length)
{
  const gchar *p = bytes;
  const gchar *end = bytes + length;
  gboolean is_utf8 = TRUE;

  jam_buffer_reserve(out, length + 2);
  jam_buffer_append_char(out, '"');
  while (p < end)
    {
      const gchar *special = jam_json_scan_plain(p, end);
      guint sequence = 0;

      jam_buffer_append(out, p, special - p);
      p = special;
      if (p == end)
        break;
      if (!(*p & 0x80))
        _append_escaped_ascii(out, *p++);
      else if ((sequence = jam_utf8_sequence_length(p, end)) > 0)
        {
          jam_buffer_append(out, p, sequence);
          p += sequence;
        }
      else
        {
          _append_code_point(out, REPLACEMENT_CHARACTER);
          is_utf8 = FALSE;
          p++;
        }
    }
  jam_buffer_append_char(out, '"');
  return is_utf8;
}

/* Returns the place behind the string that starts at @p, a quotation mark. */
static const gchar *
_skip_string(const gchar *p)
{
  for (p++; *p != '"'; p++)
    {
      if (*p == '\\')
        p++;
    }
  return p + 1;
}

static gchar *
_copy_escaped_bytes(gchar *out, const gchar *p, const gchar *end)
{
  for (; p < end; p++)
    {
      if (*p == '"' || *p == '\\')
        *out++ = '\\';
      *out++ = *p;
    }
  return out;
}

#if JAM_HAVE_SSE2

#define BLOCK_BYTES 32

static inline guint32
_escaped_mask(const gchar *p)
{
  __m128i low = _mm_loadu_si128((const __m128i *) p);
  __m128i high = _mm_loadu_si128((const __m128i *) (p + 16));
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  __m128i low_escaped = _mm_or_si128(_mm_cmpeq_epi8(low, quote), _mm_cmpeq_epi8(low, backslash));
  __m128i high_escaped = _mm_or_si128(_mm_cmpeq_epi8(high, quote), _mm_cmpeq_epi8(high, backslash));

  return _mm_movemask_epi8(low_escaped) | (guint32) _mm_movemask_epi8(high_escaped) << 16;
}

/* The block is copied as a whole; and again, a backslash further on, from each
 * byte to escape. There is room for it, as twice the length is reserved. */
static inline gchar *
_copy_escaped_block(gchar *out, const gchar *p)
{
  guint32 mask = _escaped_mask(p);
  guint done = 0;

  memcpy(out, p, BLOCK_BYTES);
  for (; mask; mask &= mask - 1)
    {
      guint place = __builtin_ctz(mask);

      out += place - done;
      *out++ = '\\';
      memcpy(out, p + place, BLOCK_BYTES);
      done = place;
    }
  return out + BLOCK_BYTES - done;
}

static gchar *
_copy_escaped(gchar *out, const gchar *p, const gchar *end)
{
  for (; end - p >= 2 * BLOCK_BYTES; p += BLOCK_BYTES)
    out = _copy_escaped_block(out, p);
  return _copy_escaped_bytes(out, p, end);
}

#else
#define _copy_escaped _copy_escaped_bytes
#endif

static gchar *
_copy_escaped_without_space(gchar *out, const gchar *p, const gchar *end)
{
  while (p < end)
    {
      const gchar *token_end = *p == '"' ? _skip_string(p) : p + 1;
      if (!g_ascii_isspace(*p))
        out = _copy_escaped(out, p, token_end);
      p = token_end;
    }
  return out;
}

static void
_append_as_string(JamBuffer *out, const gchar *text, gsize length, gboolean is_spaced)
{
  gchar *p;

  jam_buffer_reserve(out, length * 2 + 2 + JAM_BUFFER_BLOCK);
  p = out->data + out->length;
  *p++ = '"';
  p = is_spaced ? _copy_escaped_without_space(p, text, text + length) : _copy_escaped(p, text, text + length);
  *p++ = '"';
  out->length = p - out->data;
}

void
jam_json_append_as_string(JamBuffer *out, const JamJsonValue *value, JamBuffer *scratch)
{
  gboolean is_spaced = value->flags & JAM_JSON_SPACED;

  if (!(value->flags & JAM_JSON_UNPAIRED))
    {
      _append_as_string(out, value->text, value->length, is_spaced);
      return;
    }
  jam_buffer_reset(scratch, JAM_KEPT_SCRATCH_BYTES);
  jam_json_append_paired(scratch, value);
  _append_as_string(out, scratch->data, scratch->length, is_spaced);
}

/* An escape takes up to six bytes for one. */
static gboolean
_may_decode_to(gsize content_length, gsize length)
{
  return content_length > length && content_length <= 6 * length;
}

gboolean
jam_json_escaped_string_equals(const JamJsonValue *string, const gchar *text, gsize length)
{
  gchar memory[MAX_ESCAPED_BYTES];
  JamBuffer decoded = { .data = memory, .capacity = sizeof(memory) };
  gsize content_length;
  const gchar *content = jam_json_string_content(string, &content_length);

  g_assert(length <= MAX_ESCAPED_BYTES / 6);
  if (!_may_decode_to(content_length, length))
    return FALSE;
  jam_json_unescape(&decoded, content, content_length);
  return decoded.length == length && memcmp(decoded.data, text, length) == 0;
}
