/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/bytes/base64.h"
#include "core/bytes/cpu.h"

static const gchar alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static inline void
_encode_group(guint bits, gchar *text)
{
  text[0] = alphabet[(bits >> 18) & 63];
  text[1] = alphabet[(bits >> 12) & 63];
  text[2] = alphabet[(bits >> 6) & 63];
  text[3] = alphabet[bits & 63];
}

static void
_encode_rest(const guint8 *bytes, gsize n_bytes, gchar *text)
{
  _encode_group(bytes[0] << 16 | (n_bytes == 2 ? bytes[1] << 8 : 0), text);
  text[3] = '=';
  if (n_bytes == 1)
    text[2] = '=';
}

#if JAM_HAVE_AVX2

/* bytes of a vector's encoding, and how many are loaded for them */
#define VECTOR_BYTES 24
#define LOADED_BYTES 28

/* Each three bytes b0 b1 b2 stand as b1 b0 b2 b1 in 32 bits: the bits of every six
 * are then next to each other, and 16-bit multiplications shift them into place. */
JAM_AVX2 static inline __m256i
_split_into_sixes(__m256i spread)
{
  __m256i first_third = _mm256_and_si256(spread, _mm256_set1_epi32(0x0FC0FC00));
  __m256i second_fourth = _mm256_and_si256(spread, _mm256_set1_epi32(0x003F03F0));

  return _mm256_or_si256(_mm256_mulhi_epu16(first_third, _mm256_set1_epi32(0x04000040)),
                         _mm256_mullo_epi16(second_fourth, _mm256_set1_epi32(0x01000010)));
}

/* What to add to a value of six bits depends on its range: 13 for A to Z, 0 for
 * a to z, 1 to 10 for the digits, 11 for the plus, and 12 for the slash. */
JAM_AVX2 static inline __m256i
_to_characters(__m256i sixes)
{
  const __m256i offsets = _mm256_broadcastsi128_si256(_mm_setr_epi8('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                                                                    '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                                                                    '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0));
  __m256i range = _mm256_subs_epu8(sixes, _mm256_set1_epi8(51));
  __m256i is_upper = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), sixes);

  range = _mm256_or_si256(range, _mm256_and_si256(is_upper, _mm256_set1_epi8(13)));
  return _mm256_add_epi8(sixes, _mm256_shuffle_epi8(offsets, range));
}

JAM_AVX2 static inline __m256i
_load_spread(const guint8 *bytes)
{
  const __m256i spread = _mm256_broadcastsi128_si256(_mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10));
  __m128i low = _mm_loadu_si128((const __m128i *) bytes);
  __m128i high = _mm_loadu_si128((const __m128i *) (bytes + VECTOR_BYTES / 2));

  return _mm256_shuffle_epi8(_mm256_set_m128i(high, low), spread);
}

/* Returns how many bytes are encoded: as many as whole vectors hold. */
JAM_AVX2 static gsize
_encode_vectors(const guint8 *bytes, gsize n_bytes, gchar *text)
{
  gsize done = 0;

  for (; n_bytes - done >= LOADED_BYTES; done += VECTOR_BYTES, text += 32)
    _mm256_storeu_si256((__m256i *) text, _to_characters(_split_into_sixes(_load_spread(bytes + done))));
  return done;
}

#endif

void
jam_base64_encode(const guint8 *bytes, gsize n_bytes, gchar *text)
{
  gsize done = 0;

#if JAM_HAVE_AVX2
  if (jam_cpu_has_avx2())
    done = _encode_vectors(bytes, n_bytes, text);
  text += done / 3 * 4;
#endif
  for (; n_bytes - done >= 3; done += 3, text += 4)
    _encode_group(bytes[done] << 16 | bytes[done + 1] << 8 | bytes[done + 2], text);
  if (n_bytes > done)
    _encode_rest(bytes + done, n_bytes - done, text);
}

static gint
_value(gchar c)
{
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

#if JAM_HAVE_SSE2

static inline __m128i
_in_range(__m128i bytes, gchar first, gchar last)
{
  __m128i offsets = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
  __m128i beyond = _mm_subs_epu8(offsets, _mm_set1_epi8(last - first));

  return _mm_cmpeq_epi8(beyond, _mm_setzero_si128());
}

static inline __m128i
_are_digits(const gchar *p)
{
  __m128i bytes = _mm_loadu_si128((const __m128i *) p);
  __m128i letters = _in_range(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
  __m128i others = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('+')), _in_range(bytes, '/', '9'));

  return _mm_or_si128(letters, others);
}

#endif

#if JAM_HAVE_AVX2

JAM_AVX2 static inline __m256i
_in_range_avx2(__m256i bytes, gchar first, gchar last)
{
  __m256i offsets = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first));
  __m256i beyond = _mm256_subs_epu8(offsets, _mm256_set1_epi8(last - first));

  return _mm256_cmpeq_epi8(beyond, _mm256_setzero_si256());
}

JAM_AVX2 static inline __m256i
_are_digits_avx2(const gchar *p)
{
  __m256i bytes = _mm256_loadu_si256((const __m256i *) p);
  __m256i letters = _in_range_avx2(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), 'a', 'z');
  __m256i others = _mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('+')), _in_range_avx2(bytes, '/', '9'));

  return _mm256_or_si256(letters, others);
}

/* Returns how many bytes, in whole vectors, were looked at; bad ones among them
 * make it 0. */
JAM_AVX2 static gsize
_skip_valid_avx2(const gchar *text, gsize length)
{
  __m256i valid = _mm256_set1_epi8(-1);
  gsize done = 0;

  for (; length - done >= 32; done += 32)
    valid = _mm256_and_si256(valid, _are_digits_avx2(text + done));
  return _mm256_movemask_epi8(valid) == -1 ? done : 0;
}

#endif

#if JAM_HAVE_SSE2

/* Returns how many bytes at the start are known to be good. */
static gsize
_skip_valid(const gchar *text G_GNUC_UNUSED, gsize length G_GNUC_UNUSED)
{
  gsize done = 0;

#if JAM_HAVE_AVX2
  if (jam_cpu_has_avx2())
    done = _skip_valid_avx2(text, length);
#endif
  while (length - done >= 16 && _mm_movemask_epi8(_are_digits(text + done)) == 0xFFFF)
    done += 16;
  return done;
}

#else
#define _skip_valid(text, length) 0
#endif

static gsize
_padding(const gchar *text, gsize length)
{
  if (length == 0 || text[length - 1] != '=')
    return 0;
  return text[length - 2] == '=' ? 2 : 1;
}

gboolean
jam_base64_is_valid(const gchar *text, gsize length)
{
  gsize padding;
  gint last;

  if (length % 4 != 0)
    return FALSE;
  padding = _padding(text, length);
  for (gsize i = _skip_valid(text, length - padding); i < length - padding; i++)
    {
      if (_value(text[i]) < 0)
        return FALSE;
    }
  if (padding == 0)
    return TRUE;
  /* the bits that no byte takes must be zero */
  last = _value(text[length - padding - 1]);
  return (last & (padding == 1 ? 0x03 : 0x0F)) == 0;
}
