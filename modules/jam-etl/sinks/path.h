/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_PATH_H_INCLUDED
#define JAM_PATH_H_INCLUDED

#include <glib.h>

/* Returns TRUE if the directory @path cannot lead out of what it starts with
 * (no component is ".."), and if the system takes it and a file name behind it
 * as a path. */
gboolean jam_path_is_confined(const gchar *path);

#endif
