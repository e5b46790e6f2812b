/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_FILE_FAULT_H_INCLUDED
#define JAM_FILE_FAULT_H_INCLUDED

#include <glib.h>
#include <sys/stat.h>

/* Opens @path to see whether it can be read, and does not wait for anything. Returns what
 * is wrong, such as "No such file or directory", a constant; or NULL if it is a regular
 * file, or with @is_directory a directory, that can be read. @st may be NULL; it gets
 * what is there, or zeros. */
const gchar *jam_file_find_fault(const gchar *path, gboolean is_directory, struct stat *st);

#endif
