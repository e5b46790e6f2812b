/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-jsonl.h"
#include "driver/jam-etl-driver.h"
#include "driver/jam-etl-error.h"

#include "messages.h"
#include "scratch-buffers.h"
#include "files/path.h"
#include "sinks/jsonl/jsonl-sink.h"

#include <limits.h>
#include <string.h>

/* twice the messages that the one-line server may have in flight, its log-iw-size() */
#define DEFAULT_DEDUP_WINDOW 200000
/* more would take gigabytes of memory */
#define MAX_DEDUP_WINDOW 50000000

typedef struct _JamEtlJsonl
{
  JamEtlOutput super;

  LogTemplate *directory;
  JamPathPattern pattern;
  JamDialect dialect;
  gboolean fsync;
  gboolean exactly_once;
  gint dedup_window;
  gchar *journal_path;
} JamEtlJsonl;

gboolean
jam_etl_jsonl_set_directory(JamEtlOutput *s, LogTemplate *directory, GError **error)
{
  JamEtlJsonl *self = (JamEtlJsonl *) s;
  JamPathPattern pattern;

  if (!jam_path_pattern_init(&pattern, jam_etl_compat_template_text(directory)))
    return jam_etl_option_error(
      error, "directory() must start with an absolute path that does not lead upwards, before any macro: %s",
      jam_etl_compat_template_text(directory));
  self->pattern = pattern;
  log_template_unref(self->directory);
  self->directory = log_template_ref(directory);
  return TRUE;
}

gboolean
jam_etl_jsonl_set_dialect(JamEtlOutput *s, const gchar *dialect, GError **error)
{
  JamEtlJsonl *self = (JamEtlJsonl *) s;

  if (strcmp(dialect, "dune") == 0)
    self->dialect = JAM_DIALECT_DUNE;
  else if (strcmp(dialect, "bigquery") == 0)
    self->dialect = JAM_DIALECT_BIGQUERY;
  else
    return jam_etl_option_error(error, "dialect() is dune or bigquery, not %s", dialect);
  return TRUE;
}

void
jam_etl_jsonl_set_fsync(JamEtlOutput *s, gboolean fsync)
{
  ((JamEtlJsonl *) s)->fsync = fsync;
}

void
jam_etl_jsonl_set_exactly_once(JamEtlOutput *s, gboolean exactly_once)
{
  ((JamEtlJsonl *) s)->exactly_once = exactly_once;
}

gboolean
jam_etl_jsonl_set_dedup_window(JamEtlOutput *s, gint dedup_window, GError **error)
{
  JamEtlJsonl *self = (JamEtlJsonl *) s;

  if (dedup_window < 1 || dedup_window > MAX_DEDUP_WINDOW)
    return jam_etl_option_error(error, "dedup-window() is a number of messages from 1 to %d, not %d", MAX_DEDUP_WINDOW,
                                dedup_window);
  self->dedup_window = dedup_window;
  return TRUE;
}

void
jam_etl_jsonl_set_create_dirs(JamEtlOutput *s, gboolean create_dirs)
{
  s->driver->file_opener.create_dirs = create_dirs;
}

static gboolean
_check_file_name(JamEtlJsonl *self, const gchar *table_name, GError **error)
{
  gchar *file = g_strdup_printf("%s/%s" JAM_JSONL_SUFFIX, jam_etl_compat_template_text(self->directory), table_name);
  gboolean is_too_long = strlen(table_name) + strlen(JAM_JSONL_SUFFIX) > NAME_MAX;
  gboolean is_reject_file = g_strcmp0(file, self->super.driver->reject_file) == 0;

  g_free(file);
  if (is_too_long)
    return jam_etl_option_error(error, "table-prefix() and table-name() make too long a file name: %s", table_name);
  if (is_reject_file)
    return jam_etl_option_error(error, "reject-file() is the file of a table: %s", self->super.driver->reject_file);
  return TRUE;
}

