/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "allocations.h"
#include "case-messages.h"

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
      if (!jam_row_encoder_encode(self->encoders[dialect], self->message, kind->tables[i], &self->rows, &n_rows, &reject))
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
  *self = (Fixture) { .messages = case_messages_load(), .message = jam_message_new() };
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
