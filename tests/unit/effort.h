/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TEST_EFFORT_H_INCLUDED
#define JAM_TEST_EFFORT_H_INCLUDED

#include <glib.h>
#include <stdlib.h>

/* Returns how often to do what is worth doing @n times: as many percent of it as
 * JAM_ETL_TEST_EFFORT says. What takes long elsewhere takes too long under
 * valgrind. */
static inline gint
test_effort(gint n)
{
  const gchar *percent = g_getenv("JAM_ETL_TEST_EFFORT");

  return percent ? MAX(n * atoi(percent) / 100, 1) : n;
}

#endif
