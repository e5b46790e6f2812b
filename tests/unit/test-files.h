/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TEST_TEST_FILES_H_INCLUDED
#define JAM_TEST_TEST_FILES_H_INCLUDED

#include <glib.h>

/* Returns the names in the folder @path below the tests' folder, sorted;
 * the caller frees the array. */
GPtrArray *test_files_list(const gchar *path);

/* Returns TRUE if there is a file NAME in the folder @path below the tests'
 * folder, and stores its bytes, NUL-terminated; the caller frees them. */
gboolean test_files_read(const gchar *path, const gchar *name, gchar **bytes, gsize *length);

#endif
