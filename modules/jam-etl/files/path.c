/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "files/path.h"

#include <limits.h>
#include <string.h>

static gboolean
_is_name(const gchar *component, gsize length, gboolean only_this_folder_allowed)
{
  if (length > NAME_MAX)
    return FALSE;
  if (length == 2 && memcmp(component, "..", 2) == 0)
    return FALSE;
  return only_this_folder_allowed || (length > 0 && !(length == 1 && *component == '.'));
}

static gboolean
_check_components(const gchar *path, gsize length, gboolean this_folder_allowed)
{
  const gchar *end = path + length;

  while (path <= end)
    {
      const gchar *slash = memchr(path, '/', end - path);
      const gchar *component_end = slash ? slash : end;

      if (!_is_name(path, component_end - path, this_folder_allowed))
        return FALSE;
      path = component_end + 1;
    }
  return TRUE;
}

static guint
_count_slashes(const gchar *text)
{
  guint n = 0;

  for (; *text; text++)
    n += *text == '/';
  return n;
}

/* Slashes in ${…} and $(…) belong to the template's language. */
static guint
_count_literal_slashes(const gchar *template)
{
  guint depth = 0;
  guint n = 0;

  for (const gchar *p = template; *p; p++)
    {
      if (depth > 0 ? strchr("({", *p) != NULL : *p == '$' && p[1] && strchr("({", p[1]))
        {
          depth++;
          p += *p == '$';
        }
      else if (depth > 0 && strchr(")}", *p))
        depth--;
      else if (depth == 0 && *p == '/')
        n++;
    }
  return n;
}

gboolean
jam_path_pattern_init(JamPathPattern *self, const gchar *template)
{
  gsize literal_length = strcspn(template, "$");

  self->has_values = template[literal_length] != '\0';
  self->fixed_length = literal_length;
  if (template[0] != '/')
    return FALSE;
  if (self->has_values)
    {
      while (template[self->fixed_length - 1] != '/')
        self->fixed_length--;
    }
  self->n_slashes = _count_literal_slashes(template + self->fixed_length);
  return literal_length < PATH_MAX - NAME_MAX - 2 && _check_components(template, literal_length, TRUE);
}

static gsize
_length_without_slashes_at_end(const gchar *path)
{
  gsize length = strlen(path);

  while (length > 0 && path[length - 1] == '/')
    length--;
  return length;
}

gboolean
jam_path_pattern_matches(const JamPathPattern *self, const gchar *path)
{
  const gchar *values = path + self->fixed_length;

  if (!self->has_values)
    return TRUE;
  return strlen(path) < PATH_MAX - NAME_MAX - 2 && _count_slashes(values) == self->n_slashes
         && _check_components(values, _length_without_slashes_at_end(values), FALSE);
}
