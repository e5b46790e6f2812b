/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/jsonl/jsonl-sink.h"
#include "core/rows/message-rows.h"
#include "sinks/jsonl/journal-format.h"

#define MAX_OPEN_FILES 256
/* a batch is committed when it holds this much, or this many files */
#define MAX_BATCH_BYTES (8 * 1024 * 1024)
#define MAX_BATCH_FILES (MAX_OPEN_FILES - JAM_MAX_TABLES_PER_KIND)

typedef struct _Partition
{
  gchar *directory;
  JamAppendFile *files[JAM_N_TABLES];
} Partition;

typedef struct _JamJsonlSink
{
  JamSink super;
  JamJsonlSinkOptions options;
  JamRowEncoder *encoder;
  JamMessageRows rows;
  /* NULL without exactly-once */
  JamJournal *journal;
  /* directory to Partition */
  GHashTable *partitions;
  Partition *last_partition;
  /* files that have lines in the batch, and files that are open */
  GPtrArray *batch_files;
  GPtrArray *open_files;
  gsize batch_bytes;
} JamJsonlSink;

static void
_partition_free(gpointer s)
{
  Partition *self = s;

  for (gint i = 0; i < JAM_N_TABLES; i++)
    g_clear_pointer(&self->files[i], jam_append_file_free);
  g_free(self->directory);
  g_free(self);
}

static void
_select_partition(JamJsonlSink *self, const gchar *directory)
{
  Partition *partition = self->last_partition;

  if (partition && strcmp(partition->directory, directory) == 0)
    return;
  partition = g_hash_table_lookup(self->partitions, directory);
  if (!partition)
    {
      partition = g_new0(Partition, 1);
      partition->directory = g_strdup(directory);
      g_hash_table_insert(self->partitions, partition->directory, partition);
    }
  self->last_partition = partition;
}

static JamAppendFile *
_ensure_file(JamJsonlSink *self, Partition *partition, gint table)
{
  gchar *path;

  if (!partition->files[table])
    {
      path = g_strdup_printf("%s/%s" JAM_JSONL_SUFFIX, partition->directory, self->options.tables->names[table]);
      partition->files[table] = jam_append_file_new(path, self->options.opener);
      partition->files[table]->syncs_cuts = self->options.fsync;
      g_free(path);
    }
  return partition->files[table];
}

static void
_close_file(JamJsonlSink *self, JamAppendFile *file)
{
  jam_append_file_close(file);
  jam_buffer_clear(&file->batch);
  g_ptr_array_remove_fast(self->open_files, file);
}

/* A batch may have to be taken back, and what could not be must be cut first. */
static gboolean
_may_be_closed(const JamAppendFile *file)
{
  return file->batch.length == 0 && file->torn_offset < 0;
}

static void
_close_least_recently_used(JamJsonlSink *self)
{
  JamAppendFile *oldest = NULL;

  for (guint i = 0; i < self->open_files->len; i++)
    {
      JamAppendFile *file = g_ptr_array_index(self->open_files, i);
      if (_may_be_closed(file) && (!oldest || file->last_used < oldest->last_used))
        oldest = file;
    }
  if (oldest)
    _close_file(self, oldest);
}

static void
_close_unused(JamJsonlSink *self, gint64 oldest_allowed)
{
  for (guint i = self->open_files->len; i > 0; i--)
    {
      JamAppendFile *file = g_ptr_array_index(self->open_files, i - 1);
      if (_may_be_closed(file) && file->last_used <= oldest_allowed)
        _close_file(self, file);
    }
}

static gboolean
_open_file(JamJsonlSink *self, JamAppendFile *file, GError **error)
{
  if (file->fd >= 0)
    return TRUE;
  if (self->open_files->len >= MAX_OPEN_FILES)
    _close_least_recently_used(self);
  if (!jam_append_file_open(file, error))
    return FALSE;
  file->last_used = g_get_monotonic_time();
  g_ptr_array_add(self->open_files, file);
  return TRUE;
}

static void
_add_to_batch(JamJsonlSink *self, const JamTableRows *rows)
{
  JamAppendFile *file = self->last_partition->files[rows->table];

  if (rows->n_rows == 0)
    return;
  if (rows->offset == 0)
    g_ptr_array_add(self->batch_files, file);
  self->batch_bytes += file->batch.length - rows->offset;
  self->super.batch_rows[rows->table] += rows->n_rows;
}

static gboolean
_open_files(JamJsonlSink *self, GError **error)
{
  for (gsize i = 0; i < self->rows.n_tables; i++)
    {
      const JamTableRows *rows = &self->rows.tables[i];

      if (rows->n_rows > 0 && !_open_file(self, self->last_partition->files[rows->table], error))
        return FALSE;
    }
  return TRUE;
}

