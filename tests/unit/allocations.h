/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TEST_ALLOCATIONS_H_INCLUDED
#define JAM_TEST_ALLOCATIONS_H_INCLUDED

#include <glib.h>

/* Counts what the whole process takes from malloc, calloc and realloc. */

/* Returns FALSE where they belong to a sanitizer, which must not be disturbed. */
gboolean allocations_are_counted(void);

/* Returns how many there were so far. */
guint64 allocations_count(void);

#endif
