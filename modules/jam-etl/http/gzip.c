/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "http/gzip.h"

#ifdef HAVE_ISAL
#include <isa-l/igzip_lib.h>

/* 1 of 0 to 3 */
#define LEVEL 1

struct _JamGzip
{
  struct isal_zstream stream;
  guint8 memory[ISAL_DEF_LVL1_DEFAULT];
};

JamGzip *
jam_gzip_new(void)
{
  return g_new0(JamGzip, 1);
}

void
jam_gzip_free(JamGzip *self)
{
  g_free(self);
}

/* What deflate's blocks of stored bytes add, with gzip's header and trailer. */
static gsize
_get_bound(gsize length)
{
  return length + 5 * (length / 65535 + 1) + 64;
}

void
jam_gzip_append(JamGzip *self, const gchar *bytes, gsize length, JamBuffer *out)
{
  struct isal_zstream *stream = &self->stream;
  gint result G_GNUC_UNUSED;

  jam_buffer_reserve(out, _get_bound(length));
  isal_deflate_stateless_init(stream);
  stream->level = LEVEL;
  stream->level_buf = self->memory;
  stream->level_buf_size = sizeof(self->memory);
  stream->gzip_flag = IGZIP_GZIP;
  stream->end_of_stream = 1;
  stream->next_in = (guint8 *) bytes;
  stream->avail_in = length;
  stream->next_out = (guint8 *) out->data + out->length;
  stream->avail_out = _get_bound(length);
  result = isal_deflate_stateless(stream);
  g_assert(result == COMP_OK);
  out->length += stream->total_out;
}
#else
#include <libdeflate.h>

/* of 1 to 12 */
#define FASTEST 1

struct _JamGzip
{
  struct libdeflate_compressor *compressor;
};

JamGzip *
jam_gzip_new(void)
{
  JamGzip *self = g_new0(JamGzip, 1);

  self->compressor = libdeflate_alloc_compressor(FASTEST);
  g_assert(self->compressor);
  return self;
}

void
jam_gzip_free(JamGzip *self)
{
  libdeflate_free_compressor(self->compressor);
  g_free(self);
}

void
jam_gzip_append(JamGzip *self, const gchar *bytes, gsize length, JamBuffer *out)
{
  gsize bound = libdeflate_gzip_compress_bound(self->compressor, length);

  jam_buffer_reserve(out, bound);
  out->length += libdeflate_gzip_compress(self->compressor, bytes, length, out->data + out->length, bound);
}
#endif
