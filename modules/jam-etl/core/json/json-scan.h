/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JSON_SCAN_H_INCLUDED
#define JAM_JSON_SCAN_H_INCLUDED

#include "core/bytes/cpu.h"

/* Returns the first byte in [@p, @end) that may not simply stand inside a JSON
 * string: a quotation mark, a backslash, a control character, or a byte of a
 * UTF-8 sequence; @end if there is none. Reads nothing at or past @end. */
const gchar *jam_json_scan_plain(const gchar *p, const gchar *end);

/* The same as jam_json_scan_plain, but words at a time without vector
 * instructions; public so that tests can compare the two. */
const gchar *jam_json_scan_plain_portable(const gchar *p, const gchar *end);

/* Returns the length in bytes (2 to 4) of the UTF-8 sequence at @p, whose
 * first byte is 0x80 or more, or 0 if there is no valid one (RFC 3629: no
 * overlong forms, no surrogates, nothing above U+10FFFF). */
guint jam_utf8_sequence_length(const gchar *p, const gchar *end);

/* Reads the escape of a JSON string at @p, "\u" and four hex digits (RFC 8259
 * section 7). Returns its length in bytes, 12 where it is a surrogate pair, and
 * stores its code point; half of a pair is its own code point. Returns 0 if there are
 * not four hex digits before @end. */
guint jam_json_read_unicode_escape(const gchar *p, const gchar *end, gunichar *c);

static inline gboolean
jam_unichar_is_surrogate(gunichar c)
{
  return c >= 0xD800 && c < 0xE000;
}

#if JAM_HAVE_SSE2

/* One bit a byte of the 16 at @p, set where jam_json_scan_plain stops. Signed
 * comparison does two jobs at once: bytes of 0x80 and more are negative there, so
 * they too are below the space. */
static inline guint
jam_json_special_mask(const gchar *p)
{
  __m128i bytes = _mm_loadu_si128((const __m128i *) p);
  __m128i below_space = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
  __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  __m128i backslashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));

  return _mm_movemask_epi8(_mm_or_si128(below_space, _mm_or_si128(quotes, backslashes)));
}

/* The same as jam_json_scan_plain: without a call for the short strings that most
 * names and numbers are. */
static inline const gchar *
jam_json_scan_short(const gchar *p, const gchar *end)
{
  guint mask;

  if (G_UNLIKELY(end - p < 16))
    return jam_json_scan_plain(p, end);
  mask = jam_json_special_mask(p);
  return G_LIKELY(mask) ? p + __builtin_ctz(mask) : jam_json_scan_plain(p + 16, end);
}

/* Returns the first byte in [@p, @end) that is no decimal digit, or @end. */
static inline const gchar *
jam_json_scan_digits(const gchar *p, const gchar *end)
{
  while (end - p >= 16)
    {
      __m128i bytes = _mm_loadu_si128((const __m128i *) p);
      __m128i offsets = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
      __m128i digits = _mm_cmpeq_epi8(_mm_min_epu8(offsets, _mm_set1_epi8(9)), offsets);
      guint others = _mm_movemask_epi8(digits) ^ 0xFFFF;

      if (G_LIKELY(others))
        return p + __builtin_ctz(others);
      p += 16;
    }
  while (p < end && g_ascii_isdigit(*p))
    p++;
  return p;
}

#else

#define jam_json_scan_short jam_json_scan_plain

static inline const gchar *
jam_json_scan_digits(const gchar *p, const gchar *end)
{
  while (p < end && g_ascii_isdigit(*p))
    p++;
  return p;
}

#endif

#endif
