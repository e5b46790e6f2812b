/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_BUFFER_H_INCLUDED
#define JAMTART_GEN_BUFFER_H_INCLUDED

#include <glib.h>
#include <string.h>

/* A growing run of bytes, made to be emptied and filled again. A zeroed
 * Buffer is an empty one. Appending is inline: it is what the generator
 * spends its time on. */
typedef struct _Buffer
{
  guint8 *data;
  gsize len;
  gsize capacity;
} Buffer;

/* Makes room for EXTRA more bytes; the length stays as it is. */
void buffer_grow(Buffer *self, gsize extra);

/* Frees the bytes and leaves an empty Buffer. */
void buffer_free_data(Buffer *self);

/* Empties the Buffer and keeps its memory. */
static inline void
buffer_reset(Buffer *self)
{
  self->len = 0;
}

/* Adds LEN bytes and returns where they are, for the caller to fill. The
 * pointer is good until the next call that adds bytes. */
static inline guint8 *
buffer_extend(Buffer *self, gsize len)
{
  if (G_UNLIKELY(self->capacity - self->len < len))
    buffer_grow(self, len);

  self->len += len;
  return self->data + self->len - len;
}

/* Copies LEN bytes from DATA, which is not NULL, to the end. */
static inline void
buffer_append(Buffer *self, const void *data, gsize len)
{
  memcpy(buffer_extend(self, len), data, len);
}

/* Adds one byte. */
static inline void
buffer_append_byte(Buffer *self, guint8 byte)
{
  *buffer_extend(self, 1) = byte;
}

/* Copies TEXT, without its closing NUL, to the end. */
static inline void
buffer_append_text(Buffer *self, const gchar *text)
{
  buffer_append(self, text, strlen(text));
}

/* Adds LEN bytes from DATA as lower-case hex digits. */
void buffer_append_hex(Buffer *self, const guint8 *data, gsize len);

/* Adds VALUE as decimal digits. */
void buffer_append_number(Buffer *self, guint64 value);

/* Adds VALUE as DIGITS decimal digits, with zeros in front; the digits that
 * do not fit are left out. */
void buffer_append_padded(Buffer *self, guint64 value, guint digits);

#endif
