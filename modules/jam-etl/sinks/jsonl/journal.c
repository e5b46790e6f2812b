/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/jsonl/journal.h"
#include "sinks/jsonl/journal-file.h"
#include "sinks/jsonl/journal-format.h"
#include "sinks/jsonl/journal-recovery.h"

#include <string.h>

/* of a journal with a small window, before it is rewritten */
#define MIN_SIZE_LIMIT (1024 * 1024)
/* what a huge batch may leave allocated */
#define KEPT_RECORD_BYTES (1024 * 1024)

struct _JamJournal
{
  JamJournalFile file;
  gchar *directory;
  guint64 contents;
  guint window_size;
  gboolean is_open;
  JamDedupWindow *window;
  /* the batch on its way: JamIdentity */
  GArray *batch;
  /* of the last batch, and of the last one that was committed */
  guint64 sequence;
  guint64 last_committed;
  JamBuffer record;
};

gchar *
jam_journal_path(const gchar *directory, const gchar *name)
{
  gchar *file = g_strdup_printf(JAM_JOURNAL_NAME_PREFIX "%016" G_GINT64_MODIFIER "x" JAM_JOURNAL_SUFFIX,
                                jam_journal_checksum(name, strlen(name)));
  gchar *path = g_build_filename(directory, file, NULL);

  g_free(file);
  return path;
}

JamJournal *
jam_journal_new(const JamJournalOptions *options)
{
  JamJournal *self = g_new0(JamJournal, 1);

  jam_journal_file_init(&self->file, options->path, options->fsync, options->opener);
  self->directory = g_path_get_dirname(options->path);
  self->contents = options->contents;
  self->window_size = options->window;
  self->window = jam_dedup_window_new(self->window_size);
  self->batch = g_array_new(FALSE, FALSE, sizeof(JamIdentity));
  return self;
}

void
jam_journal_free(JamJournal *self)
{
  jam_journal_file_clear(&self->file);
  jam_dedup_window_free(self->window);
  g_array_unref(self->batch);
  jam_buffer_clear(&self->record);
  g_free(self->directory);
  g_free(self);
}

static void
_keep(JamJournal *self, const GArray *identities)
{
  for (guint i = 0; i < identities->len; i++)
    {
      const JamIdentity *identity = &g_array_index(identities, JamIdentity, i);
      if (jam_dedup_window_reserve(self->window, identity))
        jam_dedup_window_commit(self->window, identity);
    }
}

/* Reading a journal, record by record. */
typedef struct _Reading
{
  /* the last batch, as long as it is not known what became of it; or NULL */
  JamJournalBatch *batch;
  /* where the last whole record ends */
  gsize end;
  /* there is something before it that is no record */
  gboolean is_damaged;
  /* there is something behind the batch */
  gboolean has_more;
} Reading;

static void
_forget_batch(Reading *reading)
{
  g_clear_pointer(&reading->batch, jam_journal_batch_free);
}

/* The last batch that was committed is the one with this @last_committed number. */
static void
_end_batch(JamJournal *self, Reading *reading, guint64 last_committed)
{
  self->last_committed = MAX(self->last_committed, last_committed);
  if (reading->batch && reading->batch->sequence == last_committed)
    _keep(self, reading->batch->identities);
  _forget_batch(reading);
}

static void
_read_batch(JamJournal *self, Reading *reading, const JamJournalRecord *record)
{
  JamJournalBatch *batch = jam_journal_read_batch(record);

  reading->is_damaged |= !batch;
  _end_batch(self, reading, batch ? batch->last_committed : 0);
  reading->batch = batch;
}

static void
_read_record(JamJournal *self, Reading *reading, const JamJournalRecord *record)
{
  GArray *identities;

  self->sequence = MAX(self->sequence, record->sequence);
  switch (record->type)
    {
    case JAM_JOURNAL_WINDOW:
      identities = jam_journal_read_window(record);
      _keep(self, identities);
      g_array_unref(identities);
      break;
    case JAM_JOURNAL_BATCH:
      _read_batch(self, reading, record);
      break;
    case JAM_JOURNAL_COMMITTED:
      _end_batch(self, reading, record->sequence);
      break;
    case JAM_JOURNAL_ABORTED:
      _forget_batch(reading);
      break;
    default:
      reading->is_damaged = TRUE;
      break;
    }
}

static void
_read_records(JamJournal *self, Reading *reading, const guint8 *bytes, gsize length)
{
  gsize at = reading->end;
  JamJournalRecord record;

  while (at < length)
    {
      gsize taken = jam_journal_read_record(bytes + at, length - at, &record);

      if (taken > 0)
        {
          _read_record(self, reading, &record);
          reading->has_more = FALSE;
          at += taken;
          reading->end = at;
          continue;
        }
      reading->has_more = TRUE;
      at += 1 + jam_journal_find_record(bytes + at + 1, length - at - 1);
      reading->is_damaged |= at < length;
    }
}

