/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TEST_GUARDED_H_INCLUDED
#define JAM_TEST_GUARDED_H_INCLUDED

#include <glib.h>

/* A place for input right before a page that may not be touched: reading or
 * writing one byte too far crashes the test. */
typedef struct _Guarded
{
  gchar *start;
  gsize capacity;
  gsize mapped;
} Guarded;

/* Makes room for inputs of up to @capacity bytes. */
void guarded_init(Guarded *self, gsize capacity);
void guarded_clear(Guarded *self);

/* Returns @length bytes in front of the page, not initialised. */
gchar *guarded_get(Guarded *self, gsize length);

/* Returns a copy of @bytes in front of the page, valid until the next call. */
const gchar *guarded_copy(Guarded *self, const gchar *bytes, gsize length);

#endif
