/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "files/file-operations.h"

#include <errno.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* other writers hold the lock for the time of one batch */
#define LOCK_ATTEMPTS 100
#define LOCK_PAUSE_US 10000

static gint
_truncate(gint fd, goffset size)
{
  return ftruncate(fd, size);
}

const JamFileOperations jam_file_operations = {
  .write = write,
  .truncate = _truncate,
  .sync = fdatasync,
  .sync_directory = fsync,
};

gboolean
jam_file_lock(gint fd)
{
  for (gint i = 0; i < LOCK_ATTEMPTS; i++)
    {
      if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
      if (errno != EWOULDBLOCK && errno != EINTR)
        return FALSE;
      g_usleep(LOCK_PAUSE_US);
    }
  errno = EWOULDBLOCK;
  return FALSE;
}

gboolean
jam_file_write_all(JamFileOpener *opener, gint fd, const void *bytes, gsize length)
{
  const gchar *p = bytes;
  const gchar *end = p + length;

  while (p < end)
    {
      gssize written = opener->operations->write(fd, p, end - p);
      if (written < 0 && errno != EINTR)
        return FALSE;
      if (written > 0)
        p += written;
    }
  return TRUE;
}

gboolean
jam_file_read_all(gint fd, void *bytes, gsize length, goffset offset)
{
  gchar *p = bytes;

  while (length > 0)
    {
      gssize got = pread(fd, p, length, offset);
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        {
          errno = got < 0 ? errno : EIO;
          return FALSE;
        }
      p += got;
      length -= got;
      offset += got;
    }
  return TRUE;
}

static gboolean
_sync_directory(JamFileOpener *opener, const gchar *directory)
{
  gint fd = opener->open_directory(opener, directory);
  gboolean success = fd >= 0 && opener->operations->sync_directory(fd) == 0;
  gint saved_errno = errno;

  if (fd >= 0)
    close(fd);
  errno = saved_errno;
  return success;
}

/* A directory above that may not be opened, or cannot be synced, was there before us. */
static gboolean
_sync_directory_above(JamFileOpener *opener, const gchar *directory)
{
  if (_sync_directory(opener, directory))
    return TRUE;
  switch (errno)
    {
    case EIO:
    case ENOSPC:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return FALSE;
    default:
      return TRUE;
    }
}

gboolean
jam_file_sync_name(JamFileOpener *opener, const gchar *path)
{
  gchar *directory = g_path_get_dirname(path);
  gboolean success = _sync_directory(opener, directory);
  gint saved_errno;

  while (success && strcmp(directory, "/") != 0)
    {
      gchar *parent = g_path_get_dirname(directory);
      g_free(directory);
      directory = parent;
      success = _sync_directory_above(opener, directory);
    }
  saved_errno = errno;
  g_free(directory);
  errno = saved_errno;
  return success;
}