/* If it cannot be noted now, the next batch's record does it. */
static void
_note(JamJournal *self, JamJournalRecordType type, guint64 sequence)
{
  if (type == JAM_JOURNAL_COMMITTED)
    self->last_committed = sequence;
  jam_buffer_reset(&self->record, KEPT_RECORD_BYTES);
  jam_journal_append_outcome(&self->record, type, sequence);
  jam_journal_file_append_unsynced(&self->file, &self->record, NULL);
}

static gboolean
_recover(JamJournal *self, Reading *reading, GError **error)
{
  JamJournalRecovery recovery = {
    .directory = self->directory,
    .opener = self->file.opener,
    .fsync = self->file.fsync,
  };

  if (!reading->batch)
    return TRUE;
  switch (jam_journal_recover_batch(&recovery, reading->batch, !reading->has_more, error))
    {
    case JAM_JOURNAL_BATCH_WHOLE:
      _keep(self, reading->batch->identities);
      _note(self, JAM_JOURNAL_COMMITTED, reading->batch->sequence);
      return TRUE;
    case JAM_JOURNAL_BATCH_NOT_WHOLE:
      _note(self, JAM_JOURNAL_ABORTED, reading->batch->sequence);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
_replace(JamJournal *self, GError **error)
{
  jam_buffer_reset(&self->record, KEPT_RECORD_BYTES);
  jam_journal_append_header(&self->record, self->contents);
  jam_journal_append_window(&self->record, self->window);
  return jam_journal_file_replace(&self->file, &self->record, error);
}

static gboolean
_set_aside_and_replace(JamJournal *self, const gchar *what, GError **error)
{
  self->file.opener->warn(self->file.opener, self->file.path, what);
  return jam_journal_file_set_aside(&self->file, error) && _replace(self, error);
}

static gboolean
_read_journal(JamJournal *self, const JamBuffer *bytes, GError **error)
{
  Reading reading = { .end = JAM_JOURNAL_HEADER_LENGTH };
  gboolean success;

  _read_records(self, &reading, (const guint8 *) bytes->data, bytes->length);
  if (reading.end < bytes->length)
    jam_journal_file_cut(&self->file, reading.end);
  success = _recover(self, &reading, error);
  _forget_batch(&reading);
  if (success && reading.is_damaged)
    success = _set_aside_and_replace(self,
                                     "the journal is corrupt: its readable records are used, "
                                     "and the file is kept with .damaged at the end of its name",
                                     error);
  return success;
}

/* Messages whose rows went to other tables, or to others as well, are to be written
 * to these. */
static gboolean
_forget_other_contents(JamJournal *self, const JamJournalHeader *header, GError **error)
{
  if (header->contents == self->contents)
    return TRUE;
  jam_dedup_window_free(self->window);
  self->window = jam_dedup_window_new(self->window_size);
  return _replace(self, error);
}

static gboolean
_read(JamJournal *self, const JamBuffer *bytes, GError **error)
{
  JamJournalHeader header;

  if (bytes->length == 0)
    return _replace(self, error);
  switch (jam_journal_read_header((const guint8 *) bytes->data, bytes->length, &header))
    {
    case JAM_JOURNAL_HEADER_VALID:
      return _read_journal(self, bytes, error) && _forget_other_contents(self, &header, error);
    case JAM_JOURNAL_HEADER_NEWER:
      g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                  "the journal %s is of version %u, and this jam-etl knows versions up to %u only", self->file.path,
                  header.version, JAM_JOURNAL_VERSION);
      return FALSE;
    default:
      return _set_aside_and_replace(self,
                                    "this is no journal: it was renamed, "
                                    "with .damaged at the end of its name",
                                    error);
    }
}

/* Something else in the journal's place may be of any size. */
static gboolean
_is_foreign(const JamBuffer *start)
{
  JamJournalHeader header;

  return start->length > 0
         && jam_journal_read_header((const guint8 *) start->data, start->length, &header) == JAM_JOURNAL_HEADER_FOREIGN;
}

static gboolean
_read_file(JamJournal *self, GError **error)
{
  JamBuffer bytes = { 0 };
  gboolean success = jam_journal_file_read(&self->file, JAM_JOURNAL_HEADER_LENGTH, &bytes, error);

  if (success && !_is_foreign(&bytes))
    {
      bytes.length = 0;
      success = jam_journal_file_read(&self->file, G_MAXSIZE, &bytes, error);
    }
  success = success && _read(self, &bytes, error);
  jam_buffer_clear(&bytes);
  return success;
}

static gboolean
_open_existing(JamJournal *self, GError **error)
{
  return jam_journal_file_open(&self->file, error) && _read_file(self, error);
}

static gboolean
_exists(JamJournal *self)
{
  return jam_journal_file_look(&self->file, NULL) != JAM_JOURNAL_FILE_MISSING;
}

gboolean
jam_journal_is_open(const JamJournal *self)
{
  return self->is_open;
}

gboolean
jam_journal_open(JamJournal *self, GError **error)
{
  if (self->is_open)
    return TRUE;
  self->is_open = _exists(self) ? _open_existing(self, error) : _replace(self, error);
  if (!self->is_open)
    jam_journal_file_close(&self->file);
  return self->is_open;
}

void
jam_journal_open_if_there(JamJournal *self)
{
  if (_exists(self))
    jam_journal_open(self, NULL);
}

void
jam_journal_release(JamJournal *self)
{
  if (!self->file.is_torn)
    jam_journal_file_close(&self->file);
}

void
jam_journal_prefetch(JamJournal *self, const JamIdentity *message)
{
  jam_dedup_window_prefetch(self->window, message);
}

gboolean
jam_journal_add(JamJournal *self, const JamIdentity *message)
{
  if (!jam_dedup_window_reserve(self->window, message))
    return FALSE;
  g_array_append_val(self->batch, *message);
  return TRUE;
}

void
jam_journal_drop_batch(JamJournal *self)
{
  for (guint i = 0; i < self->batch->len; i++)
    jam_dedup_window_release(self->window, &g_array_index(self->batch, JamIdentity, i));
  g_array_set_size(self->batch, 0);
}

static gchar *
_relative_path(const JamJournal *self, const gchar *path)
{
  gsize length = strlen(self->directory);

  if (strncmp(path, self->directory, length) != 0 || path[length] != '/')
    return g_strdup(path);
  /* a configured directory may have more than one slash at its end */
  return g_strdup(path + length + strspn(path + length, "/"));
}

static JamJournalBatch *
_describe_batch(JamJournal *self, const GPtrArray *files)
{
  JamJournalBatch *batch = jam_journal_batch_new(++self->sequence, self->last_committed);

  for (guint i = 0; i < files->len; i++)
    {
      const JamAppendFile *file = g_ptr_array_index(files, i);
      JamJournalPart part = {
        .path = _relative_path(self, file->path),
        .inode = file->inode,
        .before = file->batch_offset,
        .length = file->batch.length,
        .checksum = jam_journal_checksum(file->batch.data, file->batch.length),
      };
      g_array_append_val(batch->parts, part);
    }
  g_array_append_vals(batch->identities, self->batch->data, self->batch->len);
  return batch;
}

static gsize
_size_limit(const JamJournal *self)
{
  return MIN_SIZE_LIMIT + 2 * sizeof(JamIdentity) * (gsize) self->window_size;
}

/* What is in memory is what counts: a file that is not as it was left is replaced. */
static gboolean
_open_same(JamJournal *self, GError **error)
{
  ino_t inode = self->file.inode;
  goffset size = self->file.size;

  if (self->file.fd >= 0)
    return TRUE;
  if (!jam_journal_file_open(&self->file, error))
    return FALSE;
  return (self->file.inode == inode && self->file.size == size) || _replace(self, error);
}

/* A file that has come into the journal's place may be that of a volume which was
 * mounted late, and know of more: it is read before the batch is tried again. */
static gboolean
_give_way(JamJournal *self, GError **error)
{
  jam_journal_file_close(&self->file);
  self->is_open = FALSE;
  g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_AGAIN, "the journal %s is not the one it was, and has to be read first",
              self->file.path);
  return FALSE;
}

