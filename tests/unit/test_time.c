/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guarded.h"
#include "random.h"

#include "core/bytes/time.h"

#include <criterion/criterion.h>
#include <string.h>

#define NS G_GINT64_CONSTANT(1000000000)
#define INVALID G_MININT64
/* from 1970 to 2261 */
#define N_DAYS 106650

static Guarded input;
static Guarded output;

static void
_setup(void)
{
  guarded_init(&input, 256);
  guarded_init(&output, 256);
}

static void
_teardown(void)
{
  guarded_clear(&input);
  guarded_clear(&output);
}

TestSuite(time, .init = _setup, .fini = _teardown);

static gint64
_parse(const gchar *text, gsize length)
{
  gint64 unix_ns = 42;

  return jam_time_parse(guarded_copy(&input, text, length), length, &unix_ns) ? unix_ns : INVALID;
}

static const struct
{
  const gchar *text;
  gint64 unix_ns;
} times[] = {
  { "1970-01-01T00:00:00Z", 0 },
  { "1970-01-01T00:00:00.000000001Z", 1 },
  { "1969-12-31T23:59:59Z", -NS },
  { "1969-12-31T23:59:59.999999999Z", -1 },
  { "2025-01-01T12:00:00Z", 1735732800 * NS },
  { "2025-04-24T23:39:00.128032123Z", 1745537940 * NS + 128032123 },
  { "2025-04-24T23:39:00.1Z", 1745537940 * NS + 100000000 },
  { "2025-04-24T23:39:00.12Z", 1745537940 * NS + 120000000 },
  { "2025-04-24T23:39:00.123Z", 1745537940 * NS + 123000000 },
  { "2025-04-24T23:39:00.1234Z", 1745537940 * NS + 123400000 },
  { "2025-04-24T23:39:00.12345Z", 1745537940 * NS + 123450000 },
  { "2025-04-24T23:39:00.123456Z", 1745537940 * NS + 123456000 },
  { "2025-04-24T23:39:00.1234567Z", 1745537940 * NS + 123456700 },
  { "2025-04-24T23:39:00.12345678Z", 1745537940 * NS + 123456780 },
  { "2025-04-24T23:39:00.000000000Z", 1745537940 * NS },
  { "2025-04-24t23:39:00z", 1745537940 * NS },
  { "2025-04-25T01:39:00+02:00", 1745537940 * NS },
  { "2025-04-24T18:09:00-05:30", 1745537940 * NS },
  { "2025-04-24T23:39:00+00:00", 1745537940 * NS },
  { "2025-04-24T23:39:00-00:00", 1745537940 * NS },
  { "2025-04-25T23:38:00.5+23:59", 1745537940 * NS + 500000000 },
  { "2025-04-23T23:40:00-23:59", 1745537940 * NS },
  /* leap years */
  { "2000-02-29T00:00:00Z", 951782400 * NS },
  { "2024-02-29T00:00:00Z", 1709164800 * NS },
  { "2024-12-31T00:00:00Z", 1735603200 * NS },
  { "2100-02-28T00:00:00Z", 4107456000 * NS },
  { "2100-03-01T00:00:00Z", 4107542400 * NS },
  { "2100-02-29T00:00:00Z", INVALID },
  { "1900-02-29T00:00:00Z", INVALID },
  { "2025-02-29T00:00:00Z", INVALID },
  /* a leap second is the first second of the next day */
  { "2016-12-31T23:59:60Z", 1483228800 * NS },
  { "2016-12-31T23:59:60.999999999Z", 1483228800 * NS + 999999999 },
  { "2017-01-01T01:59:60+02:00", 1483228800 * NS },
  { "2016-12-31T15:59:60-08:00", 1483228800 * NS },
  { "2016-12-31T23:59:60+02:00", INVALID },
  { "2016-12-31T23:58:60Z", INVALID },
  { "2016-12-31T22:59:60Z", INVALID },
  { "2016-12-31T23:59:61Z", INVALID },
  /* what 64 bits hold */
  { "1677-01-01T00:00:00Z", INVALID },
  { "1678-01-01T00:00:00Z", -9214560000 * NS },
  { "2261-12-31T23:59:59.999999999Z", 9214646399 * NS + 999999999 },
  { "2263-01-01T00:00:00Z", INVALID },
  { "0000-01-01T00:00:00Z", INVALID },
  { "9999-12-31T23:59:59Z", INVALID },
  /* no such date or time of day */
  { "2025-00-01T00:00:00Z", INVALID },
  { "2025-13-01T00:00:00Z", INVALID },
  { "2025-01-00T00:00:00Z", INVALID },
  { "2025-01-32T00:00:00Z", INVALID },
  { "2025-04-31T00:00:00Z", INVALID },
  { "2025-06-31T00:00:00Z", INVALID },
  { "2025-09-31T00:00:00Z", INVALID },
  { "2025-11-31T00:00:00Z", INVALID },
  { "2025-01-01T24:00:00Z", INVALID },
  { "2025-01-01T00:60:00Z", INVALID },
  { "2025-01-01T00:00:00+24:00", INVALID },
  { "2025-01-01T00:00:00+00:60", INVALID },
  /* not RFC 3339 */
  { "", INVALID },
  { "Z", INVALID },
  { "2025-01-01", INVALID },
  { "2025-01-01T00:00:00", INVALID },
  { "2025-01-01T00:00Z", INVALID },
  { "2025-01-01 00:00:00Z", INVALID },
  { "2025-01-01T00:00:00 Z", INVALID },
  { " 2025-01-01T00:00:00Z", INVALID },
  { "2025-01-01T00:00:00Z ", INVALID },
  { "2025-01-01T00:00:00ZZ", INVALID },
  { "2025-01-01T00:00:00.Z", INVALID },
  { "2025-01-01T00:00:00,5Z", INVALID },
  { "2025-01-01T00:00:00.1234567890Z", INVALID },
  { "2025-01-01T00:00:00.-1Z", INVALID },
  { "2025-01-01T00:00:00.1", INVALID },
  { "2025-01-01T00:00:00+0100", INVALID },
  { "2025-01-01T00:00:00+01", INVALID },
  { "2025-01-01T00:00:00+1:00", INVALID },
  { "2025-01-01T00:00:00+01:0", INVALID },
  { "20250101T000000Z", INVALID },
  { "2025-1-1T00:00:00Z", INVALID },
  { "25-01-01T00:00:00Z", INVALID },
  { "12025-01-01T00:00:00Z", INVALID },
  { "+2025-01-01T00:00:00Z", INVALID },
  { "-2025-01-01T00:00:00Z", INVALID },
  { "2025/01/01T00:00:00Z", INVALID },
  { "2025-01-01T00.00.00Z", INVALID },
  { "2025-W01-1T00:00:00Z", INVALID },
  { "2025-001T00:00:00Z", INVALID },
  { "2025-01-01T00:00:00UTC", INVALID },
  { "2025-01-01T 0:00:00Z", INVALID },
  { "2025-01-01T00:00:00\xe2\x88\x92"
    "01:00",
    INVALID },
  { "1735732800", INVALID },
};

