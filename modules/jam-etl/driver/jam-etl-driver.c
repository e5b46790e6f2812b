/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-driver.h"
#include "driver/jam-etl-error.h"
#include "driver/jam-etl-worker.h"

#include "cfg.h"
#include "messages.h"
#include "userdb.h"

#include <string.h>

#define DEFAULT_BATCH_LINES 1000
#define DEFAULT_REJECT_FILE "jam-etl-rejected.jsonl"
/* what file names and BigQuery's table names have in common */
#define TABLE_NAME_CHARS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-"

JamEtlOutput *
jam_etl_driver_use_output(LogDriver *d, JamEtlOutputKind kind)
{
  JamEtlDriver *self = (JamEtlDriver *) d;

  if (!self->outputs[kind])
    self->outputs[kind] = jam_etl_output_new(kind, self);
  return self->outputs[kind];
}

static gboolean
_lookup_table(const gchar *name, gint *table, GError **error)
{
  *table = jam_table_lookup(name);
  return *table >= 0 || jam_etl_option_error(error, "there is no table %s", name);
}

gboolean
jam_etl_driver_set_tables(LogDriver *d, GList *names, GError **error)
{
  JamEtlDriver *self = (JamEtlDriver *) d;
  gint table;

  if (!names)
    return jam_etl_option_error(error, "tables() names no table");
  memset(self->tables.enabled, 0, sizeof(self->tables.enabled));
  for (GList *l = names; l; l = l->next)
    {
      if (!_lookup_table(l->data, &table, error))
        return FALSE;
      self->tables.enabled[table] = TRUE;
    }
  return TRUE;
}

static gboolean
_check_table_name(const gchar *name, GError **error)
{
  if (name[strspn(name, TABLE_NAME_CHARS)] != '\0')
    return jam_etl_option_error(error, "only letters, digits, _ and - make a table's name: %s", name);
  return TRUE;
}

static gboolean
_set_table_name(JamEtlDriver *self, const gchar *table_name, const gchar *name, GError **error)
{
  gint table;

  if (!_lookup_table(table_name, &table, error) || !_check_table_name(name, error))
    return FALSE;
  if (!*name)
    return jam_etl_option_error(error, "the name for %s is empty", table_name);
  g_free(self->tables.names[table]);
  self->tables.names[table] = g_strdup(name);
  return TRUE;
}

