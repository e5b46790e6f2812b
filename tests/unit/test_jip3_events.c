/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "effort.h"
#include "encoded-objects.h"
#include "jip3-messages.h"
#include "jip3-model.h"

#include "core/bytes/time.h"

#include <criterion/criterion.h>
#include <string.h>

/* some time in 2026 */
#define TIME G_GUINT64_CONSTANT(59913561000000)
#define N_CORES 19
#define TYPE_DROPPED 0

static Jip3Spec *spec;
static Random random_state;

static void
_setup(void)
{
  spec = jip3_spec_new();
  random_state.state = 31;
}

static void
_teardown(void)
{
  jip3_spec_free(spec);
}

TestSuite(jip3_events, .init = _setup, .fini = _teardown);

/* Appends the sample's content, without a frame. */
static void
_append_content(GByteArray *content, const Jip3SpecEvent *event, guint version, const Jip3Sample *sample, guint64 time,
                guint64 reference)
{
  jip3_append_number(content, time, 8);
  jip3_append_number(content, event->type, 1);
  if (jip3_spec_has_reference(spec, event, version))
    jip3_append_number(content, reference, 8);
  g_byte_array_append(content, sample->wire->data, sample->wire->len);
}

/* Makes the count of a dropped event small enough. */
static guint64
_limit_dropped(Jip3Sample *sample, guint64 num_dropped)
{
  gsize at = strstr(sample->json->str, "\"num_dropped\":") + strlen("\"num_dropped\":") - sample->json->str;

  g_byte_array_set_size(sample->wire, 8);
  jip3_append_number(sample->wire, num_dropped, 8);
  g_string_truncate(sample->json, at);
  g_string_append_printf(sample->json, "%" G_GUINT64_FORMAT "}", num_dropped);
  return num_dropped;
}

static guint64
_sample_event(Jip3Sample *sample, const Jip3SpecEvent *event, guint version)
{
  jip3_sample_init(sample, spec, event, version, N_CORES, &random_state);
  if (event->type != TYPE_DROPPED)
    return 0;
  return _limit_dropped(sample, random_below(&random_state, 5) == 0 ? 70000 : random_below(&random_state, 40));
}

/* a reference such as senders have, and such as they should not */
static guint64
_sample_reference(const Jip3Model *model)
{
  guint distance = random_below(&random_state, 60);

  switch (random_below(&random_state, 8))
    {
    case 0:
      return random_next(&random_state) >> 1;
    case 1:
      return model->next_id + random_below(&random_state, 3);
    default:
      return model->next_id - MIN(model->next_id, distance);
    }
}

/* Appends a random event, and its expected message. */
static void
_append_random_event(Jip3Model *model, const Jip3SpecEvent *event, GByteArray *wire, GPtrArray *expected)
{
  GByteArray *content = g_byte_array_new();
  guint64 time = TIME + random_below(&random_state, 1000000);
  guint64 reference = _sample_reference(model);
  Jip3Sample sample;
  guint64 num_dropped = _sample_event(&sample, event, model->version);

  _append_content(content, event, model->version, &sample, time, reference);
  jip3_append_frame(wire, content->data, content->len);
  g_ptr_array_add(expected, jip3_model_event(model, event, &sample, time, reference, num_dropped));
  jip3_sample_clear(&sample);
  g_byte_array_unref(content);
}

/* Compares all messages but the first, of the node. */
static void
_expect_messages(const GByteArray *wire, gsize piece, const GPtrArray *expected)
{
  JamJip3Connection *connection = jip3_connection_new(1024 * 1024, FALSE);
  GPtrArray *messages = jip3_messages_new();

  cr_assert_eq(jip3_feed(connection, wire->data, wire->len, piece, messages), JAM_JIP3_MORE);
  cr_assert_eq(messages->len, expected->len + 1);
  for (guint i = 0; i < expected->len; i++)
    {
      const GString *message = g_ptr_array_index(messages, i + 1);
      const GString *wanted = g_ptr_array_index(expected, i);

      cr_assert(g_string_equal(message, wanted), "is:       %s\nexpected: %s", message->str, wanted->str);
    }
  g_ptr_array_unref(messages);
  jam_jip3_connection_free(connection);
}

