/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "files/file-fault.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const gchar *
_find_fault_of_type(gint fd, gboolean is_directory, struct stat *st)
{
  if (fstat(fd, st) < 0)
    return g_strerror(errno);
  if (is_directory)
    return S_ISDIR(st->st_mode) ? NULL : "not a directory";
  return S_ISREG(st->st_mode) ? NULL : "not a regular file";
}

const gchar *
jam_file_find_fault(const gchar *path, gboolean is_directory, struct stat *st)
{
  struct stat unused;
  const gchar *fault;
  gint fd;

  if (!st)
    st = &unused;
  memset(st, 0, sizeof(*st));
  /* a pipe without a writer would block here */
  fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0)
    return g_strerror(errno);
  fault = _find_fault_of_type(fd, is_directory, st);
  close(fd);
  return fault;
}
