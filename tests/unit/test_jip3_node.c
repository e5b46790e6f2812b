/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "encoded-objects.h"
#include "guarded.h"
#include "jip3-messages.h"

#include <criterion/criterion.h>
#include <string.h>

/* Parameters as the contract lists them, in a text of its own: name and bytes; those
 * with a star are not in the layout of 0.8. */
static const gchar parameters[] =
  "B_I 8,B_L 8,B_S 8,C 2,D 4,E 4,G_A 8,G_I 8,G_R 8,G_T 8,H 2,I 2,J 2,K 2,L 4,N* 2,O 2,P 2,Q 2,R 2,T 2,U 2,V* 2,"
  "W_A 4,W_B 4,W_C 4,W_E* 4,W_M 4,W_P* 4,W_R 4,W_T 4,W_X 4,Y 4";

typedef struct _Info
{
  GByteArray *parameters;
  const gchar *implementation;
  const gchar *implementation_version;
  const gchar *gp_version;
  const gchar *note;
} Info;

static Random random_state;

static void
_setup(void)
{
  random_state.state = 5;
}

TestSuite(jip3_node, .init = _setup);

/* Makes random parameters of a layout; returns them as JSON, which the caller frees. */
static gchar *
_make_parameters(GByteArray *bytes, gboolean is_0_7)
{
  gchar **list = g_strsplit(parameters, ",", 0);
  GString *json = g_string_new("{");

  for (gchar **entry = list; *entry; entry++)
    {
      gchar **words = g_strsplit(*entry, " ", 2);
      gchar *star = strchr(words[0], '*');
      guint n_bytes = atoi(words[1]);
      /* no length that is near that of the parameters */
      guint64 value = (random_next(&random_state) | 0xFF) >> (64 - 8 * n_bytes);

      if (!star || is_0_7)
        {
          jip3_append_number(bytes, value | 0x7F, n_bytes);
          g_string_append_printf(json, "%s\"%.*s\":%" G_GUINT64_FORMAT, json->len > 1 ? "," : "",
                                 star ? (gint) (star - words[0]) : 3, words[0], value | 0x7F);
        }
      g_strfreev(words);
    }
  g_strfreev(list);
  g_string_append_c(json, '}');
  return g_string_free(json, FALSE);
}

static void
_append_string(GByteArray *content, const gchar *string, guint n_following)
{
  encoded_append_natural(content, strlen(string), n_following);
  g_byte_array_append(content, (const guint8 *) string, strlen(string));
}

/* Returns the content; with @wider, lengths take more bytes than they need. */
static GByteArray *
_encode(const Info *info, guint8 version, guint wider)
{
  GByteArray *content = g_byte_array_new();

  encoded_append_bytes(content, 1, version);
  if (info->parameters)
    g_byte_array_append(content, info->parameters->data, info->parameters->len);
  encoded_append_bytes(content, 32, 0x11);
  encoded_append_bytes(content, 32, 0x22);
  encoded_append_bytes(content, 15, 0);
  encoded_append_bytes(content, 1, 1);
  jip3_append_number(content, 40000, 2);
  jip3_append_number(content, 3, 4);
  _append_string(content, info->implementation, wider);
  _append_string(content, info->implementation_version, wider);
  _append_string(content, info->gp_version, wider);
  _append_string(content, info->note, MAX(wider, 2));
  return content;
}

static GPtrArray *
_messages(const GByteArray *content)
{
  GByteArray *wire = g_byte_array_new();
  GPtrArray *messages;

  jip3_append_frame(wire, content->data, content->len);
  messages = jip3_messages(wire->data, wire->len, 1 + random_below(&random_state, wire->len));
  g_byte_array_unref(wire);
  return messages;
}

#define HASH_11 "\"0x1111111111111111111111111111111111111111111111111111111111111111\""
#define HASH_22 "\"0x2222222222222222222222222222222222222222222222222222222222222222\""

