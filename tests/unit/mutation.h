/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TEST_MUTATION_H_INCLUDED
#define JAM_TEST_MUTATION_H_INCLUDED

#include "random.h"

/* Appends a random JSON text, nested @depth deep at the most. */
void mutation_append_value(Random *random, GString *json, guint depth);

/* Damages @json in one to three places, or none at all. */
void mutation_apply(Random *random, GString *json);

#endif
