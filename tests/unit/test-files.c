/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "test-files.h"

static gint
_compare_names(gconstpointer a, gconstpointer b)
{
  return g_strcmp0(*(const gchar **) a, *(const gchar **) b);
}

GPtrArray *
test_files_list(const gchar *path)
{
  gchar *folder = g_build_filename(TEST_DATA_DIR, path, NULL);
  GDir *dir = g_dir_open(folder, 0, NULL);
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  const gchar *name;

  if (!dir)
    g_error("cannot open %s", folder);
  while ((name = g_dir_read_name(dir)))
    g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, _compare_names);
  g_dir_close(dir);
  g_free(folder);
  return names;
}

gboolean
test_files_read(const gchar *path, const gchar *name, gchar **bytes, gsize *length)
{
  gchar *file = g_build_filename(TEST_DATA_DIR, path, name, NULL);
  gboolean found = g_file_get_contents(file, bytes, length, NULL);

  g_free(file);
  return found;
}