static void
_expect_every_event(guint version)
{
  GByteArray *wire = jip3_node_information(version, N_CORES);
  GPtrArray *expected = jip3_messages_new();
  Jip3Model model;

  jip3_model_init(&model, spec, version);
  for (guint i = 0; i < spec->events->len; i++)
    {
      for (gint j = 0; j < 5; j++)
        _append_random_event(&model, jip3_spec_event(spec, i), wire, expected);
    }
  _expect_messages(wire, wire->len, expected);
  _expect_messages(wire, 1, expected);
  jip3_model_clear(&model);
  g_ptr_array_unref(expected);
  g_byte_array_unref(wire);
}

Test(jip3_events, every_event_is_written_as_the_contract_says)
{
  _expect_every_event(1);
  _expect_every_event(0);
}

/* Types that refer to each other come often together, so that chains get long. */
static const Jip3SpecEvent *
_choose_event(void)
{
  guint first = random_below(&random_state, spec->events->len - 20);

  if (random_below(&random_state, 40) == 0)
    return jip3_spec_event(spec, 0);
  return jip3_spec_event(spec, random_below(&random_state, 3) > 0 ? 43 + random_below(&random_state, 20) : first);
}

Test(jip3_events, random_events_have_the_ids_and_chains_of_the_model)
{
  for (gint round = 0; round < test_effort(30); round++)
    {
      guint version = random_below(&random_state, 2);
      GByteArray *wire = jip3_node_information(version, N_CORES);
      GPtrArray *expected = jip3_messages_new();
      Jip3Model model;

      jip3_model_init(&model, spec, version);
      for (gint i = 0; i < 1000; i++)
        _append_random_event(&model, _choose_event(), wire, expected);
      _expect_messages(wire, 1 + random_below(&random_state, 5000), expected);
      jip3_model_clear(&model);
      g_ptr_array_unref(expected);
      g_byte_array_unref(wire);
    }
}

/* Returns the only message of an event with this content. */
static GString *
_message(guint version, guint16 n_cores, const guint8 *content, gsize n_bytes)
{
  GByteArray *wire = jip3_node_information(version, n_cores);
  GPtrArray *messages;
  GString *message;

  jip3_append_frame(wire, content, n_bytes);
  messages = jip3_messages(wire->data, wire->len, wire->len);
  cr_assert_eq(messages->len, 3);
  message = g_string_new(((GString *) g_ptr_array_index(messages, 1))->str);
  g_ptr_array_unref(messages);
  g_byte_array_unref(wire);
  return message;
}

static gboolean
_is_readable(guint version, const guint8 *content, gsize n_bytes)
{
  GString *message = _message(version, N_CORES, content, n_bytes);
  gchar *json = jip3_member(message, "json_encoded");
  gchar *problem = jip3_member(message, "problem");
  gchar *codec = jip3_member(message, "codec_encoded");
  gboolean is_readable = json != NULL;

  cr_expect_eq(is_readable, problem == NULL, "%s", message->str);
  cr_expect_eq(is_readable, codec == NULL, "%s", message->str);
  cr_expect(is_readable || (problem[0] == '"' && strlen(codec) == 4 + 2 * n_bytes), "%s", message->str);
  g_free(json);
  g_free(problem);
  g_free(codec);
  g_string_free(message, TRUE);
  return is_readable;
}

