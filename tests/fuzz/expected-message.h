/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_FUZZ_EXPECTED_MESSAGE_H_INCLUDED
#define JAM_FUZZ_EXPECTED_MESSAGE_H_INCLUDED

#include "json-tree.h"

#include "core/jamtart/message-kind.h"
#include "core/tables/reject.h"

/* What a message is by the contract, worked out from its tree with GLib's means
 * and as plainly as can be. Of the core it uses the table definitions and the
 * names of the reject reasons. */

/* Returns the team map that is counted on, as the text of its file. The caller
 * frees it. */
GString *expected_team_map(void);

typedef struct _ExpectedMessage
{
  /* a bit for each JamRejectReason that the message may be rejected for; none if
   * it can be read, whatever its payload holds */
  guint faults;
  const JsonTree *root;
  const JsonTree *payload;
  /* bytes, without the white space around */
  gsize length;
  /* indices in jam_tables */
  gint tables[JAM_MAX_TABLES_PER_KIND];
  gsize n_tables;
  gint64 time_ns;
  gint64 slot;
  gchar id[33];
  /* JSON strings */
  GString *sender_id;
  GString *team;
  /* decoded, NULL if there is none */
  GString *metadata;
  /* the bytes that codec_encoded stands for, up to the first that is no hex */
  GByteArray *codec;
} ExpectedMessage;

/* @tree is that of the @length bytes at @text, NULL if they are no JSON text; it
 * must outlive the message. The caller frees it. */
ExpectedMessage *expected_message_new(const gchar *text, gsize length, const JsonTree *tree);
void expected_message_free(ExpectedMessage *self);

/* Returns the value of @key in the metadata, NULL if there is none. The caller
 * frees it. */
GString *expected_message_metadata(const ExpectedMessage *self, const gchar *key);

/* Returns which of its names the value at @path has in this message: @path itself, or
 * another that senders use for it. Of several, the one whose value is last in the text
 * counts; if there is none, @path. */
const gchar *expected_message_spelling(const ExpectedMessage *self, const gchar *path);

/* Returns the value at @path, under the name that counts; NULL if there is none. */
const JsonTree *expected_message_value(const ExpectedMessage *self, const gchar *path);

/* Returns TRUE if @value is missing (NULL) or null. */
gboolean expected_is_null(const JsonTree *value);

/* Return FALSE if @text, or @value or the text that is its string, is no integer as in
 * JSON, of 64 bits with sign. */
gboolean expected_parse_integer(const GString *text, gint64 *number);
gboolean expected_integer(const JsonTree *value, gint64 *number);

/* Appends the decoded @text as a JSON string. */
void expected_append_string(GString *out, const GString *text);

/* Returns the bytes behind the 0x at the start of @text, up to the first that is
 * no pair of hex digits; NULL without 0x. The caller frees it. */
GByteArray *expected_hex_bytes(const GString *text);

#endif