static void
_expect_node(const GPtrArray *messages, guint i, const gchar *version)
{
  jip3_expect_member(messages, i, "event_type", "\"node\"");
  jip3_expect_member(messages, i, "sender_id", HASH_22);
  jip3_expect_member(messages, i, "team", "\"PolkaJam\"");
  jip3_expect_member(messages, i, "connection_id", "\"7f3a91c05b2e6d48\"");
  jip3_expect_member(messages, i, "json_encoded.protocol_version", version);
  jip3_expect_member(messages, i, "json_encoded.genesis_hash", HASH_11);
  jip3_expect_member(messages, i, "json_encoded.node_ip", "\"::1\"");
  jip3_expect_member(messages, i, "json_encoded.node_port", "40000");
  jip3_expect_member(messages, i, "json_encoded.remote_ip", "\"127.0.0.1\"");
  jip3_expect_member(messages, i, "json_encoded.remote_port", "5000");
  jip3_expect_member(messages, i, "json_encoded.flags", "3");
  jip3_expect_member(messages, i, "json_encoded.is_recompiler", "true");
  jip3_expect_member(messages, i, "json_encoded.implementation", "\"PolkaJam\"");
  jip3_expect_member(messages, i, "json_encoded.implementation_version", "\"0.1.27\"");
  jip3_expect_member(messages, i, "json_encoded.gp_version", "\"0.7.2\"");
  jip3_expect_member(messages, i, "json_encoded.note", "\"a \\\"note\\\"\"");
}

static const Info usual = { NULL, "PolkaJam", "0.1.27", "0.7.2", "a \"note\"" };

/* Expects both messages of a node with these parameters on the wire. */
static void
_expect_layout(GByteArray *bytes, const gchar *json, const gchar *n_cores, const gchar *n_validators)
{
  Info info = usual;

  info.parameters = bytes;
  for (guint version = 0; version <= 1; version++)
    {
      GByteArray *content = _encode(&info, version, version * 3);
      GPtrArray *messages = _messages(content);

      cr_assert_eq(messages->len, 2);
      for (guint i = 0; i < 2; i++)
        {
          _expect_node(messages, i, version == 0 ? "0" : "1");
          jip3_expect_member(messages, i, "json_encoded.parameters", json);
          jip3_expect_member(messages, i, "json_encoded.num_cores", n_cores);
          jip3_expect_member(messages, i, "json_encoded.num_validators", n_validators);
        }
      g_ptr_array_unref(messages);
      g_byte_array_unref(content);
    }
}

static void
_expect_named(gboolean is_0_7, gboolean has_length)
{
  GByteArray *bytes = g_byte_array_new();
  gchar *json = _make_parameters(bytes, is_0_7);
  guint16 cores = bytes->data[24] | bytes->data[25] << 8;
  guint16 validators = bytes->data[92] | bytes->data[93] << 8;
  gchar *n_cores = g_strdup_printf("%u", cores);
  gchar *n_validators = is_0_7 ? g_strdup_printf("%u", validators) : g_strdup("null");

  cr_assert_eq(bytes->len, is_0_7 ? 134 : 122);
  if (has_length)
    {
      GByteArray *length = g_byte_array_new();

      encoded_append_natural(length, bytes->len, 1);
      g_byte_array_prepend(bytes, length->data, length->len);
      g_byte_array_unref(length);
    }
  _expect_layout(bytes, json, n_cores, n_validators);
  g_free(n_validators);
  g_free(n_cores);
  g_free(json);
  g_byte_array_unref(bytes);
}

Test(jip3_node, parameters_of_0_7_are_named)
{
  _expect_named(TRUE, FALSE);
  _expect_named(TRUE, TRUE);
}

Test(jip3_node, parameters_of_0_8_are_named)
{
  _expect_named(FALSE, FALSE);
  _expect_named(FALSE, TRUE);
}

Test(jip3_node, a_node_may_have_no_parameters)
{
  _expect_layout(NULL, "null", "null", "null");
}

Test(jip3_node, parameters_of_another_length_are_skipped)
{
  static const guint lengths[] = { 0, 1, 11, 127, 133, 135, 300, 16383, 20000 };

  for (guint i = 0; i < G_N_ELEMENTS(lengths); i++)
    {
      GByteArray *bytes = g_byte_array_new();

      encoded_append_natural(bytes, lengths[i], lengths[i] < 16384 ? 1 : 2);
      encoded_append_bytes(bytes, lengths[i], 0xEE);
      _expect_layout(bytes, "null", "null", "null");
      g_byte_array_unref(bytes);
    }
}

