/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "case-messages.h"
#include "test-files.h"

static void
_free(gpointer message)
{
  g_string_free(message, TRUE);
}

static void
_load(GPtrArray *messages, const gchar *name)
{
  gchar *path = g_build_filename("cases", name, NULL);
  gchar *bytes;
  gsize length;

  if (test_files_read(path, "message.json", &bytes, &length))
    {
      g_ptr_array_add(messages, g_string_new_len(bytes, length));
      g_free(bytes);
    }
  g_free(path);
}

GPtrArray *
case_messages_load(void)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func(_free);
  GPtrArray *names = test_files_list("cases");

  for (guint i = 0; i < names->len; i++)
    _load(messages, g_ptr_array_index(names, i));
  g_ptr_array_unref(names);
  return messages;
}
