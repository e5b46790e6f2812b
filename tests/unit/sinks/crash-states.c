/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "crash-states.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

/* small, so that a row takes some */
#define PAGE 512
#define MAX_BITS 30

struct _CrashStates
{
  const GArray *operations;
  guint n;
  /* operations that may be lost, by index, and how many bits say how */
  guint *bits;
  guint n_bits;
  /* indices of operations on names that may be lost, in order */
  GArray *names;
};

static const RecordedOperation *
_operation(const CrashStates *self, guint i)
{
  return &g_array_index(self->operations, RecordedOperation, i);
}

static gboolean
_is_name_operation(const RecordedOperation *operation)
{
  switch (operation->kind)
    {
    case RECORDED_MAKE_DIRECTORY:
    case RECORDED_CREATE:
    case RECORDED_RENAME:
    case RECORDED_LINK:
    case RECORDED_UNLINK:
      return TRUE;
    default:
      return FALSE;
    }
}

static guint
_count_pages(const RecordedOperation *operation)
{
  return (operation->offset + operation->length - 1) / PAGE - operation->offset / PAGE + 1;
}

static gboolean
_is_synced_later(const CrashStates *self, guint i)
{
  const RecordedOperation *operation = _operation(self, i);

  for (guint k = i + 1; k < self->n; k++)
    {
      const RecordedOperation *later = _operation(self, k);
      if (later->kind == RECORDED_SYNC && later->file == operation->file)
        return TRUE;
    }
  return FALSE;
}

static gboolean
_is_name_synced_later(const CrashStates *self, guint i)
{
  gchar *directory = g_path_get_dirname(_operation(self, i)->path);
  gboolean found = FALSE;

  for (guint k = i + 1; k < self->n && !found; k++)
    {
      const RecordedOperation *later = _operation(self, k);
      found = later->kind == RECORDED_SYNC_DIRECTORY && strcmp(later->path, directory) == 0;
    }
  g_free(directory);
  return found;
}

static void
_add_bits(CrashStates *self, guint i, guint n)
{
  self->bits[i] = n;
  self->n_bits += n;
}

static void
_find_what_may_be_lost(CrashStates *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      const RecordedOperation *operation = _operation(self, i);

      if (operation->kind == RECORDED_WRITE && !_is_synced_later(self, i))
        _add_bits(self, i, _count_pages(operation) + 1);
      else if (operation->kind == RECORDED_TRUNCATE && !_is_synced_later(self, i))
        _add_bits(self, i, 1);
      else if (_is_name_operation(operation) && !_is_name_synced_later(self, i))
        g_array_append_val(self->names, i);
    }
}

CrashStates *
crash_states_new(const GArray *operations, guint n, gboolean power_cut)
{
  CrashStates *self = g_new0(CrashStates, 1);

  self->operations = operations;
  self->n = n;
  self->bits = g_new0(guint, n + 1);
  self->names = g_array_new(FALSE, FALSE, sizeof(guint));
  if (power_cut)
    _find_what_may_be_lost(self);
  else if (n > 0 && _operation(self, n - 1)->kind == RECORDED_WRITE)
    _add_bits(self, n - 1, _count_pages(_operation(self, n - 1)));
  return self;
}

void
crash_states_free(CrashStates *self)
{
  g_array_unref(self->names);
  g_free(self->bits);
  g_free(self);
}

guint
crash_states_count(const CrashStates *self)
{
  return (self->names->len + 1) << MIN(self->n_bits, MAX_BITS - self->names->len);
}

/* A disk in the making. */
typedef struct _Disk
{
  /* GByteArray, by the file's number */
  GPtrArray *files;
  /* path to number + 1, or to DIRECTORY */
  GHashTable *names;
} Disk;

#define DIRECTORY G_MAXINT

static void
_put(GByteArray *file, goffset offset, const gchar *bytes, gsize length)
{
  guint old_length = file->len;

  if (offset + length > old_length)
    {
      g_byte_array_set_size(file, offset + length);
      memset(file->data + old_length, 0, offset + length - old_length);
    }
  if (bytes)
    memcpy(file->data + offset, bytes, length);
}

/* Bit number i of @kept is page number i; the bit behind them keeps the length. */
static void
_write_pages(GByteArray *file, const RecordedOperation *operation, guint64 kept)
{
  guint n_pages = _count_pages(operation);
  goffset end = operation->offset + operation->length;

  for (guint i = 0; i < n_pages; i++)
    {
      goffset from = MAX(operation->offset, (operation->offset / PAGE + i) * PAGE);
      goffset to = MIN(end, (operation->offset / PAGE + i + 1) * PAGE);

      if (kept & (G_GUINT64_CONSTANT(1) << i))
        _put(file, from, operation->bytes + (from - operation->offset), to - from);
    }
  if (kept & (G_GUINT64_CONSTANT(1) << n_pages))
    _put(file, end, NULL, 0);
}

