/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "effort.h"
#include "encoded-objects.h"
#include "jip3-messages.h"

#include "core/jip3/window.h"

#include <criterion/criterion.h>

#define TIME G_GUINT64_CONSTANT(59913561000000)
#define WINDOW G_GUINT64_CONSTANT(65536)
#define MAX_STATE_BYTES (8 * 1024 * 1024)

static JamJip3Connection *connection;
static GPtrArray *messages;
static GByteArray *wire;

static void
_connect(gsize message_limit)
{
  connection = jip3_connection_new(message_limit, FALSE);
}

static void
_setup(void)
{
  wire = jip3_node_information(1, 2);
  messages = jip3_messages_new();
  _connect(1024 * 1024);
}

static void
_teardown(void)
{
  jam_jip3_connection_free(connection);
  g_ptr_array_unref(messages);
  g_byte_array_unref(wire);
}

TestSuite(jip3_connection, .init = _setup, .fini = _teardown);

/* Feeds what is on the wire; message 0 is the first that is new. */
static JamJip3Result
_feed(void)
{
  JamJip3Result result;

  g_ptr_array_set_size(messages, 0);
  result = jip3_feed(connection, wire->data, wire->len, wire->len, messages);
  g_byte_array_set_size(wire, 0);
  return result;
}

static void
_feed_node(void)
{
  cr_assert_eq(_feed(), JAM_JIP3_MORE);
  cr_assert_eq(messages->len, 1);
}

/* Events without a reference: 40 is a block's, 90 a work-package's. */

static void
_add_authoring(guint64 time, guint8 slot)
{
  guint8 fields[36] = { slot };

  jip3_append_event(wire, time, 40, fields, sizeof(fields));
}

static void
_add_submission(guint64 time)
{
  static const guint8 fields[33] = { 0 };

  jip3_append_event(wire, time, 90, fields, sizeof(fields));
}

/* 93 tells core and hash */
static void
_add_duplicate(guint64 time, guint64 reference, guint8 core)
{
  GByteArray *fields = g_byte_array_new();

  jip3_append_number(fields, reference, 8);
  jip3_append_number(fields, core, 2);
  encoded_append_bytes(fields, 32, core);
  jip3_append_event(wire, time, 93, fields->data, fields->len);
  g_byte_array_unref(fields);
}

/* 105: of a guarantee, with the reference to a submission */
static void
_add_guarantee(guint64 time, guint64 reference)
{
  GByteArray *fields = g_byte_array_new();

  jip3_append_number(fields, reference, 8);
  encoded_append_bytes(fields, 32 + 4 + 1, 0);
  jip3_append_event(wire, time, 105, fields->data, fields->len);
  g_byte_array_unref(fields);
}

static void
_add_peer_event(guint64 time, guint8 type, guint64 reference)
{
  GByteArray *fields = g_byte_array_new();

  jip3_append_number(fields, reference, 8);
  encoded_append_bytes(fields, 32, 0);
  jip3_append_event(wire, time, type, fields->data, fields->len);
  g_byte_array_unref(fields);
}

static void
_expect_link(guint i, const gchar *id, const gchar *reference, const gchar *root, const gchar *elapsed)
{
  jip3_expect_member(messages, i, "event_id", id);
  jip3_expect_member(messages, i, "ref_event_id", reference);
  jip3_expect_member(messages, i, "root_event_id", root);
  jip3_expect_member(messages, i, "elapsed", elapsed);
}

#define HASH_07 "\"0x0707070707070707070707070707070707070707070707070707070707070707\""
#define HASH_08 "\"0x0808080808080808080808080808080808080808080808080808080808080808\""

static void
_expect_chain(guint i, const gchar *core, const gchar *hash)
{
  jip3_expect_member(messages, i, "chain.core", core);
  jip3_expect_member(messages, i, "chain.work_package_hash", hash);
}

Test(jip3_connection, events_follow_their_references_to_the_first_of_the_chain)
{
  _feed_node();
  _add_submission(TIME);
  _add_guarantee(TIME + 5, 0);
  _add_peer_event(TIME + 7, 106, 1);
  jip3_append_reference_event(wire, TIME + 6, 108, 2);
  _feed();
  _expect_link(0, "0", "null", "0", "null");
  _expect_link(1, "1", "0", "0", "5");
  _expect_link(2, "2", "1", "0", "2");
  _expect_link(3, "3", "2", "0", "-1");
}