Test(jip3_node, the_two_messages_tell_beginning_and_end)
{
  GByteArray *wire = jip3_node_information(1, 2);
  GPtrArray *messages;

  jip3_append_dropped(wire, 1000, 5);
  jip3_append_dropped(wire, 1000, 7);
  jip3_append_event(wire, 1000, 200, (const guint8 *) "", 0);
  jip3_append_event(wire, 1000, 13, (const guint8 *) "\x01", 1);
  messages = jip3_messages(wire->data, wire->len, 11);
  jip3_expect_member(messages, 0, "event", "\"connected\"");
  jip3_expect_member(messages, 0, "time", "\"2026-11-25T22:39:22.000000Z\"");
  jip3_expect_member(messages, 0, "elapsed", "null");
  jip3_expect_member(messages, 0, "json_encoded.num_events", "null");
  jip3_expect_member(messages, 0, "json_encoded.num_dropped", "null");
  jip3_expect_member(messages, 0, "json_encoded.num_undecoded", "null");
  jip3_expect_member(messages, 5, "event", "\"disconnected\"");
  jip3_expect_member(messages, 5, "time", "\"2026-11-25T22:39:23.000000Z\"");
  jip3_expect_member(messages, 5, "elapsed", "2000000");
  jip3_expect_member(messages, 5, "json_encoded.num_events", "4");
  jip3_expect_member(messages, 5, "json_encoded.num_dropped", "12");
  jip3_expect_member(messages, 5, "json_encoded.num_undecoded", "1");
  jip3_expect_member(messages, 5, "codec_encoded", NULL);
  g_ptr_array_unref(messages);
  g_byte_array_unref(wire);
}

/* Returns the hex of the content as a JSON string; the caller frees it. */
static gchar *
_hex(const GByteArray *content)
{
  GString *hex = g_string_new("\"0x");

  for (guint i = 0; i < content->len; i++)
    g_string_append_printf(hex, "%02x", content->data[i]);
  g_string_append_c(hex, '"');
  return g_string_free(hex, FALSE);
}

Test(jip3_node, node_information_is_kept_as_it_was)
{
  GByteArray *content = _encode(&usual, 1, 0);
  GPtrArray *messages = _messages(content);
  gchar *hex = _hex(content);

  jip3_expect_member(messages, 0, "codec_encoded", hex);
  g_free(hex);
  g_ptr_array_unref(messages);
  g_byte_array_unref(content);
}

static void
_expect_unknown(const GByteArray *content, const gchar *version)
{
  GPtrArray *messages = _messages(content);
  gchar *hex = _hex(content);

  cr_assert_eq(messages->len, 2);
  jip3_expect_member(messages, 0, "codec_encoded", hex);
  for (guint i = 0; i < 2; i++)
    {
      jip3_expect_member(messages, i, "event", i == 0 ? "\"connected\"" : "\"disconnected\"");
      jip3_expect_member(messages, i, "sender_id", "\"unknown\"");
      jip3_expect_member(messages, i, "team", "\"unknown\"");
      jip3_expect_member(messages, i, "json_encoded.protocol_version", version);
      jip3_expect_member(messages, i, "json_encoded.genesis_hash", "null");
      jip3_expect_member(messages, i, "json_encoded.node_ip", "null");
      jip3_expect_member(messages, i, "json_encoded.node_port", "null");
      jip3_expect_member(messages, i, "json_encoded.remote_ip", "\"127.0.0.1\"");
      jip3_expect_member(messages, i, "json_encoded.flags", "null");
      jip3_expect_member(messages, i, "json_encoded.is_recompiler", "null");
      jip3_expect_member(messages, i, "json_encoded.implementation", "null");
      jip3_expect_member(messages, i, "json_encoded.note", "null");
      jip3_expect_member(messages, i, "json_encoded.num_cores", "null");
      jip3_expect_member(messages, i, "json_encoded.parameters", "null");
    }
  g_free(hex);
  g_ptr_array_unref(messages);
}

Test(jip3_node, a_node_whose_information_fits_no_layout_is_unknown)
{
  GByteArray *content = _encode(&usual, 1, 0);

  encoded_append_bytes(content, 1, 0);
  _expect_unknown(content, "1");
  content->data[0] = 0;
  _expect_unknown(content, "0");
  g_byte_array_set_size(content, content->len - 2);
  _expect_unknown(content, "0");
  g_byte_array_set_size(content, 1);
  _expect_unknown(content, "0");
  g_byte_array_set_size(content, 0);
  _expect_unknown(content, "null");
  g_byte_array_unref(content);
}

Test(jip3_node, a_version_other_than_0_and_1_is_unknown)
{
  GByteArray *content = _encode(&usual, 2, 0);

  _expect_unknown(content, "2");
  content->data[0] = 255;
  _expect_unknown(content, "255");
  g_byte_array_unref(content);
}

/* A first parameter that reads as the length of the others: with a natural in front of
 * them, too, the rest is read to the end. */
Test(jip3_node, a_node_whose_information_fits_two_layouts_is_unknown)
{
  GByteArray *bytes = g_byte_array_new();
  Info info = usual;
  GByteArray *content;

  encoded_append_bytes(bytes, 122, 0);
  bytes->data[0] = 121;
  info.parameters = bytes;
  content = _encode(&info, 1, 0);
  _expect_unknown(content, "1");
  g_byte_array_unref(content);
  g_byte_array_unref(bytes);
}