Test(jip3_events, events_that_are_cut_short_or_too_long_are_kept_as_they_are)
{
  for (guint i = 0; i < spec->events->len; i++)
    {
      const Jip3SpecEvent *event = jip3_spec_event(spec, i);
      GByteArray *content = g_byte_array_new();
      Jip3Sample sample;

      _sample_event(&sample, event, 1);
      _append_content(content, event, 1, &sample, TIME, 0);
      cr_expect(_is_readable(1, content->data, content->len));
      for (guint n_bytes = 0; n_bytes < content->len; n_bytes += 1 + n_bytes / 50)
        cr_expect_not(_is_readable(1, content->data, n_bytes), "%s with %u bytes", event->name, n_bytes);
      encoded_append_bytes(content, 1, 0);
      cr_expect_not(_is_readable(1, content->data, content->len), "%s with a byte more", event->name);
      jip3_sample_clear(&sample);
      g_byte_array_unref(content);
    }
}

/* Expects the event of @type with these @fields to be unreadable, with the problem. */
static void
_expect_problem(guint8 type, const gchar *fields, gsize n_bytes, const gchar *problem)
{
  GByteArray *wire = jip3_node_information(1, N_CORES);
  GPtrArray *messages;

  jip3_append_event(wire, TIME, type, (const guint8 *) fields, n_bytes);
  messages = jip3_messages(wire->data, wire->len, 7);
  jip3_expect_member(messages, 1, "problem", problem);
  jip3_expect_member(messages, 1, "json_encoded", NULL);
  jip3_expect_member(messages, 2, "json_encoded.num_undecoded", "1");
  g_ptr_array_unref(messages);
  g_byte_array_unref(wire);
}

Test(jip3_events, problems_say_what_cannot_be_read)
{
  gchar fields[64] = { 0 };

  _expect_problem(13, "\x02", 1, "\"is_synced: a bool is neither 0 nor 1\"");
  _expect_problem(13, "", 0, "\"is_synced: the content ends before it is whole\"");
  _expect_problem(13, "\x01\x01", 2, "\"bytes are left over\"");
  _expect_problem(45, "1234567", 7, "\"ref_event_id: the content ends before it is whole\"");
  fields[32] = 2;
  _expect_problem(60, fields, 33, "\"side: an enumeration does not have the value\"");
  _expect_problem(27, fields, 34, "\"side: an option is neither 0 nor 1\"");
  _expect_problem(1, "", 0, "null");
  _expect_problem(255, fields, 64, "null");
  memset(fields, 0xFF, sizeof(fields));
  _expect_problem(0, fields, 16, "\"num_dropped: it takes event ids over 2^63-1\"");
  fields[15] = 0;
  _expect_problem(0, fields, 16, "\"last_time: a time beyond the year 2262\"");
  _expect_problem(28, fields, 41, "\"reason: the content ends before it is whole\"");
  _expect_problem(82, fields, 17, "\"ticket_ids: the content ends before it is whole\"");
}

Test(jip3_events, the_type_of_an_event_that_cannot_be_read_is_known)
{
  GByteArray *wire = jip3_node_information(1, N_CORES);
  GPtrArray *messages;

  jip3_append_event(wire, TIME, 90, (const guint8 *) "", 0);
  jip3_append_event(wire, TIME, 200, (const guint8 *) "", 0);
  messages = jip3_messages(wire->data, wire->len, wire->len);
  jip3_expect_member(messages, 1, "time", "\"2026-11-25T22:39:21.000000Z\"");
  jip3_expect_member(messages, 1, "event_type", "90");
  jip3_expect_member(messages, 1, "event", "\"work-package submission\"");
  jip3_expect_member(messages, 1, "event_id", "0");
  jip3_expect_member(messages, 1, "ref_event_id", "null");
  jip3_expect_member(messages, 1, "root_event_id", "0");
  jip3_expect_member(messages, 1, "elapsed", "null");
  jip3_expect_member(messages, 1, "codec_encoded", "\"0x404885b67d3600005a\"");
  jip3_expect_member(messages, 2, "event_type", "200");
  jip3_expect_member(messages, 2, "event", "null");
  jip3_expect_member(messages, 2, "problem", "null");
  jip3_expect_member(messages, 2, "root_event_id", "1");
  g_ptr_array_unref(messages);
  g_byte_array_unref(wire);
}

