/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JOURNAL_FILE_H_INCLUDED
#define JAM_JOURNAL_FILE_H_INCLUDED

#include "core/bytes/buffer.h"
#include "files/file-operations.h"

/* The file that a journal is kept in: it grows by whole records, and is replaced
 * as a whole. It is locked (flock) while it is open. All that returns FALSE sets
 * @error (domain G_FILE_ERROR). */
typedef struct _JamJournalFile
{
  gchar *path;
  JamFileOpener *opener;
  /* what is written is on disk before a function returns */
  gboolean fsync;
  gint fd;
  /* which file that is, or was before it was closed */
  dev_t device;
  ino_t inode;
  /* bytes that hold; what is behind them must be cut off first */
  goffset size;
  gboolean is_torn;
  gboolean is_name_synced;
} JamJournalFile;

/* What is at the path. */
typedef enum
{
  JAM_JOURNAL_FILE_MISSING,
  /* the file that was opened last */
  JAM_JOURNAL_FILE_SAME,
  JAM_JOURNAL_FILE_OTHER,
  /* it cannot be known now */
  JAM_JOURNAL_FILE_UNKNOWN,
} JamJournalFilePlace;

/* @opener must outlive @self. */
void jam_journal_file_init(JamJournalFile *self, const gchar *path, gboolean fsync, JamFileOpener *opener);
void jam_journal_file_clear(JamJournalFile *self);

/* Returns what is at the path now, and why that is JAM_JOURNAL_FILE_UNKNOWN in @error. */
JamJournalFilePlace jam_journal_file_look(const JamJournalFile *self, GError **error);

/* Opens and locks the file, making it where it is missing. */
gboolean jam_journal_file_open(JamJournalFile *self, GError **error);
void jam_journal_file_close(JamJournalFile *self);

/* Appends what the file holds to @out, up to @max_length bytes. */
gboolean jam_journal_file_read(JamJournalFile *self, gsize max_length, JamBuffer *out, GError **error);

/* Appends @bytes. On failure nothing of them counts. */
gboolean jam_journal_file_append(JamJournalFile *self, const JamBuffer *bytes, GError **error);

/* The same for what may be lost with the machine. */
gboolean jam_journal_file_append_unsynced(JamJournalFile *self, const JamBuffer *bytes, GError **error);

/* Takes all behind the first @size bytes for torn. */
void jam_journal_file_cut(JamJournalFile *self, goffset size);

/* Puts a new file that holds @bytes in the place of the one at the path, and opens
 * it. On failure the old one stays. */
gboolean jam_journal_file_replace(JamJournalFile *self, const JamBuffer *bytes, GError **error);

/* Keeps the file under the name PATH.damaged. It may be gone from PATH then. */
gboolean jam_journal_file_set_aside(JamJournalFile *self, GError **error);

#endif
