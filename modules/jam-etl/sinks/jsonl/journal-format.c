/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/jsonl/journal-format.h"
#include "core/bytes/cpu.h"
#include "core/bytes/xxh3.h"

#include <string.h>

static const gchar header_magic[8] = { 'j', 'a', 'm', 'e', 't', 'l', 'J', '\n' };

#define RECORD_MAGIC 0x52a7d10bu
#define RECORD_HEAD_LENGTH 24
#define CHECKSUM_LENGTH 8
#define IDENTITY_LENGTH 16
#define PART_HEAD_LENGTH 36
#define BATCH_HEAD_LENGTH 16

guint64
jam_journal_checksum(const void *bytes, gsize length)
{
  guint64 checksum = XXH3_64bits(bytes, length);

  jam_cpu_give_back_upper_halves();
  return checksum;
}

static void
_append_u32(JamBuffer *out, guint32 value)
{
  guint32 bytes = GUINT32_TO_LE(value);

  jam_buffer_append(out, (const gchar *) &bytes, sizeof(bytes));
}

static void
_append_u64(JamBuffer *out, guint64 value)
{
  guint64 bytes = GUINT64_TO_LE(value);

  jam_buffer_append(out, (const gchar *) &bytes, sizeof(bytes));
}

static guint32
_read_u32(const guint8 *bytes)
{
  guint32 value;

  memcpy(&value, bytes, sizeof(value));
  return GUINT32_FROM_LE(value);
}

static guint64
_read_u64(const guint8 *bytes)
{
  guint64 value;

  memcpy(&value, bytes, sizeof(value));
  return GUINT64_FROM_LE(value);
}

static void
_append_checksum(JamBuffer *out, gsize start)
{
  _append_u64(out, jam_journal_checksum(out->data + start, out->length - start));
}

void
jam_journal_append_header(JamBuffer *out, guint64 contents)
{
  gsize start = out->length;

  jam_buffer_append(out, header_magic, sizeof(header_magic));
  _append_u32(out, JAM_JOURNAL_VERSION);
  _append_u32(out, 0);
  _append_u64(out, contents);
  _append_checksum(out, start);
}

static gsize
_start_record(JamBuffer *out, JamJournalRecordType type, guint64 sequence, gsize length)
{
  gsize start = out->length;

  jam_buffer_reserve(out, RECORD_HEAD_LENGTH + length + CHECKSUM_LENGTH);
  _append_u32(out, RECORD_MAGIC);
  _append_u32(out, type);
  _append_u64(out, sequence);
  _append_u64(out, length);
  return start;
}

static void
_append_identities(JamBuffer *out, const JamIdentity *identities, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      _append_u64(out, identities[i].words[0]);
      _append_u64(out, identities[i].words[1]);
    }
}

void
jam_journal_append_window(JamBuffer *out, const JamDedupWindow *window)
{
  guint n = jam_dedup_window_length(window);
  JamIdentity *identities = g_new(JamIdentity, n);
  gsize start = _start_record(out, JAM_JOURNAL_WINDOW, 0, (gsize) n * IDENTITY_LENGTH);

  jam_dedup_window_copy(window, identities);
  _append_identities(out, identities, n);
  _append_checksum(out, start);
  g_free(identities);
}

static gsize
_batch_length(const JamJournalBatch *batch)
{
  gsize length = BATCH_HEAD_LENGTH + (gsize) batch->identities->len * IDENTITY_LENGTH;

  for (guint i = 0; i < batch->parts->len; i++)
    length += PART_HEAD_LENGTH + strlen(g_array_index(batch->parts, JamJournalPart, i).path);
  return length;
}

static void
_append_part(JamBuffer *out, const JamJournalPart *part)
{
  _append_u64(out, part->inode);
  _append_u64(out, part->before);
  _append_u64(out, part->length);
  _append_u64(out, part->checksum);
  _append_u32(out, strlen(part->path));
  jam_buffer_append(out, part->path, strlen(part->path));
}

void
jam_journal_append_batch(JamBuffer *out, const JamJournalBatch *batch)
{
  gsize start = _start_record(out, JAM_JOURNAL_BATCH, batch->sequence, _batch_length(batch));

  _append_u64(out, batch->last_committed);
  _append_u32(out, batch->parts->len);
  _append_u32(out, batch->identities->len);
  for (guint i = 0; i < batch->parts->len; i++)
    _append_part(out, &g_array_index(batch->parts, JamJournalPart, i));
  _append_identities(out, (const JamIdentity *) batch->identities->data, batch->identities->len);
  _append_checksum(out, start);
}

void
jam_journal_append_outcome(JamBuffer *out, JamJournalRecordType type, guint64 sequence)
{
  _append_checksum(out, _start_record(out, type, sequence, 0));
}