Test(jip3_events, an_event_without_a_time_has_the_time_of_arrival)
{
  static const guint8 bytes[8] = { 1 };
  GByteArray *wire = jip3_node_information(1, N_CORES);
  GPtrArray *messages;

  jip3_append_frame(wire, bytes, 0);
  jip3_append_frame(wire, bytes, 7);
  jip3_append_frame(wire, bytes, 8);
  jip3_append_event(wire, G_GUINT64_CONSTANT(7487639235999999), 13, (const guint8 *) "\x01", 1);
  jip3_append_event(wire, G_GUINT64_CONSTANT(7487639236000000), 13, (const guint8 *) "\x01", 1);
  jip3_append_event(wire, G_MAXUINT64, 200, (const guint8 *) "\x01", 1);
  messages = jip3_messages(wire->data, wire->len, wire->len);
  for (guint i = 1; i <= 2; i++)
    {
      jip3_expect_member(messages, i, "time", "\"2026-11-25T22:39:22.000000Z\"");
      jip3_expect_member(messages, i, "event_type", "null");
      jip3_expect_member(messages, i, "event", "null");
      jip3_expect_member(messages, i, "problem",
                         "\"the content ends before the event's time is whole: the time is that of arrival\"");
    }
  jip3_expect_member(messages, 1, "codec_encoded", "\"0x\"");
  jip3_expect_member(messages, 3, "time", "\"2025-01-01T12:00:00.000001Z\"");
  jip3_expect_member(messages, 3, "event_type", "null");
  jip3_expect_member(messages, 4, "time", "\"2262-04-11T23:47:15.999999Z\"");
  jip3_expect_member(messages, 4, "json_encoded.is_synced", "true");
  for (guint i = 5; i <= 6; i++)
    {
      jip3_expect_member(messages, i, "time", "\"2026-11-25T22:39:22.000000Z\"");
      jip3_expect_member(messages, i, "problem",
                         "\"the event's time is beyond the year 2262: the time is that of arrival\"");
    }
  jip3_expect_member(messages, 5, "event_type", "13");
  jip3_expect_member(messages, 6, "event_type", "200");
  g_ptr_array_unref(messages);
  g_byte_array_unref(wire);
}

/* What is written must be read by what makes rows of it. */
Test(jip3_events, the_last_time_that_is_written_is_the_last_that_is_read)
{
  static const gchar last[] = "2262-04-11T23:47:15.999999Z";
  static const gchar behind[] = "2262-04-11T23:47:16.000000Z";
  gint64 unix_ns;

  cr_expect(jam_time_parse(last, strlen(last), &unix_ns));
  cr_expect_not(jam_time_parse(behind, strlen(behind), &unix_ns));
}

/* Appends an event of @n_fixed zero bytes, @count, and @count times @piece. */
static void
_append_long_event(GByteArray *wire, guint8 type, guint n_fixed, guint count, const gchar *piece, gsize n_piece)
{
  GByteArray *fields = g_byte_array_new();

  encoded_append_bytes(fields, n_fixed, 0);
  encoded_append_natural(fields, count, 3);
  for (guint i = 0; i < count; i++)
    g_byte_array_append(fields, (const guint8 *) piece, n_piece);
  jip3_append_event(wire, TIME, type, fields->data, fields->len);
  g_byte_array_unref(fields);
}