/* Returns TRUE if the node is known. */
static gboolean
_is_known(const Info *info)
{
  GByteArray *content = _encode(info, 1, 0);
  GPtrArray *messages = _messages(content);
  gchar *sender = jip3_member(g_ptr_array_index(messages, 0), "sender_id");
  gboolean is_known = g_str_equal(sender, HASH_22);

  g_free(sender);
  g_ptr_array_unref(messages);
  g_byte_array_unref(content);
  return is_known;
}

static void
_expect_limit(const gchar **string, const Info *info, gsize limit)
{
  gchar *text = g_strnfill(limit + 1, 'x');

  *string = text;
  cr_expect_not(_is_known(info), "%zu", limit);
  text[limit] = '\0';
  cr_expect(_is_known(info), "%zu", limit);
  *string = "";
  cr_expect(_is_known(info));
  g_free(text);
}

Test(jip3_node, strings_have_their_maximum_lengths)
{
  Info info = usual;

  _expect_limit(&info.implementation, &info, 32);
  _expect_limit(&info.implementation_version, &info, 32);
  _expect_limit(&info.gp_version, &info, 16);
  _expect_limit(&info.note, &info, 512);
}

Test(jip3_node, a_node_without_a_name_has_an_unknown_team)
{
  Info info = usual;
  GByteArray *content;
  GPtrArray *messages;

  info.implementation = "";
  content = _encode(&info, 1, 0);
  messages = _messages(content);
  jip3_expect_member(messages, 0, "team", "\"unknown\"");
  jip3_expect_member(messages, 0, "sender_id", HASH_22);
  jip3_expect_member(messages, 0, "json_encoded.implementation", "\"\"");
  g_ptr_array_unref(messages);
  g_byte_array_unref(content);
}

Test(jip3_node, what_is_not_utf8_is_replaced)
{
  Info info = usual;
  GByteArray *content;
  GPtrArray *messages;

  info.implementation = "J\xFF\xC3";
  info.note = "\x80";
  content = _encode(&info, 1, 0);
  messages = _messages(content);
  jip3_expect_member(messages, 0, "team", "\"J\xEF\xBF\xBD\xEF\xBF\xBD\"");
  jip3_expect_member(messages, 0, "json_encoded.note", "\"\xEF\xBF\xBD\"");
  g_ptr_array_unref(messages);
  g_byte_array_unref(content);
}

Test(jip3_node, a_first_message_that_is_an_event_is_event_0_of_an_unknown_node)
{
  GByteArray *wire = g_byte_array_new();
  GPtrArray *messages;

  jip3_append_event(wire, 1000, 13, (const guint8 *) "\x01", 1);
  jip3_append_event(wire, 2000, 13, (const guint8 *) "\x00", 1);
  messages = jip3_messages(wire->data, wire->len, 4);
  cr_assert_eq(messages->len, 3);
  jip3_expect_member(messages, 0, "event_id", "0");
  jip3_expect_member(messages, 0, "sender_id", "\"unknown\"");
  jip3_expect_member(messages, 0, "team", "\"unknown\"");
  jip3_expect_member(messages, 0, "json_encoded", "{\"is_synced\":true}");
  jip3_expect_member(messages, 1, "event_id", "1");
  jip3_expect_member(messages, 2, "event", "\"disconnected\"");
  jip3_expect_member(messages, 2, "json_encoded.protocol_version", "null");
  jip3_expect_member(messages, 2, "json_encoded.num_events", "2");
  g_ptr_array_unref(messages);
  g_byte_array_unref(wire);
}

Test(jip3_node, a_connection_without_a_whole_message_says_nothing)
{
  GPtrArray *messages = jip3_messages((const guint8 *) "\x01\x00\x00\x00", 4, 1);

  cr_expect_eq(messages->len, 0);
  g_ptr_array_unref(messages);
}

/* Whole or cut, a message is read within its bytes. */
Test(jip3_node, node_information_cut_at_any_place_gives_a_message)
{
  GByteArray *content = _encode(&usual, 1, 0);

  for (guint n_bytes = content->len; n_bytes-- > 0;)
    {
      GPtrArray *messages;

      g_byte_array_set_size(content, n_bytes);
      messages = _messages(content);
      cr_expect_eq(messages->len, 2);
      jip3_expect_member(messages, 0, "team", "\"unknown\"");
      g_ptr_array_unref(messages);
    }
  g_byte_array_unref(content);
}
