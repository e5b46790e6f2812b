/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_APPEND_FILE_H_INCLUDED
#define JAM_APPEND_FILE_H_INCLUDED

#include "core/buffer.h"

#include <sys/stat.h>

/* A file of lines that only grows by whole batches: a batch is gathered in
 * memory, written at once, and taken back if anything fails. While the file is
 * open it is locked (flock) against other writers of this kind, which alone
 * makes cutting it back safe. */

/* How files are opened: what the host program has to say in it. */
typedef struct _JamFileOpener JamFileOpener;

struct _JamFileOpener
{
  /* Opens @path for reading and appending, making it and its directories where they are
   * missing. Returns a descriptor that is closed on exec, or -1 with errno. */
  gint (*open)(JamFileOpener *self, const gchar *path);
  /* Opens the directory at @path for reading, as above. */
  gint (*open_directory)(JamFileOpener *self, const gchar *path);
  /* As stat(). */
  gint (*stat)(JamFileOpener *self, const gchar *path, struct stat *st);
  /* Tells the operator that @what has happened to the file at @path. */
  void (*warn)(JamFileOpener *self, const gchar *path, const gchar *what);
};

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
  /* where the batch was put, while it can still be taken back */
  goffset batch_offset;
  gboolean is_written;
  /* a batch could not be taken back: its rest must be cut off before anything
   * else is written; -1 if there is none */
  goffset torn_offset;
  /* the file's entry in its directory is not known to be on disk */
  gboolean is_new;
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

/* Writes the batch behind what the file holds, to the file that is at the path
 * now. On failure returns FALSE and sets @error; nothing of the batch is there. */
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
