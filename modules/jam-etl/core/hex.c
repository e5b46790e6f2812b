/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/hex.h"

#include <sodium.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define HASH_BYTES 32
/* decoded at a time: fits the first-level cache */
#define CHUNK_BYTES 8192

/* value of a hex digit, negative for any other byte */
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

static const gchar base64_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static inline gint
_byte_at(const gchar *digits)
{
  return (nibbles[(guchar) digits[0]] * 16) | nibbles[(guchar) digits[1]];
}

gboolean
jam_hex_decode(const gchar *digits, gsize n_bytes, guint8 *bytes)
{
  gint seen = 0;

  for (gsize i = 0; i < n_bytes; i++)
    {
      gint value = _byte_at(digits + 2 * i);
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

#if defined(__SSE2__)

static inline __m128i
_in_range(__m128i bytes, gchar first, gchar last)
{
  __m128i offsets = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
  __m128i beyond = _mm_subs_epu8(offsets, _mm_set1_epi8(last - first));

  return _mm_cmpeq_epi8(beyond, _mm_setzero_si128());
}

static inline __m128i
_to_lower(__m128i bytes)
{
  return _mm_or_si128(bytes, _mm_set1_epi8(0x20));
}

static inline gboolean
_all_set(__m128i mask)
{
  return _mm_movemask_epi8(mask) == 0xFFFF;
}

static inline gboolean
_vector_is_hex(const gchar *p)
{
  __m128i bytes = _mm_loadu_si128((const __m128i *) p);

  return _all_set(_mm_or_si128(_in_range(bytes, '0', '9'), _in_range(_to_lower(bytes), 'a', 'f')));
}

static inline gboolean
_vector_is_base64(const gchar *p)
{
  __m128i bytes = _mm_loadu_si128((const __m128i *) p);
  __m128i letters = _in_range(_to_lower(bytes), 'a', 'z');
  __m128i others = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('+')), _in_range(bytes, '/', '9'));

  return _all_set(_mm_or_si128(letters, others));
}

/* Returns how many bytes, a multiple of a vector's, need no further look. */
static gsize
_skip_vectors(const gchar *text, gsize length, gboolean (*is_valid)(const gchar *))
{
  gsize done = 0;

  while (length - done >= sizeof(__m128i) && is_valid(text + done))
    done += sizeof(__m128i);
  return done;
}

#define SKIP_VECTORS(text, length, is_valid) _skip_vectors(text, length, is_valid)
#else
#define SKIP_VECTORS(text, length, is_valid) 0
#endif

gboolean
jam_hex_is_valid(const gchar *digits, gsize n_digits)
{
  gsize done = SKIP_VECTORS(digits, n_digits, _vector_is_hex);

  return _are_hex_digits(digits + done, n_digits - done);
}

void
jam_hex_encode(const guint8 *bytes, gsize n_bytes, gchar *digits)
{
  static const gchar alphabet[] = "0123456789abcdef";

  for (gsize i = 0; i < n_bytes; i++)
    {
      digits[2 * i] = alphabet[bytes[i] >> 4];
      digits[2 * i + 1] = alphabet[bytes[i] & 15];
    }
}

static inline void
_encode_base64_group(gchar *out, guint bits)
{
  out[0] = base64_alphabet[(bits >> 18) & 63];
  out[1] = base64_alphabet[(bits >> 12) & 63];
  out[2] = base64_alphabet[(bits >> 6) & 63];
  out[3] = base64_alphabet[bits & 63];
}

static void
_encode_base64_rest(gchar *out, const gchar *digits, gsize n_bytes)
{
  guint bits = _byte_at(digits) << 16;

  if (n_bytes == 2)
    bits |= _byte_at(digits + 2) << 8;
  _encode_base64_group(out, bits);
  out[3] = '=';
  if (n_bytes == 1)
    out[2] = '=';
}

void
jam_hex_append_base64(JamBuffer *out, const gchar *digits, gsize n_bytes)
{
  gchar *p;

  if (n_bytes == 0)
    return;
  jam_buffer_reserve(out, (n_bytes + 2) / 3 * 4);
  p = out->data + out->length;
  for (; n_bytes >= 3; n_bytes -= 3, digits += 6, p += 4)
    _encode_base64_group(p, _byte_at(digits) << 16 | _byte_at(digits + 2) << 8 | _byte_at(digits + 4));
  if (n_bytes > 0)
    {
      _encode_base64_rest(p, digits, n_bytes);
      p += 4;
    }
  out->length = p - out->data;
}

static gint
_base64_value(gchar c)
{
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static gsize
_base64_padding(const gchar *text, gsize length)
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
  padding = _base64_padding(text, length);
  for (gsize i = SKIP_VECTORS(text, length - padding, _vector_is_base64); i < length - padding; i++)
    {
      if (_base64_value(text[i]) < 0)
        return FALSE;
    }
  if (padding == 0)
    return TRUE;
  /* the bits that no byte takes must be zero */
  last = _base64_value(text[length - padding - 1]);
  return (last & (padding == 1 ? 0x03 : 0x0F)) == 0;
}

void
jam_hex_blake2b256(const gchar *digits, gsize n_bytes, gchar text[JAM_HASH_TEXT_LENGTH])
{
  crypto_generichash_blake2b_state state;
  guint8 chunk[CHUNK_BYTES];
  guint8 hash[HASH_BYTES];

  crypto_generichash_blake2b_init(&state, NULL, 0, sizeof(hash));
  for (gsize done = 0; done < n_bytes; )
    {
      gsize size = MIN(n_bytes - done, sizeof(chunk));
      jam_hex_decode(digits + 2 * done, size, chunk);
      crypto_generichash_blake2b_update(&state, chunk, size);
      done += size;
    }
  crypto_generichash_blake2b_final(&state, hash, sizeof(hash));
  text[0] = '0';
  text[1] = 'x';
  jam_hex_encode(hash, sizeof(hash), text + 2);
}
