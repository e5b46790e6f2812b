/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guarded.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void
guarded_init(Guarded *self, gsize capacity)
{
  gsize page = sysconf(_SC_PAGESIZE);

  self->capacity = (capacity + page - 1) / page * page;
  self->mapped = self->capacity + page;
  self->start = mmap(NULL, self->mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  g_assert(self->start != MAP_FAILED);
  g_assert(mprotect(self->start + self->capacity, page, PROT_NONE) == 0);
}

void
guarded_clear(Guarded *self)
{
  munmap(self->start, self->mapped);
}

gchar *
guarded_get(Guarded *self, gsize length)
{
  g_assert(length <= self->capacity);
  return self->start + self->capacity - length;
}

const gchar *
guarded_copy(Guarded *self, const gchar *bytes, gsize length)
{
  return memcpy(guarded_get(self, length), bytes, length);
}
