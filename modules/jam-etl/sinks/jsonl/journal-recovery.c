/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/jsonl/journal-recovery.h"
#include "files/last-line.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define ROW_ID_KEY "\"row_id\":\""

typedef enum
{
  /* the file is not there, or is another: what became of the batch it cannot tell */
  PART_GONE,
  /* nothing of the batch is there */
  PART_ABSENT,
  PART_WHOLE,
  /* whole, and somebody has added to the file */
  PART_WHOLE_BEFORE_OTHERS,
  /* the beginning of it, which can be cut off */
  PART_UNFINISHED,
  /* somebody else has written there */
  PART_OTHERS,
} PartState;

/* A part of the batch and the file that it was found in. */
typedef struct _FoundPart
{
  const JamJournalPart *part;
  gchar *path;
  gint fd;
  /* the file is the one that was written to, not another in its place */
  gboolean is_same_file;
  PartState state;
} FoundPart;

static void
_found_part_clear(gpointer s)
{
  FoundPart *self = s;

  if (self->fd >= 0)
    close(self->fd);
  g_free(self->path);
}

static gboolean
_fail(const gchar *what, const gchar *path, GError **error)
{
  gint saved_errno = errno;

  g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(saved_errno), "cannot %s %s: %s", what, path,
              g_strerror(saved_errno));
  return FALSE;
}

/* A disk that does not answer is no place where nothing is. */
static gboolean
_is_nothing_there(gint error_number)
{
  return error_number == ENOENT || error_number == ENOTDIR;
}

/* Stores the inode of the regular file at @path, or 0 if there is none. */
static gboolean
_look_at(JamFileOpener *opener, const gchar *path, ino_t *inode, GError **error)
{
  struct stat st;

  *inode = 0;
  if (opener->stat(opener, path, &st) < 0)
    return _is_nothing_there(errno) || _fail("examine", path, error);
  if (S_ISREG(st.st_mode))
    *inode = st.st_ino;
  return TRUE;
}

/* Stores the path of the file with @inode in @directory, or NULL. */
static gboolean
_find_inode(JamFileOpener *opener, const gchar *directory, ino_t inode, gchar **path, GError **error)
{
  gint fd = opener->open_directory(opener, directory);
  DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
  struct dirent *entry;

  *path = NULL;
  if (fd < 0)
    return _is_nothing_there(errno) || _fail("open", directory, error);
  if (!dir)
    {
      close(fd);
      return _fail("read", directory, error);
    }
  while (!*path && (entry = readdir(dir)))
    {
      if (entry->d_ino == inode)
        *path = g_build_filename(directory, entry->d_name, NULL);
    }
  closedir(dir);
  return TRUE;
}

/* Sets @found's path to where the part's file is now; leaves it NULL if it is gone. */
static gboolean
_find_file(JamFileOpener *opener, FoundPart *found, const gchar *path, GError **error)
{
  gchar *directory = g_path_get_dirname(path);
  gboolean success = TRUE;
  ino_t inode;

  if (!_look_at(opener, path, &inode, error))
    success = FALSE;
  else if (inode == found->part->inode)
    found->path = g_strdup(path);
  else
    success = _find_inode(opener, directory, found->part->inode, &found->path, error);
  found->is_same_file = found->path != NULL;
  if (success && !found->path && inode != 0)
    found->path = g_strdup(path);
  g_free(directory);
  return success;
}

static gboolean
_open_part(const JamJournalRecovery *self, FoundPart *found, GError **error)
{
  gchar *path = g_path_is_absolute(found->part->path) ? g_strdup(found->part->path)
                                                      : g_build_filename(self->directory, found->part->path, NULL);
  gboolean success = _find_file(self->opener, found, path, error);

  g_free(path);
  if (!success || !found->path)
    return success;
  found->fd = self->opener->open(self->opener, found->path);
  if (found->fd < 0)
    return _fail("open", found->path, error);
  return jam_file_lock(found->fd) || _fail("lock", found->path, error);
}

