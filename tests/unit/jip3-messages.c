/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "jip3-messages.h"
#include "encoded-objects.h"
#include "guarded.h"
#include "json-walk.h"

#include "core/json/json-text.h"

#include <criterion/criterion.h>
#include <string.h>

GByteArray *
jip3_node_information(guint8 version, guint16 n_cores)
{
  static const guint8 address[18] = { [10] = 0xFF, [11] = 0xFF, 127, 0, 0, 1, 0x40, 0x9C };
  GByteArray *content = g_byte_array_new();
  GByteArray *wire = g_byte_array_new();

  encoded_append_bytes(content, 1, version);
  encoded_append_bytes(content, 24, 0);
  jip3_append_number(content, n_cores, 2);
  encoded_append_bytes(content, 108, 0);
  encoded_append_bytes(content, 32, 0xAA);
  encoded_append_bytes(content, 32, 0xBB);
  g_byte_array_append(content, address, sizeof(address));
  jip3_append_number(content, 1, 4);
  g_byte_array_append(content,
                      (const guint8 *) "\x02n0\x03"
                                       "1.0\x05"
                                       "0.7.2\x00",
                      14);
  jip3_append_frame(wire, content->data, content->len);
  g_byte_array_unref(content);
  return wire;
}

void
jip3_append_event(GByteArray *wire, guint64 time, guint8 type, const guint8 *fields, gsize n_bytes)
{
  jip3_append_number(wire, 9 + n_bytes, 4);
  jip3_append_number(wire, time, 8);
  jip3_append_number(wire, type, 1);
  g_byte_array_append(wire, fields, n_bytes);
}

void
jip3_append_reference_event(GByteArray *wire, guint64 time, guint8 type, guint64 reference)
{
  jip3_append_number(wire, 17, 4);
  jip3_append_number(wire, time, 8);
  jip3_append_number(wire, type, 1);
  jip3_append_number(wire, reference, 8);
}

void
jip3_append_dropped(GByteArray *wire, guint64 time, guint64 num_dropped)
{
  jip3_append_number(wire, 25, 4);
  jip3_append_number(wire, time, 8);
  jip3_append_number(wire, 0, 1);
  jip3_append_number(wire, time, 8);
  jip3_append_number(wire, num_dropped, 8);
}

JamJip3Connection *
jip3_connection_new(gsize message_limit, gboolean raw)
{
  JamJip3ConnectionOptions options = {
    .connection_id = G_GUINT64_CONSTANT(0x7f3a91c05b2e6d48),
    .remote_ip = "127.0.0.1",
    .remote_port = 5000,
    .message_limit = message_limit,
    .raw = raw,
  };

  return jam_jip3_connection_new(&options, JIP3_START_NS);
}

static void
_free_message(gpointer message)
{
  g_string_free(message, TRUE);
}

GPtrArray *
jip3_messages_new(void)
{
  return g_ptr_array_new_with_free_func(_free_message);
}

static void
_add_message(GPtrArray *messages, JamBuffer *out)
{
  JamJsonValue object;

  cr_assert(json_read_whole(out->data, out->length, &object), "%.*s", (gint) out->length, out->data);
  cr_assert_eq(object.type, JAM_JSON_OBJECT);
  g_ptr_array_add(messages, g_string_new_len(out->data, out->length));
  out->length = 0;
}

static JamJip3Result
_feed_piece(JamJip3Connection *connection, const gchar *bytes, gsize n_bytes, GPtrArray *messages, JamBuffer *out)
{
  JamJip3Cursor input = { (const guint8 *) bytes, (const guint8 *) bytes + n_bytes };
  JamJip3Result result;

  while ((result = jam_jip3_connection_feed(connection, &input, JIP3_ARRIVAL_NS, out)) == JAM_JIP3_MESSAGE)
    _add_message(messages, out);
  cr_assert_eq(out->length, 0);
  cr_assert(result == JAM_JIP3_NOT_JIP3 || jam_jip3_cursor_left(&input) == 0);
  return result;
}

JamJip3Result
jip3_feed(JamJip3Connection *connection, const guint8 *bytes, gsize n_bytes, gsize piece, GPtrArray *messages)
{
  JamJip3Result result = JAM_JIP3_MORE;
  JamBuffer out = { 0 };
  Guarded input;

  guarded_init(&input, piece);
  for (gsize done = 0; done < n_bytes && result == JAM_JIP3_MORE; done += piece)
    {
      gsize length = MIN(piece, n_bytes - done);
      const gchar *copy = guarded_copy(&input, (const gchar *) bytes + done, length);

      result = _feed_piece(connection, copy, length, messages, &out);
    }
  guarded_clear(&input);
  jam_buffer_clear(&out);
  return result;
}

GPtrArray *
jip3_messages(const guint8 *bytes, gsize n_bytes, gsize piece)
{
  JamJip3Connection *connection = jip3_connection_new(1024 * 1024, FALSE);
  GPtrArray *messages = jip3_messages_new();
  JamBuffer out = { 0 };

  cr_assert_eq(jip3_feed(connection, bytes, n_bytes, piece, messages), JAM_JIP3_MORE);
  if (jam_jip3_connection_end(connection, JIP3_END_NS, &out))
    _add_message(messages, &out);
  cr_assert_eq(out.length, 0);
  jam_buffer_clear(&out);
  jam_jip3_connection_free(connection);
  return messages;
}

static gboolean
_find_member(JamJsonValue *value, const gchar *name, gsize length)
{
  JamJsonReader reader;
  JamJsonValue key;

  jam_json_reader_init(&reader, value->text, value->length);
  if (!jam_json_reader_enter_object(&reader))
    return FALSE;
  while (jam_json_reader_next_member(&reader, &key))
    {
      g_assert(jam_json_reader_value(&reader, value));
      if (jam_json_string_equals(&key, name, length))
        return TRUE;
    }
  return FALSE;
}

gchar *
jip3_member(const GString *message, const gchar *path)
{
  JamJsonValue value = { .text = message->str, .length = message->len };

  while (*path)
    {
      gsize length = strcspn(path, ".");

      if (!_find_member(&value, path, length))
        return NULL;
      path += length;
      path += *path == '.';
    }
  return g_strndup(value.text, value.length);
}

void
jip3_expect_member(const GPtrArray *messages, guint index, const gchar *path, const gchar *expected)
{
  const GString *message;
  gchar *text;

  cr_assert_lt(index, messages->len, "there are %u messages", messages->len);
  message = g_ptr_array_index(messages, index);
  text = jip3_member(message, path);
  cr_expect(g_strcmp0(text, expected) == 0, "%s is %s, not %s, in %s", path, text, expected, message->str);
  g_free(text);
}
