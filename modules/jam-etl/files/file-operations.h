/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_FILE_OPERATIONS_H_INCLUDED
#define JAM_FILE_OPERATIONS_H_INCLUDED

#include <glib.h>
#include <sys/stat.h>

/* The seam below the files of a sink: whatever changes a file or a name goes
 * through here, so that tests can record it, and let it fail. */

/* What is done to an open file. Each returns -1 with errno, as the system's own. */
typedef struct _JamFileOperations
{
  gssize (*write)(gint fd, const void *bytes, gsize length);
  gint (*truncate)(gint fd, goffset size);
  /* content and size are on disk */
  gint (*sync)(gint fd);
  /* the names in a directory are on disk */
  gint (*sync_directory)(gint fd);
} JamFileOperations;

/* The system's own. */
extern const JamFileOperations jam_file_operations;

/* How files are opened: what the host program has to say in it. */
typedef struct _JamFileOpener JamFileOpener;

struct _JamFileOpener
{
  const JamFileOperations *operations;
  /* Opens @path for reading and appending, making it and its directories where they are
   * missing. Returns a descriptor that is closed on exec, or -1 with errno. */
  gint (*open)(JamFileOpener *self, const gchar *path);
  /* Opens the directory at @path for reading, as above. */
  gint (*open_directory)(JamFileOpener *self, const gchar *path);
  /* As stat(). */
  gint (*stat)(JamFileOpener *self, const gchar *path, struct stat *st);
  /* As rename(), link() and unlink(). */
  gint (*rename)(JamFileOpener *self, const gchar *from, const gchar *to);
  gint (*link)(JamFileOpener *self, const gchar *from, const gchar *to);
  gint (*unlink)(JamFileOpener *self, const gchar *path);
  /* Tells the operator that @what has happened to the file at @path. */
  void (*warn)(JamFileOpener *self, const gchar *path, const gchar *what);
};

/* Locks the file behind @fd against other writers of this kind (flock), waiting for
 * them about a second. Returns FALSE with errno, EWOULDBLOCK if it is in use. */
gboolean jam_file_lock(gint fd);

/* Appends all @length bytes. Returns FALSE with errno; some of them may be there. */
gboolean jam_file_write_all(JamFileOpener *opener, gint fd, const void *bytes, gsize length);

/* Reads all @length bytes at @offset. Returns FALSE with errno, EIO if the file is shorter. */
gboolean jam_file_read_all(gint fd, void *bytes, gsize length, goffset offset);

/* Sees to it that the name of the file at @path is on disk, and the names of the
 * directories above, which may be as new. Returns FALSE with errno. */
gboolean jam_file_sync_name(JamFileOpener *opener, const gchar *path);

#endif