static gboolean
_is_row_of(const JamText *line, const JamDedupWindow *identities)
{
  const gchar *key = memmem(line->text, line->length, ROW_ID_KEY, strlen(ROW_ID_KEY));
  JamIdentity identity;

  if (!key)
    return FALSE;
  key += strlen(ROW_ID_KEY);
  return key + JAM_MESSAGE_ID_LENGTH <= line->text + line->length && jam_identity_from_hex(&identity, key)
         && jam_dedup_window_contains(identities, &identity);
}

/* A power cut leaves zeros in place of what was not on disk yet. */
static gboolean
_has_zeros(const JamText *line)
{
  return memchr(line->text, '\0', line->length) != NULL;
}

static gboolean
_is_line_of(const JamText *line, gboolean is_ended, const JamDedupWindow *identities)
{
  return _is_row_of(line, identities) || _has_zeros(line) || (!is_ended && jam_last_line_is_torn_row(line));
}

/* Returns TRUE if @bytes can be what a crash has left of rows of messages with
 * these @identities. */
static gboolean
_are_rows_of(const gchar *bytes, gsize length, const JamDedupWindow *identities)
{
  const gchar *end = bytes + length;

  while (bytes < end)
    {
      const gchar *newline = memchr(bytes, '\n', end - bytes);
      JamText line = { .text = bytes, .length = (newline ? newline : end) - bytes };

      if (!_is_line_of(&line, newline != NULL, identities))
        return FALSE;
      bytes = newline ? newline + 1 : end;
    }
  return TRUE;
}

static PartState
_judge_bytes(const JamJournalPart *part, const gchar *bytes, gsize length, gboolean has_more,
             const JamDedupWindow *identities)
{
  if (length == part->length && jam_journal_checksum(bytes, length) == part->checksum)
    return has_more ? PART_WHOLE_BEFORE_OTHERS : PART_WHOLE;
  if (has_more || !_are_rows_of(bytes, length, identities))
    return PART_OTHERS;
  return PART_UNFINISHED;
}

static gboolean
_judge_part(FoundPart *found, const JamDedupWindow *identities, GError **error)
{
  const JamJournalPart *part = found->part;
  struct stat st;
  guint64 there;
  gchar *bytes;
  gboolean success;

  if (fstat(found->fd, &st) < 0)
    return _fail("examine", found->path, error);
  if (!S_ISREG(st.st_mode) || (found->is_same_file && st.st_ino != part->inode))
    return TRUE;
  found->state = (guint64) st.st_size < part->before ? PART_OTHERS : PART_ABSENT;
  if ((guint64) st.st_size <= part->before)
    return TRUE;
  there = st.st_size - part->before;
  bytes = g_malloc(MIN(there, part->length));
  success = jam_file_read_all(found->fd, bytes, MIN(there, part->length), part->before);
  if (success)
    found->state = _judge_bytes(part, bytes, MIN(there, part->length), there > part->length, identities);
  else
    _fail("read", found->path, error);
  g_free(bytes);
  return success;
}

/* A file begun anew in the other's place counts only if it has what is surely ours. */
static gboolean
_find_part(const JamJournalRecovery *self, FoundPart *found, const JamDedupWindow *identities, GError **error)
{
  if (!_open_part(self, found, error))
    return FALSE;
  if (found->fd < 0)
    return TRUE;
  if (!_judge_part(found, identities, error))
    return FALSE;
  if (!found->is_same_file && found->state == PART_OTHERS)
    found->state = PART_GONE;
  return TRUE;
}

static JamDedupWindow *
_identities_of(const JamJournalBatch *batch)
{
  JamDedupWindow *identities = jam_dedup_window_new(1);

  for (guint i = 0; i < batch->identities->len; i++)
    jam_dedup_window_reserve(identities, &g_array_index(batch->identities, JamIdentity, i));
  return identities;
}

