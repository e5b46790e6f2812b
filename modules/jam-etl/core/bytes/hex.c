/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/bytes/hex.h"
#include "core/bytes/base64.h"
#include "core/bytes/cpu.h"

#include <sodium.h>

#define HASH_BYTES 32
/* decoded at a time: fits the first-level cache, and has no rest in base64 */
#define CHUNK_BYTES 6144

/* value of a hex digit, negative for any other byte */
/* clang-format off */
static const gint8 nibbles[256] =
{
  [0 ... '0' - 1] = -1,
  ['0'] = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  ['9' + 1 ... 'A' - 1] = -1,
  ['A'] = 10, 11, 12, 13, 14, 15,
  ['F' + 1 ... 'a' - 1] = -1,
  ['a'] = 10, 11, 12, 13, 14, 15,
  ['f' + 1 ... 255] = -1,
};
/* clang-format on */

static gboolean
_decode_bytes(const gchar *digits, gsize n_bytes, guint8 *bytes)
{
  gint seen = 0;

  for (gsize i = 0; i < n_bytes; i++)
    {
      gint value = (nibbles[(guchar) digits[2 * i]] * 16) | nibbles[(guchar) digits[2 * i + 1]];
      seen |= value;
      bytes[i] = value;
    }
  return seen >= 0;
}

static gboolean
_are_hex_digits(const gchar *digits, gsize n_digits)
{
  gint8 seen = 0;

  for (gsize i = 0; i < n_digits; i++)
    seen |= nibbles[(guchar) digits[i]];
  return seen >= 0;
}

#if JAM_HAVE_SSE2

typedef struct _Nibbles
{
  __m128i values;
  /* all bits set in the bytes of digits */
  __m128i valid;
} Nibbles;

static inline Nibbles
_load_nibbles(const gchar *p)
{
  __m128i bytes = _mm_loadu_si128((const __m128i *) p);
  __m128i digits = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
  __m128i letters = _mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
  __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
  __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letters, _mm_set1_epi8(5)), letters);
  __m128i nine_more = _mm_and_si128(is_letter, _mm_set1_epi8(9));

  return (Nibbles){
    .values = _mm_add_epi8(_mm_and_si128(bytes, _mm_set1_epi8(0x0F)), nine_more),
    .valid = _mm_or_si128(is_digit, is_letter),
  };
}

/* Each two nibbles become a byte in a lane of 16 bits. */
static inline __m128i
_pair(__m128i values)
{
  __m128i pairs = _mm_or_si128(_mm_slli_epi16(values, 4), _mm_srli_epi16(values, 8));

  return _mm_and_si128(pairs, _mm_set1_epi16(0xFF));
}

/* Returns how many bytes were decoded: as many as whole vectors give. Digits that
 * are none clear bits of @valid. */
static gsize
_decode_sse2(const gchar *digits, gsize n_bytes, guint8 *bytes, guint *valid)
{
  __m128i all_valid = _mm_set1_epi8(-1);
  gsize done = 0;

  for (; n_bytes - done >= 16; done += 16)
    {
      Nibbles first = _load_nibbles(digits + 2 * done);
      Nibbles second = _load_nibbles(digits + 2 * done + 16);

      all_valid = _mm_and_si128(all_valid, _mm_and_si128(first.valid, second.valid));
      _mm_storeu_si128((__m128i *) (bytes + done), _mm_packus_epi16(_pair(first.values), _pair(second.values)));
    }
  *valid &= _mm_movemask_epi8(all_valid) | ~0xFFFFu;
  return done;
}

static gsize
_check_sse2(const gchar *digits, gsize n_digits, guint *valid)
{
  __m128i all_valid = _mm_set1_epi8(-1);
  gsize done = 0;

  for (; n_digits - done >= 16; done += 16)
    all_valid = _mm_and_si128(all_valid, _load_nibbles(digits + done).valid);
  *valid &= _mm_movemask_epi8(all_valid) | ~0xFFFFu;
  return done;
}

#endif

#if JAM_HAVE_AVX2

typedef struct _WideNibbles
{
  __m256i values;
  __m256i valid;
} WideNibbles;

JAM_AVX2 static inline WideNibbles
_load_wide_nibbles(const gchar *p)
{
  __m256i bytes = _mm256_loadu_si256((const __m256i *) p);
  __m256i digits = _mm256_sub_epi8(bytes, _mm256_set1_epi8('0'));
  __m256i letters = _mm256_sub_epi8(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), _mm256_set1_epi8('a'));
  __m256i is_digit = _mm256_cmpeq_epi8(_mm256_min_epu8(digits, _mm256_set1_epi8(9)), digits);
  __m256i is_letter = _mm256_cmpeq_epi8(_mm256_min_epu8(letters, _mm256_set1_epi8(5)), letters);
  __m256i nine_more = _mm256_and_si256(is_letter, _mm256_set1_epi8(9));

  return (WideNibbles){
    .values = _mm256_add_epi8(_mm256_and_si256(bytes, _mm256_set1_epi8(0x0F)), nine_more),
    .valid = _mm256_or_si256(is_digit, is_letter),
  };
}

JAM_AVX2 static inline __m256i
_pair_wide(__m256i values)
{
  return _mm256_maddubs_epi16(values, _mm256_set1_epi16(0x0110));
}

