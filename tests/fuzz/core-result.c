/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core-run.h"

void
core_result_clear(CoreResult *self)
{
  g_string_free(self->values, TRUE);
  for (gint encoder = 0; encoder < CORE_N_ENCODERS; encoder++)
    {
      for (gsize i = 0; i < self->n_tables; i++)
        g_string_free(self->rows[encoder][i].text, TRUE);
    }
}
