/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "numbered-rows.h"

#include <criterion/criterion.h>
#include <string.h>

#define HEAD "{\"time\":\"2025-06-01T00:00:00Z\",\"elapsed\":%u,\"msg_type\":"

static const gchar *const formats[] = {
  HEAD "131,\"json_encoded\":{\"attempt\":1,\"signature\":\"0x\"}}",
  HEAD "143,\"json_encoded\":{\"service_index\":7}}",
  HEAD "13,\"json_encoded\":{\"vals_current\":[{}],\"cores\":[{\"gas_used\":5}]}}",
};

static const gchar *const table_names[] = { "tickets", "services", "validatorstatistics", "corestatistics" };

void
numbered_rows_init(NumberedRows *self, const gchar *directory, JamFileOpener *opener, gboolean fsync,
                   guint dedup_window)
{
  JamJsonlSinkOptions options = {
    .dialect = JAM_DIALECT_DUNE,
    .fsync = fsync,
    .tables = &self->tables,
    .opener = opener,
    .journal_layout = "",
    .dedup_window = dedup_window,
  };

  self->directory = g_strdup(directory);
  jam_table_selection_init(&self->tables);
  self->message = jam_message_new();
  self->journal_path = jam_journal_path(directory, "numbered");
  self->n_suppressed = 0;
  options.journal_path = self->journal_path;
  self->sink = jam_jsonl_sink_new(&options);
}

void
numbered_rows_clear(NumberedRows *self)
{
  jam_sink_free(self->sink);
  jam_message_free(self->message);
  jam_table_selection_clear(&self->tables);
  g_free(self->journal_path);
  g_free(self->directory);
}

static gboolean
_append(NumberedRows *self, guint number)
{
  gchar *text = g_strdup_printf(formats[number % G_N_ELEMENTS(formats)], number);
  JamReject reject;
  JamSinkResult result;

  cr_assert(jam_message_read(self->message, text, strlen(text), NULL, &reject), "%s", reject.text);
  result = jam_sink_append(self->sink, self->message, self->directory, &reject, NULL);
  self->n_suppressed += result == JAM_SINK_SUPPRESSED;
  g_free(text);
  return result != JAM_SINK_FAILED;
}

gboolean
numbered_rows_write(NumberedRows *self, guint first, guint last)
{
  gboolean success = TRUE;

  for (guint i = first; i <= last && success; i++)
    success = _append(self, i);
  success = success && jam_sink_commit(self->sink, NULL);
  if (success)
    jam_sink_finish_batch(self->sink);
  else
    jam_sink_drop_batch(self->sink);
  return success;
}

static gchar *
_read_table(const gchar *directory, const gchar *table)
{
  gchar *path = g_strdup_printf("%s/%s.jsonl", directory, table);
  gchar *content = NULL;

  g_file_get_contents(path, &content, NULL, NULL);
  g_free(path);
  return content ? content : g_strdup("");
}

/* The first of the kinds is for the first table, and so on; the last is for two. */
static gboolean
_is_in_table(guint number, guint table)
{
  return number % G_N_ELEMENTS(formats) == MIN(table, G_N_ELEMENTS(formats) - 1);
}

static gchar *
_find_fault_in(const gchar *content, guint table, guint last)
{
  for (guint number = 0; number <= last; number++)
    {
      const gchar *end = strchr(content, '\n');
      gchar *part = g_strdup_printf("\"elapsed\":%u,", number);
      const gchar *found;
      gboolean is_right;

      if (!_is_in_table(number, table))
        {
          g_free(part);
          continue;
        }
      found = strstr(content, part);
      is_right = end && found && found < end && content[0] == '{' && end[-1] == '}';
      g_free(part);
      if (!is_right)
        return g_strdup_printf("%s: where message %u is expected stands %.200s", table_names[table], number, content);
      content = end + 1;
    }
  return *content ? g_strdup_printf("%s: too much: %.200s", table_names[table], content) : NULL;
}

gchar *
numbered_rows_find_fault(const gchar *directory, guint last)
{
  gchar *fault = NULL;

  for (guint table = 0; table < G_N_ELEMENTS(table_names) && !fault; table++)
    {
      gchar *content = _read_table(directory, table_names[table]);
      fault = _find_fault_in(content, table, last);
      g_free(content);
    }
  return fault;
}
