/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/bytes/buffer.h"

#include <criterion/criterion.h>

Test(buffer, an_empty_buffer_takes_nothing_and_needs_no_memory)
{
  JamBuffer buffer = { 0 };

  jam_buffer_append(&buffer, "", 0);
  jam_buffer_append_literal(&buffer, "");
  cr_expect_eq(buffer.length, 0);
  jam_buffer_clear(&buffer);
}

Test(buffer, keeps_all_that_was_appended)
{
  JamBuffer buffer = { 0 };

  for (gint i = 0; i < 100000; i++)
    {
      jam_buffer_append_char(&buffer, 'a' + i % 26);
      jam_buffer_append_literal(&buffer, "--");
    }
  cr_assert_eq(buffer.length, 300000);
  cr_expect_geq(buffer.capacity, buffer.length);
  for (gint i = 0; i < 100000; i++)
    cr_assert(buffer.data[3 * i] == 'a' + i % 26 && buffer.data[3 * i + 1] == '-' && buffer.data[3 * i + 2] == '-');
  jam_buffer_clear(&buffer);
  cr_expect_null(buffer.data);
  cr_expect_eq(buffer.capacity, 0);
}

Test(buffer, makes_the_room_that_is_asked_for)
{
  JamBuffer buffer = { 0 };

  jam_buffer_append_char(&buffer, 'x');
  for (gsize extra = 1; extra < 1000000; extra *= 3)
    {
      jam_buffer_reserve(&buffer, extra);
      cr_expect_geq(buffer.capacity - buffer.length, extra);
    }
  cr_expect_eq(buffer.length, 1);
  cr_expect_eq(buffer.data[0], 'x');
  jam_buffer_clear(&buffer);
}

Test(buffer, a_reset_keeps_small_memory_and_gives_back_large)
{
  JamBuffer buffer = { 0 };

  jam_buffer_append_literal(&buffer, "abc");
  jam_buffer_reset(&buffer, buffer.capacity);
  cr_expect_eq(buffer.length, 0);
  cr_expect_not_null(buffer.data);
  jam_buffer_reset(&buffer, buffer.capacity - 1);
  cr_expect_null(buffer.data);
  jam_buffer_append_literal(&buffer, "abc");
  cr_expect_eq(buffer.length, 3);
  jam_buffer_clear(&buffer);
}

Test(buffer, writes_integers_of_all_sizes)
{
  static const gint64 values[] = {
    0,
    1,
    -1,
    9,
    10,
    -10,
    99,
    100,
    9007199254740993,
    -9007199254740993,
    G_MAXINT64,
    G_MAXINT64 - 1,
    G_MININT64,
    G_MININT64 + 1,
  };

  for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
    {
      gchar *expected = g_strdup_printf("%" G_GINT64_FORMAT, values[i]);
      JamBuffer buffer = { 0 };

      jam_buffer_append_int64(&buffer, values[i]);
      jam_buffer_append_char(&buffer, '\0');
      cr_expect_str_eq(buffer.data, expected);
      jam_buffer_clear(&buffer);
      g_free(expected);
    }
}

Test(buffer, writes_integers_without_sign_of_all_sizes)
{
  for (gint bits = 0; bits <= 64; bits++)
    {
      guint64 value = bits == 64 ? G_MAXUINT64 : ((guint64) 1 << bits) - 1;
      gchar *expected = g_strdup_printf("%" G_GUINT64_FORMAT, value);
      JamBuffer buffer = { 0 };

      jam_buffer_append_uint64(&buffer, value);
      jam_buffer_append_char(&buffer, '\0');
      cr_expect_str_eq(buffer.data, expected);
      jam_buffer_clear(&buffer);
      g_free(expected);
    }
}
