/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guarded.h"
#include "random.h"

#include "core/json/json-scan.h"

#include <criterion/criterion.h>
#include <string.h>

#define MAX_LENGTH 70
/* beyond what is looked at in one go, several times */
#define MAX_LONG_LENGTH 700
#define ALIGNMENTS 16

static Guarded input;

static void
_setup(void)
{
  guarded_init(&input, MAX_LONG_LENGTH + ALIGNMENTS);
}

static void
_teardown(void)
{
  guarded_clear(&input);
}

TestSuite(json_scan, .init = _setup, .fini = _teardown);

/* the obvious way to do it */
static gsize
_count_plain(const gchar *bytes, gsize length)
{
  gsize i = 0;

  while (i < length && (guchar) bytes[i] >= 0x20 && (guchar) bytes[i] < 0x80 && bytes[i] != '"' && bytes[i] != '\\')
    i++;
  return i;
}

static void
_expect_scans_agree(const gchar *bytes, gsize length)
{
  gsize expected = _count_plain(bytes, length);
  gsize found = jam_json_scan_plain(bytes, bytes + length) - bytes;
  gsize found_portably = jam_json_scan_plain_portable(bytes, bytes + length) - bytes;

  cr_assert_eq(found, expected, "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " bytes", found, length);
  cr_assert_eq(found_portably, expected, "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " bytes", found_portably, length);
}

Test(json_scan, finds_each_special_byte_at_every_place_of_every_length)
{
  for (gsize length = 1; length <= MAX_LENGTH; length++)
    {
      gchar *bytes = guarded_get(&input, length);
      for (gsize place = 0; place < length; place++)
        {
          memset(bytes, 'a', length);
          for (gint c = 0; c < 256; c++)
            {
              bytes[place] = c;
              _expect_scans_agree(bytes, length);
            }
        }
    }
}

Test(json_scan, finds_a_special_byte_anywhere_in_a_long_text)
{
  static const gchar special[] = { '"', '\\', '\x1f', '\x80', '\xff' };

  for (gsize length = MAX_LENGTH; length <= MAX_LONG_LENGTH; length += 9)
    {
      gchar *bytes = guarded_get(&input, length);

      memset(bytes, 'a', length);
      _expect_scans_agree(bytes, length);
      for (gsize place = 0; place < length; place++)
        {
          bytes[place] = special[place % sizeof(special)];
          _expect_scans_agree(bytes, length);
          bytes[place] = 'a';
        }
    }
}

static void
_expect_scans_of_random_bytes_agree(Random *random, gsize length, gsize behind)
{
  gchar *bytes = guarded_get(&input, length + behind);

  random_fill(random, bytes, length + behind);
  _expect_scans_agree(bytes, length);
  /* mostly plain text, so that scans get far */
  for (gsize i = 0; i < length; i++)
    bytes[i] = random_below(random, 40) ? 0x20 + (bytes[i] & 0x3F) : bytes[i];
  _expect_scans_agree(bytes, length);
}

Test(json_scan, agrees_with_the_portable_scan_on_random_bytes_at_all_alignments)
{
  Random random = { 1 };

  for (gint round = 0; round < 50; round++)
    {
      for (gsize length = 0; length <= MAX_LENGTH; length++)
        {
          for (gsize behind = 0; behind < ALIGNMENTS; behind++)
            _expect_scans_of_random_bytes_agree(&random, length, behind);
        }
    }
}

/* The length of a sequence whose bytes are all there, according to GLib. */
static guint
_glib_sequence_length(const guint8 *bytes, gsize length)
{
  for (gsize n = 2; n <= MIN(length, 4); n++)
    {
      if (g_utf8_validate((const gchar *) bytes, n, NULL) && g_utf8_strlen((const gchar *) bytes, n) == 1)
        return n;
    }
  return 0;
}

static void
_expect_sequence(const guint8 *bytes, gsize length)
{
  const gchar *p = guarded_copy(&input, (const gchar *) bytes, length);
  guint found = jam_utf8_sequence_length(p, p + length);

  cr_assert_eq(found, _glib_sequence_length(bytes, length), "%02x %02x %02x %02x, %" G_GSIZE_FORMAT " bytes: %u",
               bytes[0], bytes[1], bytes[2], bytes[3], length, found);
}

Test(json_scan, agrees_with_glib_on_all_utf8_sequences_of_one_and_two_bytes)
{
  for (guint c = 0x80; c <= 0xFF; c++)
    {
      for (guint d = 0; d <= 0xFF; d++)
        {
          for (gsize length = 1; length <= 4; length++)
            _expect_sequence((guint8[]){ c, d, 'a', 'b' }, length);
        }
    }
}

Test(json_scan, agrees_with_glib_on_utf8_sequences_made_of_edge_bytes)
{
  static const guint8 edges[] = {
    0x00, 0x20, 0x7F, 0x80, 0x81, 0x8F, 0x90, 0x91, 0x9F, 0xA0, 0xA1, 0xBE, 0xBF, 0xC0, 0xC1, 0xC2,
    0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFE, 0xFF,
  };
  const gsize n = G_N_ELEMENTS(edges);

  for (gsize i = 0; i < n * n * n * n; i++)
    {
      guint8 bytes[] = { edges[i % n], edges[i / n % n], edges[i / (n * n) % n], edges[i / (n * n * n)] };
      if (bytes[0] >= 0x80)
        {
          _expect_sequence(bytes, 3);
          _expect_sequence(bytes, 4);
        }
    }
}

Test(json_scan, agrees_with_glib_on_random_utf8_sequences)
{
  Random random = { 2 };

  for (gint i = 0; i < 200000; i++)
    {
      guint64 bits = random_next(&random);
      guint8 bytes[] = {
        0xC0 | (bits & 0x3F),
        0x80 | (bits >> 8 & 0x7F),
        0x80 | (bits >> 16 & 0x3F),
        0x80 | (bits >> 24 & 0x3F),
      };
      _expect_sequence(bytes, 1 + (bits >> 32) % 4);
    }
}
