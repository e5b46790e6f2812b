/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guarded.h"
#include "random.h"

#include "core/codec.h"
#include "core/hex.h"

#include <criterion/criterion.h>

#define MAX_DIGITS (1024 * 1024)

static Guarded input;

static void
_setup(void)
{
  guarded_init(&input, MAX_DIGITS);
}

static void
_teardown(void)
{
  guarded_clear(&input);
}

TestSuite(codec, .init = _setup, .fini = _teardown);

typedef gsize (*LengthFunc)(const gchar *digits, gsize n_digits);

/* what the headers of the test that runs have */
static JamHeaderShape header_shape;

static gsize
_header_length(const gchar *digits, gsize n_digits)
{
  return jam_codec_header_length(digits, n_digits, &header_shape);
}

static void
_append_bytes(GByteArray *bytes, gsize n, guint8 value)
{
  gsize at = bytes->len;

  g_byte_array_set_size(bytes, at + n);
  memset(bytes->data + at, value, n);
}

static void
_append_byte(GByteArray *bytes, guint8 value)
{
  _append_bytes(bytes, 1, value);
}

/* Appends a general natural with @n_following bytes behind the first, be that
 * the shortest form or not. */
static void
_append_natural(GByteArray *bytes, guint64 value, guint n_following)
{
  guint8 ones = n_following == 8 ? 0xFF : 0xFF << (8 - n_following);
  guint8 high = n_following == 8 ? 0 : value >> (8 * n_following);

  _append_byte(bytes, ones | high);
  for (guint i = 0; i < n_following; i++)
    _append_byte(bytes, value >> (8 * i));
}

/* Places the bytes as hex digits right before the inaccessible page. */
static gsize
_length_of(LengthFunc length_func, const guint8 *bytes, gsize n)
{
  gchar *digits = guarded_get(&input, 2 * n);

  jam_hex_encode(bytes, n, digits);
  return length_func(digits, 2 * n);
}

/* @bytes must be one encoded thing, no byte more and none less. */
static void
_expect_exact(LengthFunc length_func, GByteArray *bytes, const gchar *what)
{
  gsize n = bytes->len;

  cr_expect_eq(_length_of(length_func, bytes->data, n), n, "%s", what);
  for (gsize i = 0; i < n; i++)
    cr_assert_eq(_length_of(length_func, bytes->data, i), 0, "%s, cut to %" G_GSIZE_FORMAT " bytes", what, i);
  _append_bytes(bytes, 3, 0xFF);
  cr_expect_eq(_length_of(length_func, bytes->data, bytes->len), n, "%s, with more behind", what);
  g_byte_array_set_size(bytes, n);
}

static const struct
{
  const gchar *name;
  gint epoch_keys_bytes;
  gint n_tickets;
  guint n_offenders;
} headers[] =
{
  { "no marks", -1, -1, 0 },
  { "epoch mark of six pairs of keys", 6 * 64, -1, 0 },
  { "epoch mark of three keys", 3 * 32, -1, 0 },
  { "epoch mark without validators", 0, -1, 0 },
  { "tickets mark", -1, 12, 0 },
  { "empty tickets mark", -1, 0, 0 },
  { "offenders", -1, -1, 3 },
  { "many offenders", -1, -1, 127 },
  { "offenders with a longer count", -1, -1, 128 },
  { "everything", 64, 2, 1 },
};

static void
_append_header(GByteArray *bytes, gint epoch_keys_bytes, gint n_tickets, guint n_offenders)
{
  _append_bytes(bytes, 3 * 32 + 4, 0x11);
  _append_byte(bytes, epoch_keys_bytes >= 0);
  if (epoch_keys_bytes >= 0)
    _append_bytes(bytes, 64 + epoch_keys_bytes, 0x22);
  _append_byte(bytes, n_tickets >= 0);
  if (n_tickets >= 0)
    _append_bytes(bytes, 33 * n_tickets, 0x33);
  _append_natural(bytes, n_offenders, n_offenders < 0x80 ? 0 : 1);
  _append_bytes(bytes, 32 * n_offenders, 0x44);
  _append_bytes(bytes, 2 + 96 + 96, 0x55);
}

Test(codec, finds_the_end_of_a_header_and_none_if_it_is_cut_short)
{
  for (gsize i = 0; i < G_N_ELEMENTS(headers); i++)
    {
      GByteArray *bytes = g_byte_array_new();

      header_shape.has_epoch_mark = headers[i].epoch_keys_bytes >= 0;
      header_shape.has_tickets_mark = headers[i].n_tickets >= 0;
      header_shape.epoch_keys_bytes = MAX(headers[i].epoch_keys_bytes, 0);
      header_shape.n_tickets = MAX(headers[i].n_tickets, 0);
      _append_header(bytes, headers[i].epoch_keys_bytes, headers[i].n_tickets, headers[i].n_offenders);
      _expect_exact(_header_length, bytes, headers[i].name);
      g_byte_array_unref(bytes);
    }
}

