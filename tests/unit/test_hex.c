/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guarded.h"
#include "random.h"

#include "core/bytes/base64.h"
#include "core/bytes/hex.h"

#include <criterion/criterion.h>

#define MAX_BYTES 20000

static Guarded input;
static Guarded output;

static void
_setup(void)
{
  guarded_init(&input, 2 * MAX_BYTES);
  guarded_init(&output, MAX_BYTES);
}

static void
_teardown(void)
{
  guarded_clear(&input);
  guarded_clear(&output);
}

TestSuite(hex, .init = _setup, .fini = _teardown);

static gint
_digit_value(gint c)
{
  return g_ascii_isxdigit(c) ? g_ascii_xdigit_value(c) : -1;
}

Test(hex, decodes_every_pair_of_bytes_that_are_digits_and_no_other)
{
  for (gint a = 0; a < 256; a++)
    {
      for (gint b = 0; b < 256; b++)
        {
          const gchar *digits = guarded_copy(&input, (gchar[]){ a, b }, 2);
          guint8 *byte = (guint8 *) guarded_get(&output, 1);
          gboolean valid = _digit_value(a) >= 0 && _digit_value(b) >= 0;

          cr_assert_eq(jam_hex_decode(digits, 1, byte), valid, "%02x %02x", a, b);
          cr_assert_eq(jam_hex_is_valid(digits, 2), valid, "%02x %02x", a, b);
          if (valid)
            cr_assert_eq(*byte, _digit_value(a) * 16 + _digit_value(b));
        }
    }
}

Test(hex, one_bad_digit_anywhere_spoils_the_whole)
{
  gchar *digits = guarded_get(&input, 64);
  guint8 bytes[32];

  for (gsize i = 0; i < 64; i++)
    {
      memset(digits, '5', 64);
      cr_assert(jam_hex_decode(digits, 32, bytes) && jam_hex_is_valid(digits, 64));
      digits[i] = 'g';
      cr_assert_not(jam_hex_decode(digits, 32, bytes), "at %" G_GSIZE_FORMAT, i);
      cr_assert_not(jam_hex_is_valid(digits, 64), "at %" G_GSIZE_FORMAT, i);
    }
}

Test(hex, nothing_is_valid_hex)
{
  cr_expect(jam_hex_decode(guarded_get(&input, 0), 0, NULL));
  cr_expect(jam_hex_is_valid(guarded_get(&input, 0), 0));
}

Test(hex, encodes_what_it_decodes_in_lower_case)
{
  Random random = { 5 };

  for (gsize n = 0; n < 100; n++)
    {
      gchar bytes[100];
      gchar *digits = guarded_get(&input, 2 * n);
      guint8 *back = (guint8 *) guarded_get(&output, n);

      random_fill(&random, bytes, n);
      jam_hex_encode((guint8 *) bytes, n, digits);
      for (gsize i = 0; i < 2 * n; i++)
        cr_assert(g_ascii_isdigit(digits[i]) || (digits[i] >= 'a' && digits[i] <= 'f'));
      cr_assert(jam_hex_decode(digits, n, back));
      cr_assert(memcmp(back, bytes, n) == 0);
    }
}

static void
_expect_base64(const guint8 *bytes, gsize n)
{
  gchar *digits = guarded_get(&input, 2 * n);
  gchar *expected = g_base64_encode(bytes, n);
  JamBuffer out = { 0 };

  jam_hex_encode(bytes, n, digits);
  cr_assert(jam_hex_append_base64(&out, digits, n));
  cr_assert_eq(out.length, strlen(expected), "%" G_GSIZE_FORMAT " bytes", n);
  cr_assert(n == 0 || memcmp(out.data, expected, out.length) == 0, "%" G_GSIZE_FORMAT " bytes", n);
  cr_assert(jam_base64_is_valid(expected, out.length));
  jam_buffer_clear(&out);
  g_free(expected);
}

Test(hex, base64_of_hex_is_what_glib_makes_of_the_bytes)
{
  Random random = { 6 };
  gchar bytes[300];

  for (gsize n = 0; n < sizeof(bytes); n++)
    {
      random_fill(&random, bytes, n);
      _expect_base64((guint8 *) bytes, n);
    }
}

