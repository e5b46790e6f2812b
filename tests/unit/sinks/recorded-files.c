/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "recorded-files.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* operations on descriptors know no object */
static RecordedFiles *recorder;

typedef enum
{
  DO_IT,
  DO_HALF_AND_FAIL,
  DO_HALF,
  FAIL,
} Verdict;

static Verdict
_judge(void)
{
  if (recorder->fault == FAULT_NONE)
    return DO_IT;
  if (recorder->fault_in > 0)
    {
      recorder->fault_in--;
      return DO_IT;
    }
  switch (recorder->fault)
    {
    case FAULT_KILL:
      errno = EIO;
      return FAIL;
    case FAULT_DISK_FULL:
      recorder->fault = FAULT_NONE;
      errno = ENOSPC;
      return DO_HALF_AND_FAIL;
    case FAULT_SHORT_WRITE:
      recorder->fault = FAULT_NONE;
      return DO_HALF;
    default:
      recorder->fault = FAULT_NONE;
      errno = EIO;
      return FAIL;
    }
}

static gboolean
_fails(void)
{
  Verdict verdict = _judge();

  return verdict == FAIL || verdict == DO_HALF_AND_FAIL;
}

static const gchar *
_relative(const gchar *path)
{
  gsize length = strlen(recorder->directory);

  cr_assert(g_str_has_prefix(path, recorder->directory), "%s", path);
  return path[length] == '\0' ? "." : path + length + 1;
}

static RecordedOperation *
_record(RecordedKind kind, const gchar *path)
{
  RecordedOperation operation = { .kind = kind, .path = path ? g_strdup(_relative(path)) : NULL };

  g_array_append_val(recorder->operations, operation);
  return &g_array_index(recorder->operations, RecordedOperation, recorder->operations->len - 1);
}

static gpointer
_inode_key(gint fd)
{
  struct stat st;

  cr_assert_eq(fstat(fd, &st), 0);
  return GSIZE_TO_POINTER(st.st_ino);
}

static guint
_number_of(gint fd)
{
  guint number = GPOINTER_TO_UINT(g_hash_table_lookup(recorder->numbers, _inode_key(fd)));

  return number - 1;
}

static gssize
_write(gint fd, const void *bytes, gsize length)
{
  Verdict verdict = _judge();
  gint fault_errno = errno;
  RecordedOperation *operation;
  gssize written;

  if (verdict == FAIL)
    return -1;
  if (verdict != DO_IT)
    length = MAX(length / 2, 1);
  operation = _record(RECORDED_WRITE, NULL);
  operation->file = _number_of(fd);
  operation->offset = lseek(fd, 0, SEEK_END);
  operation->bytes = g_memdup2(bytes, length);
  operation->length = length;
  written = write(fd, bytes, length);
  cr_assert_eq(written, (gssize) length);
  errno = fault_errno;
  return verdict == DO_HALF_AND_FAIL ? -1 : written;
}

static gint
_truncate(gint fd, goffset size)
{
  RecordedOperation *operation;

  if (_fails())
    return -1;
  operation = _record(RECORDED_TRUNCATE, NULL);
  operation->file = _number_of(fd);
  operation->offset = size;
  return ftruncate(fd, size);
}

static gint
_sync(gint fd)
{
  if (_fails())
    return -1;
  _record(RECORDED_SYNC, NULL)->file = _number_of(fd);
  return 0;
}

static gint
_sync_directory(gint fd)
{
  gchar *link = g_strdup_printf("/proc/self/fd/%d", fd);
  gchar *path = g_file_read_link(link, NULL);
  gboolean fails = FALSE;

  /* those above the folder were there before */
  if (g_str_has_prefix(path, recorder->directory))
    {
      fails = _fails();
      if (!fails)
        _record(RECORDED_SYNC_DIRECTORY, path);
    }
  g_free(path);
  g_free(link);
  return fails ? -1 : 0;
}

