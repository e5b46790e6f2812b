/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "allocations.h"

#include <dlfcn.h>

#ifdef __SANITIZE_ADDRESS__

gboolean
allocations_are_counted(void)
{
  return FALSE;
}

guint64
allocations_count(void)
{
  return 0;
}

#else

static guint64 n_allocations;

/* These take the C library's place for all of the process, GLib too. */

void *
malloc(size_t size)
{
  static void *(*next)(size_t);

  n_allocations++;
  if (!next)
    next = dlsym(RTLD_NEXT, "malloc");
  return next(size);
}

void *
calloc(size_t n, size_t size)
{
  static void *(*next)(size_t, size_t);

  n_allocations++;
  if (!next)
    next = dlsym(RTLD_NEXT, "calloc");
  return next(n, size);
}

void *
realloc(void *memory, size_t size)
{
  static void *(*next)(void *, size_t);

  n_allocations++;
  if (!next)
    next = dlsym(RTLD_NEXT, "realloc");
  return next(memory, size);
}

gboolean
allocations_are_counted(void)
{
  guint64 before = allocations_count();

  g_free(g_malloc(1));
  return allocations_count() > before;
}

guint64
allocations_count(void)
{
  return n_allocations;
}

#endif
