/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TEST_CASE_MESSAGES_H_INCLUDED
#define JAM_TEST_CASE_MESSAGES_H_INCLUDED

#include <glib.h>

/* Returns the messages of all folders in cases/, as GString; the caller frees
 * the array. */
GPtrArray *case_messages_load(void);

#endif