Test(jip3_connection, the_last_values_of_a_chain_are_passed_on)
{
  _feed_node();
  _add_submission(TIME);
  _add_submission(TIME);
  _add_guarantee(TIME, 0);
  _add_duplicate(TIME, 0, 7);
  _add_peer_event(TIME, 106, 2);
  _add_duplicate(TIME, 0, 8);
  jip3_append_reference_event(wire, TIME, 108, 4);
  jip3_append_reference_event(wire, TIME, 109, 1);
  _feed();
  _expect_chain(2, "null", "null");
  _expect_chain(3, "7", HASH_07);
  _expect_chain(4, "7", HASH_07);
  _expect_chain(5, "8", HASH_08);
  _expect_chain(6, "8", HASH_08);
  _expect_chain(7, "null", "null");
}

Test(jip3_connection, a_block_s_chain_has_its_slot_and_hash)
{
  /* the reference and an empty list */
  static const guint8 executed[9] = { 0 };

  _feed_node();
  _add_authoring(TIME, 9);
  jip3_append_event(wire, TIME + 1, 47, executed, sizeof(executed));
  _feed();
  jip3_expect_member(messages, 0, "chain", "{\"block_slot\":9,\"header_hash\":null}");
  jip3_expect_member(messages, 1, "chain", "{\"block_slot\":9,\"header_hash\":null}");
  jip3_expect_member(messages, 1, "json_encoded", "{\"services\":[]}");
}

Test(jip3_connection, a_reference_to_the_wrong_type_is_not_followed)
{
  _feed_node();
  _add_authoring(TIME, 9);
  _add_duplicate(TIME, 0, 7);
  _add_guarantee(TIME, 0);
  _add_peer_event(TIME, 106, 2);
  _feed();
  _expect_link(1, "1", "0", "0", "null");
  _expect_chain(1, "7", HASH_07);
  _expect_link(2, "2", "0", "0", "null");
  _expect_chain(2, "null", "null");
  /* what has the same root is one chain */
  _expect_link(3, "3", "2", "0", "0");
  _expect_chain(3, "7", HASH_07);
}

Test(jip3_connection, a_reference_over_63_bits_is_none)
{
  _feed_node();
  jip3_append_reference_event(wire, TIME, 45, G_MAXINT64);
  jip3_append_reference_event(wire, TIME, 45, (guint64) G_MAXINT64 + 1);
  _feed();
  _expect_link(0, "0", "9223372036854775807", "9223372036854775807", "null");
  _expect_link(1, "1", "null", "1", "null");
}

Test(jip3_connection, a_reference_to_itself_or_ahead_is_not_followed)
{
  _feed_node();
  _add_guarantee(TIME, 0);
  _add_guarantee(TIME, 5);
  _feed();
  _expect_link(0, "0", "0", "0", "null");
  _expect_link(1, "1", "5", "5", "null");
}

/* 147 may refer to any event. */
Test(jip3_connection, a_reference_to_any_type_is_followed_to_all_that_have_a_place)
{
  _feed_node();
  jip3_append_event(wire, TIME, 200, (const guint8 *) "", 0);
  jip3_append_frame(wire, (const guint8 *) "", 0);
  jip3_append_reference_event(wire, TIME + 3, 147, 0);
  jip3_append_reference_event(wire, TIME + 3, 147, 1);
  _feed();
  _expect_link(2, "2", "0", "0", "3");
  _expect_link(3, "3", "1", "1", "null");
}

Test(jip3_connection, an_unreadable_event_keeps_its_place)
{
  _feed_node();
  jip3_append_event(wire, TIME, 90, (const guint8 *) "too short", 9);
  _add_guarantee(TIME + 4, 0);
  _feed();
  jip3_expect_member(messages, 0, "json_encoded", NULL);
  _expect_link(1, "1", "0", "0", "4");
}

Test(jip3_connection, ids_go_on_after_those_that_were_dropped)
{
  _feed_node();
  _add_submission(TIME);
  jip3_append_dropped(wire, TIME, 10);
  _add_guarantee(TIME + 1, 0);
  _add_guarantee(TIME + 1, 5);
  jip3_append_dropped(wire, TIME, 0);
  _add_submission(TIME);
  _feed();
  _expect_link(1, "1", "null", "1", "null");
  _expect_link(2, "11", "0", "0", "1");
  _expect_link(3, "12", "5", "5", "null");
  _expect_link(4, "13", "null", "13", "null");
  _expect_link(5, "13", "null", "13", "null");
}

