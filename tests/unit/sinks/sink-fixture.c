/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sink-fixture.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

static gint
_open(JamFileOpener *s, const gchar *path)
{
  SinkFixture *self = (SinkFixture *) s;
  gchar *directory = g_path_get_dirname(path);

  self->n_opened++;
  g_mkdir_with_parents(directory, 0700);
  g_free(directory);
  return open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static gint
_open_directory(JamFileOpener *s G_GNUC_UNUSED, const gchar *path)
{
  return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static gint
_stat(JamFileOpener *s, const gchar *path, struct stat *st)
{
  SinkFixture *self = (SinkFixture *) s;

  if (self->unanswered && g_str_has_suffix(path, self->unanswered))
    {
      errno = EIO;
      return -1;
    }
  return stat(path, st);
}

static gint
_rename(JamFileOpener *s G_GNUC_UNUSED, const gchar *from, const gchar *to)
{
  return rename(from, to);
}

static gint
_link(JamFileOpener *s, const gchar *from, const gchar *to)
{
  SinkFixture *self = (SinkFixture *) s;

  if (self->has_no_links)
    {
      errno = EPERM;
      return -1;
    }
  return link(from, to);
}

static gint
_unlink(JamFileOpener *s G_GNUC_UNUSED, const gchar *path)
{
  return unlink(path);
}

static void
_warn(JamFileOpener *s, const gchar *path G_GNUC_UNUSED, const gchar *what G_GNUC_UNUSED)
{
  SinkFixture *self = (SinkFixture *) s;

  self->n_warnings++;
}

void
sink_fixture_init(SinkFixture *self)
{
  *self = (SinkFixture) 
  {
    .opener =
    {
      .operations = &jam_file_operations,
      .open = _open,
      .open_directory = _open_directory,
      .stat = _stat,
      .rename = _rename,
      .link = _link,
      .unlink = _unlink,
      .warn = _warn,
    },
  };
  self->directory = g_dir_make_tmp("jam-etl-test-XXXXXX", NULL);
  cr_assert_not_null(self->directory);
}

static void
_remove_tree(const gchar *path)
{
  GDir *dir = g_dir_open(path, 0, NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name(dir)))
    {
      gchar *child = g_build_filename(path, name, NULL);
      _remove_tree(child);
      g_free(child);
    }
  if (dir)
    g_dir_close(dir);
  g_remove(path);
}

void
sink_fixture_clear(SinkFixture *self)
{
  sink_fixture_limit_file_size(-1);
  _remove_tree(self->directory);
  g_free(self->directory);
}

gchar *
sink_fixture_path(SinkFixture *self, const gchar *name)
{
  return g_build_filename(self->directory, name, NULL);
}

void
sink_fixture_assert_content(SinkFixture *self, const gchar *name, const gchar *expected)
{
  gchar *path = sink_fixture_path(self, name);
  gchar *content = NULL;
  gsize length;

  cr_assert(g_file_get_contents(path, &content, &length, NULL), "there is no %s", name);
  cr_assert_str_eq(content, expected);
  /* nothing behind a NUL */
  cr_assert_eq(length, strlen(expected));
  g_free(content);
  g_free(path);
}

void
sink_fixture_set_content(SinkFixture *self, const gchar *name, const gchar *content)
{
  gchar *path = sink_fixture_path(self, name);

  cr_assert(g_file_set_contents(path, content, -1, NULL));
  g_free(path);
}

void
sink_fixture_limit_file_size(gssize size)
{
  struct rlimit limit;

  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = size < 0 ? limit.rlim_max : (rlim_t) size;
  setrlimit(RLIMIT_FSIZE, &limit);
}