Test(hex, base64_is_appended_and_reads_upper_case_hex)
{
  JamBuffer out = { 0 };

  jam_buffer_append_literal(&out, "data:");
  cr_assert(jam_hex_append_base64(&out, guarded_copy(&input, "FBff00Fe", 8), 4));
  cr_assert_eq(out.length, 13);
  cr_expect_arr_eq(out.data, "data:+/8A/g==", 13);
  jam_buffer_clear(&out);
}

static const struct
{
  const gchar *text;
  gboolean valid;
} base64[] = {
  { "", TRUE },         { "AAAA", TRUE },     { "AAA=", TRUE },        { "AA==", TRUE },      { "+/+/", TRUE },
  { "azAZ09+/", TRUE }, { "AAAAAA==", TRUE }, { "AAE=", TRUE },        { "AQ==", TRUE },      { "A", FALSE },
  { "AA", FALSE },      { "AAA", FALSE },     { "AAAAA", FALSE },      { "A===", FALSE },     { "====", FALSE },
  { "=AAA", FALSE },    { "A=AA", FALSE },    { "AA=A", FALSE },       { "AA==AAAA", FALSE }, { "AAA=AAAA", FALSE },
  { "AAB=", FALSE },    { "AAD=", FALSE },    { "AB==", FALSE },       { "AP==", FALSE },     { "AA-_", FALSE },
  { "AAA ", FALSE },    { "AAA\n", FALSE },   { "AA\xc3\xa9", FALSE }, { "AA.=", FALSE },     { "A@AA", FALSE },
  { "A[AA", FALSE },    { "A`AA", FALSE },    { "A{AA", FALSE },       { "A:AA", FALSE },
};

Test(hex, knows_canonical_padded_base64)
{
  for (gsize i = 0; i < G_N_ELEMENTS(base64); i++)
    {
      gsize length = strlen(base64[i].text);
      cr_expect_eq(jam_base64_is_valid(guarded_copy(&input, base64[i].text, length), length), base64[i].valid, "'%s'",
                   base64[i].text);
    }
  cr_expect_not(jam_base64_is_valid("AA\0A", 4));
}

/* Canonical is what decoding and encoding gives back. */
Test(hex, agrees_with_glib_on_random_base64)
{
  static const gchar alphabet[] = "AQgwz09+/=";
  Random random = { 7 };

  for (gint i = 0; i < 50000; i++)
    {
      gchar text[9] = { 0 };
      gsize length = 4 * (1 + random_below(&random, 2));
      guchar *decoded;
      gchar *canonical;
      gsize n;

      for (gsize j = 0; j < length; j++)
        text[j] = alphabet[random_below(&random, sizeof(alphabet) - 1)];
      decoded = g_base64_decode(text, &n);
      canonical = g_base64_encode(decoded, n);
      cr_assert_eq(jam_base64_is_valid(text, length), g_str_equal(text, canonical), "%s, %s", text, canonical);
      g_free(decoded);
      g_free(canonical);
    }
}

/* Of n bytes, the i-th being 7 * i + 3: Python's
 * hashlib.blake2b(bytes(i * 7 + 3 & 255 for i in range(n)), digest_size=32) */
