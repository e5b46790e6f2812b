/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BUFFER_H_INCLUDED
#define JAM_BUFFER_H_INCLUDED

#include <glib.h>
#include <string.h>

/* A growing run of bytes. It is not NUL-terminated: rows may be tens of
 * megabytes and are handed to write() with their length. */
typedef struct _JamBuffer
{
  gchar *data;
  gsize length;
  gsize capacity;
} JamBuffer;

/* Frees the bytes and leaves an empty buffer that can be used again. */
void jam_buffer_clear(JamBuffer *self);

/* Makes room for at least @extra bytes behind the present ones. Aborts, as all
 * of GLib's allocation does, when memory is exhausted. */
void jam_buffer_grow(JamBuffer *self, gsize extra);

/* Empties the buffer; gives its memory back if it holds more than
 * @keep_capacity bytes, so that one huge message does not stay forever. */
void jam_buffer_reset(JamBuffer *self, gsize keep_capacity);

/* Append @value in decimal. */
void jam_buffer_append_int64(JamBuffer *self, gint64 value);
void jam_buffer_append_uint64(JamBuffer *self, guint64 value);

static inline void
jam_buffer_reserve(JamBuffer *self, gsize extra)
{
  if (G_UNLIKELY(self->capacity - self->length < extra))
    jam_buffer_grow(self, extra);
}

static inline void
jam_buffer_append(JamBuffer *self, const gchar *bytes, gsize length)
{
  /* an empty buffer has no memory that memcpy may be given */
  if (length == 0)
    return;
  jam_buffer_reserve(self, length);
  memcpy(self->data + self->length, bytes, length);
  self->length += length;
}

/* The unit that short texts are copied by. */
#define JAM_BUFFER_BLOCK 32

/* Appends @length bytes of which whole blocks may be read: that is quicker than
 * to look at the length first. */
static inline void
jam_buffer_append_blocks(JamBuffer *self, const gchar *bytes, gsize length)
{
  gchar *p;

  jam_buffer_reserve(self, length + JAM_BUFFER_BLOCK);
  p = self->data + self->length;
  for (gsize done = 0; done < length; done += JAM_BUFFER_BLOCK)
    memcpy(p + done, bytes + done, JAM_BUFFER_BLOCK);
  self->length += length;
}

static inline void
jam_buffer_append_char(JamBuffer *self, gchar c)
{
  jam_buffer_reserve(self, 1);
  self->data[self->length++] = c;
}

#define jam_buffer_append_literal(self, text) jam_buffer_append(self, "" text, sizeof(text) - 1)

#endif
