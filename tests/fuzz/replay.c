/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs the fuzzing target over files: what it has found, and what it starts from.
 * No fuzzing engine, and so no clang, is needed for that.
 *
 *   replay [FILE-OR-FOLDER...]
 *
 * A file *.jsonl holds a text a line, others one each. Without an argument, the
 * messages and JSON texts of this tree.
 */
#include "fuzz-core.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

static guint n_files;

static void
_replay_lines(const gchar *path, const gchar *text, gsize length)
{
  const gchar *end = text + length;

  for (guint number = 1; text < end; number++)
    {
      const gchar *newline = memchr(text, '\n', end - text);
      const gchar *line_end = newline ? newline : end;

      fprintf(stderr, "%s:%u\n", path, number);
      LLVMFuzzerTestOneInput((const uint8_t *) text, line_end - text);
      text = line_end + 1;
    }
}

static void
_replay_file(const gchar *path)
{
  GError *error = NULL;
  gchar *bytes;
  gsize length;

  if (!g_file_get_contents(path, &bytes, &length, &error))
    g_error("%s", error->message);
  /* what is told last says which file it was */
  fprintf(stderr, "%s\n", path);
  if (g_str_has_suffix(path, ".jsonl"))
    _replay_lines(path, bytes, length);
  else
    LLVMFuzzerTestOneInput((const uint8_t *) bytes, length);
  g_free(bytes);
  n_files++;
}

static void
_replay(const gchar *path)
{
  GDir *dir = g_dir_open(path, 0, NULL);
  const gchar *name;

  if (!dir)
    {
      _replay_file(path);
      return;
    }
  while ((name = g_dir_read_name(dir)))
    {
      gchar *below = g_build_filename(path, name, NULL);
      _replay(below);
      g_free(below);
    }
  g_dir_close(dir);
}

int
main(int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    _replay(argv[i]);
  if (argc == 1)
    {
      _replay(TEST_DATA_DIR "/cases");
      _replay(TEST_DATA_DIR "/data/gray-paper");
      _replay(TEST_DATA_DIR "/corpus");
    }
  printf("%u files, nothing found\n", n_files);
  return n_files > 0 ? 0 : 1;
}