static void
_change_file(Disk *disk, const RecordedOperation *operation, guint64 kept)
{
  GByteArray *file = g_ptr_array_index(disk->files, operation->file);

  if (operation->kind == RECORDED_WRITE)
    _write_pages(file, operation, kept);
  else if (kept & 1)
    g_byte_array_set_size(file, MIN((goffset) file->len, operation->offset));
}

static void
_change_names(Disk *disk, const RecordedOperation *operation)
{
  gpointer old;

  switch (operation->kind)
    {
    case RECORDED_MAKE_DIRECTORY:
      g_hash_table_insert(disk->names, operation->path, GUINT_TO_POINTER(DIRECTORY));
      break;
    case RECORDED_CREATE:
      g_hash_table_insert(disk->names, operation->path, GUINT_TO_POINTER(operation->file + 1));
      break;
    case RECORDED_RENAME:
    case RECORDED_LINK:
      old = g_hash_table_lookup(disk->names, operation->path);
      if (operation->kind == RECORDED_RENAME)
        g_hash_table_remove(disk->names, operation->path);
      if (old)
        g_hash_table_insert(disk->names, operation->new_path, old);
      break;
    default:
      g_hash_table_remove(disk->names, operation->path);
      break;
    }
}

static gboolean
_is_name_lost(const CrashStates *self, guint i, guint n_names_kept)
{
  for (guint k = n_names_kept; k < self->names->len; k++)
    {
      if (g_array_index(self->names, guint, k) == i)
        return TRUE;
    }
  return FALSE;
}

static void
_free_bytes(gpointer s)
{
  g_byte_array_unref(s);
}

static void
_run(const CrashStates *self, guint index, Disk *disk)
{
  guint64 choice = index / (self->names->len + 1);
  guint n_names_kept = self->names->len - index % (self->names->len + 1);
  gsize n_files = 0;

  /* number 0 keeps all */
  choice = ~choice;
  for (guint i = 0; i < self->n; i++)
    n_files += _operation(self, i)->kind == RECORDED_CREATE;
  for (gsize i = 0; i < n_files; i++)
    g_ptr_array_add(disk->files, g_byte_array_new());
  for (guint i = 0; i < self->n; i++)
    {
      const RecordedOperation *operation = _operation(self, i);

      if (operation->kind == RECORDED_WRITE || operation->kind == RECORDED_TRUNCATE)
        _change_file(disk, operation, self->bits[i] > 0 ? choice : G_MAXUINT64);
      else if (_is_name_operation(operation) && !_is_name_lost(self, i, n_names_kept))
        _change_names(disk, operation);
      choice = self->bits[i] > 0 ? choice >> self->bits[i] | ~(G_MAXUINT64 >> self->bits[i]) : choice;
    }
}

static void
_store_name(gpointer key, gpointer value, gpointer user_data)
{
  gpointer *arguments = user_data;
  const Disk *disk = arguments[0];
  gchar *path = g_build_filename(arguments[1], key, NULL);
  gchar *parent = g_path_get_dirname(path);

  if (GPOINTER_TO_UINT(value) == DIRECTORY)
    g_mkdir_with_parents(path, 0700);
  else if (arguments[2])
    {
      const GByteArray *file = g_ptr_array_index(disk->files, GPOINTER_TO_UINT(value) - 1);
      /* where the folder was lost, so was the file */
      if (g_file_test(parent, G_FILE_TEST_IS_DIR))
        cr_assert(g_file_set_contents_full(path, file->len ? (gchar *) file->data : "", file->len,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    }
  g_free(parent);
  g_free(path);
}

void
crash_states_make(const CrashStates *self, guint index, const gchar *directory)
{
  Disk disk = {
    .files = g_ptr_array_new_with_free_func(_free_bytes),
    .names = g_hash_table_new(g_str_hash, g_str_equal),
  };
  gpointer arguments[] = { &disk, (gpointer) directory, NULL };

  _run(self, index, &disk);
  g_hash_table_foreach(disk.names, _store_name, arguments);
  arguments[2] = GINT_TO_POINTER(TRUE);
  g_hash_table_foreach(disk.names, _store_name, arguments);
  g_ptr_array_unref(disk.files);
  g_hash_table_unref(disk.names);
}
