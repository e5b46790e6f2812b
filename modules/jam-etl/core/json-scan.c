/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/json-scan.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define ONES G_GUINT64_CONSTANT(0x0101010101010101)
#define HIGH_BITS G_GUINT64_CONSTANT(0x8080808080808080)

static inline gboolean
_is_plain(guchar c)
{
  return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static inline guint64
_has_zero_byte(guint64 word)
{
  return (word - ONES) & ~word & HIGH_BITS;
}

static inline gboolean
_is_plain_word(guint64 word)
{
  guint64 below_space = (word - ONES * 0x20) & ~word;
  guint64 quotes = _has_zero_byte(word ^ (ONES * '"'));
  guint64 backslashes = _has_zero_byte(word ^ (ONES * '\\'));

  return !((word | below_space | quotes | backslashes) & HIGH_BITS);
}

static const gchar *
_scan_bytes(const gchar *p, const gchar *end)
{
  while (p < end && _is_plain(*p))
    p++;
  return p;
}

const gchar *
jam_json_scan_plain_portable(const gchar *p, const gchar *end)
{
  guint64 word;

  for (; end - p >= (gssize) sizeof(word); p += sizeof(word))
    {
      memcpy(&word, p, sizeof(word));
      if (!_is_plain_word(word))
        break;
    }
  return _scan_bytes(p, end);
}

#if defined(__SSE2__)

/* Signed comparison does two jobs at once: bytes of 0x80 and more are negative
 * there, so they too are below the space. */
static inline guint
_special_mask(const gchar *p)
{
  __m128i bytes = _mm_loadu_si128((const __m128i *) p);
  __m128i below_space = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
  __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  __m128i backslashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));

  return _mm_movemask_epi8(_mm_or_si128(below_space, _mm_or_si128(quotes, backslashes)));
}

const gchar *
jam_json_scan_plain(const gchar *p, const gchar *end)
{
  for (; end - p >= 16; p += 16)
    {
      guint mask = _special_mask(p);
      if (mask)
        return p + __builtin_ctz(mask);
    }
  return _scan_bytes(p, end);
}

#else

const gchar *
jam_json_scan_plain(const gchar *p, const gchar *end)
{
  return jam_json_scan_plain_portable(p, end);
}

#endif

static inline gboolean
_is_continuation(guchar c)
{
  return (c & 0xC0) == 0x80;
}

static inline gboolean
_second_byte_is_allowed(guchar first, guchar second)
{
  switch (first)
    {
    case 0xE0:
      return second >= 0xA0;
    case 0xED:
      return second < 0xA0;
    case 0xF0:
      return second >= 0x90;
    case 0xF4:
      return second < 0x90;
    default:
      return TRUE;
    }
}

static inline guint
_length_by_first_byte(guchar first)
{
  if (first < 0xC2 || first > 0xF4)
    return 0;
  return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

guint
jam_utf8_sequence_length(const gchar *p, const gchar *end)
{
  guint length = _length_by_first_byte(*p);

  if (length == 0 || end - p < (gssize) length)
    return 0;
  for (guint i = 1; i < length; i++)
    {
      if (!_is_continuation(p[i]))
        return 0;
    }
  return _second_byte_is_allowed(p[0], p[1]) ? length : 0;
}
