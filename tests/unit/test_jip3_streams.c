/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "jip3-messages.h"
#include "test-files.h"

#include <criterion/criterion.h>
#include <string.h>

/* What clients put on the wire reads as tests/data/README.md says. */

#define MAX_TYPES 5

typedef struct _Stream
{
  const gchar *name;
  const gchar *team;
  const gchar *version;
  const gchar *n_cores;
  guint n_events;
  guint n_undecoded;
  /* references of events that can be read, and those of them that can be followed */
  guint n_references;
  guint n_followed;
  const gchar *n_dropped;
  /* known types that cannot be read, and unknown ones; ended by 0 */
  guint deviating[MAX_TYPES];
  guint unknown[MAX_TYPES];
} Stream;

static const Stream streams[] = {
  { "newjamneration-node", "JAMneration", "0", "null", 0, 0, 0, 0, "0", { 0 }, { 0 } },
  { "newjamneration", "JAMneration", "0", "2", 89, 0, 11, 11, "1935", { 0 }, { 0 } },
  { "jamduna", "jam-3", "0", "null", 396, 84, 168, 11, "0", { 90, 94, 98, 104 }, { 48, 132, 133 } },
  { "jamduna-test", "TestNode", "0", "null", 119, 8, 73, 13, "5", { 90, 94, 98, 104 }, { 48, 71, 132, 133 } },
  { "abutlabs-every", "jip3-sender", "1", "2", 115, 0, 77, 0, "1", { 0 }, { 0 } },
  { "abutlabs-rounds", "jip3-sender", "1", "341", 332, 0, 220, 220, "6", { 0 }, { 0 } },
  { "jamtart-loadgen", "tart-loadgen", "0", "341", 100, 0, 0, 0, "0", { 0 }, { 0 } },
  { "jamtart-every", "jip3-sender", "1", "2", 39, 0, 20, 0, "1", { 0 }, { 0 } },
};

static GByteArray *
_read(const gchar *name)
{
  gchar *file = g_strdup_printf("%s.bin", name);
  gchar *bytes;
  gsize length;

  cr_assert(test_files_read("data/jip3", file, &bytes, &length), "%s", file);
  g_free(file);
  return g_byte_array_new_take((guint8 *) bytes, length);
}

static GPtrArray *
_messages(const gchar *name)
{
  GByteArray *wire = _read(name);
  GPtrArray *messages = jip3_messages(wire->data, wire->len, wire->len);

  g_byte_array_unref(wire);
  return messages;
}

static gboolean
_has(const GString *message, const gchar *name)
{
  gchar *value = jip3_member(message, name);
  gboolean has = value && !g_str_equal(value, "null");

  g_free(value);
  return has;
}

static guint
_count(const GPtrArray *messages, const gchar *name)
{
  guint n = 0;

  for (guint i = 0; i < messages->len; i++)
    n += _has(g_ptr_array_index(messages, i), name);
  return n;
}

static gboolean
_is_listed(const guint types[MAX_TYPES], const gchar *type)
{
  for (guint i = 0; i < MAX_TYPES && types[i]; i++)
    {
      if (types[i] == (guint) atoi(type))
        return TRUE;
    }
  return FALSE;
}

static void
_expect_readable(const GString *message, const Stream *stream)
{
  gchar *type = jip3_member(message, "event_type");
  gchar *json = jip3_member(message, "json_encoded");
  gboolean is_deviating = _is_listed(stream->deviating, type);
  gboolean is_unknown = _is_listed(stream->unknown, type);

  cr_expect_eq(json == NULL, is_deviating || is_unknown, "%s", message->str);
  cr_expect_eq(_has(message, "problem"), is_deviating, "%s", message->str);
  cr_expect_eq(_has(message, "event"), !is_unknown, "%s", message->str);
  g_free(json);
  g_free(type);
}

static void
_expect_ends(const GPtrArray *messages, const Stream *stream)
{
  gchar *team = g_strdup_printf("\"%s\"", stream->team);
  gchar *n_events = g_strdup_printf("%u", stream->n_events);
  gchar *n_undecoded = g_strdup_printf("%u", stream->n_undecoded);
  guint last = messages->len - 1;

  jip3_expect_member(messages, 0, "event", "\"connected\"");
  jip3_expect_member(messages, 0, "team", team);
  jip3_expect_member(messages, 0, "json_encoded.protocol_version", stream->version);
  jip3_expect_member(messages, 0, "json_encoded.num_cores", stream->n_cores);
  jip3_expect_member(messages, last, "event", "\"disconnected\"");
  jip3_expect_member(messages, last, "json_encoded.num_events", n_events);
  jip3_expect_member(messages, last, "json_encoded.num_dropped", stream->n_dropped);
  jip3_expect_member(messages, last, "json_encoded.num_undecoded", n_undecoded);
  g_free(n_undecoded);
  g_free(n_events);
  g_free(team);
}

