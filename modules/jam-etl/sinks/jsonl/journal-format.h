/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JOURNAL_FORMAT_H_INCLUDED
#define JAM_JOURNAL_FORMAT_H_INCLUDED

#include "core/bytes/buffer.h"
#include "sinks/jsonl/dedup-window.h"

/* The bytes of a commit journal, version 1. Numbers are little-endian.
 *
 *   header    magic "jametlJ\n", u32 version, u32 0, u64 contents, u64 checksum
 *   record    u32 magic, u32 type, u64 sequence, u64 length of the payload, payload,
 *             u64 checksum
 *
 *   WINDOW    identities of messages committed before, oldest first
 *   BATCH     u64 sequence number of the last batch that was committed, or 0;
 *             u32 files, u32 identities;
 *             for each file: u64 inode, u64 size before, u64 length of what is written,
 *             u64 its checksum, u32 length of the path, path;
 *             the identities of the batch's messages
 *   COMMITTED nothing: the batch of this sequence number is in its files
 *   ABORTED   nothing: no byte of that batch is left in its files
 *
 * An identity is two u64. A checksum is the XXH3-64 of all bytes of the header or
 * record before it. Of a batch that neither has been said of, the next one's record
 * says it. A change of any of this is a new version; magic and version stay where
 * they are. */
#define JAM_JOURNAL_VERSION 1
#define JAM_JOURNAL_HEADER_LENGTH 32

/* what the names of journals start and end with */
#define JAM_JOURNAL_NAME_PREFIX ".jam-etl-"
#define JAM_JOURNAL_SUFFIX ".journal"

typedef enum
{
  JAM_JOURNAL_WINDOW = 1,
  JAM_JOURNAL_BATCH,
  JAM_JOURNAL_COMMITTED,
  JAM_JOURNAL_ABORTED,
} JamJournalRecordType;

typedef enum
{
  JAM_JOURNAL_HEADER_VALID,
  /* no journal, or a damaged one */
  JAM_JOURNAL_HEADER_FOREIGN,
  /* of a version that this program does not know */
  JAM_JOURNAL_HEADER_NEWER,
} JamJournalHeaderResult;

typedef struct _JamJournalHeader
{
  guint32 version;
  /* see JamJournalOptions */
  guint64 contents;
} JamJournalHeader;

/* A record in the bytes that it was read from. */
typedef struct _JamJournalRecord
{
  JamJournalRecordType type;
  guint64 sequence;
  const guint8 *payload;
  gsize length;
} JamJournalRecord;

/* A file's part in a batch. */
typedef struct _JamJournalPart
{
  /* NUL-terminated; relative to the journal's directory unless it starts with a slash */
  gchar *path;
  guint64 inode;
  guint64 before;
  guint64 length;
  guint64 checksum;
} JamJournalPart;

/* A batch as its record says. */
typedef struct _JamJournalBatch
{
  guint64 sequence;
  guint64 last_committed;
  /* JamJournalPart */
  GArray *parts;
  /* JamIdentity */
  GArray *identities;
} JamJournalBatch;

/* XXH3-64 */
guint64 jam_journal_checksum(const void *bytes, gsize length);

void jam_journal_append_header(JamBuffer *out, guint64 contents);
void jam_journal_append_window(JamBuffer *out, const JamDedupWindow *window);
void jam_journal_append_batch(JamBuffer *out, const JamJournalBatch *batch);
/* @type is JAM_JOURNAL_COMMITTED or JAM_JOURNAL_ABORTED. */
void jam_journal_append_outcome(JamBuffer *out, JamJournalRecordType type, guint64 sequence);

JamJournalHeaderResult jam_journal_read_header(const guint8 *bytes, gsize length, JamJournalHeader *header);

/* Reads the record at the start of @bytes. Returns how many bytes it takes, or 0 if
 * there is no whole record with the right checksum. */
gsize jam_journal_read_record(const guint8 *bytes, gsize length, JamJournalRecord *record);

/* Returns where in @bytes the next whole record starts, or @length if there is none. */
gsize jam_journal_find_record(const guint8 *bytes, gsize length);

JamJournalBatch *jam_journal_batch_new(guint64 sequence, guint64 last_committed);
void jam_journal_batch_free(JamJournalBatch *self);

/* Returns what the record @record of type JAM_JOURNAL_BATCH says, or NULL if its
 * payload makes no sense. */
JamJournalBatch *jam_journal_read_batch(const JamJournalRecord *record);

/* Returns the identities in @record of type JAM_JOURNAL_WINDOW; the caller frees the array. */
GArray *jam_journal_read_window(const JamJournalRecord *record);

#endif