static const JamFileOperations recording_operations = {
  .write = _write,
  .truncate = _truncate,
  .sync = _sync,
  .sync_directory = _sync_directory,
};

static void
_make_directories(const gchar *path)
{
  gchar *directory = g_path_get_dirname(path);

  if (!g_file_test(directory, G_FILE_TEST_IS_DIR))
    {
      _make_directories(directory);
      mkdir(directory, 0700);
      _record(RECORDED_MAKE_DIRECTORY, directory);
    }
  g_free(directory);
}

static gint
_open(JamFileOpener *s, const gchar *path)
{
  RecordedFiles *self = (RecordedFiles *) s;
  gboolean is_new = !g_file_test(path, G_FILE_TEST_EXISTS);
  gint fd;

  if ((is_new || self->fault == FAULT_KILL) && _fails())
    return -1;
  _make_directories(path);
  fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd >= 0 && is_new)
    {
      _record(RECORDED_CREATE, path)->file = self->n_files++;
      g_hash_table_replace(self->numbers, _inode_key(fd), GUINT_TO_POINTER(self->n_files));
    }
  return fd;
}

static gint
_open_directory(JamFileOpener *s G_GNUC_UNUSED, const gchar *path)
{
  return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static gint
_stat(JamFileOpener *s G_GNUC_UNUSED, const gchar *path, struct stat *st)
{
  return stat(path, st);
}

static gint
_give_name(RecordedKind kind, gint (*function)(const gchar *, const gchar *), const gchar *from, const gchar *to)
{
  if (_fails())
    return -1;
  _record(kind, from)->new_path = g_strdup(_relative(to));
  return function(from, to);
}

static gint
_rename(JamFileOpener *s G_GNUC_UNUSED, const gchar *from, const gchar *to)
{
  return _give_name(RECORDED_RENAME, rename, from, to);
}

static gint
_link(JamFileOpener *s G_GNUC_UNUSED, const gchar *from, const gchar *to)
{
  return _give_name(RECORDED_LINK, link, from, to);
}

static gint
_unlink(JamFileOpener *s G_GNUC_UNUSED, const gchar *path)
{
  if (_fails())
    return -1;
  _record(RECORDED_UNLINK, path);
  return unlink(path);
}

static void
_warn(JamFileOpener *s, const gchar *path G_GNUC_UNUSED, const gchar *what G_GNUC_UNUSED)
{
  RecordedFiles *self = (RecordedFiles *) s;

  self->n_warnings++;
}

static void
_operation_clear(gpointer s)
{
  RecordedOperation *self = s;

  g_free(self->path);
  g_free(self->new_path);
  g_free(self->bytes);
}

void
recorded_files_init(RecordedFiles *self, const gchar *directory)
{
  *self = (RecordedFiles)
  {
    .opener =
    {
      .operations = &recording_operations,
      .open = _open,
      .open_directory = _open_directory,
      .stat = _stat,
      .rename = _rename,
      .link = _link,
      .unlink = _unlink,
      .warn = _warn,
    },
    .directory = g_strdup(directory),
    .operations = g_array_new(FALSE, FALSE, sizeof(RecordedOperation)),
    .numbers = g_hash_table_new(NULL, NULL),
  };
  g_array_set_clear_func(self->operations, _operation_clear);
  recorder = self;
}

void
recorded_files_clear(RecordedFiles *self)
{
  g_free(self->directory);
  g_array_unref(self->operations);
  g_hash_table_unref(self->numbers);
  recorder = NULL;
}

void
recorded_files_set_fault(RecordedFiles *self, RecordedFault fault, guint n)
{
  self->fault = fault;
  self->fault_in = n;
}

void
recorded_files_remove(RecordedFiles *self, const gchar *name)
{
  gchar *path = g_build_filename(self->directory, name, NULL);

  self->opener.unlink(&self->opener, path);
  g_free(path);
}
