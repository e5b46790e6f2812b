/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_DRIVER_H_INCLUDED
#define JAM_ETL_DRIVER_H_INCLUDED

#include "driver/compat.h"
#include "file-perms.h"
#include "template/templates.h"

#include "driver/jam-etl-file-opener.h"
#include "driver/jam-etl-file-reporter.h"
#include "driver/jam-etl-outputs.h"
#include "driver/jam-etl-reject-reporter.h"
#include "driver/jam-etl-stats.h"
#include "driver/jam-etl-team-file.h"

/* The jam-etl() destination. After init, all but what says otherwise is only
 * read, so workers need no lock. */
struct _JamEtlDriver
{
  LogThreadedDestDriver super;

  /* the one in use, of all those that the configuration names: there must be one */
  JamEtlOutput *output;
  JamEtlOutput *outputs[JAM_ETL_N_OUTPUTS];
  LogTemplateOptions template_options;
  JamEtlFileOpener file_opener;

  JamTableSelection tables;
  gchar *table_prefix;
  gchar *reject_file;
  LogTemplate *received_template;

  /* these have locks of their own */
  JamEtlStats stats;
  JamEtlRejectReporter reject_reporter;
  JamEtlTeamFile team_file;
  /* of files without which nothing can be written */
  JamEtlFileReporter file_reporter;
};

LogDriver *jam_etl_driver_new(GlobalConfig *cfg);

/* Setters that can refuse their value return FALSE and set @error (domain
 * JAM_ETL_DRIVER_ERROR or JAM_TEAM_MAP_ERROR). */
/* Returns the output that takes the options of a block of this @kind; the driver owns
 * it. */
JamEtlOutput *jam_etl_driver_use_output(LogDriver *d, JamEtlOutputKind kind);
gboolean jam_etl_driver_set_tables(LogDriver *d, GList *names, GError **error);
/* @names: table and name, table and name, … */
gboolean jam_etl_driver_set_table_names(LogDriver *d, GList *names, GError **error);
gboolean jam_etl_driver_set_table_prefix(LogDriver *d, const gchar *prefix, GError **error);
gboolean jam_etl_driver_set_team_map(LogDriver *d, const gchar *path, GError **error);
gboolean jam_etl_driver_set_reject_file(LogDriver *d, const gchar *path, GError **error);
FilePermOptions *jam_etl_driver_get_file_perm_options(LogDriver *d);
void jam_etl_driver_set_local_time_zone(LogDriver *d, const gchar *time_zone);

/* Names that the core's own setters would take for root. */
gboolean jam_etl_driver_check_user(const gchar *user, GError **error);
gboolean jam_etl_driver_check_group(const gchar *group, GError **error);

/* Checks what takes several options, once all were set. */
gboolean jam_etl_driver_check_options(LogDriver *d, GError **error);

/* After that: warns of each file that the options name and that cannot be used yet;
 * @location is that of the driver in the configuration. */
void jam_etl_driver_warn_of_file_faults(LogDriver *d, const gchar *location);

#endif
