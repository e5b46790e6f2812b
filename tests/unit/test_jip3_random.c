/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "effort.h"
#include "jip3-messages.h"
#include "test-files.h"

#include <criterion/criterion.h>

/* Bytes that no client sends: read within their bounds, every frame a message, every
 * message JSON (jip3_feed asserts both). */

#define N_STREAMS 400

static Random random_state;

static void
_setup(void)
{
  random_state.state = 77;
}

TestSuite(jip3_random, .init = _setup);

static guint
_feed(const GByteArray *wire, JamJip3Result *result)
{
  JamJip3Connection *connection = jip3_connection_new(4096, random_below(&random_state, 2));
  GPtrArray *messages = jip3_messages_new();
  guint n_messages;

  *result = jip3_feed(connection, wire->data, wire->len, 1 + random_below(&random_state, 3000), messages);
  n_messages = messages->len;
  g_ptr_array_unref(messages);
  jam_jip3_connection_free(connection);
  return n_messages;
}

Test(jip3_random, any_content_gives_a_message)
{
  for (gint i = 0; i < test_effort(N_STREAMS); i++)
    {
      GByteArray *wire = jip3_node_information(random_below(&random_state, 3), 8 * random_below(&random_state, 4));
      guint n_frames = 1 + random_below(&random_state, 200);
      JamJip3Result result;

      for (guint j = 1; j < n_frames; j++)
        {
          gchar content[300];
          guint length = random_below(&random_state, sizeof(content));

          random_fill(&random_state, content, length);
          /* a time that can be written, often */
          if (length > 7 && random_below(&random_state, 4) > 0)
            content[7] = content[6] = 0;
          jip3_append_frame(wire, (guint8 *) content, length);
        }
      cr_expect_eq(_feed(wire, &result), n_frames);
      cr_expect_eq(result, JAM_JIP3_MORE);
      g_byte_array_unref(wire);
    }
}

Test(jip3_random, any_bytes_do_no_harm)
{
  for (gint i = 0; i < test_effort(N_STREAMS); i++)
    {
      GByteArray *wire = g_byte_array_new();
      JamJip3Result result;

      g_byte_array_set_size(wire, 1 + random_below(&random_state, 4000));
      random_fill(&random_state, (gchar *) wire->data, wire->len);
      wire->data[3 % wire->len] = 0;
      wire->data[2 % wire->len] = 0;
      _feed(wire, &result);
      g_byte_array_unref(wire);
    }
}

static void
_feed_changed(const GByteArray *original)
{
  GByteArray *wire = g_byte_array_new();
  guint n_changes = 1 + random_below(&random_state, 20);
  JamJip3Result result;

  g_byte_array_append(wire, original->data, original->len);
  for (guint i = 0; i < n_changes; i++)
    wire->data[random_below(&random_state, wire->len)] ^= 1 << random_below(&random_state, 8);
  _feed(wire, &result);
  g_byte_array_unref(wire);
}

Test(jip3_random, changed_streams_of_clients_do_no_harm)
{
  GPtrArray *names = test_files_list("data/jip3");

  for (guint i = 0; i < names->len; i++)
    {
      GByteArray *wire;
      gchar *bytes;
      gsize length;

      cr_assert(test_files_read("data/jip3", g_ptr_array_index(names, i), &bytes, &length));
      wire = g_byte_array_new_take((guint8 *) bytes, length);
      for (gint j = 0; j < test_effort(60); j++)
        _feed_changed(wire);
      g_byte_array_unref(wire);
    }
  g_ptr_array_unref(names);
}
