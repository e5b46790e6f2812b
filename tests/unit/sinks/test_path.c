/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/path.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <limits.h>

typedef struct _PathCase
{
  gchar path[64];
  gboolean confined;
} PathCase;

ParameterizedTestParameters(path, is_confined_unless_a_component_leads_upwards)
{
  static PathCase cases[] =
  {
    { "/var/lib/jam-etl", TRUE },
    { "/var/lib//etc/passwd", TRUE },
    { "/var/lib/.", TRUE },
    { "/var/lib/...", TRUE },
    { "/var/lib/..a/b..", TRUE },
    { "/", TRUE },
    { "", TRUE },
    { "/var/..", FALSE },
    { "/var/../lib", FALSE },
    { "/var/lib/a/../../../etc", FALSE },
    { "..", FALSE },
    { "../a", FALSE },
  };

  return cr_make_param_array(PathCase, cases, G_N_ELEMENTS(cases));
}

ParameterizedTest(PathCase *c, path, is_confined_unless_a_component_leads_upwards)
{
  cr_assert_eq(jam_path_is_confined(c->path), c->confined, "%s", c->path);
}

Test(path, components_and_paths_longer_than_the_system_takes_are_refused)
{
  gchar *longest = g_strnfill(NAME_MAX, 'a');
  gchar *too_long = g_strnfill(NAME_MAX + 1, 'a');
  gchar *deep = g_strnfill(PATH_MAX, '/');

  cr_assert(jam_path_is_confined(longest));
  cr_assert_not(jam_path_is_confined(too_long));
  cr_assert_not(jam_path_is_confined(deep));
  g_free(longest);
  g_free(too_long);
  g_free(deep);
}
