/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TEST_JSON_WALK_H_INCLUDED
#define JAM_TEST_JSON_WALK_H_INCLUDED

#include "core/json/json-reader.h"

/* The two ways of reading a text: as one value, and by stepping into every
 * array and object. */

/* Reads the whole text as one value. */
gboolean json_read_whole(const gchar *text, gsize length, JamJsonValue *value);

/* Walks over the whole text; stores how many elements or members the outermost
 * value has. */
gboolean json_walk(const gchar *text, gsize length, guint *count);

#endif