Test(codec, a_mark_that_is_neither_there_nor_absent_fits_nothing)
{
  static const gsize places[] = { 100, 101 };
  GByteArray *bytes = g_byte_array_new();

  _append_header(bytes, -1, -1, 0);
  for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
    {
      bytes->data[places[i]] = 2;
      cr_expect_eq(_length_of(_header_length, bytes->data, bytes->len), 0);
      bytes->data[places[i]] = 0;
    }
  cr_expect_eq(_length_of(_header_length, bytes->data, bytes->len), bytes->len);
  g_byte_array_unref(bytes);
}

Test(codec, a_bad_hex_digit_anywhere_in_a_header_fits_nothing)
{
  JamHeaderShape shape = { .has_epoch_mark = TRUE, .epoch_keys_bytes = 64 };
  GByteArray *bytes = g_byte_array_new();
  gchar *digits;
  gsize n_digits;

  _append_header(bytes, 64, -1, 1);
  n_digits = 2 * bytes->len;
  digits = guarded_get(&input, n_digits);
  jam_hex_encode(bytes->data, bytes->len, digits);
  for (gsize i = 0; i < n_digits; i++)
    {
      gchar right = digits[i];
      digits[i] = 'x';
      cr_expect_eq(jam_codec_header_length(digits, n_digits, &shape), 0, "digit %" G_GSIZE_FORMAT, i);
      digits[i] = right;
    }
  cr_expect_eq(jam_codec_header_length(digits, n_digits, &shape), bytes->len);
  g_byte_array_unref(bytes);
}

Test(codec, a_mark_that_only_one_of_json_and_codec_has_fits_nothing)
{
  JamHeaderShape without_marks = { 0 };
  JamHeaderShape with_epoch_mark = { .has_epoch_mark = TRUE };
  JamHeaderShape with_tickets_mark = { .has_tickets_mark = TRUE };
  GByteArray *bytes = g_byte_array_new();
  gchar *digits;

  _append_header(bytes, 0, -1, 20);
  digits = guarded_get(&input, 2 * bytes->len);
  jam_hex_encode(bytes->data, bytes->len, digits);
  cr_expect_eq(jam_codec_header_length(digits, 2 * bytes->len, &with_epoch_mark), bytes->len);
  cr_expect_eq(jam_codec_header_length(digits, 2 * bytes->len, &without_marks), 0);
  cr_expect_eq(jam_codec_header_length(digits, 2 * bytes->len, &with_tickets_mark), 0);
  g_byte_array_unref(bytes);
}

Test(codec, what_follows_the_header_need_not_be_hex)
{
  JamHeaderShape shape = { 0 };
  GByteArray *bytes = g_byte_array_new();
  gchar *digits;

  _append_header(bytes, -1, -1, 0);
  digits = guarded_get(&input, 2 * bytes->len + 3);
  jam_hex_encode(bytes->data, bytes->len, digits);
  memcpy(digits + 2 * bytes->len, "xyz", 3);
  cr_expect_eq(jam_codec_header_length(digits, 2 * bytes->len + 3, &shape), bytes->len);
  g_byte_array_unref(bytes);
}

typedef struct _Item
{
  guint n_payload;
  guint n_imports;
  guint n_extrinsics;
} Item;

static void
_append_item(GByteArray *bytes, const Item *item)
{
  _append_bytes(bytes, 4 + 32, 0x66);
  _append_natural(bytes, item->n_payload, 1);
  _append_bytes(bytes, item->n_payload, 0x77);
  _append_bytes(bytes, 8 + 8, 0x88);
  _append_natural(bytes, item->n_imports, 0);
  _append_bytes(bytes, 34 * item->n_imports, 0x99);
  _append_natural(bytes, item->n_extrinsics, 0);
  _append_bytes(bytes, 36 * item->n_extrinsics, 0xAA);
  _append_bytes(bytes, 2, 0xBB);
}

/* all of a work package behind the authorization */
static void
_append_package_rest(GByteArray *bytes, guint n_params, guint n_prerequisites, const Item *items, guint n_items)
{
  _append_bytes(bytes, 4 + 32, 0xCC);
  _append_natural(bytes, n_params, 0);
  _append_bytes(bytes, n_params, 0xDD);
  _append_bytes(bytes, 4 * 32 + 4, 0xEE);
  _append_natural(bytes, n_prerequisites, 0);
  _append_bytes(bytes, 32 * n_prerequisites, 0xFF);
  _append_natural(bytes, n_items, 0);
  for (guint i = 0; i < n_items; i++)
    _append_item(bytes, &items[i]);
}

static const struct
{
  const gchar *name;
  guint n_authorization;
  guint n_params;
  guint n_prerequisites;
  guint n_items;
  Item items[3];
} packages[] =
{
  { "no items", 0, 0, 0, 0, { { 0 } } },
  { "one empty item", 0, 0, 0, 1, { { 0 } } },
  { "authorization and params", 5, 7, 0, 0, { { 0 } } },
  { "prerequisites", 0, 0, 3, 0, { { 0 } } },
  { "payload", 0, 0, 0, 1, { { 300, 0, 0 } } },
  { "imports", 0, 0, 0, 1, { { 0, 4, 0 } } },
  { "extrinsics", 0, 0, 0, 1, { { 0, 0, 4 } } },
  { "everything thrice", 10, 20, 2, 3, { { 1, 2, 3 }, { 200, 1, 0 }, { 0, 0, 1 } } },
};