/* as _decode_sse2 */
JAM_AVX2 static gsize
_decode_avx2(const gchar *digits, gsize n_bytes, guint8 *bytes, guint *valid)
{
  __m256i all_valid = _mm256_set1_epi8(-1);
  gsize done = 0;

  for (; n_bytes - done >= 32; done += 32)
    {
      WideNibbles first = _load_wide_nibbles(digits + 2 * done);
      WideNibbles second = _load_wide_nibbles(digits + 2 * done + 32);
      __m256i packed = _mm256_packus_epi16(_pair_wide(first.values), _pair_wide(second.values));

      all_valid = _mm256_and_si256(all_valid, _mm256_and_si256(first.valid, second.valid));
      /* packing goes by halves of the vectors */
      _mm256_storeu_si256((__m256i *) (bytes + done), _mm256_permute4x64_epi64(packed, 0xD8));
    }
  *valid &= _mm256_movemask_epi8(all_valid);
  return done;
}

JAM_AVX2 static gsize
_check_avx2(const gchar *digits, gsize n_digits, guint *valid)
{
  __m256i all_valid = _mm256_set1_epi8(-1);
  gsize done = 0;

  for (; n_digits - done >= 32; done += 32)
    all_valid = _mm256_and_si256(all_valid, _load_wide_nibbles(digits + done).valid);
  *valid &= _mm256_movemask_epi8(all_valid);
  return done;
}

#endif

gboolean
jam_hex_decode(const gchar *digits, gsize n_bytes, guint8 *bytes)
{
  guint valid = ~0u;
  gsize done = 0;

#if JAM_HAVE_AVX2
  if (jam_cpu_has_avx2())
    done = _decode_avx2(digits, n_bytes, bytes, &valid);
#endif
#if JAM_HAVE_SSE2
  done += _decode_sse2(digits + 2 * done, n_bytes - done, bytes + done, &valid);
#endif
  return _decode_bytes(digits + 2 * done, n_bytes - done, bytes + done) && valid == ~0u;
}

gboolean
jam_hex_is_valid(const gchar *digits, gsize n_digits)
{
  guint valid = ~0u;
  gsize done = 0;

#if JAM_HAVE_AVX2
  if (jam_cpu_has_avx2())
    done = _check_avx2(digits, n_digits, &valid);
#endif
#if JAM_HAVE_SSE2
  done += _check_sse2(digits + done, n_digits - done, &valid);
#endif
  return _are_hex_digits(digits + done, n_digits - done) && valid == ~0u;
}

#if JAM_HAVE_SSE2

/* The digits of values up to 15. */
static inline __m128i
_to_digits(__m128i values)
{
  __m128i is_letter = _mm_cmpgt_epi8(values, _mm_set1_epi8(9));
  __m128i offsets = _mm_add_epi8(_mm_set1_epi8('0'), _mm_and_si128(is_letter, _mm_set1_epi8('a' - 10 - '0')));

  return _mm_add_epi8(values, offsets);
}

static gsize
_encode_sse2(const guint8 *bytes, gsize n_bytes, gchar *digits)
{
  const __m128i low_bits = _mm_set1_epi8(0x0F);
  gsize done = 0;

  for (; n_bytes - done >= 16; done += 16)
    {
      __m128i values = _mm_loadu_si128((const __m128i *) (bytes + done));
      __m128i high = _to_digits(_mm_and_si128(_mm_srli_epi16(values, 4), low_bits));
      __m128i low = _to_digits(_mm_and_si128(values, low_bits));

      _mm_storeu_si128((__m128i *) (digits + 2 * done), _mm_unpacklo_epi8(high, low));
      _mm_storeu_si128((__m128i *) (digits + 2 * done + 16), _mm_unpackhi_epi8(high, low));
    }
  return done;
}

#endif

void
jam_hex_encode(const guint8 *bytes, gsize n_bytes, gchar *digits)
{
  static const gchar alphabet[] = "0123456789abcdef";
  gsize done = 0;

#if JAM_HAVE_SSE2
  done = _encode_sse2(bytes, n_bytes, digits);
#endif
  for (gsize i = done; i < n_bytes; i++)
    {
      digits[2 * i] = alphabet[bytes[i] >> 4];
      digits[2 * i + 1] = alphabet[bytes[i] & 15];
    }
}

gboolean
jam_hex_append_base64(JamBuffer *out, const gchar *digits, gsize n_bytes)
{
  guint8 chunk[CHUNK_BYTES];
  gboolean valid = TRUE;

  jam_buffer_reserve(out, JAM_BASE64_LENGTH(n_bytes));
  for (gsize done = 0; done < n_bytes && valid;)
    {
      gsize size = MIN(n_bytes - done, sizeof(chunk));
      valid = jam_hex_decode(digits + 2 * done, size, chunk);
      jam_base64_encode(chunk, size, out->data + out->length);
      out->length += JAM_BASE64_LENGTH(size);
      done += size;
    }
  return valid;
}

gboolean
jam_hex_blake2b256(const gchar *digits, gsize n_bytes, gchar text[JAM_HASH_TEXT_LENGTH])
{
  crypto_generichash_blake2b_state state;
  guint8 chunk[CHUNK_BYTES];
  guint8 hash[HASH_BYTES];
  gboolean valid = TRUE;

  crypto_generichash_blake2b_init(&state, NULL, 0, sizeof(hash));
  for (gsize done = 0; done < n_bytes && valid;)
    {
      gsize size = MIN(n_bytes - done, sizeof(chunk));
      valid = jam_hex_decode(digits + 2 * done, size, chunk);
      crypto_generichash_blake2b_update(&state, chunk, size);
      done += size;
    }
  crypto_generichash_blake2b_final(&state, hash, sizeof(hash));
  jam_cpu_give_back_upper_halves();
  text[0] = '0';
  text[1] = 'x';
  jam_hex_encode(hash, sizeof(hash), text + 2);
  return valid;
}
