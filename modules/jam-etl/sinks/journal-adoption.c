/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/journal-adoption.h"
#include "sinks/journal-format.h"

#include <dirent.h>
#include <sys/file.h>
#include <unistd.h>

static gboolean
_is_for(gint fd, guint64 contents)
{
  guint8 bytes[JAM_JOURNAL_HEADER_LENGTH];
  JamJournalHeader header;

  return jam_file_read_all(fd, bytes, sizeof(bytes), 0)
         && jam_journal_read_header(bytes, sizeof(bytes), &header) == JAM_JOURNAL_HEADER_VALID
         && header.contents == contents;
}

static gboolean
_adopt(const gchar *candidate, const gchar *path, guint64 contents, JamFileOpener *opener)
{
  gint fd = opener->open(opener, candidate);
  gboolean success = fd >= 0
                     && flock(fd, LOCK_EX | LOCK_NB) == 0
                     && _is_for(fd, contents)
                     && opener->rename(opener, candidate, path) == 0;

  if (fd >= 0)
    close(fd);
  return success;
}

gboolean
jam_journal_adopt(const gchar *path, guint64 contents, JamFileOpener *opener)
{
  gchar *directory = g_path_get_dirname(path);
  gint fd = opener->open_directory(opener, directory);
  DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
  gboolean success = FALSE;
  struct dirent *entry;

  while (dir && !success && (entry = readdir(dir)))
    {
      gchar *candidate = g_build_filename(directory, entry->d_name, NULL);

      if (g_str_has_prefix(entry->d_name, JAM_JOURNAL_NAME_PREFIX) && g_str_has_suffix(entry->d_name, JAM_JOURNAL_SUFFIX))
        success = _adopt(candidate, path, contents, opener);
      g_free(candidate);
    }
  if (dir)
    closedir(dir);
  else if (fd >= 0)
    close(fd);
  g_free(directory);
  return success;
}
