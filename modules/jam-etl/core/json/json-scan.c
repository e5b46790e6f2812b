/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/json/json-scan.h"

#include <string.h>

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

#if JAM_HAVE_SSE2

static const gchar *
_scan_sse2(const gchar *p, const gchar *end)
{
  for (; end - p >= 16; p += 16)
    {
      guint mask = jam_json_special_mask(p);
      if (mask)
        return p + __builtin_ctz(mask);
    }
  return _scan_bytes(p, end);
}

#endif

#if JAM_HAVE_AVX2

/* As jam_json_special_mask, a vector of 32 bytes. */
JAM_AVX2 static inline __m256i
_special_bytes(const gchar *p)
{
  __m256i bytes = _mm256_loadu_si256((const __m256i *) p);
  __m256i below_space = _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), bytes);
  __m256i quotes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"'));
  __m256i backslashes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'));

  return _mm256_or_si256(below_space, _mm256_or_si256(quotes, backslashes));
}

/* Stops in front of the 128 bytes that hold the first special one, or are not all
 * there. */
JAM_AVX2 static const gchar *
_skip_plain_blocks(const gchar *p, const gchar *end)
{
  for (; end - p >= 128; p += 128)
    {
      __m256i first = _mm256_or_si256(_special_bytes(p), _special_bytes(p + 32));
      __m256i second = _mm256_or_si256(_special_bytes(p + 64), _special_bytes(p + 96));
      __m256i any = _mm256_or_si256(first, second);

      if (!_mm256_testz_si256(any, any))
        break;
    }
  return p;
}

/* Hashes and signatures, which are most of the strings, end before blocks are
 * worth while. */
JAM_AVX2 static const gchar *
_scan_avx2(const gchar *p, const gchar *end)
{
  const gchar *blocks = p + 192;

  for (; end - p >= 32; p += 32)
    {
      guint mask = _mm256_movemask_epi8(_special_bytes(p));
      if (mask)
        return p + __builtin_ctz(mask);
      if (p == blocks)
        p = _skip_plain_blocks(p + 32, end) - 32;
    }
  return _scan_sse2(p, end);
}

#endif

const gchar *
jam_json_scan_plain(const gchar *p, const gchar *end)
{
#if JAM_HAVE_AVX2
  if (jam_cpu_has_avx2())
    return _scan_avx2(p, end);
#endif
#if JAM_HAVE_SSE2
  return _scan_sse2(p, end);
#else
  return jam_json_scan_plain_portable(p, end);
#endif
}

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

static gboolean
_read_code_unit(const gchar *p, const gchar *end, gunichar *unit)
{
  *unit = 0;
  if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
    return FALSE;
  for (gint i = 2; i < 6; i++)
    {
      gint digit = g_ascii_xdigit_value(p[i]);

      if (digit < 0)
        return FALSE;
      *unit = *unit * 16 + digit;
    }
  return TRUE;
}

guint
jam_json_read_unicode_escape(const gchar *p, const gchar *end, gunichar *c)
{
  gunichar low;

  if (!_read_code_unit(p, end, c))
    return 0;
  if (*c < 0xD800 || *c >= 0xDC00 || !_read_code_unit(p + 6, end, &low) || low < 0xDC00 || low >= 0xE000)
    return 6;
  *c = 0x10000 + ((*c - 0xD800) << 10) + (low - 0xDC00);
  return 12;
}
