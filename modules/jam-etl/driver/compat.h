/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_COMPAT_H_INCLUDED
#define JAM_ETL_COMPAT_H_INCLUDED

/* The differences between the versions of syslog-ng that this module builds for; no
 * other file has a conditional for them. configure.ac has the range of versions. */

#include "syslog-ng.h"
#include "cfg-lexer.h"
#include "versioning.h"
#include "logthrdest/logthrdestdrv.h"
#include "resolved-configurable-paths.h"
#include "stats/stats-cluster-single.h"
#include "stats/stats-registry.h"
#include "template/templates.h"

#define JAM_ETL_IS_SYSLOG_NG_4 (VERSION_VALUE_CURRENT >= 0x0400)

/* Returns the text that @template was compiled from; the template owns it. */
static inline const gchar *
jam_etl_compat_template_text(const LogTemplate *template)
{
#if JAM_ETL_IS_SYSLOG_NG_4
  return template->template_str;
#else
  return template->template;
#endif
}

/* Returns the path of syslog-ng's persist file, a constant. */
static inline const gchar *
jam_etl_compat_persist_file(void)
{
#if JAM_ETL_IS_SYSLOG_NG_4
  return resolved_configurable_paths.persist_file;
#else
  return resolvedConfigurablePaths.persist_file;
#endif
}

/* Writes the place that is read in the operator's own file, "FILE:LINE:COLUMN", to
 * @text, also where a block of configuration is read. */
static inline void
jam_etl_compat_format_place(CfgLexer *lexer, CFG_LTYPE *place, gchar *text, gsize size)
{
#if JAM_ETL_IS_SYSLOG_NG_4
  for (gint i = 0; i <= lexer->include_depth; i++)
    {
      if (lexer->include_stack[i].include_type == CFGI_FILE)
        place = &lexer->include_stack[i].lloc;
    }
#endif
  cfg_lexer_format_location(lexer, place, text, size);
}

/* A counter of a driver's instance. All strings must outlive each use. */
typedef struct _JamEtlCounter
{
  guint stats_source;
  const LogDriver *driver;
  const gchar *instance;
  /* in `syslog-ng-ctl stats` */
  const gchar *name;
  /* in `syslog-ng-ctl stats prometheus` of syslog-ng 4, which puts "syslogng_" before
   * it; and a label with its value, or NULL */
  const gchar *metric;
  const gchar *label;
  const gchar *value;
} JamEtlCounter;

#if JAM_ETL_IS_SYSLOG_NG_4

#define JAM_ETL_COMPAT_MAX_LABELS 4

/* @labels must outlive the key. */
static inline void
_jam_etl_compat_set_key(StatsClusterKey *key, const JamEtlCounter *counter,
                        StatsClusterLabel labels[JAM_ETL_COMPAT_MAX_LABELS])
{
  labels[0] = stats_cluster_label("driver", "jam-etl");
  labels[1] = stats_cluster_label("driver_instance", counter->instance);
  labels[2] = stats_cluster_label("id", counter->driver->id);
  labels[3] = stats_cluster_label(counter->label, counter->value);
  stats_cluster_single_key_set(key, counter->metric, labels, counter->label ? 4 : 3);
  stats_cluster_single_key_add_legacy_alias_with_name(key, counter->stats_source | SCS_DESTINATION, counter->driver->id,
                                                      counter->instance, counter->name);
}

#else

#define JAM_ETL_COMPAT_MAX_LABELS 1
typedef gint StatsClusterLabel;

static inline void
_jam_etl_compat_set_key(StatsClusterKey *key, const JamEtlCounter *counter, StatsClusterLabel *labels G_GNUC_UNUSED)
{
  stats_cluster_single_key_set_with_name(key, counter->stats_source | SCS_DESTINATION, counter->driver->id,
                                         counter->instance, counter->name);
}

#endif

/* Registers @counter, at the level of those that are always there, and stores it in
 * @item. The caller has the stats lock. */
static inline void
jam_etl_compat_register_counter(const JamEtlCounter *counter, StatsCounterItem **item)
{
  StatsClusterLabel labels[JAM_ETL_COMPAT_MAX_LABELS];
  StatsClusterKey key;

  _jam_etl_compat_set_key(&key, counter, labels);
  stats_register_counter(0, &key, SC_TYPE_SINGLE_VALUE, item);
}

/* Unregisters @counter, unless *@item is NULL. The caller has the stats lock. */
static inline void
jam_etl_compat_unregister_counter(const JamEtlCounter *counter, StatsCounterItem **item)
{
  StatsClusterLabel labels[JAM_ETL_COMPAT_MAX_LABELS];
  StatsClusterKey key;

  if (!*item)
    return;
  _jam_etl_compat_set_key(&key, counter, labels);
  stats_unregister_counter(&key, SC_TYPE_SINGLE_VALUE, item);
}

/* Makes syslog-ng's own counters of a destination carry the instance that @format
 * returns, a static string. To be called at file level, once; @name is a function for
 * jam_etl_compat_set_format_stats. */
#if JAM_ETL_IS_SYSLOG_NG_4

#define JAM_ETL_COMPAT_DEFINE_FORMAT_STATS(name, format) \
  static const gchar *name(LogThreadedDestDriver *self, StatsClusterKeyBuilder *kb) \
  { \
    const gchar *instance = format(self); \
    stats_cluster_key_builder_add_label(kb, stats_cluster_label("driver", "jam-etl")); \
    stats_cluster_key_builder_add_label(kb, stats_cluster_label("driver_instance", instance)); \
    return instance; \
  }

#define jam_etl_compat_set_format_stats(driver, func) ((driver)->format_stats_key = (func))

#else

#define JAM_ETL_COMPAT_DEFINE_FORMAT_STATS(name, format) \
  static const gchar *name(LogThreadedDestDriver *self) \
  { \
    return format(self); \
  }

#define jam_etl_compat_set_format_stats(driver, func) ((driver)->format_stats_instance = (func))

#endif

#endif
