/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/append-file.h"
#include "sinks/last-line.h"

#include <errno.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* what one huge batch may leave allocated for the next */
#define KEPT_BATCH_BYTES (1024 * 1024)
/* other writers hold the lock for the time of one batch */
#define LOCK_ATTEMPTS 100
#define LOCK_PAUSE_US 10000

static gboolean
_fail(const JamAppendFile *self, const gchar *what, gint error_number, GError **error)
{
  g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(error_number), "%s %s: %s",
              what, self->path, g_strerror(error_number));
  return FALSE;
}

JamAppendFile *
jam_append_file_new(const gchar *path, JamFileOpener *opener)
{
  JamAppendFile *self = g_new0(JamAppendFile, 1);

  self->path = g_strdup(path);
  self->opener = opener;
  self->fd = -1;
  self->torn_offset = -1;
  return self;
}

/* What is torn is cut while the lock is still held: afterwards another writer
 * may have added to it. */
void
jam_append_file_close(JamAppendFile *self)
{
  if (self->fd < 0)
    return;
  if (self->torn_offset >= 0 && ftruncate(self->fd, self->torn_offset) == 0)
    self->torn_offset = -1;
  close(self->fd);
  self->fd = -1;
  self->is_locked = FALSE;
  self->is_written = FALSE;
}

void
jam_append_file_free(JamAppendFile *self)
{
  jam_append_file_close(self);
  jam_buffer_clear(&self->batch);
  g_free(self->path);
  g_free(self);
}

static gboolean
_lock(JamAppendFile *self, GError **error)
{
  for (gint i = 0; i < LOCK_ATTEMPTS; i++)
    {
      if (flock(self->fd, LOCK_EX | LOCK_NB) == 0)
        {
          self->is_locked = TRUE;
          return TRUE;
        }
      if (errno != EWOULDBLOCK && errno != EINTR)
        break;
      g_usleep(LOCK_PAUSE_US);
    }
  if (errno == EWOULDBLOCK)
    {
      g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_AGAIN, "%s is being written by another destination or process",
                  self->path);
      return FALSE;
    }
  return _fail(self, "cannot lock", errno, error);
}

static gboolean
_repair_last_line(JamAppendFile *self, goffset size, GError **error)
{
  switch (jam_last_line_repair(self->fd, size))
    {
    case JAM_LAST_LINE_FAILED:
      return _fail(self, "cannot read or repair the last line of", errno, error);
    case JAM_LAST_LINE_CUT:
      self->opener->warn(self->opener, self->path, "the last line was unfinished and has been cut off");
      return TRUE;
    case JAM_LAST_LINE_ENDED:
      self->opener->warn(self->opener, self->path, "the last line had no end and has been given one");
      return TRUE;
    default:
      return TRUE;
    }
}

static gboolean
_examine(JamAppendFile *self, GError **error)
{
  struct stat st;

  if (fstat(self->fd, &st) < 0)
    return _fail(self, "cannot stat", errno, error);
  if (!S_ISREG(st.st_mode))
    {
      g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s is no regular file", self->path);
      return FALSE;
    }
  if (st.st_dev != self->device || st.st_ino != self->inode)
    self->torn_offset = -1;
  self->device = st.st_dev;
  self->inode = st.st_ino;
  self->is_new = st.st_size == 0;
  return _repair_last_line(self, st.st_size, error);
}

gboolean
jam_append_file_open(JamAppendFile *self, GError **error)
{
  if (self->fd >= 0)
    return TRUE;
  self->fd = self->opener->open(self->opener, self->path);
  if (self->fd < 0)
    return _fail(self, "cannot open", errno, error);
  if (_lock(self, error) && _examine(self, error))
    return TRUE;
  jam_append_file_close(self);
  return FALSE;
}

static gboolean
_was_moved(const JamAppendFile *self)
{
  struct stat st;

  if (self->opener->stat(self->opener, self->path, &st) < 0)
    return errno == ENOENT;
  return st.st_dev != self->device || st.st_ino != self->inode;
}

static gboolean
_open_what_is_at_path(JamAppendFile *self, GError **error)
{
  if (self->fd >= 0 && _was_moved(self))
    jam_append_file_close(self);
  return jam_append_file_open(self, error);
}

static gboolean
_cut_torn_batch(JamAppendFile *self, GError **error)
{
  if (self->torn_offset < 0)
    return TRUE;
  if (ftruncate(self->fd, self->torn_offset) < 0)
    return _fail(self, "cannot take back a failed batch in", errno, error);
  self->torn_offset = -1;
  return TRUE;
}

static gboolean
_write_all(JamAppendFile *self, GError **error)
{
  const gchar *p = self->batch.data;
  const gchar *end = p + self->batch.length;

  while (p < end)
    {
      gssize written = write(self->fd, p, end - p);
      if (written < 0 && errno != EINTR)
        return _fail(self, "cannot write", errno, error);
      if (written > 0)
        p += written;
    }
  return TRUE;
}

gboolean
jam_append_file_write(JamAppendFile *self, GError **error)
{
  struct stat st;

  if (!_open_what_is_at_path(self, error) || !_cut_torn_batch(self, error))
    return FALSE;
  if (fstat(self->fd, &st) < 0)
    return _fail(self, "cannot stat", errno, error);
  self->batch_offset = st.st_size;
  self->is_written = TRUE;
  self->last_used = g_get_monotonic_time();
  if (_write_all(self, error))
    return TRUE;
  jam_append_file_take_back(self);
  return FALSE;
}

static gboolean
_sync_directory(JamAppendFile *self, const gchar *directory)
{
  gint fd = self->opener->open_directory(self->opener, directory);
  gboolean success = fd >= 0 && fsync(fd) == 0;

  if (fd >= 0)
    close(fd);
  return success;
}

/* Directories above may be as new as the file. Where one cannot be opened it was
 * there before us. */
static gboolean
_sync_directories(JamAppendFile *self, GError **error)
{
  gchar *directory = g_path_get_dirname(self->path);
  gboolean success = _sync_directory(self, directory);

  if (!success)
    _fail(self, "cannot sync the directory of", errno, error);
  while (success && strcmp(directory, "/") != 0)
    {
      gchar *parent = g_path_get_dirname(directory);
      g_free(directory);
      directory = parent;
      _sync_directory(self, directory);
    }
  g_free(directory);
  return success;
}

gboolean
jam_append_file_sync(JamAppendFile *self, GError **error)
{
  if (fdatasync(self->fd) < 0)
    return _fail(self, "cannot sync", errno, error);
  if (self->is_new && !_sync_directories(self, error))
    return FALSE;
  self->is_new = FALSE;
  return TRUE;
}

void
jam_append_file_unlock(JamAppendFile *self)
{
  if (self->fd >= 0)
    flock(self->fd, LOCK_UN);
  self->is_locked = FALSE;
}

static gboolean
_nothing_stands_behind_the_batch(const JamAppendFile *self)
{
  struct stat st;

  return fstat(self->fd, &st) == 0 && st.st_size == self->batch_offset + (goffset) self->batch.length;
}

void
jam_append_file_take_back(JamAppendFile *self)
{
  if (!self->is_written)
    return;
  self->is_written = FALSE;
  if (!self->is_locked && (!_lock(self, NULL) || !_nothing_stands_behind_the_batch(self)))
    return;
  if (ftruncate(self->fd, self->batch_offset) < 0)
    self->torn_offset = self->batch_offset;
}

void
jam_append_file_forget_batch(JamAppendFile *self)
{
  jam_buffer_reset(&self->batch, KEPT_BATCH_BYTES);
  self->is_written = FALSE;
}
