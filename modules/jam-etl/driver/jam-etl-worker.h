/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_WORKER_H_INCLUDED
#define JAM_ETL_WORKER_H_INCLUDED

#include "driver/compat.h"

/* Returns a worker of @owner, a JamEtlDriver; called in the main thread. */
LogThreadedDestWorker *jam_etl_worker_new(LogThreadedDestDriver *owner, gint worker_index);

#endif
