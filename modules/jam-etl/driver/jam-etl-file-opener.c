/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-file-opener.h"

#include "gprocess.h"
#include "messages.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* once for each level of a deep path that others may make */
#define CREATE_ATTEMPTS 64

/* errno is the caller's answer, and stays */
static void
_restore_caps(cap_t saved_caps)
{
  gint saved_errno = errno;

  g_process_cap_restore(saved_caps);
  errno = saved_errno;
}

/* Permissions of a device that is in the file's place are not ours to change. */
static gboolean
_is_regular(gint fd)
{
  struct stat st;

  return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* The core's function fails where another thread makes the same directory at the
 * same time; what is there then is found in the next attempt. */
static gboolean
_create_directories(JamEtlFileOpener *self, const gchar *path)
{
  gboolean success;

  for (gint attempt = 0; attempt < CREATE_ATTEMPTS; attempt++)
    {
      errno = ENOTDIR;
      success = file_perm_options_create_containing_directory(&self->file_perm_options, path);
      if (success || errno != EEXIST)
        break;
    }
  return success;
}

static gint
_open_with_privileges(JamEtlFileOpener *self, const gchar *path)
{
  const FilePermOptions *perm = &self->file_perm_options;
  gint fd;

  g_process_enable_cap("cap_dac_override");
  if (self->create_dirs && !_create_directories(self, path))
    return -1;
  fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_NOCTTY | O_NONBLOCK | O_CLOEXEC,
            perm->file_perm >= 0 ? perm->file_perm : 0600);
  if (fd >= 0 && _is_regular(fd))
    {
      g_process_enable_cap("cap_chown");
      g_process_enable_cap("cap_fowner");
      file_perm_options_apply_fd(perm, fd);
    }
  return fd;
}

static gint
_open(JamFileOpener *s, const gchar *path)
{
  JamEtlFileOpener *self = (JamEtlFileOpener *) s;
  cap_t saved_caps = g_process_cap_save();
  gint fd = _open_with_privileges(self, path);

  _restore_caps(saved_caps);
  return fd;
}

static gint
_open_directory(JamFileOpener *s G_GNUC_UNUSED, const gchar *path)
{
  cap_t saved_caps = g_process_cap_save();
  gint fd;

  g_process_enable_cap("cap_dac_override");
  fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  _restore_caps(saved_caps);
  return fd;
}

static gint
_stat(JamFileOpener *s G_GNUC_UNUSED, const gchar *path, struct stat *st)
{
  cap_t saved_caps = g_process_cap_save();
  gint result;

  g_process_enable_cap("cap_dac_override");
  result = stat(path, st);
  _restore_caps(saved_caps);
  return result;
}

static gint
_rename(JamFileOpener *s G_GNUC_UNUSED, const gchar *from, const gchar *to)
{
  cap_t saved_caps = g_process_cap_save();
  gint result;

  g_process_enable_cap("cap_dac_override");
  result = rename(from, to);
  _restore_caps(saved_caps);
  return result;
}

/* links to files of others may be forbidden (fs.protected_hardlinks) */
static gint
_link(JamFileOpener *s G_GNUC_UNUSED, const gchar *from, const gchar *to)
{
  cap_t saved_caps = g_process_cap_save();
  gint result;

  g_process_enable_cap("cap_dac_override");
  g_process_enable_cap("cap_fowner");
  result = link(from, to);
  _restore_caps(saved_caps);
  return result;
}

static gint
_unlink(JamFileOpener *s G_GNUC_UNUSED, const gchar *path)
{
  cap_t saved_caps = g_process_cap_save();
  gint result;

  g_process_enable_cap("cap_dac_override");
  result = unlink(path);
  _restore_caps(saved_caps);
  return result;
}

static void
_warn(JamFileOpener *s, const gchar *path, const gchar *what)
{
  JamEtlFileOpener *self = (JamEtlFileOpener *) s;

  msg_warning("jam-etl: output file needed repair", evt_tag_str("file", path), evt_tag_str("what", what),
              evt_tag_str("driver", self->owner->id), log_pipe_location_tag(&self->owner->super));
}

void
jam_etl_file_opener_init(JamEtlFileOpener *self, LogDriver *owner)
{
  self->super.operations = &jam_file_operations;
  self->super.open = _open;
  self->super.open_directory = _open_directory;
  self->super.stat = _stat;
  self->super.rename = _rename;
  self->super.link = _link;
  self->super.unlink = _unlink;
  self->super.warn = _warn;
  self->owner = owner;
  self->create_dirs = TRUE;
  file_perm_options_defaults(&self->file_perm_options);
}
