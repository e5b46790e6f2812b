/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_UNMATCHED_H_INCLUDED
#define JAM_ETL_UNMATCHED_H_INCLUDED

#include "driver.h"

/* Returns a jam-etl-unmatched() destination: it takes the messages that no other
 * takes, counts and reports them, and acknowledges them at once. */
LogDriver *jam_etl_unmatched_new(GlobalConfig *cfg);

/* Sets the text that tells its counter from those of others, such as a port. */
void jam_etl_unmatched_set_instance(LogDriver *d, const gchar *instance);

#endif
