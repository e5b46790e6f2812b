/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/jsonl/journal-format.h"

#include <criterion/criterion.h>
#include <string.h>

static JamBuffer bytes;

static const guint8 *
_data(void)
{
  return (const guint8 *) bytes.data;
}

static void
_teardown(void)
{
  jam_buffer_clear(&bytes);
}

TestSuite(journal_format, .fini = _teardown);

static void
_append_batch(void)
{
  JamJournalBatch *batch = jam_journal_batch_new(7, 6);
  JamJournalPart part = { .path = g_strdup("a/b.jsonl"), .inode = 1, .before = 2, .length = 3, .checksum = 4 };
  JamIdentity identity = { { 0x0102, 0x0304 } };

  g_array_append_val(batch->parts, part);
  g_array_append_val(batch->identities, identity);
  jam_journal_append_batch(&bytes, batch);
  jam_journal_batch_free(batch);
}

static void
_assert_batch(const JamJournalRecord *record)
{
  JamJournalBatch *batch = jam_journal_read_batch(record);
  const JamJournalPart *part;

  cr_assert_not_null(batch);
  part = &g_array_index(batch->parts, JamJournalPart, 0);
  cr_assert_eq(batch->sequence, 7);
  cr_assert_eq(batch->last_committed, 6);
  cr_assert_eq(batch->parts->len, 1);
  cr_assert_eq(batch->identities->len, 1);
  cr_assert_str_eq(part->path, "a/b.jsonl");
  cr_assert(part->inode == 1 && part->before == 2 && part->length == 3 && part->checksum == 4);
  cr_assert_eq(g_array_index(batch->identities, JamIdentity, 0).words[1], 0x0304);
  jam_journal_batch_free(batch);
}

/* Journals of this version are on disks: if this fails, it is time for another. */
Test(journal_format, version_1_has_these_bytes)
{
  static const gchar expected[] = "6a616d65746c4a0a"
                                  "01000000"
                                  "00000000"
                                  "2a00000000000000"
                                  "4337c8a5db96425c"
                                  "0bd1a752"
                                  "02000000"
                                  "0700000000000000"
                                  "4d00000000000000"
                                  "0600000000000000"
                                  "01000000"
                                  "01000000"
                                  "0100000000000000"
                                  "0200000000000000"
                                  "0300000000000000"
                                  "0400000000000000"
                                  "09000000"
                                  "612f622e6a736f6e6c"
                                  "0201000000000000"
                                  "0403000000000000"
                                  "a4b233f1936cd2d8"
                                  "0bd1a752"
                                  "03000000"
                                  "0700000000000000"
                                  "0000000000000000"
                                  "28e00c1c55967c70";
  GString *hex = g_string_new(NULL);

  jam_journal_append_header(&bytes, 42);
  _append_batch();
  jam_journal_append_outcome(&bytes, JAM_JOURNAL_COMMITTED, 7);
  for (gsize i = 0; i < bytes.length; i++)
    g_string_append_printf(hex, "%02x", _data()[i]);
  cr_assert_str_eq(hex->str, expected);
  g_string_free(hex, TRUE);
}

Test(journal_format, what_was_written_is_read)
{
  JamJournalHeader header;
  JamJournalRecord record;
  gsize taken;

  jam_journal_append_header(&bytes, 42);
  _append_batch();
  jam_journal_append_outcome(&bytes, JAM_JOURNAL_ABORTED, 7);
  cr_assert_eq(jam_journal_read_header(_data(), bytes.length, &header), JAM_JOURNAL_HEADER_VALID);
  cr_assert_eq(header.contents, 42);
  taken = jam_journal_read_record(_data() + JAM_JOURNAL_HEADER_LENGTH, bytes.length - JAM_JOURNAL_HEADER_LENGTH,
                                  &record);
  cr_assert_gt(taken, 0);
  cr_assert_eq(record.type, JAM_JOURNAL_BATCH);
  _assert_batch(&record);
  taken += JAM_JOURNAL_HEADER_LENGTH;
  cr_assert_eq(jam_journal_read_record(_data() + taken, bytes.length - taken, &record), bytes.length - taken);
  cr_assert_eq(record.type, JAM_JOURNAL_ABORTED);
  cr_assert_eq(record.sequence, 7);
}

