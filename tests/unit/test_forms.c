/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "case-messages.h"
#include "guarded.h"

#include "core/rows/row-encoder.h"

#include <criterion/criterion.h>

/* The usual form of a message, members in order and no white space, is read another
 * way than all others. Rows must not tell which it was. */

#define MAX_MESSAGE_BYTES (1024 * 1024)

static Guarded input;
static JamMessage *message;
static JamRowEncoder *encoders[JAM_N_DIALECTS];

static void
_setup(void)
{
  guarded_init(&input, MAX_MESSAGE_BYTES);
  message = jam_message_new();
  for (gint i = 0; i < JAM_N_DIALECTS; i++)
    encoders[i] = jam_row_encoder_new(i);
}

static void
_teardown(void)
{
  for (gint i = 0; i < JAM_N_DIALECTS; i++)
    jam_row_encoder_free(encoders[i]);
  jam_message_free(message);
  guarded_clear(&input);
}

TestSuite(forms, .init = _setup, .fini = _teardown);

static const gchar *
_string_end(const gchar *p)
{
  for (p++; *p && *p != '"'; p++)
    {
      if (*p == '\\' && p[1])
        p++;
    }
  return *p ? p + 1 : p;
}

/* Returns @text with @space on both sides of each token. */
static GString *
_spread(const GString *text, const gchar *space)
{
  GString *spread = g_string_new(NULL);
  const gchar *p = text->str;

  while (*p)
    {
      const gchar *end = *p == '"' ? _string_end(p) : p + 1;
      gboolean is_token = strchr("\",:[]{}", *p) != NULL;

      if (is_token)
        g_string_append(spread, space);
      g_string_append_len(spread, p, end - p);
      if (is_token)
        g_string_append(spread, space);
      p = end;
    }
  return spread;
}

static void
_append_rows(GString *result, JamDialect dialect)
{
  for (gsize i = 0; i < message->kind->n_tables; i++)
    {
      JamBuffer rows = { 0 };
      JamReject reject;
      guint n_rows;

      if (jam_row_encoder_encode(encoders[dialect], message, message->kind->tables[i], &rows, NULL, &n_rows, &reject))
        g_string_append_len(result, rows.data, rows.length);
      else
        g_string_append_printf(result, "%s %s %s\n", reject.text, reject.table, reject.column);
      jam_buffer_clear(&rows);
    }
}

/* Returns the rows in both dialects, or rejections, without the message's hash. */
static gchar *
_convert(const GString *text)
{
  GString *result = g_string_new(NULL);
  JamReject reject;

  if (!jam_message_read(message, guarded_copy(&input, text->str, text->len), text->len, NULL, &reject))
    g_string_append_printf(result, "%s %s\n", jam_reject_reason_name(reject.reason), reject.column);
  else
    {
      gchar *id = g_strndup(message->id.hex, sizeof(message->id.hex));

      for (gint i = 0; i < JAM_N_DIALECTS; i++)
        _append_rows(result, i);
      g_string_replace(result, id, "ID", 0);
      g_free(id);
    }
  return g_string_free(result, FALSE);
}

static void
_expect_same(const GString *text, const gchar *space)
{
  GString *spread = _spread(text, space);
  gchar *expected = _convert(text);
  gchar *found = _convert(spread);

  cr_expect_str_eq(found, expected, "%s\n%s\nexpected:\n%s", spread->str, found, expected);
  g_free(expected);
  g_free(found);
  g_string_free(spread, TRUE);
}

static gboolean
_has_nul(const GString *text)
{
  return memchr(text->str, 0, text->len) != NULL;
}

Test(forms, white_space_between_tokens_changes_nothing_but_the_hash)
{
  static const gchar *spaces[] = { " ", "\r\n\t " };
  GPtrArray *messages = case_messages_load();

  for (guint i = 0; i < messages->len; i++)
    {
      const GString *text = g_ptr_array_index(messages, i);
      for (gsize j = 0; j < G_N_ELEMENTS(spaces) && !_has_nul(text); j++)
        _expect_same(text, spaces[j]);
    }
  g_ptr_array_unref(messages);
}
