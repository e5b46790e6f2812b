/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guarded.h"

#include "core/bytes/integer.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct
{
  const gchar *text;
  gboolean valid;
} integers[] = {
  { "0", TRUE },
  { "-0", TRUE },
  { "7", TRUE },
  { "-7", TRUE },
  { "10", TRUE },
  { "1234567890", TRUE },
  { "999999999999999999", TRUE },
  { "1000000000000000000", TRUE },
  { "9223372036854775806", TRUE },
  { "9223372036854775807", TRUE },
  { "9223372036854775808", FALSE },
  { "9223372036854775817", FALSE },
  { "9999999999999999999", FALSE },
  { "10000000000000000000", FALSE },
  { "-9223372036854775807", TRUE },
  { "-9223372036854775808", TRUE },
  { "-9223372036854775809", FALSE },
  { "-9300000000000000000", FALSE },
  { "-10000000000000000000", FALSE },
  { "18446744073709551616", FALSE },
  { "18446744073709551617", FALSE },
  { "9007199254740993", TRUE },
  { "", FALSE },
  { "-", FALSE },
  { "+1", FALSE },
  { "--1", FALSE },
  { "01", FALSE },
  { "00", FALSE },
  { "-01", FALSE },
  { "-00", FALSE },
  { "1.0", FALSE },
  { "1.", FALSE },
  { ".1", FALSE },
  { "1e2", FALSE },
  { "1E2", FALSE },
  { " 1", FALSE },
  { "1 ", FALSE },
  { "0x1", FALSE },
  { "1_0", FALSE },
  { "1-", FALSE },
  { "a", FALSE },
  { "/", FALSE },
  { ":", FALSE },
  { "1\xd9\xa1", FALSE },
  { "0000000000000000001", FALSE },
};

Test(integer, knows_json_integers_of_64_bits)
{
  Guarded input;

  guarded_init(&input, 64);
  for (gsize i = 0; i < G_N_ELEMENTS(integers); i++)
    {
      gsize length = strlen(integers[i].text);
      cr_expect_eq(jam_integer_is_valid(guarded_copy(&input, integers[i].text, length), length), integers[i].valid,
                   "'%s'", integers[i].text);
    }
  cr_expect_not(jam_integer_is_valid("1\0", 2));
  guarded_clear(&input);
}

static const struct
{
  const gchar *text;
  /* -1 where it is no such number */
  gint number;
} digits[] = {
  { "0", 0 },
  { "7", 7 },
  { "00", 0 },
  { "0142", 142 },
  { "142", 142 },
  { "2147483646", 2147483646 },
  { "2147483647", G_MAXINT },
  { "2147483648", -1 },
  { "4294967296", -1 },
  { "4294967438", -1 },
  { "18446744073709551758", -1 },
  { "99999999999999999999999999999999", -1 },
  { "0000000000000000000000000000000142", 142 },
  { "", -1 },
  { "-1", -1 },
  { "-0", -1 },
  { "+1", -1 },
  { "1.0", -1 },
  { " 1", -1 },
  { "1 ", -1 },
  { "0x1", -1 },
  { "a", -1 },
};

Test(integer, parses_digits_that_fit)
{
  Guarded input;

  guarded_init(&input, 64);
  for (gsize i = 0; i < G_N_ELEMENTS(digits); i++)
    {
      gsize length = strlen(digits[i].text);
      gint number = -1;
      gboolean success = jam_integer_parse_digits(guarded_copy(&input, digits[i].text, length), length, &number);

      cr_expect_eq(success, digits[i].number >= 0, "'%s'", digits[i].text);
      if (success)
        cr_expect_eq(number, digits[i].number, "'%s': %d", digits[i].text, number);
    }
  guarded_clear(&input);
}

static const struct
{
  const gchar *text;
  gboolean valid;
  guint64 number;
} naturals[] = {
  { "0", TRUE, 0 },
  { "-0", TRUE, 0 },
  { "7", TRUE, 7 },
  { "10", TRUE, 10 },
  { "9223372036854775808", TRUE, G_GUINT64_CONSTANT(9223372036854775808) },
  { "9999999999999999999", TRUE, G_GUINT64_CONSTANT(9999999999999999999) },
  { "18446744073709551615", TRUE, G_MAXUINT64 },
  { "18446744073709551616", FALSE, 0 },
  { "20000000000000000000", FALSE, 0 },
  { "100000000000000000000", FALSE, 0 },
  { "-1", FALSE, 0 },
  { "-00", FALSE, 0 },
  { "00", FALSE, 0 },
  { "07", FALSE, 0 },
  { "", FALSE, 0 },
  { "-", FALSE, 0 },
  { "+1", FALSE, 0 },
  { "1.0", FALSE, 0 },
  { "1e2", FALSE, 0 },
  { " 1", FALSE, 0 },
  { "1 ", FALSE, 0 },
  { "0x1", FALSE, 0 },
};

Test(integer, parses_json_integers_of_64_bits_without_sign)
{
  Guarded input;

  guarded_init(&input, 64);
  for (gsize i = 0; i < G_N_ELEMENTS(naturals); i++)
    {
      gsize length = strlen(naturals[i].text);
      const gchar *text = guarded_copy(&input, naturals[i].text, length);
      guint64 number = 1;

      cr_expect_eq(jam_integer_parse_uint64(text, length, &number), naturals[i].valid, "'%s'", naturals[i].text);
      if (naturals[i].valid)
        cr_expect_eq(number, naturals[i].number, "'%s'", naturals[i].text);
    }
  guarded_clear(&input);
}

Test(integer, parses_plain_decimals_of_32_bits)
{
  static const gchar *invalid[] = { "4294967296", "18446744073709551616", "-0", "-1", "07", "", "1.0", " 1", "+1" };
  guint32 number;

  cr_expect(jam_integer_parse_uint32("0", 1, &number) && number == 0);
  cr_expect(jam_integer_parse_uint32("4294967295", 10, &number) && number == G_MAXUINT32);
  for (gsize i = 0; i < G_N_ELEMENTS(invalid); i++)
    cr_expect_not(jam_integer_parse_uint32(invalid[i], strlen(invalid[i]), &number), "'%s'", invalid[i]);
}
