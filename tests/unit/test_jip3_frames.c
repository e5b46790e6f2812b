/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "jip3-messages.h"

#include "core/jip3/frames.h"

#include <criterion/criterion.h>

#define LIMIT 1000

static JamJip3Frames frames;
static GByteArray *wire;

static void
_setup(void)
{
  jam_jip3_frames_init(&frames, LIMIT);
  wire = g_byte_array_new();
}

static void
_teardown(void)
{
  g_byte_array_unref(wire);
  jam_jip3_frames_clear(&frames);
}

TestSuite(jip3_frames, .init = _setup, .fini = _teardown);

/* a content of which every byte depends on its place */
static void
_append_frame(gsize n_bytes)
{
  jip3_append_number(wire, n_bytes, 4);
  for (gsize i = 0; i < n_bytes; i++)
    jip3_append_number(wire, i * 7 + n_bytes, 1);
}

static void
_expect_content(const JamJip3Cursor *content, gsize n_bytes)
{
  cr_assert_eq(jam_jip3_cursor_left(content), n_bytes);
  for (gsize i = 0; i < n_bytes; i++)
    cr_assert_eq(content->pos[i], (guint8) (i * 7 + n_bytes));
}

/* Feeds the wire in pieces, and expects frames of these lengths. */
static void
_expect_frames(gsize piece, const gsize *lengths, gsize n_frames)
{
  JamJip3Cursor content;
  gsize found = 0;

  for (gsize done = 0; done < wire->len; done += piece)
    {
      JamJip3Cursor input = { wire->data + done, wire->data + MIN(done + piece, wire->len) };
      JamJip3FrameResult result;

      while ((result = jam_jip3_frames_next(&frames, &input, &content)) != JAM_JIP3_FRAME_NONE)
        {
          cr_assert_lt(found, n_frames);
          cr_assert_eq(result, lengths[found] <= LIMIT ? JAM_JIP3_FRAME_CONTENT : JAM_JIP3_FRAME_SKIPPED);
          if (result == JAM_JIP3_FRAME_CONTENT)
            _expect_content(&content, lengths[found]);
          found++;
        }
      cr_assert_eq(jam_jip3_cursor_left(&input), 0);
    }
  cr_expect_eq(found, n_frames, "in pieces of %zu", piece);
}

Test(jip3_frames, frames_are_the_same_in_whatever_pieces_they_arrive)
{
  static const gsize lengths[] = { 3, 0, 0, LIMIT, LIMIT + 1, 5, 9000, 0, 256, LIMIT - 1, 1 };

  for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++)
    _append_frame(lengths[i]);
  for (gsize piece = 1; piece <= wire->len; piece += 1 + piece / 20)
    _expect_frames(piece, lengths, G_N_ELEMENTS(lengths));
}

Test(jip3_frames, a_frame_of_the_limit_is_kept_and_one_byte_more_is_skipped)
{
  static const gsize lengths[] = { LIMIT, LIMIT + 1 };

  _append_frame(LIMIT);
  _append_frame(LIMIT + 1);
  _expect_frames(wire->len, lengths, 2);
  _expect_frames(1, lengths, 2);
}

/* Returns what the frames say when a length arrives. */
static JamJip3FrameResult
_feed_length(guint64 length)
{
  JamJip3Cursor input, content;

  g_byte_array_set_size(wire, 0);
  jip3_append_number(wire, length, 4);
  input = (JamJip3Cursor){ wire->data, wire->data + wire->len };
  return jam_jip3_frames_next(&frames, &input, &content);
}

Test(jip3_frames, a_first_frame_over_64_kib_is_too_long)
{
  cr_expect_eq(_feed_length(64 * 1024 + 1), JAM_JIP3_FRAME_TOO_LONG);
  cr_expect_eq(frames.length, 64 * 1024 + 1);
  cr_expect_eq(_feed_length(0), JAM_JIP3_FRAME_TOO_LONG, "it stays so");
  jam_jip3_frames_init(&frames, LIMIT);
  cr_expect_eq(_feed_length(64 * 1024), JAM_JIP3_FRAME_NONE);
  jam_jip3_frames_init(&frames, LIMIT);
  cr_expect_eq(_feed_length(G_MAXUINT32), JAM_JIP3_FRAME_TOO_LONG);
}

Test(jip3_frames, a_later_frame_over_16_mib_is_too_long)
{
  cr_expect_eq(_feed_length(0), JAM_JIP3_FRAME_CONTENT);
  cr_expect_eq(_feed_length(16 * 1024 * 1024 + 1), JAM_JIP3_FRAME_TOO_LONG);
  jam_jip3_frames_init(&frames, LIMIT);
  cr_expect_eq(_feed_length(0), JAM_JIP3_FRAME_CONTENT);
  cr_expect_eq(_feed_length(16 * 1024 * 1024), JAM_JIP3_FRAME_NONE);
}

/* Feeds @n_bytes bytes in pieces of @piece. Returns the most memory that was in use. */
static gsize
_feed_bytes(gsize n_bytes, gsize piece)
{
  guint8 *bytes = g_malloc0(piece);
  gsize capacity = 0;

  for (gsize done = 0; done < n_bytes; done += piece)
    {
      JamJip3Cursor input = { bytes, bytes + MIN(piece, n_bytes - done) };
      JamJip3Cursor content;

      jam_jip3_frames_next(&frames, &input, &content);
      capacity = MAX(capacity, frames.capacity);
    }
  g_free(bytes);
  return capacity;
}

Test(jip3_frames, a_skipped_frame_takes_no_memory)
{
  _feed_length(0);
  _feed_length(16 * 1024 * 1024);
  cr_expect_eq(_feed_bytes(16 * 1024 * 1024 - 1, 777), 0);
}

Test(jip3_frames, memory_grows_with_what_has_arrived)
{
  frames.message_limit = 1024 * 1024;
  _feed_length(0);
  _feed_length(1024 * 1024);
  cr_expect_eq(frames.capacity, 0);
  cr_expect_leq(_feed_bytes(10000, 100), 20000);
  cr_expect_leq(_feed_bytes(1024 * 1024 - 10001, 100), 1024 * 1024);
  cr_expect_eq(frames.n_content, 1024 * 1024 - 1);
  /* what is over 64 KiB is given back */
  _feed_bytes(1, 1);
  _feed_length(10);
  cr_expect_leq(frames.capacity, 64 * 1024);
}
