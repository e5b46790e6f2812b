/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "expected-codec.h"

#include <sodium.h>
#include <string.h>

#define HASH_BYTES 32
#define VRF_SIGNATURE_BYTES 96

/* The Gray Papers whose layouts are tried. */
typedef enum
{
  GRAY_PAPER_0_6,
  GRAY_PAPER_0_7,
  GRAY_PAPER_0_8,
} GrayPaper;

/* One layout on the way through the message's bytes. */
typedef struct _Reading
{
  const ExpectedMessage *message;
  GrayPaper gray_paper;
  gsize at;
  /* the bytes ended too early, or are not what the JSON says */
  gboolean is_refuted;
} Reading;

typedef void (*Layout)(Reading *self);

static void
_refute_unless(Reading *self, gboolean condition)
{
  if (!condition)
    self->is_refuted = TRUE;
}

/* Returns the next @n_bytes, or NULL if there are not as many. */
static const guint8 *
_take(Reading *self, guint64 n_bytes)
{
  const GByteArray *codec = self->message->codec;

  _refute_unless(self, n_bytes <= codec->len - self->at);
  if (self->is_refuted)
    return NULL;
  self->at += n_bytes;
  return codec->data + self->at - n_bytes;
}

static void
_take_each(Reading *self, guint64 count, guint64 n_bytes)
{
  if (count > self->message->codec->len)
    self->is_refuted = TRUE;
  else
    _take(self, count * n_bytes);
}

/* Little-endian. */
static guint64
_take_number(Reading *self, guint n_bytes)
{
  const guint8 *bytes = _take(self, n_bytes);
  guint64 number = 0;

  for (guint i = 0; bytes && i < n_bytes; i++)
    number += (guint64) bytes[i] << (8 * i);
  return number;
}

/* As many bytes follow the first as that has leading ones; the rest of it is what
 * they cannot hold. */
static guint64
_take_natural(Reading *self)
{
  guint first = _take_number(self, 1);
  guint n_ones = 0;
  guint64 low;

  while (n_ones < 8 && (first >> (7 - n_ones)) % 2 == 1)
    n_ones++;
  low = _take_number(self, n_ones);
  return n_ones < 7 ? low + ((guint64) (first % (1u << (7 - n_ones))) << (8 * n_ones)) : low;
}

/* The next @n_bytes must be those of the JSON's hex string, if there is one. */
static void
_match_hex(Reading *self, guint64 n_bytes, const JsonTree *value)
{
  const guint8 *bytes = _take(self, n_bytes);
  GByteArray *expected;
  GString *text;

  if (!bytes || expected_is_null(value))
    return;
  _refute_unless(self, value->type == JSON_TREE_STRING);
  if (self->is_refuted)
    return;
  text = json_tree_decode(value);
  expected = expected_hex_bytes(text);
  _refute_unless(self, text->len == 2 + 2 * n_bytes && expected && expected->len == n_bytes
                         && (n_bytes == 0 || memcmp(expected->data, bytes, n_bytes) == 0));
  if (expected)
    g_byte_array_unref(expected);
  g_string_free(text, TRUE);
}

static void
_match_blob(Reading *self, const JsonTree *value)
{
  _match_hex(self, _take_natural(self), value);
}

/* The next @n_bytes must be the JSON's integer, if there is one. */
static void
_match_number(Reading *self, guint n_bytes, const JsonTree *value)
{
  guint64 number = _take_number(self, n_bytes);
  gint64 expected;

  if (!expected_is_null(value))
    _refute_unless(self, expected_integer(value, &expected) && expected >= 0 && (guint64) expected == number);
}

/* Returns how many elements the JSON has in what must be an array, or null. */
static guint64
_count(Reading *self, const JsonTree *list)
{
  _refute_unless(self, expected_is_null(list) || list->type == JSON_TREE_ARRAY);
  return json_tree_is(list, JSON_TREE_ARRAY) ? json_tree_count(list) : 0;
}

/* Returns whether the JSON has the mark, as the bytes must say too. */
static gboolean
_match_presence(Reading *self, const JsonTree *mark)
{
  _refute_unless(self, _take_number(self, 1) == (expected_is_null(mark) ? 0 : 1));
  return !expected_is_null(mark);
}

static void
_epoch_mark(Reading *self, const JsonTree *mark)
{
  const JsonTree *validators = json_tree_member(mark, "validators");
  guint64 n_validators;

  if (!_match_presence(self, mark))
    return;
  n_validators = _count(self, validators);
  _take(self, HASH_BYTES + HASH_BYTES);
  if (self->gray_paper == GRAY_PAPER_0_8)
    _refute_unless(self, _take_natural(self) == n_validators);
  for (guint i = 0; i < n_validators; i++)
    _take(self, json_tree_is(json_tree_element(validators, i), JSON_TREE_OBJECT) ? 64 : 32);
}

static void
_tickets_mark(Reading *self, const JsonTree *mark)
{
  if (_match_presence(self, mark))
    _take_each(self, _count(self, mark), HASH_BYTES + 1);
}

static void
_offenders_mark(Reading *self, const JsonTree *mark)
{
  guint64 n_offenders = _take_natural(self);

  _refute_unless(self, n_offenders == _count(self, mark));
  _take_each(self, n_offenders, HASH_BYTES);
}

