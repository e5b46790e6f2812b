/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/jsonl/dedup-window.h"

#include <criterion/criterion.h>

static JamIdentity
_identity(guint64 number)
{
  return (JamIdentity){ .words = { number * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15), number } };
}

static gboolean
_contains(JamDedupWindow *window, guint64 number)
{
  JamIdentity identity = _identity(number);

  return jam_dedup_window_contains(window, &identity);
}

static gboolean
_add(JamDedupWindow *window, guint64 number)
{
  JamIdentity identity = _identity(number);

  return jam_dedup_window_reserve(window, &identity);
}

static void
_remove(JamDedupWindow *window, guint64 number)
{
  JamIdentity identity = _identity(number);

  jam_dedup_window_release(window, &identity);
}

static void
_keep(JamDedupWindow *window, guint64 number)
{
  JamIdentity identity = _identity(number);

  jam_dedup_window_commit(window, &identity);
}

Test(dedup_window, hex_is_read_and_nothing_else)
{
  JamIdentity identity;

  cr_assert(jam_identity_from_hex(&identity, "0123456789abcdef00000000000000ff"));
  cr_assert_eq(identity.words[0], G_GUINT64_CONSTANT(0x0123456789abcdef));
  cr_assert_eq(identity.words[1], 0xff);
  cr_assert_not(jam_identity_from_hex(&identity, "0123456789abcdeF00000000000000ff"));
  cr_assert_not(jam_identity_from_hex(&identity, "0123456789abcdef00000000000000f\""));
}

Test(dedup_window, the_latest_are_known_and_the_oldest_make_room)
{
  JamDedupWindow *window = jam_dedup_window_new(100);

  for (guint64 i = 0; i < 1000; i++)
    {
      cr_assert(_add(window, i));
      _keep(window, i);
    }
  for (guint64 i = 0; i < 1000; i++)
    cr_assert_eq(_contains(window, i), i >= 900, "%" G_GUINT64_FORMAT, i);
  cr_assert_eq(jam_dedup_window_length(window), 100);
  jam_dedup_window_free(window);
}

Test(dedup_window, what_is_on_its_way_is_known_until_it_is_taken_out)
{
  JamDedupWindow *window = jam_dedup_window_new(4);

  cr_assert(_add(window, 1));
  cr_assert_not(_add(window, 1));
  cr_assert(_contains(window, 1));
  _remove(window, 1);
  cr_assert_not(_contains(window, 1));
  _remove(window, 1);
  cr_assert_eq(jam_dedup_window_length(window), 0);
  jam_dedup_window_free(window);
}

Test(dedup_window, more_may_be_on_their_way_than_are_kept)
{
  JamDedupWindow *window = jam_dedup_window_new(1);

  for (guint64 i = 0; i < 5000; i++)
    cr_assert(_add(window, i));
  for (guint64 i = 0; i < 5000; i += 2)
    _remove(window, i);
  for (guint64 i = 0; i < 5000; i++)
    cr_assert_eq(_contains(window, i), i % 2 == 1);
  jam_dedup_window_free(window);
}

/* What is taken out must not hide what stands behind it; compared with a set. */
Test(dedup_window, any_order_of_adding_and_taking_out_is_right)
{
  JamDedupWindow *window = jam_dedup_window_new(64);
  gboolean is_there[256] = { FALSE };

  g_random_set_seed(7);
  for (guint step = 0; step < 200000; step++)
    {
      guint number = g_random_int_range(0, 90);

      if (is_there[number])
        _remove(window, number);
      else
        cr_assert(_add(window, number));
      is_there[number] = !is_there[number];
      number = g_random_int_range(0, 90);
      cr_assert_eq(_contains(window, number), is_there[number]);
    }
  jam_dedup_window_free(window);
}

Test(dedup_window, the_order_is_kept)
{
  JamDedupWindow *window = jam_dedup_window_new(3);
  JamIdentity there[3];

  for (guint64 i = 1; i <= 5; i++)
    {
      _add(window, i);
      _keep(window, i);
    }
  jam_dedup_window_copy(window, there);
  for (guint64 i = 0; i < 3; i++)
    cr_assert_eq(there[i].words[1], i + 3);
  jam_dedup_window_free(window);
}

Test(dedup_window, zeros_are_an_identity_too)
{
  JamDedupWindow *window = jam_dedup_window_new(3);
  JamIdentity zeros = { { 0, 0 } };

  cr_assert_not(jam_dedup_window_contains(window, &zeros));
  cr_assert(jam_dedup_window_reserve(window, &zeros));
  cr_assert(jam_dedup_window_contains(window, &zeros));
  jam_dedup_window_release(window, &zeros);
  cr_assert_not(jam_dedup_window_contains(window, &zeros));
  jam_dedup_window_free(window);
}