static gboolean
_reopen(JamJournal *self, GError **error)
{
  switch (jam_journal_file_look(&self->file, error))
    {
    case JAM_JOURNAL_FILE_SAME:
      return _open_same(self, error);
    case JAM_JOURNAL_FILE_MISSING:
      return _replace(self, error);
    case JAM_JOURNAL_FILE_OTHER:
      return _give_way(self, error);
    default:
      return FALSE;
    }
}

/* A journal that is too large does no harm while it cannot be rewritten. */
static gboolean
_make_ready(JamJournal *self, GError **error)
{
  if (!_reopen(self, error))
    return FALSE;
  if ((gsize) self->file.size > _size_limit(self))
    _replace(self, NULL);
  return TRUE;
}

gboolean
jam_journal_begin(JamJournal *self, const GPtrArray *files, GError **error)
{
  JamJournalBatch *batch;

  if (!_make_ready(self, error))
    return FALSE;
  jam_buffer_reset(&self->record, KEPT_RECORD_BYTES);
  batch = _describe_batch(self, files);
  jam_journal_append_batch(&self->record, batch);
  jam_journal_batch_free(batch);
  return jam_journal_file_append(&self->file, &self->record, error);
}

void
jam_journal_commit(JamJournal *self)
{
  for (guint i = 0; i < self->batch->len; i++)
    jam_dedup_window_commit(self->window, &g_array_index(self->batch, JamIdentity, i));
  g_array_set_size(self->batch, 0);
  _note(self, JAM_JOURNAL_COMMITTED, self->sequence);
}

void
jam_journal_abort(JamJournal *self)
{
  _note(self, JAM_JOURNAL_ABORTED, self->sequence);
}