Test(time, parses_rfc_3339_and_nothing_else)
{
  for (gsize i = 0; i < G_N_ELEMENTS(times); i++)
    {
      gint64 parsed = _parse(times[i].text, strlen(times[i].text));
      cr_expect_eq(parsed, times[i].unix_ns, "'%s': %" G_GINT64_FORMAT, times[i].text, parsed);
    }
}

Test(time, refuses_a_timestamp_that_is_cut_short_anywhere)
{
  static const gchar text[] = "2025-04-24T23:39:00.128032123+01:30";

  for (gsize length = 0; length < strlen(text); length++)
    cr_expect_eq(_parse(text, length), INVALID, "%" G_GSIZE_FORMAT " bytes", length);
  cr_expect_neq(_parse(text, strlen(text)), INVALID);
}

Test(time, refuses_a_timestamp_with_a_wrong_byte_anywhere)
{
  gchar text[] = "2025-04-24T23:39:00.128032123+01:30";

  for (gsize i = 0; i < strlen(text); i++)
    {
      gchar right = text[i];
      text[i] = '/';
      cr_expect_eq(_parse(text, strlen(text)), INVALID, "%s", text);
      text[i] = '\0';
      cr_expect_eq(_parse(text, sizeof(text) - 1), INVALID, "NUL at %" G_GSIZE_FORMAT, i);
      text[i] = right;
    }
}

/* any second of the years 1678 to 2261 */
static gint64
_random_seconds(Random *random)
{
  return (gint64) (random_next(random) % 18429206400) - 9214560000;
}

