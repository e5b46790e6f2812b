/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_COUNTERS_H_INCLUDED
#define JAMTART_GEN_COUNTERS_H_INCLUDED

#include "jam-types.h"

typedef struct _CounterName
{
  const gchar *name; /* NULL behind the last one */
  guint counter;
} CounterName;

/* Return the counters of a core (CoreCounter) and of a service (ServiceCounter)
 * that a Gray Paper has, in its order, which is that of the JSON, too. */
const CounterName *counters_of_core(GrayPaper gray_paper);
const CounterName *counters_of_service(GrayPaper gray_paper);

#endif