static gboolean
_check_options(JamEtlOutput *s, GError **error)
{
  JamEtlJsonl *self = (JamEtlJsonl *) s;
  gboolean success = TRUE;

  if (!self->directory)
    return jam_etl_option_error(error, "jsonl() needs directory()");
  if (s->driver->super.num_workers > 1)
    return jam_etl_option_error(error, "workers() must be 1 with jsonl(): a file has one writer");
  for (gint i = 0; i < JAM_N_TABLES && success; i++)
    success = _check_file_name(self, s->driver->tables.names[i], error);
  return success;
}

static gchar *
_find_file_faults(JamEtlOutput *s G_GNUC_UNUSED)
{
  return NULL;
}

/* The journal is in the directory above all files that this destination can write. */
static void
_init(JamEtlOutput *s)
{
  JamEtlJsonl *self = (JamEtlJsonl *) s;
  gchar *directory = g_strndup(jam_etl_compat_template_text(self->directory), self->pattern.fixed_length);

  g_free(self->journal_path);
  self->journal_path = jam_journal_path(directory, log_pipe_get_persist_name(&s->driver->super.super.super.super));
  g_free(directory);
}

static void
_deinit(JamEtlOutput *s G_GNUC_UNUSED)
{
}

static JamSink *
_make_sink(JamEtlOutput *s)
{
  JamEtlJsonl *self = (JamEtlJsonl *) s;
  JamJsonlSinkOptions options = {
    .dialect = self->dialect,
    .fsync = self->fsync,
    .tables = &s->driver->tables,
    .opener = &s->driver->file_opener.super,
    .journal_path = self->journal_path,
    .journal_layout = jam_etl_compat_template_text(self->directory) + self->pattern.fixed_length,
    .dedup_window = self->exactly_once ? self->dedup_window : 0,
  };

  return jam_jsonl_sink_new(&options);
}

static const gchar *
_format_directory(JamEtlJsonl *self, LogMessage *msg, LogTemplateEvalOptions *options)
{
  GString *text;

  if (!self->pattern.has_values)
    return jam_etl_compat_template_text(self->directory);
  text = scratch_buffers_alloc();
  log_template_format(self->directory, msg, options, text);
  return text->str;
}

static const gchar *
_get_partition(JamEtlOutput *s, LogMessage *msg, LogTemplateEvalOptions *options, JamReject *reject)
{
  JamEtlJsonl *self = (JamEtlJsonl *) s;
  const gchar *directory = _format_directory(self, msg, options);

  if (jam_path_pattern_matches(&self->pattern, directory))
    return directory;
  jam_reject_set(reject, JAM_REJECT_INVALID_DIRECTORY, "a value in directory() makes no folder's name: %s", directory);
  return NULL;
}

static void
_format_persist_name(const JamEtlOutput *s, gchar *name, gsize size)
{
  g_snprintf(name, size, "jsonl,%s", jam_etl_compat_template_text(((const JamEtlJsonl *) s)->directory));
}

static void
_free(JamEtlOutput *s)
{
  JamEtlJsonl *self = (JamEtlJsonl *) s;

  log_template_unref(self->directory);
  g_free(self->journal_path);
  g_free(self);
}

JamEtlOutput *
jam_etl_jsonl_new(JamEtlDriver *driver)
{
  JamEtlJsonl *self = g_new0(JamEtlJsonl, 1);

  self->super = (JamEtlOutput){
    .driver = driver,
    .check_options = _check_options,
    .find_file_faults = _find_file_faults,
    .init = _init,
    .deinit = _deinit,
    .make_sink = _make_sink,
    .get_partition = _get_partition,
    .format_persist_name = _format_persist_name,
    .format_stats_instance = _format_persist_name,
    .free_fn = _free,
  };
  self->exactly_once = TRUE;
  self->dedup_window = DEFAULT_DEDUP_WINDOW;
  return &self->super;
}
