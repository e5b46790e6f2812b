/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JOURNAL_RECOVERY_H_INCLUDED
#define JAM_JOURNAL_RECOVERY_H_INCLUDED

#include "files/file-operations.h"
#include "sinks/jsonl/journal-format.h"

/* What became of the last batch before a crash. */
typedef enum
{
  /* every byte of it is in its files */
  JAM_JOURNAL_BATCH_WHOLE,
  /* its messages must be written again */
  JAM_JOURNAL_BATCH_NOT_WHOLE,
  /* it cannot be found out now: see the error */
  JAM_JOURNAL_BATCH_UNKNOWN,
} JamJournalBatchState;

typedef struct _JamJournalRecovery
{
  /* what the paths in the batch are relative to */
  const gchar *directory;
  JamFileOpener *opener;
  /* what is found whole, or cut, is on disk before it counts */
  gboolean fsync;
} JamJournalRecovery;

/* Looks at the files of @batch, of which the journal does not say what became of it.
 * With @may_cut, what a batch that is not whole has left in its files is cut off;
 * without, nothing can be left of it.
 *
 * A file is known by its inode, at its path or under another name in the same
 * directory, and its bytes by their checksum or by the row_ids in them: a file
 * that was removed or begun anew meanwhile is left alone, and so is one that
 * somebody else has written to, with a warning. */
JamJournalBatchState jam_journal_recover_batch(const JamJournalRecovery *self, const JamJournalBatch *batch,
                                               gboolean may_cut, GError **error);

#endif