static gboolean
_find_parts(const JamJournalRecovery *self, const JamJournalBatch *batch, GArray *parts, GError **error)
{
  JamDedupWindow *identities = _identities_of(batch);
  gboolean success = TRUE;

  for (guint i = 0; i < batch->parts->len && success; i++)
    {
      FoundPart found = { .part = &g_array_index(batch->parts, JamJournalPart, i), .fd = -1 };

      success = _find_part(self, &found, identities, error);
      g_array_append_val(parts, found);
    }
  jam_dedup_window_free(identities);
  return success;
}

static gboolean
_is_whole(const GArray *parts)
{
  for (guint i = 0; i < parts->len; i++)
    {
      PartState state = g_array_index(parts, FoundPart, i).state;
      if (state != PART_WHOLE && state != PART_WHOLE_BEFORE_OTHERS)
        return FALSE;
    }
  return TRUE;
}

static gboolean
_sync_part(const JamJournalRecovery *self, const FoundPart *found, GError **error)
{
  if (!self->fsync)
    return TRUE;
  return (self->opener->operations->sync(found->fd) == 0 && jam_file_sync_name(self->opener, found->path))
         || _fail("sync", found->path, error);
}

static gboolean
_cut_part(const JamJournalRecovery *self, const FoundPart *found, GError **error)
{
  switch (found->state)
    {
    case PART_WHOLE:
    case PART_UNFINISHED:
      if (self->opener->operations->truncate(found->fd, found->part->before) < 0)
        return _fail("truncate an incomplete batch in", found->path, error);
      return _sync_part(self, found, error);
    case PART_WHOLE_BEFORE_OTHERS:
    case PART_OTHERS:
      self->opener->warn(self->opener, found->path,
                         "a crash left an incomplete batch, and another process has changed the file since: "
                         "the file is not truncated, and may hold rows of that batch that are written again");
      return TRUE;
    default:
      return TRUE;
    }
}

static gboolean
_for_each_part(const JamJournalRecovery *self, GArray *parts,
               gboolean (*step)(const JamJournalRecovery *, const FoundPart *, GError **), GError **error)
{
  for (guint i = 0; i < parts->len; i++)
    {
      if (!step(self, &g_array_index(parts, FoundPart, i), error))
        return FALSE;
    }
  return TRUE;
}

/* Some part shows that the batch was not finished. That another's file was moved,
 * changed or removed shows nothing: the batch may have been acknowledged, so what
 * is whole must stay. */
static gboolean
_is_surely_unfinished(const GArray *parts)
{
  for (guint i = 0; i < parts->len; i++)
    {
      PartState state = g_array_index(parts, FoundPart, i).state;
      if (state == PART_ABSENT || state == PART_UNFINISHED)
        return TRUE;
    }
  return FALSE;
}

static JamJournalBatchState
_recover_parts(const JamJournalRecovery *self, GArray *parts, gboolean may_cut, GError **error)
{
  if (_is_whole(parts))
    return _for_each_part(self, parts, _sync_part, error) ? JAM_JOURNAL_BATCH_WHOLE : JAM_JOURNAL_BATCH_UNKNOWN;
  if (!_is_surely_unfinished(parts))
    self->opener->warn(self->opener, self->directory,
                       "files were removed or changed after a crash, before they were looked at: it is not known "
                       "whether the last batch was finished, and rows of it may be written twice");
  else if (may_cut && !_for_each_part(self, parts, _cut_part, error))
    return JAM_JOURNAL_BATCH_UNKNOWN;
  return JAM_JOURNAL_BATCH_NOT_WHOLE;
}

JamJournalBatchState
jam_journal_recover_batch(const JamJournalRecovery *self, const JamJournalBatch *batch, gboolean may_cut,
                          GError **error)
{
  GArray *parts = g_array_new(FALSE, FALSE, sizeof(FoundPart));
  JamJournalBatchState state = JAM_JOURNAL_BATCH_UNKNOWN;

  g_array_set_clear_func(parts, _found_part_clear);
  if (_find_parts(self, batch, parts, error))
    state = _recover_parts(self, parts, may_cut, error);
  g_array_unref(parts);
  return state;
}