Test(jip3_connection, a_count_that_takes_ids_over_63_bits_is_unreadable)
{
  _feed_node();
  _add_submission(TIME);
  jip3_append_dropped(wire, TIME, G_MAXUINT64);
  jip3_append_dropped(wire, TIME, G_MAXINT64 - 1);
  jip3_append_dropped(wire, TIME, G_MAXINT64 - 3);
  jip3_append_dropped(wire, TIME, 1);
  _add_submission(TIME);
  jip3_append_dropped(wire, TIME, 0);
  _feed();
  jip3_expect_member(messages, 1, "problem", "\"num_dropped: it takes event ids over 2^63-1\"");
  _expect_link(2, "2", "null", "2", "null");
  jip3_expect_member(messages, 2, "problem", "\"num_dropped: it takes event ids over 2^63-1\"");
  _expect_link(3, "3", "null", "3", "null");
  jip3_expect_member(messages, 3, "problem", NULL);
  _expect_link(4, "9223372036854775807", "null", "9223372036854775807", "null");
  jip3_expect_member(messages, 4, "problem", "\"num_dropped: it takes event ids over 2^63-1\"");
  _expect_link(5, "9223372036854775808", "null", "9223372036854775808", "null");
  _expect_link(6, "9223372036854775809", "null", "9223372036854775809", "null");
  jip3_expect_member(messages, 6, "problem", "\"num_dropped: it takes event ids over 2^63-1\"");
}

/* Adds as many ids, as events or as dropped ones. */
static void
_add_ids(guint64 n, gboolean are_dropped)
{
  if (are_dropped)
    jip3_append_dropped(wire, TIME, n);
  for (guint64 i = 0; i < n && !are_dropped; i++)
    jip3_append_event(wire, TIME, 64, (const guint8 *) "12345678901234567890123456789012", 32);
}

static void
_expect_window(gboolean are_dropped)
{
  _add_submission(TIME);
  _add_ids(WINDOW - 1, are_dropped);
  _add_guarantee(TIME + 1, 0);
  _add_guarantee(TIME + 1, 0);
  _feed();
  _expect_link(messages->len - 2, "65536", "0", "0", "1");
  _expect_link(messages->len - 1, "65537", "0", "0", "null");
}

Test(jip3_connection, a_reference_is_followed_over_65536_ids)
{
  _feed_node();
  _expect_window(FALSE);
}

Test(jip3_connection, dropped_ids_count_in_the_window)
{
  _feed_node();
  _expect_window(TRUE);
}

/* What is older is not followed even if no later event has its place. */
Test(jip3_connection, events_before_the_window_are_not_named)
{
  _feed_node();
  _add_submission(TIME);
  jip3_append_dropped(wire, TIME, WINDOW);
  _add_guarantee(TIME + 1, 0);
  _feed();
  _expect_link(2, "65537", "0", "0", "null");
}

Test(jip3_connection, an_id_that_was_dropped_names_no_event)
{
  _feed_node();
  _add_submission(TIME);
  jip3_append_dropped(wire, TIME, WINDOW + 5);
  _add_guarantee(TIME + 1, WINDOW);
  _feed();
  _expect_link(2, "65542", "65536", "65536", "null");
}

/* It does so as long as one of its events is in the window. */
Test(jip3_connection, a_chain_outlives_its_root)
{
  _feed_node();
  _add_submission(TIME);
  _add_duplicate(TIME, 0, 7);
  _add_ids(60000, FALSE);
  _add_guarantee(TIME, 0);
  _add_ids(60000, FALSE);
  _add_peer_event(TIME + 2, 106, 60002);
  _feed();
  _expect_link(messages->len - 1, "120003", "60002", "0", "2");
  _expect_chain(messages->len - 1, "7", HASH_07);
}

Test(jip3_connection, a_skipped_frame_is_an_event_that_keeps_its_id)
{
  jam_jip3_connection_free(connection);
  _connect(300);
  _feed_node();
  _add_submission(TIME);
  jip3_append_number(wire, 301, 4);
  encoded_append_bytes(wire, 301, 0xFF);
  _add_guarantee(TIME, 0);
  cr_expect_eq(_feed(), JAM_JIP3_MORE);
  _expect_link(1, "1", "null", "1", "null");
  jip3_expect_member(messages, 1, "time", "\"2026-11-25T22:39:22.000000Z\"");
  jip3_expect_member(messages, 1, "event_type", "null");
  jip3_expect_member(messages, 1, "event", "null");
  jip3_expect_member(messages, 1, "problem", "\"longer than the message limit: the time is that of arrival\"");
  jip3_expect_member(messages, 1, "codec_encoded", "null");
  _expect_link(2, "2", "0", "0", "0");
}