Test(time, agrees_with_glib_on_random_times_and_offsets)
{
  Random random = { 10 };

  for (gint i = 0; i < 20000; i++)
    {
      gint64 seconds = _random_seconds(&random);
      gint minutes = (gint) random_below(&random, 2 * 1439 + 1) - 1439;
      GTimeZone *zone = g_time_zone_new_offset(minutes * 60);
      GDateTime *utc = g_date_time_new_from_unix_utc(seconds);
      GDateTime *local = g_date_time_to_timezone(utc, zone);
      gchar *text = g_date_time_format(local, "%Y-%m-%dT%H:%M:%S%:z");

      cr_assert_eq(_parse(text, strlen(text)), seconds * NS, "%s", text);
      g_free(text);
      g_date_time_unref(local);
      g_date_time_unref(utc);
      g_time_zone_unref(zone);
    }
}

static void
_expect_formatted(gint64 unix_ns, const gchar *expected)
{
  gchar *text = guarded_get(&output, JAM_TIME_TEXT_LENGTH);

  jam_time_format(unix_ns, text);
  cr_assert(memcmp(text, expected, JAM_TIME_TEXT_LENGTH) == 0, "%.*s, expected %s", JAM_TIME_TEXT_LENGTH, text,
            expected);
}

Test(time, formats_as_glib_does)
{
  Random random = { 11 };

  for (gint i = 0; i < 20000; i++)
    {
      gint64 seconds = random_next(&random) % 9214646400;
      gint64 ns = random_below(&random, NS);
      GDateTime *utc = g_date_time_new_from_unix_utc(seconds);
      gchar *date = g_date_time_format(utc, "%Y-%m-%dT%H:%M:%S");
      gchar *expected = g_strdup_printf("%s.%06dZ", date, (gint) (ns / 1000));

      _expect_formatted(seconds * NS + ns, expected);
      g_free(expected);
      g_free(date);
      g_date_time_unref(utc);
    }
}

Test(time, formats_every_day_from_1970_on_so_that_it_parses_back)
{
  gchar text[JAM_TIME_TEXT_LENGTH];

  for (gint64 day = 0; day < N_DAYS; day++)
    {
      jam_time_format(day * 86400 * NS, text);
      cr_assert_eq(_parse(text, sizeof(text)), day * 86400 * NS, "%.*s", JAM_TIME_TEXT_LENGTH, text);
    }
}

Test(time, cuts_microseconds_off_and_does_not_round)
{
  _expect_formatted(0, "1970-01-01T00:00:00.000000Z");
  _expect_formatted(999, "1970-01-01T00:00:00.000000Z");
  _expect_formatted(1000, "1970-01-01T00:00:00.000001Z");
  _expect_formatted(1999, "1970-01-01T00:00:00.000001Z");
  _expect_formatted(999999999, "1970-01-01T00:00:00.999999Z");
  _expect_formatted(1745537940 * NS + 128032999, "2025-04-24T23:39:00.128032Z");
  _expect_formatted(1735689600 * NS - 1, "2024-12-31T23:59:59.999999Z");
}

static const struct
{
  const gchar *time;
  /* -1 before the first one */
  gint64 slot;
} slots[] = {
  { "2025-01-01T12:00:00Z", 0 },
  { "2025-01-01T12:00:05.999999999Z", 0 },
  { "2025-01-01T12:00:06Z", 1 },
  { "2025-01-01T12:00:11.999999999Z", 1 },
  { "2025-01-01T12:00:12Z", 2 },
  { "2025-01-01T13:00:00Z", 600 },
  { "2025-01-02T12:00:00Z", 14400 },
  { "2025-01-01T14:00:00+02:00", 0 },
  { "2025-04-29T00:27:18.29956805Z", 1692273 },
  { "2261-12-31T23:59:59.999999999Z", 1246485599 },
  { "2025-01-01T11:59:59.999999999Z", -1 },
  { "2025-01-01T11:59:54Z", -1 },
  { "2025-01-01T11:59:00Z", -1 },
  { "1970-01-01T00:00:00Z", -1 },
  { "1969-12-31T23:59:59Z", -1 },
  { "1750-01-01T00:00:00Z", -1 },
  { "1700-01-01T00:00:00Z", -1 },
  { "1678-01-01T00:00:00Z", -1 },
};

Test(time, slots_are_six_seconds_from_the_start_of_the_common_era)
{
  for (gsize i = 0; i < G_N_ELEMENTS(slots); i++)
    {
      gint64 unix_ns = _parse(slots[i].time, strlen(slots[i].time));
      gint64 slot = -1;
      gboolean success = jam_time_to_slot(unix_ns, &slot);

      cr_assert_neq(unix_ns, INVALID);
      cr_expect_eq(success, slots[i].slot >= 0, "%s", slots[i].time);
      if (success)
        cr_expect_eq(slot, slots[i].slot, "%s: %" G_GINT64_FORMAT, slots[i].time, slot);
    }
}
