/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_PATH_H_INCLUDED
#define JAM_PATH_H_INCLUDED

#include <glib.h>

/* Where a template for a directory is fixed, and where values stand. */
typedef struct _JamPathPattern
{
  /* bytes up to and with the last slash before the first macro; of a path
   * without macros: all */
  gsize fixed_length;
  /* slashes behind that, outside of macros and template functions */
  guint n_slashes;
  gboolean has_values;
} JamPathPattern;

/* Takes apart @template, a syslog-ng template. Returns FALSE if what is fixed in
 * it is not an absolute path, or leads upwards. */
gboolean jam_path_pattern_init(JamPathPattern *self, const gchar *template);

/* Returns TRUE if in @path, which the template has expanded to, each value is
 * (part of) one name: none adds a folder level, is empty, means the folder itself
 * or the one above, or is too long. Such paths are spelled in one way only. */
gboolean jam_path_pattern_matches(const JamPathPattern *self, const gchar *path);

#endif