Test(jip3_connection, a_skipped_first_frame_is_event_0_of_an_unknown_node)
{
  jam_jip3_connection_free(connection);
  _connect(10);
  _feed();
  cr_assert_eq(messages->len, 1);
  _expect_link(0, "0", "null", "0", "null");
  jip3_expect_member(messages, 0, "team", "\"unknown\"");
  jip3_append_event(wire, TIME, 13, (const guint8 *) "\x01", 1);
  _feed();
  _expect_link(0, "1", "null", "1", "null");
}

Test(jip3_connection, a_frame_longer_than_any_ends_the_connection)
{
  _feed_node();
  _add_submission(TIME);
  jip3_append_number(wire, G_MAXUINT32, 4);
  _add_submission(TIME);
  cr_expect_eq(_feed(), JAM_JIP3_NOT_JIP3);
  cr_expect_eq(messages->len, 1);
  cr_expect_eq(jam_jip3_connection_frame_length(connection), G_MAXUINT32);
  _add_submission(TIME);
  cr_expect_eq(_feed(), JAM_JIP3_NOT_JIP3);
}

Test(jip3_connection, what_is_not_jip3_at_all_ends_the_connection)
{
  g_byte_array_set_size(wire, 0);
  g_byte_array_append(wire, (const guint8 *) "GET / HTTP/1.1\r\n", 16);
  cr_expect_eq(_feed(), JAM_JIP3_NOT_JIP3);
  cr_expect_eq(messages->len, 0);
}

Test(jip3_connection, a_clock_before_1970_gives_a_time_that_can_be_read)
{
  JamBuffer out = { 0 };
  GString *message;

  _feed_node();
  cr_assert(jam_jip3_connection_end(connection, G_GINT64_CONSTANT(-5000000000), &out));
  message = g_string_new_len(out.data, out.length);
  g_ptr_array_add(messages, message);
  jip3_expect_member(messages, 1, "time", "\"1970-01-01T00:00:00.000000Z\"");
  jip3_expect_member(messages, 1, "elapsed", "-1795646366000000");
  jam_buffer_clear(&out);
}

Test(jip3_connection, an_idle_connection_takes_little_memory)
{
  cr_expect_leq(jam_jip3_connection_n_bytes(connection), 16 * 1024);
}

Test(jip3_connection, a_minute_of_100_events_a_second_takes_less_than_a_megabyte)
{
  _feed_node();
  for (guint i = 0; i < 6000; i += 3)
    {
      _add_submission(TIME);
      _add_duplicate(TIME, i, 7);
      jip3_append_reference_event(wire, TIME, 96, i);
    }
  _feed();
  cr_expect_leq(jam_jip3_connection_n_bytes(connection), 1024 * 1024);
}

/* Each event a chain of its own, each chain with all values, ids that jump, references
 * that are made up: as much state as there can be. */
Test(jip3_connection, state_is_bounded_by_8_mib)
{
  Random random_state = { 8 };

  _feed_node();
  for (gint round = 0; round < test_effort(40); round++)
    {
      for (gint i = 0; i < 10000; i++)
        _add_duplicate(TIME, random_next(&random_state) >> 1, i);
      if (round % 4 == 3)
        jip3_append_dropped(wire, TIME, random_below(&random_state, 200000));
      _feed();
      cr_assert_leq(jam_jip3_connection_n_bytes(connection), MAX_STATE_BYTES);
    }
}

/* Reading all of the state back shows that none of it was mixed up. */
Test(jip3_connection, chains_keep_their_values_apart)
{
  _feed_node();
  for (guint i = 0; i < 30000; i++)
    {
      _add_submission(TIME);
      _add_duplicate(TIME, 2 * i, i % 251);
    }
  _feed();
  for (guint i = 10000; i < 30000; i += 37)
    {
      gchar *core = g_strdup_printf("%u", i % 251);

      jip3_append_reference_event(wire, TIME, 96, 2 * i);
      _feed();
      jip3_expect_member(messages, 0, "chain.core", core);
      g_free(core);
    }
}