Test(codec, finds_the_end_of_a_work_package_and_none_if_it_is_cut_short)
{
  for (gsize i = 0; i < G_N_ELEMENTS(packages); i++)
    {
      GByteArray *bytes = g_byte_array_new();

      _append_natural(bytes, packages[i].n_authorization, 0);
      _append_bytes(bytes, packages[i].n_authorization, 0x55);
      _append_package_rest(bytes, packages[i].n_params, packages[i].n_prerequisites, packages[i].items,
                           packages[i].n_items);
      _expect_exact(jam_codec_work_package_length, bytes, packages[i].name);
      g_byte_array_unref(bytes);
    }
}

Test(codec, takes_naturals_of_one_to_nine_bytes)
{
  static const guint64 values[] = { 0, 1, 0x7F, 0x80, 0x1234, 0x3FFF, 0x4000, 0x12345 };

  for (guint n_following = 0; n_following <= 8; n_following++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        {
          GByteArray *bytes = g_byte_array_new();

          if (n_following > 1 || values[i] < (n_following ? 0x4000 : 0x80))
            {
              _append_natural(bytes, values[i], n_following);
              _append_bytes(bytes, values[i], 0x55);
              _append_package_rest(bytes, 0, 0, NULL, 0);
              cr_expect_eq(_length_of(jam_codec_work_package_length, bytes->data, bytes->len), bytes->len,
                           "%#" G_GINT64_MODIFIER "x in %u bytes", values[i], n_following + 1);
              cr_expect_eq(_length_of(jam_codec_work_package_length, bytes->data, bytes->len - 1), 0);
            }
          g_byte_array_unref(bytes);
        }
    }
}

/* lengths and counts whose products or sums with a place wrap around */
Test(codec, naturals_too_large_for_the_bytes_fit_nothing)
{
  static const guint64 values[] =
  {
    0x100000, G_MAXUINT32, G_MAXINT64, G_MAXUINT64, G_MAXUINT64 - 1, G_MAXUINT64 - 8, G_MAXUINT64 / 32 + 1,
    G_MAXUINT64 / 32 + 2, G_MAXUINT64 / 2 + 1,
  };
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
    {
      GByteArray *bytes = g_byte_array_new();

      _append_natural(bytes, values[i], 8);
      _append_package_rest(bytes, 0, 0, NULL, 0);
      cr_expect_eq(_length_of(jam_codec_work_package_length, bytes->data, bytes->len), 0, "authorization");
      g_byte_array_set_size(bytes, 0);
      _append_bytes(bytes, 102, 0);
      _append_natural(bytes, values[i], 8);
      _append_bytes(bytes, 1000, 0);
      cr_expect_eq(_length_of(_header_length, bytes->data, bytes->len), 0, "offenders");
      /* as a count of items */
      g_byte_array_set_size(bytes, 0);
      _append_bytes(bytes, 1 + 36 + 1 + 132 + 1, 0);
      _append_natural(bytes, values[i], 8);
      _append_bytes(bytes, 1000, 0);
      cr_expect_eq(_length_of(jam_codec_work_package_length, bytes->data, bytes->len), 0, "items");
      g_byte_array_unref(bytes);
    }
}

Test(codec, an_odd_last_digit_is_no_byte)
{
  JamHeaderShape shape = { 0 };
  GByteArray *bytes = g_byte_array_new();
  gchar *digits;

  _append_header(bytes, -1, -1, 0);
  digits = guarded_get(&input, 2 * bytes->len - 1);
  memset(digits, '0', 2 * bytes->len - 1);
  cr_expect_eq(jam_codec_header_length(digits, 2 * bytes->len - 1, &shape), 0);
  g_byte_array_unref(bytes);
}

static void
_expect_sane(gsize length, gsize n_digits)
{
  cr_assert_leq(length, n_digits / 2);
}

Test(codec, random_bytes_and_digits_never_reach_past_the_end)
{
  Random random = { 12 };

  for (gint i = 0; i < 30000; i++)
    {
      gsize n_digits = random_below(&random, 800);
      JamHeaderShape shape =
      {
        .has_epoch_mark = random_below(&random, 2),
        .has_tickets_mark = random_below(&random, 2),
        .epoch_keys_bytes = random_below(&random, 200),
        .n_tickets = random_below(&random, 10),
      };
      gchar *digits = guarded_get(&input, n_digits);

      random_fill(&random, digits, n_digits);
      /* two times in three digits, mostly small ones half of these */
      for (gsize j = 0; j < n_digits && i % 3; j++)
        digits[j] = "0000000123456789abcdefF"[random_below(&random, i % 3 == 1 ? 8 : 23)];
      _expect_sane(jam_codec_header_length(digits, n_digits, &shape), n_digits);
      _expect_sane(jam_codec_work_package_length(digits, n_digits), n_digits);
    }
}
