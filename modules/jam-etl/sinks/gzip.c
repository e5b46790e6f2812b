/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/gzip.h"

#include <libdeflate.h>

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
