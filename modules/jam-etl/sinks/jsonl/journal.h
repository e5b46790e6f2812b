/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JOURNAL_H_INCLUDED
#define JAM_JOURNAL_H_INCLUDED

#include "core/bytes/message-id.h"
#include "files/append-file.h"

/* The commit journal of a destination that writes files: what makes each message's
 * rows stand there exactly once, whatever ends the program.
 *
 * Before a batch is written, a record says for which files, from where to where, and
 * the identities of its messages; when all of it is written, another says so. If the
 * second is missing after a crash, the files tell whether the batch is whole; what
 * is not whole is cut off, and its messages come again. What comes again of older
 * batches is known by its identity, as long as that is in the window.
 *
 * With fsync the record is on disk before the first byte of the batch, and the batch
 * before its messages are acknowledged; a batch that is taken back is off the disk
 * before the next one's record.
 *
 * Once a batch is known to be written its files are no concern of the journal any
 * more: they may be moved, rotated, removed. The journal itself stands beside the
 * data, so that it shares their fate: in the last directory above all files of the
 * destination. If it is removed it is written anew, with what is in memory, or starts
 * empty. Its size is bounded: it is rewritten when it is more than about twice as
 * large as its window. */
typedef struct _JamJournal JamJournal;

typedef struct _JamJournalOptions
{
  /* of the journal's file, absolute; beside it PATH.new and PATH.damaged */
  const gchar *path;
  /* a number for what the destination writes, which no other in the same directory
   * has: by this its journal is found again when its name has changed */
  guint64 contents;
  /* messages that are known when they come again */
  guint window;
  gboolean fsync;
  JamFileOpener *opener;
} JamJournalOptions;

/* Returns the path of the journal for the destination called @name that has all its
 * files below @directory, an absolute path; the caller frees it. */
gchar *jam_journal_path(const gchar *directory, const gchar *name);

/* Returns a journal that is not open yet; what @options points to is copied, but
 * for the opener, which must outlive it. */
JamJournal *jam_journal_new(const JamJournalOptions *options);
void jam_journal_free(JamJournal *self);

/* Returns TRUE if the journal has been read, and what it speaks of made good. */
gboolean jam_journal_is_open(const JamJournal *self);

/* Opens the journal unless it is open, and makes good what a crash has left in the
 * files. Returns FALSE and sets @error (domain G_FILE_ERROR) if that does not work
 * now, or the journal is of a newer version. */
gboolean jam_journal_open(JamJournal *self, GError **error);

/* The same, but a journal that is not there is not made; errors are left to
 * jam_journal_open(). */
void jam_journal_open_if_there(JamJournal *self);

/* Closes the file until it is needed again, unless it would be left torn. */
void jam_journal_release(JamJournal *self);

/* Fetches the message's place in the dedup window into the processor's cache, for the
 * jam_journal_add() that follows. */
void jam_journal_prefetch(JamJournal *self, const JamIdentity *message);

/* Adds the message to the batch. Returns FALSE if it is a duplicate: of a message that
 * was committed, or of one in the batch. */
gboolean jam_journal_add(JamJournal *self, const JamIdentity *message);

/* Takes all messages of a batch that is not committed out again. */
void jam_journal_drop_batch(JamJournal *self);

/* Writes down what is about to be written: the batches of @files, each of them
 * prepared (see jam_append_file_prepare()). Returns FALSE and sets @error if that
 * is not safe; then nothing may be written. The journal is not open any more if
 * another has come into its place. */
gboolean jam_journal_begin(JamJournal *self, const GPtrArray *files, GError **error);

/* The batch is in its files, and its messages are known from now on. */
void jam_journal_commit(JamJournal *self);

/* No byte of the batch is in its files any more. */
void jam_journal_abort(JamJournal *self);

#endif