Test(jip3_streams, clients_are_read_as_far_as_they_follow_the_protocol)
{
  for (guint i = 0; i < G_N_ELEMENTS(streams); i++)
    {
      const Stream *stream = &streams[i];
      GPtrArray *messages = _messages(stream->name);

      cr_assert_eq(messages->len, stream->n_events + 2, "%s", stream->name);
      _expect_ends(messages, stream);
      for (guint j = 1; j <= stream->n_events; j++)
        _expect_readable(g_ptr_array_index(messages, j), stream);
      cr_expect_eq(_count(messages, "ref_event_id"), stream->n_references, "%s", stream->name);
      /* that of the end is the connection's */
      cr_expect_eq(_count(messages, "elapsed"), stream->n_followed + 1, "%s", stream->name);
      g_ptr_array_unref(messages);
    }
}

Test(jip3_streams, a_client_with_other_widths_is_kept_without_being_read)
{
  GPtrArray *messages = _messages("pbnj");

  cr_assert_eq(messages->len, 105);
  jip3_expect_member(messages, 0, "team", "\"PeanutButterAndJam\"");
  cr_expect_eq(_count(messages, "json_encoded"), 2);
  cr_expect_eq(_count(messages, "codec_encoded"), 104);
  jip3_expect_member(messages, 104, "json_encoded.num_undecoded", "103");
  g_ptr_array_unref(messages);
}

Test(jip3_streams, a_client_that_comes_without_node_information_is_unknown)
{
  GPtrArray *messages = _messages("pbnj-reconnect");

  cr_assert_eq(messages->len, 4);
  jip3_expect_member(messages, 0, "event", "\"connected\"");
  jip3_expect_member(messages, 0, "team", "\"unknown\"");
  jip3_expect_member(messages, 0, "codec_encoded", "\"0xfcd8a7f2aa56a90d01\"");
  jip3_expect_member(messages, 1, "event_id", "0");
  jip3_expect_member(messages, 3, "json_encoded.num_events", "2");
  g_ptr_array_unref(messages);
}

Test(jip3_streams, times_may_be_far_ahead)
{
  GPtrArray *messages = _messages("newjamneration");
  gchar *time = jip3_member(g_ptr_array_index(messages, 1), "time");

  cr_expect(g_str_has_prefix(time, "\"2081-"), "%s", time);
  g_free(time);
  g_ptr_array_unref(messages);
}

/* The work-package of a round, from its submission to the end. */
Test(jip3_streams, events_of_a_round_have_the_core_and_hash_of_its_work_package)
{
  GPtrArray *messages = _messages("abutlabs-rounds");
  guint n_with_core = 0;

  for (guint i = 1; i + 1 < messages->len; i++)
    {
      const GString *message = g_ptr_array_index(messages, i);

      cr_expect_eq(_has(message, "chain.core"), _has(message, "chain.work_package_hash"));
      n_with_core += _has(message, "chain.core");
    }
  cr_expect_gt(n_with_core, _count(messages, "json_encoded.core"));
  g_ptr_array_unref(messages);
}

static void
_expect_same(const GPtrArray *messages, const GPtrArray *others, const gchar *name, gsize piece)
{
  cr_assert_eq(messages->len, others->len, "%s in pieces of %zu", name, piece);
  for (guint i = 0; i < messages->len; i++)
    {
      const GString *message = g_ptr_array_index(messages, i);
      const GString *other = g_ptr_array_index(others, i);

      cr_assert(g_string_equal(message, other), "%s in pieces of %zu: %s", name, piece, other->str);
    }
}

Test(jip3_streams, pieces_of_any_size_give_the_same_messages)
{
  static const gsize pieces[] = { 1, 2, 3, 5, 13, 100, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS(streams); i++)
    {
      GByteArray *wire = _read(streams[i].name);
      GPtrArray *messages = jip3_messages(wire->data, wire->len, wire->len);

      for (guint j = 0; j < G_N_ELEMENTS(pieces); j++)
        {
          GPtrArray *others = jip3_messages(wire->data, wire->len, pieces[j]);

          _expect_same(messages, others, streams[i].name, pieces[j]);
          g_ptr_array_unref(others);
        }
      g_ptr_array_unref(messages);
      g_byte_array_unref(wire);
    }
}

/* Feeds two pieces, cut at @cut. */
static GPtrArray *
_messages_cut_at(const GByteArray *wire, gsize cut)
{
  JamJip3Connection *connection = jip3_connection_new(1024 * 1024, FALSE);
  GPtrArray *messages = jip3_messages_new();

  if (cut > 0)
    jip3_feed(connection, wire->data, cut, cut, messages);
  if (cut < wire->len)
    jip3_feed(connection, wire->data + cut, wire->len - cut, wire->len - cut, messages);
  jam_jip3_connection_free(connection);
  return messages;
}

Test(jip3_streams, a_cut_at_any_place_gives_the_same_messages)
{
  GByteArray *wire = _read("jamtart-every");
  GPtrArray *messages = _messages_cut_at(wire, 0);

  for (gsize cut = 1; cut <= wire->len; cut++)
    {
      GPtrArray *others = _messages_cut_at(wire, cut);

      _expect_same(messages, others, "jamtart-every", cut);
      g_ptr_array_unref(others);
    }
  g_ptr_array_unref(messages);
  g_byte_array_unref(wire);
}