static JamBuffer *
_get_buffer(gpointer s, gint table)
{
  JamJsonlSink *self = s;

  return &_ensure_file(self, self->last_partition, table)->batch;
}

/* The dedup window is asked after the rows are encoded: by then the prefetch is done. */
static JamSinkResult
_stage(JamJsonlSink *self, const JamMessage *message, JamReject *reject, GError **error)
{
  if (!jam_message_rows_encode(&self->rows, message, _get_buffer, self, reject))
    return JAM_SINK_REJECTED;
  if (self->journal && !jam_message_rows_is_empty(&self->rows)
      && !jam_journal_add(self->journal, &message->id.identity))
    return JAM_SINK_SUPPRESSED;
  return _open_files(self, error) ? JAM_SINK_APPENDED : JAM_SINK_FAILED;
}

static JamSinkResult
_append_rows(JamJsonlSink *self, const JamMessage *message, const gchar *directory, JamReject *reject, GError **error)
{
  JamSinkResult result;

  _select_partition(self, directory);
  result = _stage(self, message, reject, error);
  if (result != JAM_SINK_APPENDED)
    {
      jam_message_rows_rollback(&self->rows);
      return result;
    }
  for (gsize i = 0; i < self->rows.n_tables; i++)
    _add_to_batch(self, &self->rows.tables[i]);
  return result;
}

/* Reading it locks the files that it speaks of, also against those open here. */
static gboolean
_open_journal(JamJsonlSink *self, GError **error)
{
  if (jam_journal_is_open(self->journal))
    return TRUE;
  _close_unused(self, G_MAXINT64);
  return jam_journal_open(self->journal, error);
}

/* The journal's names are no folders of messages. */
static gboolean
_is_in_the_way_of_the_journal(JamJsonlSink *self, const gchar *directory)
{
  return g_str_has_prefix(directory, self->options.journal_path);
}

static JamSinkResult
_append(JamSink *s, const JamMessage *message, const gchar *partition, JamReject *reject, GError **error)
{
  JamJsonlSink *self = (JamJsonlSink *) s;

  if (!self->journal)
    return _append_rows(self, message, partition, reject, error);
  if (!_open_journal(self, error))
    return JAM_SINK_FAILED;
  jam_journal_prefetch(self->journal, &message->id.identity);
  if (_is_in_the_way_of_the_journal(self, partition))
    {
      jam_reject_set(reject, JAM_REJECT_INVALID_DIRECTORY, "a value in directory() makes the journal's name: %s",
                     partition);
      return JAM_SINK_REJECTED;
    }
  return _append_rows(self, message, partition, reject, error);
}

static gboolean
_open(JamSink *s G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

static gboolean
_wants_commit(JamSink *s)
{
  JamJsonlSink *self = (JamJsonlSink *) s;

  return self->batch_bytes >= MAX_BATCH_BYTES || self->batch_files->len >= MAX_BATCH_FILES;
}

static void
_drop_batch(JamSink *s)
{
  JamJsonlSink *self = (JamJsonlSink *) s;

  for (guint i = 0; i < self->batch_files->len; i++)
    jam_append_file_forget_batch(g_ptr_array_index(self->batch_files, i));
  g_ptr_array_set_size(self->batch_files, 0);
  self->batch_bytes = 0;
  if (self->journal)
    jam_journal_drop_batch(self->journal);
  memset(s->batch_rows, 0, sizeof(s->batch_rows));
}

static gboolean
_for_each_batch_file(JamJsonlSink *self, gboolean (*step)(JamAppendFile *, GError **), GError **error)
{
  for (guint i = 0; i < self->batch_files->len; i++)
    {
      if (!step(g_ptr_array_index(self->batch_files, i), error))
        return FALSE;
    }
  return TRUE;
}

/* Writing may have failed to open what was moved away. */
static void
_forget_closed_files(JamJsonlSink *self)
{
  for (guint i = self->open_files->len; i > 0; i--)
    {
      JamAppendFile *file = g_ptr_array_index(self->open_files, i - 1);
      if (file->fd < 0)
        g_ptr_array_remove_index_fast(self->open_files, i - 1);
    }
}

static gboolean
_settle_all(JamJsonlSink *self, GError **error)
{
  for (guint i = 0; i < self->open_files->len; i++)
    {
      if (!jam_append_file_settle(g_ptr_array_index(self->open_files, i), error))
        return FALSE;
    }
  return TRUE;
}

/* The journal knows of one batch at a time: nothing may be left of an earlier one,
 * also in files that this one does not touch. */
static gboolean
_begin(JamJsonlSink *self, GError **error)
{
  return _settle_all(self, error) && _for_each_batch_file(self, jam_append_file_prepare, error)
         && (!self->journal || jam_journal_begin(self->journal, self->batch_files, error));
}

static gboolean
_write(JamJsonlSink *self, GError **error)
{
  return _for_each_batch_file(self, jam_append_file_write_prepared, error)
         && (!self->options.fsync || _for_each_batch_file(self, jam_append_file_sync, error));
}

static void
_take_back(JamJsonlSink *self)
{
  for (guint i = 0; i < self->batch_files->len; i++)
    jam_append_file_take_back(g_ptr_array_index(self->batch_files, i));
  if (self->journal && _settle_all(self, NULL))
    jam_journal_abort(self->journal);
}

static gboolean
_commit_batch(JamJsonlSink *self, GError **error)
{
  if (!_begin(self, error))
    return FALSE;
  if (!_write(self, error))
    {
      _take_back(self);
      return FALSE;
    }
  if (self->journal)
    jam_journal_commit(self->journal);
  return TRUE;
}

static gboolean
_commit(JamSink *s, GError **error)
{
  JamJsonlSink *self = (JamJsonlSink *) s;

  if (self->batch_files->len == 0 || _commit_batch(self, error))
    return TRUE;
  _forget_closed_files(self);
  return FALSE;
}

static gboolean
_partition_is_closed(gpointer key G_GNUC_UNUSED, gpointer value, gpointer user_data G_GNUC_UNUSED)
{
  Partition *partition = value;

  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      if (partition->files[i] && partition->files[i]->fd >= 0)
        return FALSE;
    }
  return TRUE;
}