Test(journal_format, a_window_is_read_in_its_order)
{
  JamDedupWindow *window = jam_dedup_window_new(2);
  JamJournalRecord record;
  GArray *identities;

  for (guint64 i = 1; i <= 3; i++)
    {
      JamIdentity identity = { { i, i } };
      jam_dedup_window_reserve(window, &identity);
      jam_dedup_window_commit(window, &identity);
    }
  jam_journal_append_window(&bytes, window);
  jam_dedup_window_free(window);
  cr_assert_eq(jam_journal_read_record(_data(), bytes.length, &record), bytes.length);
  identities = jam_journal_read_window(&record);
  cr_assert_eq(identities->len, 2);
  cr_assert_eq(g_array_index(identities, JamIdentity, 0).words[0], 2);
  cr_assert_eq(g_array_index(identities, JamIdentity, 1).words[0], 3);
  g_array_unref(identities);
}

Test(journal_format, no_byte_can_change_unnoticed)
{
  JamJournalRecord record;
  JamJournalHeader header;

  jam_journal_append_header(&bytes, 42);
  for (gsize i = 0; i < bytes.length; i++)
    {
      bytes.data[i] ^= 0x10;
      cr_assert_neq(jam_journal_read_header(_data(), bytes.length, &header), JAM_JOURNAL_HEADER_VALID, "byte %zu", i);
      bytes.data[i] ^= 0x10;
    }
  bytes.length = 0;
  _append_batch();
  for (gsize i = 0; i < bytes.length; i++)
    {
      bytes.data[i] ^= 0x10;
      cr_assert_eq(jam_journal_read_record(_data(), bytes.length, &record), 0, "byte %zu", i);
      bytes.data[i] ^= 0x10;
    }
}

Test(journal_format, what_is_cut_short_is_no_record)
{
  JamJournalRecord record;

  _append_batch();
  for (gsize length = 0; length < bytes.length; length++)
    {
      guint8 *part = g_memdup2(bytes.data, length);
      cr_assert_eq(jam_journal_read_record(part, length, &record), 0);
      g_free(part);
    }
}

Test(journal_format, the_next_record_is_found_behind_what_is_damaged)
{
  gsize damaged;

  _append_batch();
  damaged = bytes.length;
  jam_journal_append_outcome(&bytes, JAM_JOURNAL_COMMITTED, 7);
  bytes.data[30] ^= 1;
  cr_assert_eq(jam_journal_find_record(_data(), bytes.length), damaged);
  cr_assert_eq(jam_journal_find_record(_data(), damaged), damaged);
}

Test(journal_format, a_newer_version_is_told_from_what_is_foreign)
{
  JamJournalHeader header;

  jam_journal_append_header(&bytes, 42);
  bytes.data[8] = JAM_JOURNAL_VERSION + 1;
  cr_assert_eq(jam_journal_read_header(_data(), bytes.length, &header), JAM_JOURNAL_HEADER_NEWER);
  cr_assert_eq(header.version, JAM_JOURNAL_VERSION + 1);
  bytes.data[0] = 'x';
  cr_assert_eq(jam_journal_read_header(_data(), bytes.length, &header), JAM_JOURNAL_HEADER_FOREIGN);
}

/* The payload's own numbers must fit into it, also where the checksum is right. */
Test(journal_format, a_batch_whose_numbers_make_no_sense_is_no_batch)
{
  JamJournalRecord record;
  guint8 *payload;

  _append_batch();
  cr_assert_gt(jam_journal_read_record(_data(), bytes.length, &record), 0);
  payload = g_memdup2(record.payload, record.length);
  record.payload = payload;
  for (gsize i = 8; i < 16; i++)
    {
      payload[i] ^= 0x40;
      cr_assert_null(jam_journal_read_batch(&record));
      payload[i] ^= 0x40;
    }
  payload[16 + 35] = 0xff;
  cr_assert_null(jam_journal_read_batch(&record));
  record.length = 3;
  cr_assert_null(jam_journal_read_batch(&record));
  g_free(payload);
}
