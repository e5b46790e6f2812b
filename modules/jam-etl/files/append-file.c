/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "files/append-file.h"
#include "files/last-line.h"

#include <errno.h>
#include <sys/file.h>
#include <unistd.h>

/* what one huge batch may leave allocated for the next */
#define KEPT_BATCH_BYTES (1024 * 1024)

static gboolean
_fail(const JamAppendFile *self, const gchar *what, gint error_number, GError **error)
{
  g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(error_number), "%s %s: %s", what, self->path,
              g_strerror(error_number));
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

/* What somebody has cut, or added to, is left as it is. */
static gboolean
_cut_torn_batch(JamAppendFile *self)
{
  const JamFileOperations *operations = self->opener->operations;
  struct stat st;

  if (fstat(self->fd, &st) < 0)
    return FALSE;
  if (st.st_size > self->torn_end)
    self->opener->warn(self->opener, self->path,
                       "another process has appended to it after a failed batch: the file "
                       "is not truncated, and the rows of that batch are written again");
  else if (st.st_size > self->torn_offset && operations->truncate(self->fd, self->torn_offset) < 0)
    return FALSE;
  if (self->syncs_cuts && operations->sync(self->fd) < 0)
    return FALSE;
  self->torn_offset = -1;
  return TRUE;
}

/* What is torn is cut while the lock is still held: afterwards another writer
 * may have added to it. */
void
jam_append_file_close(JamAppendFile *self)
{
  if (self->fd < 0)
    return;
  if (self->torn_offset >= 0 && self->is_locked)
    _cut_torn_batch(self);
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
  self->is_locked = jam_file_lock(self->fd);
  if (self->is_locked)
    return TRUE;
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
  switch (jam_last_line_repair(self->opener->operations, self->fd, size))
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
    {
      self->torn_offset = -1;
      self->is_name_synced = FALSE;
    }
  /* a new file may have the number of one that was removed */
  if (st.st_size == 0)
    self->is_name_synced = FALSE;
  self->device = st.st_dev;
  self->inode = st.st_ino;
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

gboolean
jam_append_file_settle(JamAppendFile *self, GError **error)
{
  if (self->fd < 0 || self->torn_offset < 0 || _cut_torn_batch(self))
    return TRUE;
  return _fail(self, "cannot truncate a failed batch in", errno, error);
}

/* A file that was moved is settled before it is let go. */
static gboolean
_open_what_is_at_path(JamAppendFile *self, GError **error)
{
  if (!jam_append_file_settle(self, error))
    return FALSE;
  if (self->fd >= 0 && _was_moved(self))
    jam_append_file_close(self);
  return jam_append_file_open(self, error) && jam_append_file_settle(self, error);
}

/* Whoever made the file may have been killed before it came to that, or have had no
 * need of it. */
static gboolean
_sync_name(JamAppendFile *self, GError **error)
{
  if (!self->is_name_synced && !jam_file_sync_name(self->opener, self->path))
    return _fail(self, "cannot sync the directory of", errno, error);
  self->is_name_synced = TRUE;
  return TRUE;
}

gboolean
jam_append_file_prepare(JamAppendFile *self, GError **error)
{
  struct stat st;

  if (!_open_what_is_at_path(self, error))
    return FALSE;
  if (fstat(self->fd, &st) < 0)
    return _fail(self, "cannot stat", errno, error);
  /* so that after a crash a file that is gone was surely removed by somebody */
  if (self->syncs_cuts && !_sync_name(self, error))
    return FALSE;
  self->batch_offset = st.st_size;
  self->last_used = g_get_monotonic_time();
  return TRUE;
}

gboolean
jam_append_file_write_prepared(JamAppendFile *self, GError **error)
{
  self->is_written = TRUE;
  if (jam_file_write_all(self->opener, self->fd, self->batch.data, self->batch.length))
    return TRUE;
  _fail(self, "cannot write", errno, error);
  jam_append_file_take_back(self);
  return FALSE;
}

gboolean
jam_append_file_write(JamAppendFile *self, GError **error)
{
  return jam_append_file_prepare(self, error) && jam_append_file_write_prepared(self, error);
}

gboolean
jam_append_file_sync(JamAppendFile *self, GError **error)
{
  if (self->opener->operations->sync(self->fd) < 0)
    return _fail(self, "cannot sync", errno, error);
  return _sync_name(self, error);
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
  self->torn_offset = self->batch_offset;
  self->torn_end = self->batch_offset + self->batch.length;
  _cut_torn_batch(self);
}

void
jam_append_file_forget_batch(JamAppendFile *self)
{
  jam_buffer_reset(&self->batch, KEPT_BATCH_BYTES);
  self->is_written = FALSE;
}
