/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_COMPAT_H_INCLUDED
#define JAM_ETL_COMPAT_H_INCLUDED

/* What differs between the versions of syslog-ng that this module builds for. */

#include "syslog-ng.h"
#include "versioning.h"
#include "logthrdest/logthrdestdrv.h"
#include "stats/stats-cluster-single.h"

#if VERSION_VALUE_CURRENT >= 0x0403
#error "syslog-ng 4.3 and later is not supported yet"
#endif

/* Sets the key of the counter called @name of an @instance of @driver, a destination
 * whose counters are those of @stats_source. All strings must outlive the key's use. */
static inline void
jam_etl_compat_set_counter_key(StatsClusterKey *key, guint stats_source, const LogDriver *driver,
                               const gchar *instance, const gchar *name)
{
  stats_cluster_single_key_set_with_name(key, stats_source | SCS_DESTINATION, driver->id, instance, name);
}

#endif