static void
_header(Reading *self)
{
  const JsonTree *header = json_tree_member(self->message->payload, "header");
  const JsonTree *offenders = json_tree_member(header, "offenders_mark");

  _match_hex(self, HASH_BYTES, json_tree_member(header, "parent"));
  _match_hex(self, HASH_BYTES, json_tree_member(header, "parent_state_root"));
  _match_hex(self, HASH_BYTES, json_tree_member(header, "extrinsic_hash"));
  _match_number(self, 4, json_tree_member(header, "slot"));
  _epoch_mark(self, json_tree_member(header, "epoch_mark"));
  _tickets_mark(self, json_tree_member(header, "tickets_mark"));
  if (self->gray_paper == GRAY_PAPER_0_6)
    _offenders_mark(self, offenders);
  _match_number(self, 2, json_tree_member(header, "author_index"));
  _match_hex(self, VRF_SIGNATURE_BYTES, json_tree_member(header, "entropy_source"));
  if (self->gray_paper != GRAY_PAPER_0_6)
    _offenders_mark(self, offenders);
  _match_hex(self, VRF_SIGNATURE_BYTES, json_tree_member(header, "seal"));
}

/* A value of the package, under any of its names. */
static const JsonTree *
_of_package(const Reading *self, const gchar *path)
{
  gchar *whole = g_strconcat("json_encoded.work_package.", path, NULL);
  const JsonTree *value = expected_message_value(self->message, whole);

  g_free(whole);
  return value;
}

static void
_context(Reading *self)
{
  gboolean is_new = self->gray_paper == GRAY_PAPER_0_8;

  _match_hex(self, HASH_BYTES, _of_package(self, "context.anchor"));
  /* anchor slot */
  _take(self, is_new ? 4 : 0);
  /* state root, beefy root, lookup anchor */
  _take(self, 3 * HASH_BYTES);
  _match_number(self, 4, _of_package(self, "context.lookup_anchor_slot"));
  /* lookup anchor state root */
  _take(self, is_new ? HASH_BYTES : 0);
  _take_each(self, _take_natural(self), HASH_BYTES);
}

static void
_item(Reading *self)
{
  /* service, code hash */
  _take(self, 4 + HASH_BYTES);
  if (self->gray_paper == GRAY_PAPER_0_6)
    _take(self, _take_natural(self));
  /* gas to refine and to accumulate */
  _take(self, 8 + 8);
  if (self->gray_paper != GRAY_PAPER_0_6)
    {
      _take(self, 2);
      _take(self, _take_natural(self));
    }
  _take_each(self, _take_natural(self), HASH_BYTES + 2);
  _take_each(self, _take_natural(self), HASH_BYTES + 4);
  if (self->gray_paper == GRAY_PAPER_0_6)
    _take(self, 2);
}

static void
_work_package(Reading *self)
{
  const JsonTree *authorization = _of_package(self, "authorization");
  const JsonTree *params = _of_package(self, "authorizer.params");
  gboolean is_old = self->gray_paper == GRAY_PAPER_0_6;

  if (is_old)
    _match_blob(self, authorization);
  _match_number(self, 4, _of_package(self, "auth_code_host"));
  _match_hex(self, HASH_BYTES, _of_package(self, "authorizer.code_hash"));
  if (is_old)
    _match_blob(self, params);
  _context(self);
  if (!is_old)
    {
      _match_blob(self, authorization);
      _match_blob(self, params);
    }
  for (guint64 n_items = _take_natural(self); n_items > 0 && !self->is_refuted; n_items--)
    _item(self);
}

/* Reads @layout as it is in each of the Gray Papers from @first to @last. Returns
 * the number of bytes if all that fit agree on it, 0 if they do not or none fits. */
static gsize
_proven_length(const ExpectedMessage *message, Layout layout, GrayPaper first, GrayPaper last)
{
  gsize length = 0;

  for (GrayPaper gray_paper = first; gray_paper <= last; gray_paper++)
    {
      Reading reading = { .message = message, .gray_paper = gray_paper };

      layout(&reading);
      if (reading.is_refuted)
        continue;
      if (length > 0 && length != reading.at)
        return 0;
      length = reading.at;
    }
  return length;
}

GString *
expected_hash(const guint8 *bytes, gsize length)
{
  GString *text = g_string_new("\"0x");
  guint8 hash[HASH_BYTES];

  crypto_generichash(hash, sizeof(hash), bytes, length, NULL, 0);
  for (gsize i = 0; i < sizeof(hash); i++)
    g_string_append_printf(text, "%02x", hash[i]);
  g_string_append_c(text, '"');
  return text;
}

static GString *
_hash_proven(const ExpectedMessage *message, Layout layout, GrayPaper first, GrayPaper last)
{
  gsize length = message->codec ? _proven_length(message, layout, first, last) : 0;

  return length > 0 ? expected_hash(message->codec->data, length) : NULL;
}

GString *
expected_header_hash(const ExpectedMessage *message)
{
  const JsonTree *header = json_tree_member(message->payload, "header");

  if (expected_is_null(json_tree_member(header, "entropy_source"))
      && expected_is_null(json_tree_member(header, "seal")))
    return NULL;
  return _hash_proven(message, _header, GRAY_PAPER_0_6, GRAY_PAPER_0_8);
}

GString *
expected_work_package_hash(const ExpectedMessage *message)
{
  Reading json = { .message = message };
  gboolean is_new = !expected_is_null(_of_package(&json, "context.anchor_slot"))
                    || !expected_is_null(_of_package(&json, "context.lookup_anchor_state_root"));

  if (expected_is_null(_of_package(&json, "authorizer.code_hash"))
      && expected_is_null(_of_package(&json, "context.anchor")))
    return NULL;
  if (is_new)
    return _hash_proven(message, _work_package, GRAY_PAPER_0_8, GRAY_PAPER_0_8);
  return _hash_proven(message, _work_package, GRAY_PAPER_0_6, GRAY_PAPER_0_7);
}
