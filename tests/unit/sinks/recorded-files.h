/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef RECORDED_FILES_H_INCLUDED
#define RECORDED_FILES_H_INCLUDED

#include "files/file-operations.h"

/* Everything that a sink does to files, recorded; any of it can be made to fail. */

typedef enum
{
  RECORDED_MAKE_DIRECTORY,
  RECORDED_CREATE,
  RECORDED_WRITE,
  RECORDED_TRUNCATE,
  RECORDED_SYNC,
  RECORDED_SYNC_DIRECTORY,
  RECORDED_RENAME,
  RECORDED_LINK,
  RECORDED_UNLINK,
} RecordedKind;

typedef struct _RecordedOperation
{
  RecordedKind kind;
  /* number of the file, from 0, in the order of their creation */
  guint file;
  /* relative to the folder; new_path of a rename or link */
  gchar *path;
  gchar *new_path;
  /* where is written, or what is left by truncating */
  goffset offset;
  gchar *bytes;
  gsize length;
} RecordedOperation;

typedef enum
{
  FAULT_NONE,
  /* the operation fails once, with EIO */
  FAULT_IO_ERROR,
  /* half of it is written, then the disk is full once */
  FAULT_DISK_FULL,
  /* a write takes half of the bytes */
  FAULT_SHORT_WRITE,
  /* from there on nothing is done any more, as after a kill */
  FAULT_KILL,
} RecordedFault;

typedef struct _RecordedFiles
{
  JamFileOpener opener;
  gchar *directory;
  /* RecordedOperation */
  GArray *operations;
  /* inode to number + 1 */
  GHashTable *numbers;
  guint n_files;
  RecordedFault fault;
  /* operations until the fault strikes */
  guint fault_in;
  guint n_warnings;
} RecordedFiles;

/* Records what is done in @directory, and does it, but for syncing, which takes time.
 * Only one such object may be in use at a time. */
void recorded_files_init(RecordedFiles *self, const gchar *directory);
void recorded_files_clear(RecordedFiles *self);

/* Lets the operation that comes after @n others fail. */
void recorded_files_set_fault(RecordedFiles *self, RecordedFault fault, guint n);

/* Removes the file called @name, as an operator may do. */
void recorded_files_remove(RecordedFiles *self, const gchar *name);

#endif