/* An older version, once there is one, has a reader of its own. */
JamJournalHeaderResult
jam_journal_read_header(const guint8 *bytes, gsize length, JamJournalHeader *header)
{
  const guint8 *p = bytes + sizeof(header_magic);

  if (length < JAM_JOURNAL_HEADER_LENGTH || memcmp(bytes, header_magic, sizeof(header_magic)) != 0)
    return JAM_JOURNAL_HEADER_FOREIGN;
  header->version = _read_u32(p);
  if (header->version > JAM_JOURNAL_VERSION)
    return JAM_JOURNAL_HEADER_NEWER;
  header->contents = _read_u64(p + 8);
  if (_read_u64(p + 16) != jam_journal_checksum(bytes, JAM_JOURNAL_HEADER_LENGTH - CHECKSUM_LENGTH))
    return JAM_JOURNAL_HEADER_FOREIGN;
  return JAM_JOURNAL_HEADER_VALID;
}

gsize
jam_journal_read_record(const guint8 *bytes, gsize length, JamJournalRecord *record)
{
  gsize checked;

  if (length < RECORD_HEAD_LENGTH + CHECKSUM_LENGTH || _read_u32(bytes) != RECORD_MAGIC)
    return 0;
  record->type = _read_u32(bytes + 4);
  record->sequence = _read_u64(bytes + 8);
  record->length = _read_u64(bytes + 16);
  record->payload = bytes + RECORD_HEAD_LENGTH;
  if (record->length > length - RECORD_HEAD_LENGTH - CHECKSUM_LENGTH)
    return 0;
  checked = RECORD_HEAD_LENGTH + record->length;
  return _read_u64(bytes + checked) == jam_journal_checksum(bytes, checked) ? checked + CHECKSUM_LENGTH : 0;
}

gsize
jam_journal_find_record(const guint8 *bytes, gsize length)
{
  static const guint32 magic = GUINT32_TO_LE(RECORD_MAGIC);
  const guint8 *end = bytes + length;
  const guint8 *p = bytes;
  JamJournalRecord record;

  while ((p = memmem(p, end - p, &magic, sizeof(magic))))
    {
      if (jam_journal_read_record(p, end - p, &record))
        return p - bytes;
      p++;
    }
  return length;
}

static void
_part_clear(gpointer s)
{
  JamJournalPart *self = s;

  g_free(self->path);
}

JamJournalBatch *
jam_journal_batch_new(guint64 sequence, guint64 last_committed)
{
  JamJournalBatch *self = g_new0(JamJournalBatch, 1);

  self->sequence = sequence;
  self->last_committed = last_committed;
  self->parts = g_array_new(FALSE, FALSE, sizeof(JamJournalPart));
  self->identities = g_array_new(FALSE, FALSE, sizeof(JamIdentity));
  g_array_set_clear_func(self->parts, _part_clear);
  return self;
}

void
jam_journal_batch_free(JamJournalBatch *self)
{
  g_array_unref(self->parts);
  g_array_unref(self->identities);
  g_free(self);
}

static void
_read_identities(GArray *out, const guint8 *p, gsize n)
{
  for (gsize i = 0; i < n; i++, p += IDENTITY_LENGTH)
    {
      JamIdentity identity = { .words = { _read_u64(p), _read_u64(p + 8) } };
      g_array_append_val(out, identity);
    }
}

/* Returns the part's length, or 0 if it does not fit. */
static gsize
_read_part(GArray *parts, const guint8 *p, gsize left)
{
  JamJournalPart part;
  gsize path_length;

  if (left < PART_HEAD_LENGTH)
    return 0;
  path_length = _read_u32(p + 32);
  if (path_length > left - PART_HEAD_LENGTH)
    return 0;
  part.inode = _read_u64(p);
  part.before = _read_u64(p + 8);
  part.length = _read_u64(p + 16);
  part.checksum = _read_u64(p + 24);
  part.path = g_strndup((const gchar *) p + PART_HEAD_LENGTH, path_length);
  g_array_append_val(parts, part);
  return PART_HEAD_LENGTH + path_length;
}

static gboolean
_read_batch_payload(JamJournalBatch *batch, const JamJournalRecord *record)
{
  const guint8 *p = record->payload + BATCH_HEAD_LENGTH;
  const guint8 *end = record->payload + record->length;
  guint32 n_parts, n_identities;

  if (record->length < BATCH_HEAD_LENGTH)
    return FALSE;
  batch->last_committed = _read_u64(record->payload);
  n_parts = _read_u32(record->payload + 8);
  n_identities = _read_u32(record->payload + 12);
  for (guint32 i = 0; i < n_parts; i++)
    {
      gsize taken = _read_part(batch->parts, p, end - p);
      if (taken == 0)
        return FALSE;
      p += taken;
    }
  if ((gsize) (end - p) != (gsize) n_identities * IDENTITY_LENGTH)
    return FALSE;
  _read_identities(batch->identities, p, n_identities);
  return TRUE;
}

JamJournalBatch *
jam_journal_read_batch(const JamJournalRecord *record)
{
  JamJournalBatch *batch = jam_journal_batch_new(record->sequence, 0);

  if (_read_batch_payload(batch, record))
    return batch;
  jam_journal_batch_free(batch);
  return NULL;
}

GArray *
jam_journal_read_window(const JamJournalRecord *record)
{
  GArray *identities = g_array_sized_new(FALSE, FALSE, sizeof(JamIdentity), record->length / IDENTITY_LENGTH);

  _read_identities(identities, record->payload, record->length / IDENTITY_LENGTH);
  return identities;
}
