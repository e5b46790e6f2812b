/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_APPEND_FILE_H_INCLUDED
#define JAM_APPEND_FILE_H_INCLUDED

#include "core/bytes/buffer.h"
#include "files/file-operations.h"

/* A file of lines that only grows by whole batches: a batch is gathered in
 * memory, written at once, and taken back if anything fails. While the file is
 * open it is locked (flock) against other writers of this kind, which alone
 * makes cutting it back safe. */

typedef struct _JamAppendFile
{
  gchar *path;
  JamFileOpener *opener;
  gint fd;
  /* which file that is, or was before it was closed */
  dev_t device;
  ino_t inode;
  gboolean is_locked;
  /* lines gathered for the batch */
  JamBuffer batch;
  /* where the batch is put, and whether some of it is there that can still be
   * taken back */
  goffset batch_offset;
  gboolean is_written;
  /* what is cut off is off the disk before anything else is done */
  gboolean syncs_cuts;
  /* a batch could not be taken back: its rest must be cut off before anything
   * else is written; -1 if there is none */
  goffset torn_offset;
  /* where it ends, if nobody else has written there */
  goffset torn_end;
  /* the file's entry in its directory is known to be on disk */
  gboolean is_name_synced;
  /* monotonic microseconds */
  gint64 last_used;
} JamAppendFile;

/* Returns a file that is not open yet. @opener must outlive it. */
JamAppendFile *jam_append_file_new(const gchar *path, JamFileOpener *opener);

/* Closes the file, forgets the batch and frees all. */
void jam_append_file_free(JamAppendFile *self);

/* Opens the file unless it is open, locks it, and repairs its last line, with a
 * warning: see jam_last_line_repair(). Returns FALSE and sets @error (domain G_FILE_ERROR). */
gboolean jam_append_file_open(JamAppendFile *self, GError **error);

/* Closes the file; it is opened again when needed. */
void jam_append_file_close(JamAppendFile *self);

/* Cuts off what a batch that could not be taken back has left. On failure returns
 * FALSE and sets @error. */
gboolean jam_append_file_settle(JamAppendFile *self, GError **error);

/* Opens the file that is at the path now, settles it, and finds out where the batch
 * will stand. On failure returns FALSE and sets @error. */
gboolean jam_append_file_prepare(JamAppendFile *self, GError **error);

/* Writes the batch to the file that was prepared. On failure returns FALSE and sets
 * @error; nothing of the batch is there. */
gboolean jam_append_file_write_prepared(JamAppendFile *self, GError **error);

/* Prepares the file and writes the batch. */
gboolean jam_append_file_write(JamAppendFile *self, GError **error);

/* Makes sure that the file and its place in the directory are on disk. */
gboolean jam_append_file_sync(JamAppendFile *self, GError **error);

/* Lets other writers at the file while the batch is not finished yet. */
void jam_append_file_unlock(JamAppendFile *self);

/* Takes the written batch back. Where that fails it is made up for before the
 * next write. After jam_append_file_unlock() the batch stays if another writer
 * has added to the file. */
void jam_append_file_take_back(JamAppendFile *self);

/* Forgets the batch in memory; keeps it in the file if it was written. */
void jam_append_file_forget_batch(JamAppendFile *self);

#endif