Test(jip3_events, an_object_is_at_most_ten_times_as_long_as_its_message)
{
  JamJip3Connection *connection = jip3_connection_new(1024 * 1024, TRUE);
  GByteArray *wire = jip3_node_information(1, N_CORES);
  GPtrArray *messages = jip3_messages_new();
  gsize limit;

  _append_long_event(wire, 28, 32, 400000, "\x01", 1);
  _append_long_event(wire, 162, 41, 100000, "\xFF\xFF\xFF\xFF", 4);
  _append_long_event(wire, 168, 8, 200000, "\xFF\xFF", 2);
  jip3_feed(connection, wire->data, wire->len, 100000, messages);
  limit = 10 * 400050 + 4096;
  cr_expect_lt(((GString *) g_ptr_array_index(messages, 1))->len, limit);
  cr_expect_lt(((GString *) g_ptr_array_index(messages, 2))->len, limit);
  cr_expect_gt(((GString *) g_ptr_array_index(messages, 2))->len, limit * 9 / 10);
  g_ptr_array_unref(messages);
  g_byte_array_unref(wire);
  jam_jip3_connection_free(connection);
}

Test(jip3_events, raw_adds_the_whole_content)
{
  GByteArray *wire = jip3_node_information(1, N_CORES);
  JamJip3Connection *connection = jip3_connection_new(1024, TRUE);
  GPtrArray *messages = jip3_messages_new();

  jip3_append_event(wire, TIME, 13, (const guint8 *) "\x01", 1);
  jip3_feed(connection, wire->data, wire->len, 5, messages);
  jip3_expect_member(messages, 1, "json_encoded", "{\"is_synced\":true}");
  jip3_expect_member(messages, 1, "codec_encoded", "\"0x404885b67d3600000d01\"");
  jam_jip3_connection_free(connection);
  g_ptr_array_unref(messages);
  g_byte_array_unref(wire);
}

/* Without a number of cores, an array a core takes what the frame leaves. */
Test(jip3_events, arrays_by_core_take_what_is_left_if_the_cores_are_unknown)
{
  static const guint8 node[] = { 1 };
  guint8 fields[12 + 3 + 20] = { [12] = 7, 8, 255 };
  GByteArray *wire = g_byte_array_new();
  GPtrArray *messages;

  jip3_append_frame(wire, node, sizeof(node));
  jip3_append_event(wire, TIME, 10, fields, sizeof(fields));
  jip3_append_event(wire, TIME, 10, fields, 32);
  jip3_append_event(wire, TIME, 10, fields, 31);
  jip3_append_event(wire, TIME, 126, fields, 35);
  jip3_append_event(wire, TIME, 126, fields, 32);
  messages = jip3_messages(wire->data, wire->len, 3);
  jip3_expect_member(messages, 1, "json_encoded.guarantees_by_core", "[7,8,255]");
  jip3_expect_member(messages, 2, "json_encoded.guarantees_by_core", "[]");
  jip3_expect_member(messages, 3, "problem", "\"guarantees_by_core: the content ends before it is whole\"");
  jip3_expect_member(messages, 4, "json_encoded.bitfield", "\"0x000000\"");
  jip3_expect_member(messages, 5, "json_encoded.bitfield", "\"0x\"");
  g_ptr_array_unref(messages);
  g_byte_array_unref(wire);
}

Test(jip3_events, arrays_by_core_must_match_the_cores_if_they_are_known)
{
  guint8 fields[35] = { 0 };

  for (guint n_cores = 0; n_cores < 20; n_cores++)
    {
      GByteArray *wire = jip3_node_information(1, n_cores);
      GPtrArray *messages;

      jip3_append_event(wire, TIME, 10, fields, 35);
      jip3_append_event(wire, TIME, 126, fields, 34);
      messages = jip3_messages(wire->data, wire->len, 50);
      jip3_expect_member(messages, 1, "json_encoded.guarantees_by_core", n_cores == 3 ? "[0,0,0]" : NULL);
      jip3_expect_member(messages, 2, "json_encoded.bitfield", n_cores > 8 && n_cores <= 16 ? "\"0x0000\"" : NULL);
      g_ptr_array_unref(messages);
      g_byte_array_unref(wire);
    }
}
