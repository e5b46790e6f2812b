/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/jsonl/journal-file.h"

#include <errno.h>
#include <unistd.h>

/* a path may be replaced between opening and locking it, but hardly so often */
#define OPEN_ATTEMPTS 100

static gboolean
_fail(const JamJournalFile *self, const gchar *what, GError **error)
{
  gint saved_errno = errno;

  if (saved_errno == EWOULDBLOCK)
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_AGAIN, "%s is in use by another destination or process", self->path);
  else
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(saved_errno), "cannot %s the journal %s: %s", what,
                self->path, g_strerror(saved_errno));
  return FALSE;
}

void
jam_journal_file_init(JamJournalFile *self, const gchar *path, gboolean fsync, JamFileOpener *opener)
{
  *self = (JamJournalFile){
    .path = g_strdup(path),
    .opener = opener,
    .fsync = fsync,
    .fd = -1,
  };
}

void
jam_journal_file_clear(JamJournalFile *self)
{
  jam_journal_file_close(self);
  g_clear_pointer(&self->path, g_free);
}

JamJournalFilePlace
jam_journal_file_look(const JamJournalFile *self, GError **error)
{
  struct stat st;

  if (self->opener->stat(self->opener, self->path, &st) == 0)
    return st.st_dev == self->device && st.st_ino == self->inode ? JAM_JOURNAL_FILE_SAME : JAM_JOURNAL_FILE_OTHER;
  if (errno == ENOENT || errno == ENOTDIR)
    return JAM_JOURNAL_FILE_MISSING;
  _fail(self, "examine", error);
  return JAM_JOURNAL_FILE_UNKNOWN;
}

void
jam_journal_file_close(JamJournalFile *self)
{
  if (self->fd >= 0)
    close(self->fd);
  self->fd = -1;
  self->is_torn = FALSE;
}

static gboolean
_examine(JamJournalFile *self, GError **error)
{
  struct stat st;

  if (fstat(self->fd, &st) < 0)
    return _fail(self, "examine", error);
  if (!S_ISREG(st.st_mode))
    {
      g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "the journal %s is no regular file", self->path);
      return FALSE;
    }
  self->device = st.st_dev;
  self->inode = st.st_ino;
  self->size = st.st_size;
  self->is_name_synced = FALSE;
  return TRUE;
}

static gboolean
_open(JamJournalFile *self, const gchar *path, GError **error)
{
  self->fd = self->opener->open(self->opener, path);
  if (self->fd < 0)
    return _fail(self, "open", error);
  if (!jam_file_lock(self->fd))
    _fail(self, "lock", error);
  else if (_examine(self, error))
    return TRUE;
  jam_journal_file_close(self);
  return FALSE;
}

gboolean
jam_journal_file_open(JamJournalFile *self, GError **error)
{
  JamJournalFilePlace place;

  for (gint i = 0; i < OPEN_ATTEMPTS; i++)
    {
      if (!_open(self, self->path, error))
        return FALSE;
      place = jam_journal_file_look(self, error);
      if (place == JAM_JOURNAL_FILE_SAME)
        return TRUE;
      jam_journal_file_close(self);
      if (place == JAM_JOURNAL_FILE_UNKNOWN)
        return FALSE;
    }
  errno = EWOULDBLOCK;
  return _fail(self, "open", error);
}

gboolean
jam_journal_file_read(JamJournalFile *self, gsize max_length, JamBuffer *out, GError **error)
{
  gsize length = MIN((gsize) self->size, max_length);

  jam_buffer_reserve(out, length);
  if (!jam_file_read_all(self->fd, out->data + out->length, length, 0))
    return _fail(self, "read", error);
  out->length += length;
  return TRUE;
}

void
jam_journal_file_cut(JamJournalFile *self, goffset size)
{
  self->size = size;
  self->is_torn = TRUE;
}

static gboolean
_cut_what_is_torn(JamJournalFile *self, GError **error)
{
  if (!self->is_torn)
    return TRUE;
  if (self->opener->operations->truncate(self->fd, self->size) < 0)
    return _fail(self, "cut", error);
  self->is_torn = FALSE;
  return TRUE;
}

static gboolean
_sync(JamJournalFile *self, GError **error)
{
  if (self->opener->operations->sync(self->fd) < 0)
    return _fail(self, "sync", error);
  return TRUE;
}

/* Whoever made the file may have been killed before it came to that. */
static gboolean
_sync_name(JamJournalFile *self, GError **error)
{
  if (self->is_name_synced)
    return TRUE;
  if (!jam_file_sync_name(self->opener, self->path))
    return _fail(self, "sync the directory of", error);
  self->is_name_synced = TRUE;
  return TRUE;
}

static gboolean
_append(JamJournalFile *self, const JamBuffer *bytes, gboolean fsync, GError **error)
{
  if (!_cut_what_is_torn(self, error))
    return FALSE;
  self->is_torn = TRUE;
  if (!jam_file_write_all(self->opener, self->fd, bytes->data, bytes->length))
    return _fail(self, "write", error);
  if (fsync && (!_sync(self, error) || !_sync_name(self, error)))
    return FALSE;
  self->is_torn = FALSE;
  self->size += bytes->length;
  return TRUE;
}

static gboolean
_append_or_cut(JamJournalFile *self, const JamBuffer *bytes, gboolean fsync, GError **error)
{
  if (_append(self, bytes, fsync, error))
    return TRUE;
  _cut_what_is_torn(self, NULL);
  return FALSE;
}

gboolean
jam_journal_file_append(JamJournalFile *self, const JamBuffer *bytes, GError **error)
{
  return _append_or_cut(self, bytes, self->fsync, error);
}

gboolean
jam_journal_file_append_unsynced(JamJournalFile *self, const JamBuffer *bytes, GError **error)
{
  return _append_or_cut(self, bytes, FALSE, error);
}

/* The new name is synced by the first append after that. */
static gboolean
_write_new_file(JamJournalFile *self, const JamBuffer *bytes, const gchar *path, GError **error)
{
  if (!_open(self, path, error))
    return FALSE;
  jam_journal_file_cut(self, 0);
  if (_append(self, bytes, FALSE, error) && (!self->fsync || _sync(self, error)))
    {
      if (self->opener->rename(self->opener, path, self->path) == 0)
        return TRUE;
      _fail(self, "replace", error);
    }
  self->opener->unlink(self->opener, path);
  jam_journal_file_close(self);
  return FALSE;
}

gboolean
jam_journal_file_replace(JamJournalFile *self, const JamBuffer *bytes, GError **error)
{
  JamJournalFile new_file;
  gchar *new_path = g_strconcat(self->path, ".new", NULL);
  gboolean success;

  jam_journal_file_init(&new_file, self->path, self->fsync, self->opener);
  success = _write_new_file(&new_file, bytes, new_path, error);
  g_free(new_path);
  if (success)
    {
      jam_journal_file_clear(self);
      *self = new_file;
    }
  else
    jam_journal_file_clear(&new_file);
  return success;
}

/* With a link the journal is never missing, which would be forgetting all; not every
 * file system has them. */
gboolean
jam_journal_file_set_aside(JamJournalFile *self, GError **error)
{
  JamFileOpener *opener = self->opener;
  gchar *path = g_strconcat(self->path, ".damaged", NULL);
  gboolean success;

  opener->unlink(opener, path);
  success = opener->link(opener, self->path, path) == 0 || opener->rename(opener, self->path, path) == 0
            || _fail(self, "set aside", error);
  g_free(path);
  return success;
}