gboolean
jam_etl_driver_set_table_names(LogDriver *d, GList *names, GError **error)
{
  JamEtlDriver *self = (JamEtlDriver *) d;

  if (!names || g_list_length(names) % 2 != 0)
    return jam_etl_option_error(error, "table-name() takes pairs of a table and its name");
  for (GList *l = names; l; l = l->next->next)
    {
      if (!_set_table_name(self, l->data, l->next->data, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
jam_etl_driver_set_table_prefix(LogDriver *d, const gchar *prefix, GError **error)
{
  JamEtlDriver *self = (JamEtlDriver *) d;

  if (!_check_table_name(prefix, error))
    return FALSE;
  g_free(self->table_prefix);
  self->table_prefix = g_strdup(prefix);
  return TRUE;
}

gboolean
jam_etl_driver_set_team_map(LogDriver *d, const gchar *path, GError **error)
{
  JamEtlDriver *self = (JamEtlDriver *) d;

  if (!*path)
    return jam_etl_option_error(error, "team-map() is empty");
  return jam_etl_team_file_set_path(&self->team_file, path, error);
}

gboolean
jam_etl_driver_set_reject_file(LogDriver *d, const gchar *path, GError **error)
{
  JamEtlDriver *self = (JamEtlDriver *) d;

  if (!g_path_is_absolute(path))
    return jam_etl_option_error(error, "reject-file() must be an absolute path: %s", path);
  if (g_file_test(path, G_FILE_TEST_IS_DIR))
    return jam_etl_option_error(error, "reject-file() is a directory: %s", path);
  g_free(self->reject_file);
  self->reject_file = g_strdup(path);
  return TRUE;
}

gboolean
jam_etl_driver_check_user(const gchar *user, GError **error)
{
  gint uid;

  return resolve_user(user, &uid) || jam_etl_option_error(error, "there is no user %s", user);
}

gboolean
jam_etl_driver_check_group(const gchar *group, GError **error)
{
  gint gid;

  return resolve_group(group, &gid) || jam_etl_option_error(error, "there is no group %s", group);
}

void
jam_etl_driver_set_local_time_zone(LogDriver *d, const gchar *time_zone)
{
  JamEtlDriver *self = (JamEtlDriver *) d;

  g_free(self->template_options.time_zone[LTZ_LOCAL]);
  self->template_options.time_zone[LTZ_LOCAL] = g_strdup(time_zone);
}

FilePermOptions *
jam_etl_driver_get_file_perm_options(LogDriver *d)
{
  JamEtlDriver *self = (JamEtlDriver *) d;

  return &self->file_opener.file_perm_options;
}

static gboolean
_check_names_differ(JamEtlDriver *self, GError **error)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      for (gint j = 0; j < i; j++)
        {
          if (strcmp(self->tables.names[i], self->tables.names[j]) == 0)
            return jam_etl_option_error(error, "table-name() gives %s and %s the same name %s", jam_tables[j].name,
                                        jam_tables[i].name, self->tables.names[i]);
        }
    }
  return TRUE;
}

static void
_apply_table_prefix(JamEtlDriver *self)
{
  for (gint i = 0; i < JAM_N_TABLES && self->table_prefix; i++)
    {
      gchar *name = g_strconcat(self->table_prefix, self->tables.names[i], NULL);
      g_free(self->tables.names[i]);
      self->tables.names[i] = name;
    }
  g_clear_pointer(&self->table_prefix, g_free);
}

static gboolean
_select_output(JamEtlDriver *self, GError **error)
{
  gint n_outputs = 0;

  for (gint i = 0; i < JAM_ETL_N_OUTPUTS; i++)
    {
      if (!self->outputs[i])
        continue;
      self->output = self->outputs[i];
      n_outputs++;
    }
  return n_outputs == 1
         || jam_etl_option_error(error, "exactly one of " JAM_ETL_OUTPUT_NAMES " must be given, not %d", n_outputs);
}

gboolean
jam_etl_driver_check_options(LogDriver *d, GError **error)
{
  JamEtlDriver *self = (JamEtlDriver *) d;

  if (!_select_output(self, error) || !_check_names_differ(self, error))
    return FALSE;
  _apply_table_prefix(self);
  return self->output->check_options(self->output, error);
}

static void
_warn_of_file_fault(const gchar *option, const gchar *fault, const gchar *location)
{
  if (fault)
    msg_warning("jam-etl: a file cannot be used, syslog-ng starts without it and reads it as soon as it can",
                evt_tag_printf("error", "%s%s", option, fault), evt_tag_str("location", location));
}

void
jam_etl_driver_warn_of_file_faults(LogDriver *d, const gchar *location)
{
  JamEtlDriver *self = (JamEtlDriver *) d;
  gchar *faults = self->output->find_file_faults(self->output);

  _warn_of_file_fault("team-map(): ", jam_etl_team_file_get_fault(&self->team_file), location);
  _warn_of_file_fault("", faults, location);
  g_free(faults);
}

static const gchar *
_format_persist_name(const LogPipe *s)
{
  const JamEtlDriver *self = (const JamEtlDriver *) s;
  static gchar persist_name[1024];
  gchar output[1000];

  if (s->persist_name)
    {
      g_snprintf(persist_name, sizeof(persist_name), "jam-etl.%s", s->persist_name);
      return persist_name;
    }
  self->output->format_persist_name(self->output, output, sizeof(output));
  g_snprintf(persist_name, sizeof(persist_name), "jam-etl(%s)", output);
  return persist_name;
}

static const gchar *
_format_stats_instance(LogThreadedDestDriver *s)
{
  JamEtlDriver *self = (JamEtlDriver *) s;
  static gchar instance[1024];
  gchar output[1000];

  self->output->format_stats_instance(self->output, output, sizeof(output));
  g_snprintf(instance, sizeof(instance), "jam-etl,%s", output);
  return instance;
}

JAM_ETL_COMPAT_DEFINE_FORMAT_STATS(_format_stats, _format_stats_instance)

/* Beside the file that syslog-ng cannot run without, so that it always works. */
static gchar *
_default_reject_file(void)
{
  gchar *directory = g_path_get_dirname(jam_etl_compat_persist_file());
  gchar *path = g_build_filename(directory, DEFAULT_REJECT_FILE, NULL);

  g_free(directory);
  return path;
}

static gboolean
_init(LogPipe *s)
{
  JamEtlDriver *self = (JamEtlDriver *) s;
  GlobalConfig *cfg = log_pipe_get_config(s);

  if (!self->reject_file)
    self->reject_file = _default_reject_file();
  if (self->super.batch_lines < 0)
    self->super.batch_lines = DEFAULT_BATCH_LINES;
  log_template_options_init(&self->template_options, cfg);
  file_perm_options_inherit_from(&self->file_opener.file_perm_options, &cfg->file_perm_options);

  self->output->init(self->output);
  if (!log_threaded_dest_driver_init_method(s))
    return FALSE;
  jam_etl_stats_register(&self->stats, &self->super, _format_stats_instance(&self->super), &self->tables);
  jam_etl_team_file_look(&self->team_file);
  return TRUE;
}

static gboolean
_deinit(LogPipe *s)
{
  JamEtlDriver *self = (JamEtlDriver *) s;

  self->output->deinit(self->output);
  jam_etl_reject_reporter_flush(&self->reject_reporter);
  jam_etl_stats_unregister(&self->stats);
  return log_threaded_dest_driver_deinit_method(s);
}

static void
_free(LogPipe *s)
{
  JamEtlDriver *self = (JamEtlDriver *) s;

  for (gint i = 0; i < JAM_ETL_N_OUTPUTS; i++)
    {
      if (self->outputs[i])
        self->outputs[i]->free_fn(self->outputs[i]);
    }
  log_template_unref(self->received_template);
  log_template_options_destroy(&self->template_options);
  jam_table_selection_clear(&self->tables);
  g_free(self->table_prefix);
  jam_etl_team_file_clear(&self->team_file);
  jam_etl_file_reporter_clear(&self->file_reporter);
  g_free(self->reject_file);
  jam_etl_reject_reporter_clear(&self->reject_reporter);
  log_threaded_dest_driver_free(s);
}

LogDriver *
jam_etl_driver_new(GlobalConfig *cfg)
{
  JamEtlDriver *self = g_new0(JamEtlDriver, 1);

  log_threaded_dest_driver_init_instance(&self->super, cfg);
  self->super.super.super.super.init = _init;
  self->super.super.super.super.deinit = _deinit;
  self->super.super.super.super.free_fn = _free;
  self->super.super.super.super.generate_persist_name = _format_persist_name;
  jam_etl_compat_set_format_stats(&self->super, _format_stats);
  self->super.stats_source = stats_register_type("jam-etl");
  self->super.worker.construct = jam_etl_worker_new;

  self->received_template = log_template_new(cfg, NULL);
  log_template_compile(self->received_template, "${R_ISODATE}", NULL);
  log_template_options_defaults(&self->template_options);
  jam_table_selection_init(&self->tables);
  jam_etl_file_opener_init(&self->file_opener, &self->super.super.super);
  jam_etl_reject_reporter_init(&self->reject_reporter, &self->super.super.super);
  jam_etl_team_file_init(&self->team_file, &self->super.super.super);
  jam_etl_file_reporter_init(
    &self->file_reporter, &self->super.super.super,
    "jam-etl: cannot write, a file that the options name is missing or unusable, messages wait",
    "jam-etl: the file is in use, writing can go on");
  return &self->super.super.super;
}
