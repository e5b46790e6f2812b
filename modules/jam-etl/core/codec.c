/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/codec.h"
#include "core/hex.h"

#define HASH_BYTES 32
#define U16_BYTES 2
#define U32_BYTES 4
#define U64_BYTES 8
/* of a Bandersnatch VRF signature, as entropy source and seal */
#define VRF_SIGNATURE_BYTES 96
/* a ticket's identifier and attempt */
#define TICKET_BYTES 33
/* a segment's tree root and index */
#define IMPORT_BYTES 34
/* an extrinsic's hash and length */
#define EXTRINSIC_BYTES 36

/* Walks over encoded bytes. Running out of them is remembered, not reported at
 * each step: whoever walks asks once at the end. */
typedef struct _Walk
{
  const gchar *digits;
  gsize n_bytes;
  gsize pos;
  gboolean fits;
} Walk;

static void
_skip(Walk *walk, guint64 n_bytes)
{
  if (n_bytes > walk->n_bytes - walk->pos)
    walk->fits = FALSE;
  else
    walk->pos += n_bytes;
}

static void
_skip_each(Walk *walk, guint64 count, gsize n_bytes)
{
  if (count > walk->n_bytes)
    walk->fits = FALSE;
  else
    _skip(walk, count * n_bytes);
}

static guint8
_take_byte(Walk *walk)
{
  guint8 byte = 0;
  gsize at = walk->pos;

  _skip(walk, 1);
  if (walk->fits && !jam_hex_decode(walk->digits + 2 * at, 1, &byte))
    walk->fits = FALSE;
  return byte;
}

/* A general natural: the first byte's leading one bits say how many
 * little-endian bytes follow, its other bits are the high part. */
static guint64
_take_natural(Walk *walk)
{
  guint8 first = _take_byte(walk);
  gint n_following = 0;
  guint64 low = 0;
  guint8 high_mask;

  while (n_following < 8 && (first & (0x80 >> n_following)))
    n_following++;
  for (gint i = 0; i < n_following; i++)
    low |= (guint64) _take_byte(walk) << (8 * i);
  if (n_following == 8)
    return low;
  high_mask = 0x7F >> n_following;
  return ((guint64) (first & high_mask) << (8 * n_following)) | low;
}

static void
_skip_blob(Walk *walk)
{
  _skip(walk, _take_natural(walk));
}

static void
_skip_list(Walk *walk, gsize entry_bytes)
{
  _skip_each(walk, _take_natural(walk), entry_bytes);
}

/* An optional value: a byte 0, or a byte 1 and the value. */
static void
_skip_optional(Walk *walk, gboolean is_there, gsize n_bytes)
{
  if (_take_byte(walk) != (is_there ? 1 : 0))
    walk->fits = FALSE;
  if (is_there)
    _skip(walk, n_bytes);
}

static gsize
_walked_length(const Walk *walk)
{
  if (!walk->fits || !jam_hex_is_valid(walk->digits, 2 * walk->pos))
    return 0;
  return walk->pos;
}

gsize
jam_codec_header_length(const gchar *digits, gsize n_digits, const JamHeaderShape *shape)
{
  Walk walk = { .digits = digits, .n_bytes = n_digits / 2, .fits = TRUE };

  _skip(&walk, 3 * HASH_BYTES + U32_BYTES);
  _skip_optional(&walk, shape->has_epoch_mark, 2 * HASH_BYTES + shape->epoch_keys_bytes);
  _skip_optional(&walk, shape->has_tickets_mark, shape->n_tickets * TICKET_BYTES);
  _skip_list(&walk, HASH_BYTES);
  _skip(&walk, U16_BYTES + 2 * VRF_SIGNATURE_BYTES);
  return _walked_length(&walk);
}

static void
_skip_work_item(Walk *walk)
{
  _skip(walk, U32_BYTES + HASH_BYTES);
  _skip_blob(walk);
  _skip(walk, 2 * U64_BYTES);
  _skip_list(walk, IMPORT_BYTES);
  _skip_list(walk, EXTRINSIC_BYTES);
  _skip(walk, U16_BYTES);
}

gsize
jam_codec_work_package_length(const gchar *digits, gsize n_digits)
{
  Walk walk = { .digits = digits, .n_bytes = n_digits / 2, .fits = TRUE };
  guint64 n_items;

  _skip_blob(&walk);
  _skip(&walk, U32_BYTES + HASH_BYTES);
  _skip_blob(&walk);
  _skip(&walk, 4 * HASH_BYTES + U32_BYTES);
  _skip_list(&walk, HASH_BYTES);
  n_items = _take_natural(&walk);
  for (guint64 i = 0; i < n_items && walk.fits; i++)
    _skip_work_item(&walk);
  return _walked_length(&walk);
}
