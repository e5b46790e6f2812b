/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/path.h"

#include <limits.h>
#include <string.h>

gboolean
jam_path_is_confined(const gchar *path)
{
  const gchar *component = path;

  if (strlen(path) > PATH_MAX - NAME_MAX - 2)
    return FALSE;
  while (*component)
    {
      gsize length = strcspn(component, "/");
      if (length > NAME_MAX || (length == 2 && memcmp(component, "..", 2) == 0))
        return FALSE;
      component += length;
      if (*component)
        component++;
    }
  return TRUE;
}