static const struct
{
  gsize n;
  const gchar *hash;
} hashes[] = {
  { 0, "0x0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8" },
  { 1, "0xe88bd757ad5b9bedf372d8d3f0cf6c962a469db61a265f6418e1ffed86da29ec" },
  { 2, "0x0cb598051233e8caf83cd4382939b8324fbbc70ccc32ae5e14e7a0536186a5f6" },
  { 31, "0xeb761e66d010cbc36adb8215c3c1681e1d5d35a86d5f4d074ffcb74e66e7234a" },
  { 32, "0x656300678ffaf08eb513046f55da054581a34f21f3fd453641bd1e8a4ede0113" },
  { 33, "0xab4bcdb5beabda8c7bcebe5dfb66fc2951de324ce89eef8ef032a6b79065cbc0" },
  { 64, "0x586c0dd87616ec042093edc5f87f880d37ca73618e99b03d5850ce9be478721f" },
  { 127, "0xc9ae3859964b35f04c54b36d33cf299d7290ee621005d28e51598a943560aaaa" },
  { 128, "0xf0501d06597880592bc49234eef100ec1ff349058d0e9d9b753504e24af86dd6" },
  { 129, "0xa34a4e1e03c541dfbf3099c4b6c143c022ced65c28bd7e8a10e0a098461aecf0" },
  { 255, "0xf2d64a40e9412a3414161ff6250075225418fd7c271c1123e162e1bca0de9f93" },
  { 256, "0xd93ebb9c802f5630ab22516fd82b6c21bc8bd551d531349b715f046ed11ed871" },
  { 257, "0x4ce481b24d387422d2bc2baa03d1afd55a1327939ff537c71eb9b38709268649" },
  { 8191, "0x832537ee4d7821adc71d37d444cdc10a3ee3047581a469c7039b318a115092f6" },
  { 8192, "0x0b491a623368b6c8266a047bdc98f0d083a821056d06a688e4be7bfff6f54a47" },
  { 8193, "0xbf16fa8108991c20c94fa611a3c2216be0b8501cbf7a30d83511745f3a359a00" },
  { 16383, "0x1b1690daed38540534f8ae117ece56ce926eae11ec28f25233b6cd972df0f447" },
  { 16384, "0xcd40dcb8a608bdfecf85fb7d6223ffc1b997cfdbf8fb4dc476ab9a9b5522c65b" },
  { 16385, "0xc87fd4ce20d79677b5c575dc183d414693ff9a9e625da33fdf1c33c9a381e3d0" },
  { 20000, "0x520c002c9888c217a21499e1d01602fc01b97aefd6ccdd2e9975024c3c14d8aa" },
};

Test(hex, blake2b256_gives_the_known_answers)
{
  for (gsize i = 0; i < G_N_ELEMENTS(hashes); i++)
    {
      guint8 *bytes = (guint8 *) guarded_get(&output, hashes[i].n);
      gchar *digits = guarded_get(&input, 2 * hashes[i].n);
      gchar text[JAM_HASH_TEXT_LENGTH + 1] = { 0 };

      for (gsize j = 0; j < hashes[i].n; j++)
        bytes[j] = j * 7 + 3;
      jam_hex_encode(bytes, hashes[i].n, digits);
      cr_assert(jam_hex_blake2b256(digits, hashes[i].n, text));
      cr_expect_str_eq(text, hashes[i].hash, "%" G_GSIZE_FORMAT " bytes", hashes[i].n);
    }
}

Test(hex, blake2b256_is_not_a_longer_hash_cut_short)
{
  gchar text[JAM_HASH_TEXT_LENGTH + 1] = { 0 };

  jam_hex_blake2b256("616263", 3, text);
  cr_expect_str_eq(text, "0xbddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  /* how RFC 7693's BLAKE2b-512 of the same three bytes starts */
  cr_expect_not(g_str_has_prefix(text, "0xba80a53f981c4d0d"));
}

Test(hex, no_byte_outside_their_alphabets_passes_at_any_place)
{
  static const gchar hex_digits[] = "0123456789abcdefABCDEF";
  static const gchar base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  gchar text[48];

  for (gsize place = 0; place < sizeof(text); place++)
    {
      for (gint byte = 0; byte < 256; byte++)
        {
          gboolean is_padding = byte == '=' && place == sizeof(text) - 1;

          memset(text, 'A', sizeof(text));
          text[place] = byte;
          cr_assert_eq(jam_hex_is_valid(text, sizeof(text)), memchr(hex_digits, byte, sizeof(hex_digits) - 1) != NULL,
                       "0x%02x at %zu", byte, place);
          cr_assert_eq(jam_base64_is_valid(text, sizeof(text)),
                       is_padding || memchr(base64_digits, byte, sizeof(base64_digits) - 1) != NULL, "0x%02x at %zu",
                       byte, place);
        }
    }
}
