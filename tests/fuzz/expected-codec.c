/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "expected-codec.h"

#include <sodium.h>

#define HASH_BYTES 32

/* Bytes to be eaten up; what is too long leaves nothing, not even a start. */
typedef struct _Rest
{
  const guint8 *start;
  gsize eaten;
  gsize length;
  gboolean is_spoilt;
} Rest;

static void
_eat(Rest *rest, guint64 n_bytes)
{
  if (rest->is_spoilt || n_bytes > rest->length - rest->eaten)
    rest->is_spoilt = TRUE;
  else
    rest->eaten += n_bytes;
}

static void
_eat_times(Rest *rest, guint64 times, guint64 n_bytes)
{
  if (times > G_MAXUINT64 / n_bytes)
    rest->is_spoilt = TRUE;
  else
    _eat(rest, times * n_bytes);
}

static guint8
_byte(Rest *rest)
{
  _eat(rest, 1);
  return rest->is_spoilt ? 0 : rest->start[rest->eaten - 1];
}

/* A general natural number: as many little-endian bytes follow as the first has
 * leading ones. */
static guint64
_natural(Rest *rest)
{
  guint8 first = _byte(rest);
  gint n = first == 0xFF ? 8 : __builtin_clz((guint32) (guint8) ~first << 24);
  guint64 number = n < 8 ? (guint64) (first & (0xFF >> (n + 1))) << (8 * n) : 0;

  for (gint i = 0; i < n; i++)
    number += (guint64) _byte(rest) << (8 * i);
  return number;
}

static void
_optional(Rest *rest, gboolean is_there, guint64 n_bytes)
{
  if (_byte(rest) != is_there)
    rest->is_spoilt = TRUE;
  if (is_there)
    _eat(rest, n_bytes);
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
_hash_eaten(const Rest *rest)
{
  return rest->is_spoilt ? NULL : expected_hash(rest->start, rest->eaten);
}

/* a pair of keys, or one */
static guint64
_keys_bytes(const JsonTree *validators)
{
  guint64 n_bytes = 0;

  for (guint i = 0; json_tree_is(validators, JSON_TREE_ARRAY) && i < json_tree_count(validators); i++)
    {
      const JsonTree *entry = json_tree_element(validators, i);
      n_bytes += json_tree_is(entry, JSON_TREE_OBJECT) && json_tree_count(entry) > 1 ? 64 : 32;
    }
  return n_bytes;
}

GString *
expected_header_hash(const ExpectedMessage *message)
{
  const JsonTree *header = json_tree_member(message->payload, "header");
  const JsonTree *epoch = json_tree_member(header, "epoch_mark");
  const JsonTree *tickets = json_tree_member(header, "tickets_mark");
  Rest rest;

  if (!message->codec)
    return NULL;
  rest = (Rest) { .start = message->codec->data, .length = message->codec->len };
  _eat(&rest, 32 + 32 + 32 + 4);
  _optional(&rest, !expected_is_null(epoch), 64 + _keys_bytes(json_tree_member(epoch, "validators")));
  _optional(&rest, !expected_is_null(tickets), 33 * (guint64) json_tree_count(tickets));
  _eat_times(&rest, _natural(&rest), 32);
  _eat(&rest, 2 + 96 + 96);
  return _hash_eaten(&rest);
}

static void
_work_item(Rest *rest)
{
  _eat(rest, 4 + 32);
  _eat(rest, _natural(rest));
  _eat(rest, 8 + 8);
  _eat_times(rest, _natural(rest), 34);
  _eat_times(rest, _natural(rest), 36);
  _eat(rest, 2);
}

GString *
expected_work_package_hash(const ExpectedMessage *message)
{
  Rest rest;

  if (!message->codec)
    return NULL;
  rest = (Rest) { .start = message->codec->data, .length = message->codec->len };
  _eat(&rest, _natural(&rest));
  _eat(&rest, 4 + 32);
  _eat(&rest, _natural(&rest));
  _eat(&rest, 4 * 32 + 4);
  _eat_times(&rest, _natural(&rest), 32);
  for (guint64 n = _natural(&rest); n > 0 && !rest.is_spoilt; n--)
    _work_item(&rest);
  return _hash_eaten(&rest);
}
