/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JIP3_CURSOR_H_INCLUDED
#define JAM_JIP3_CURSOR_H_INCLUDED

#include <glib.h>
#include <string.h>

/* Reading of JIP-3's encoding: little-endian and without alignment. */

#define JAM_JIP3_HASH_BYTES 32
#define JAM_JIP3_IP_BYTES 16
/* an address and a port */
#define JAM_JIP3_ADDRESS_BYTES (JAM_JIP3_IP_BYTES + 2)

static inline guint16
jam_jip3_u16(const guint8 *bytes)
{
  guint16 value;

  memcpy(&value, bytes, sizeof(value));
  return GUINT16_FROM_LE(value);
}

static inline guint32
jam_jip3_u32(const guint8 *bytes)
{
  guint32 value;

  memcpy(&value, bytes, sizeof(value));
  return GUINT32_FROM_LE(value);
}

static inline guint64
jam_jip3_u64(const guint8 *bytes)
{
  guint64 value;

  memcpy(&value, bytes, sizeof(value));
  return GUINT64_FROM_LE(value);
}

typedef struct _JamJip3Cursor
{
  const guint8 *pos;
  const guint8 *end;
} JamJip3Cursor;

static inline gsize
jam_jip3_cursor_left(const JamJip3Cursor *self)
{
  return self->end - self->pos;
}

/* Takes @n_bytes bytes. Returns NULL if there are not as many. */
static inline const guint8 *
jam_jip3_cursor_take(JamJip3Cursor *self, guint64 n_bytes)
{
  const guint8 *bytes = self->pos;

  if (G_UNLIKELY(n_bytes > jam_jip3_cursor_left(self)))
    return NULL;
  self->pos += n_bytes;
  return bytes;
}

/* Takes a general natural: the first byte's leading one bits say how many
 * little-endian bytes follow, its other bits are the high part. It may be wider than
 * its value needs. Returns FALSE if the bytes end before it does. */
static inline gboolean
jam_jip3_cursor_take_natural(JamJip3Cursor *self, guint64 *value)
{
  const guint8 *first = jam_jip3_cursor_take(self, 1);
  const guint8 *low;
  guint n_low = 0;

  if (G_UNLIKELY(!first))
    return FALSE;
  *value = *first;
  if (G_LIKELY(*first < 0x80))
    return TRUE;
  while (n_low < 8 && (*first & (0x80 >> n_low)))
    n_low++;
  low = jam_jip3_cursor_take(self, n_low);
  if (!low)
    return FALSE;
  *value = n_low < 8 ? *first & (0x7F >> n_low) : 0;
  while (n_low > 0)
    *value = *value << 8 | low[--n_low];
  return TRUE;
}

#endif
