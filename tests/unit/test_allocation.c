/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "allocations.h"
#include "case-messages.h"
#include "jip3-messages.h"

#include "core/rows/row-encoder.h"

#include <criterion/criterion.h>

typedef struct _Fixture
{
  GPtrArray *messages;
  JamMessage *message;
  JamRowEncoder *encoders[JAM_N_DIALECTS];
  JamBuffer rows;
} Fixture;

static void
_encode(Fixture *self, JamDialect dialect)
{
  const JamMessageKind *kind = self->message->kind;
  JamReject reject;
  guint n_rows;

  self->rows.length = 0;
  for (gsize i = 0; i < kind->n_tables; i++)
    {
      if (!jam_row_encoder_encode(self->encoders[dialect], self->message, kind->tables[i], &self->rows, NULL, &n_rows,
                                  &reject))
        return;
    }
}

static void
_convert(Fixture *self, const GString *text)
{
  JamReject reject;

  if (!jam_message_read(self->message, text->str, text->len, NULL, &reject))
    return;
  for (gint i = 0; i < JAM_N_DIALECTS; i++)
    _encode(self, i);
}

static void
_convert_all(Fixture *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    _convert(self, g_ptr_array_index(self->messages, i));
}

static void
_fixture_init(Fixture *self)
{
  *self = (Fixture){ .messages = case_messages_load(), .message = jam_message_new() };
  for (gint i = 0; i < JAM_N_DIALECTS; i++)
    self->encoders[i] = jam_row_encoder_new(i);
}

static void
_fixture_clear(Fixture *self)
{
  for (gint i = 0; i < JAM_N_DIALECTS; i++)
    jam_row_encoder_free(self->encoders[i]);
  jam_message_free(self->message);
  jam_buffer_clear(&self->rows);
  g_ptr_array_unref(self->messages);
}

/* Keys of an object that rows are made of, in no order: no known sender writes them. */
static gboolean
_has_unordered_keys(const JamMessage *message)
{
  for (gsize i = 0; i < JAM_MAX_LISTS; i++)
    {
      if (message->lists[i].names)
        return TRUE;
    }
  return FALSE;
}

Test(allocation, messages_like_those_before_take_no_memory)
{
  Fixture fixture;

  if (!allocations_are_counted())
    cr_skip_test("memory is the sanitizer's");
  _fixture_init(&fixture);
  _convert_all(&fixture);
  /* one by one, to say which */
  for (guint i = 0; i < fixture.messages->len; i++)
    {
      const GString *text = g_ptr_array_index(fixture.messages, i);
      guint64 before = allocations_count();

      _convert(&fixture, text);
      if (!_has_unordered_keys(fixture.message))
        cr_expect_eq(allocations_count(), before, "%s", text->str);
    }
  _fixture_clear(&fixture);
}

/* Returns the frames of every JIP-3 event but the one for dropped events. */
static GByteArray *
_jip3_events(void)
{
  Jip3Spec *spec = jip3_spec_new();
  GByteArray *wire = g_byte_array_new();
  Random random_state = { 4 };

  for (guint i = 1; i < spec->events->len; i++)
    {
      const Jip3SpecEvent *event = jip3_spec_event(spec, i);
      GByteArray *fields = g_byte_array_new();
      Jip3Sample sample;

      jip3_sample_init(&sample, spec, event, 1, 2, &random_state);
      if (jip3_spec_has_reference(spec, event, 1))
        jip3_append_number(fields, random_below(&random_state, 300), 8);
      g_byte_array_append(fields, sample.wire->data, sample.wire->len);
      jip3_append_event(wire, i, event->type, fields->data, fields->len);
      jip3_sample_clear(&sample);
      g_byte_array_unref(fields);
    }
  jip3_append_event(wire, 0, 200, (const guint8 *) "unknown", 7);
  jip3_append_event(wire, 0, 13, (const guint8 *) "unreadable", 10);
  jip3_spec_free(spec);
  return wire;
}

static void
_feed_jip3(JamJip3Connection *connection, const GByteArray *wire, gsize piece, JamBuffer *out)
{
  for (gsize done = 0; done < wire->len; done += piece)
    {
      JamJip3Cursor input = { wire->data + done, wire->data + MIN(done + piece, wire->len) };

      do
        out->length = 0;
      while (jam_jip3_connection_feed(connection, &input, 0, out) == JAM_JIP3_MESSAGE);
    }
}

Test(allocation, jip3_events_take_no_memory_when_the_window_is_full)
{
  GByteArray *wire, *node;
  JamJip3Connection *connection;
  JamBuffer out = { 0 };
  guint64 before;

  if (!allocations_are_counted())
    cr_skip_test("memory is the sanitizer's");
  wire = _jip3_events();
  node = jip3_node_information(1, 2);
  connection = jip3_connection_new(1024 * 1024, TRUE);
  _feed_jip3(connection, node, node->len, &out);
  for (gint i = 0; i < 1200; i++)
    _feed_jip3(connection, wire, 100, &out);
  before = allocations_count();
  for (gint i = 0; i < 100; i++)
    _feed_jip3(connection, wire, 100 + i, &out);
  cr_expect_eq(allocations_count(), before);
  jam_buffer_clear(&out);
  jam_jip3_connection_free(connection);
  g_byte_array_unref(node);
  g_byte_array_unref(wire);
}