static void
_release_idle(JamSink *s, gint64 idle_us)
{
  JamJsonlSink *self = (JamJsonlSink *) s;

  _close_unused(self, g_get_monotonic_time() - idle_us);
  if (self->journal && self->open_files->len == 0)
    jam_journal_release(self->journal);
  if (self->batch_files->len == 0)
    {
      self->last_partition = NULL;
      g_hash_table_foreach_remove(self->partitions, _partition_is_closed, NULL);
    }
}

static void
_free(JamSink *s)
{
  JamJsonlSink *self = (JamJsonlSink *) s;

  g_ptr_array_unref(self->batch_files);
  g_ptr_array_unref(self->open_files);
  g_hash_table_destroy(self->partitions);
  jam_message_rows_clear(&self->rows);
  jam_row_encoder_free(self->encoder);
  g_clear_pointer(&self->journal, jam_journal_free);
  g_free(self);
}

/* Of all destinations with files below one directory only one can have the same
 * layout and the same tables: they would write the same files. */
static guint64
_describe_contents(const JamJsonlSinkOptions *options)
{
  GString *text = g_string_new(options->journal_layout);
  guint64 contents;

  g_string_append_printf(text, "\n%d", options->dialect);
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      if (options->tables->enabled[i])
        g_string_append_printf(text, "\n%s", options->tables->names[i]);
    }
  contents = jam_journal_checksum(text->str, text->len);
  g_string_free(text, TRUE);
  return contents;
}

static JamJournal *
_make_journal(const JamJsonlSinkOptions *options)
{
  JamJournalOptions journal_options = {
    .path = options->journal_path,
    .contents = _describe_contents(options),
    .window = options->dedup_window,
    .fsync = options->fsync,
    .opener = options->opener,
  };
  JamJournal *journal = jam_journal_new(&journal_options);

  jam_journal_open_if_there(journal);
  return journal;
}

JamSink *
jam_jsonl_sink_new(const JamJsonlSinkOptions *options)
{
  JamJsonlSink *self = g_new0(JamJsonlSink, 1);

  self->super.commit_mode = JAM_SINK_ATOMIC;
  self->super.open = _open;
  self->super.append = _append;
  self->super.wants_commit = _wants_commit;
  self->super.commit = _commit;
  self->super.finish_batch = _drop_batch;
  self->super.drop_batch = _drop_batch;
  self->super.release_idle = _release_idle;
  self->super.free_fn = _free;
  self->options = *options;
  self->encoder = jam_row_encoder_new(options->dialect);
  jam_message_rows_init(&self->rows, self->encoder, options->tables);
  self->partitions = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, _partition_free);
  self->batch_files = g_ptr_array_new();
  self->open_files = g_ptr_array_new();
  if (options->dedup_window > 0)
    self->journal = _make_journal(options);
  else
    options->opener->unlink(options->opener, options->journal_path);
  return &self->super;
}
