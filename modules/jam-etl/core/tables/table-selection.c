/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/tables/table-selection.h"

void
jam_table_selection_init(JamTableSelection *self)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      self->enabled[i] = TRUE;
      self->names[i] = g_strdup(jam_tables[i].name);
    }
}

void
jam_table_selection_clear(JamTableSelection *self)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    g_clear_pointer(&self->names[i], g_free);
}
