/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TABLE_SELECTION_H_INCLUDED
#define JAM_TABLE_SELECTION_H_INCLUDED

#include "core/tables/table-definitions.h"

/* Which tables are written, and under which names. Owned by one thread until it is
 * only read. */
typedef struct _JamTableSelection
{
  gboolean enabled[JAM_N_TABLES];
  gchar *names[JAM_N_TABLES];
} JamTableSelection;

/* Enables all tables under their own names. */
void jam_table_selection_init(JamTableSelection *self);
void jam_table_selection_clear(JamTableSelection *self);

#endif
