/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "traffic.h"

#include <stdio.h>

static void
_add(Traffic *self, GArray *messages, JamMessage *message, const gchar *line, gsize length)
{
  const gchar *brace = memchr(line, '{', length);
  BenchMessage added = { .text = brace };
  JamReject reject;

  if (!brace)
    return;
  added.length = length - (brace - line);
  if (!jam_message_read(message, added.text, added.length, NULL, &reject))
    return;
  added.kind = message->kind;
  g_array_append_val(messages, added);
  self->n_bytes += added.length;
}

/* Takes ownership of @text. Returns NULL if there is no message in it. */
static Traffic *
_split(gchar *text, gsize length)
{
  Traffic *self = g_new0(Traffic, 1);
  GArray *messages = g_array_new(FALSE, FALSE, sizeof(BenchMessage));
  JamMessage *message = jam_message_new();
  const gchar *end = text + length;

  self->block = text;
  for (const gchar *line = text; line < end;)
    {
      const gchar *newline = memchr(line, '\n', end - line);
      const gchar *line_end = newline ? newline : end;
      _add(self, messages, message, line, line_end - line);
      line = line_end + 1;
    }
  jam_message_free(message);
  self->n_messages = messages->len;
  self->messages = (BenchMessage *) g_array_free(messages, FALSE);
  if (self->n_messages > 0)
    return self;
  traffic_free(self);
  return NULL;
}

static Traffic *
_split_or_complain(gchar *text, gsize length, const gchar *origin, GError **error)
{
  Traffic *self = _split(text, length);

  if (!self)
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: no message that a table takes", origin);
  return self;
}

Traffic *
traffic_load(const gchar *path, GError **error)
{
  gchar *text;
  gsize length;

  if (!g_file_get_contents(path, &text, &length, error))
    return NULL;
  return _split_or_complain(text, length, path, error);
}

static gboolean
_run(const gchar *generator, const gchar *arguments, GString *output, GError **error)
{
  gchar *command = g_strdup_printf("%s --quiet %s", generator, arguments);
  FILE *pipe = popen(command, "r");
  gchar chunk[64 * 1024];
  gsize n;

  g_free(command);
  while (pipe && (n = fread(chunk, 1, sizeof(chunk), pipe)) > 0)
    g_string_append_len(output, chunk, n);
  if (pipe && pclose(pipe) == 0)
    return TRUE;
  g_set_error(error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED, "%s %s: failed", generator, arguments);
  return FALSE;
}

Traffic *
traffic_generate(const gchar *generator, const gchar *arguments, GError **error)
{
  GString *output = g_string_new(NULL);
  gsize length;

  if (!_run(generator, arguments, output, error))
    {
      g_string_free(output, TRUE);
      return NULL;
    }
  length = output->len;
  return _split_or_complain(g_string_free(output, FALSE), length, arguments, error);
}

Traffic *
traffic_select(const Traffic *self, const JamMessageKind *kind, gsize limit)
{
  GString *text = g_string_new(NULL);
  gsize length;

  for (gsize i = 0; i < self->n_messages && limit > 0; i++)
    {
      const BenchMessage *message = &self->messages[i];
      if (message->kind != kind)
        continue;
      g_string_append_len(text, message->text, message->length);
      g_string_append_c(text, '\n');
      limit--;
    }
  length = text->len;
  return _split(g_string_free(text, FALSE), length);
}

void
traffic_free(Traffic *self)
{
  g_free(self->block);
  g_free(self->messages);
  g_free(self);
}
