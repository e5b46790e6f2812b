/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "files/path.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <limits.h>

typedef struct _TemplateCase
{
  gchar template[64];
  gboolean accepted;
} TemplateCase;

ParameterizedTestParameters(path, a_template_must_start_with_an_absolute_path_that_does_not_lead_upwards)
{
  static TemplateCase cases[] = {
    { "/var/lib/jam-etl", TRUE },
    { "/var//lib/", TRUE },
    { "/var/lib/.", TRUE },
    { "/var/lib/..a/b..", TRUE },
    { "/", TRUE },
    { "/${HOST}", TRUE },
    { "/a/$(if ('1' == '2') 'x/../y' 'z')", TRUE },
    { "", FALSE },
    { "var/lib", FALSE },
    { "${HOST}/var", FALSE },
    { "/var/..", FALSE },
    { "/var/../lib/${HOST}", FALSE },
    { "../a", FALSE },
  };

  return cr_make_param_array(TemplateCase, cases, G_N_ELEMENTS(cases));
}

ParameterizedTest(TemplateCase *c, path, a_template_must_start_with_an_absolute_path_that_does_not_lead_upwards)
{
  JamPathPattern pattern;

  cr_assert_eq(jam_path_pattern_init(&pattern, c->template), c->accepted, "%s", c->template);
}

typedef struct _ExpansionCase
{
  gchar template[48];
  gchar path[48];
  gboolean matches;
} ExpansionCase;

ParameterizedTestParameters(path, a_value_is_part_of_one_name)
{
  static ExpansionCase cases[] = {
    { "/d", "/d", TRUE },
    { "/d/", "/d/", TRUE },
    { "/d/${HOST}", "/d/node0", TRUE },
    { "/d/${HOST}/", "/d/node0/", TRUE },
    { "/d/${R_YEAR}/${R_MONTH}", "/d/2025/06", TRUE },
    { "/d/x-${HOST}.y", "/d/x-node0.y", TRUE },
    { "/d/x-${HOST}", "/d/x-", TRUE },
    { "/d/${HOST}", "/d/...", TRUE },
    { "/d/${HOST:-a/b}/c", "/d/node0/c", TRUE },
    { "/d/$(f (a/b) {c/d})/e", "/d/x/e", TRUE },
    { "/d//e/${HOST}", "/d//e/node0", TRUE },
    { "/d/${HOST}", "/d/..", FALSE },
    { "/d/${HOST}", "/d/.", FALSE },
    { "/d/${HOST}", "/d/", FALSE },
    { "/d/${HOST}/e", "/d//e", FALSE },
    { "/d/${HOST}/e", "/d/../e", FALSE },
    { "/d/${HOST}", "/d/../../etc", FALSE },
    { "/d/${HOST}", "/d//etc/passwd", FALSE },
    { "/d/${HOST}", "/d/a/b", FALSE },
    { "/d/${HOST}", "/d/a/", FALSE },
    { "/d/.${HOST}", "/d/..", FALSE },
    { "/d/$(f)", "/d/a/b", FALSE },
  };

  return cr_make_param_array(ExpansionCase, cases, G_N_ELEMENTS(cases));
}

ParameterizedTest(ExpansionCase *c, path, a_value_is_part_of_one_name)
{
  JamPathPattern pattern;

  cr_assert(jam_path_pattern_init(&pattern, c->template));
  cr_assert_eq(jam_path_pattern_matches(&pattern, c->path), c->matches, "%s: %s", c->template, c->path);
}

static gboolean
_matches_value(const gchar *template, gsize length)
{
  JamPathPattern pattern;
  gchar *value = g_strnfill(length, 'a');
  gchar *path = g_strconcat("/d/", value, NULL);
  gboolean matches;

  cr_assert(jam_path_pattern_init(&pattern, template));
  matches = jam_path_pattern_matches(&pattern, path);
  g_free(path);
  g_free(value);
  return matches;
}

Test(path, values_longer_than_the_system_takes_are_refused)
{
  cr_assert(_matches_value("/d/${HOST}", NAME_MAX));
  cr_assert_not(_matches_value("/d/${HOST}", NAME_MAX + 1));
}

Test(path, templates_longer_than_the_system_takes_are_refused)
{
  JamPathPattern pattern;
  gchar *template = g_strnfill(PATH_MAX, '/');

  cr_assert_not(jam_path_pattern_init(&pattern, template));
  g_free(template);
}
