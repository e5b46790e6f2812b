/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery-tables.h"
#include "sinks/bigquery-live-table.h"
#include "core/table-schema.h"

/* Streaming does not find a new table at once, and a request that comes too soon
 * has the table stay unknown for longer; BigQuery's page on streaming, "Metadata
 * errors", says minutes, its own clients wait one. */
#define NEW_TABLE_US (60 * (gint64) G_USEC_PER_SEC)

struct _JamBigQueryTables
{
  const JamTableSelection *selection;
  gboolean create;
  gchar *schema_dir;
  GMutex lock;
  gboolean is_ready;
  gboolean was_warned[JAM_N_TABLES];
  JamBigQueryLiveTable live[JAM_N_TABLES];
};

JamBigQueryTables *
jam_bigquery_tables_new(const JamTableSelection *selection, gboolean create, const gchar *schema_dir)
{
  JamBigQueryTables *self = g_new0(JamBigQueryTables, 1);

  self->selection = selection;
  self->create = create;
  self->schema_dir = g_strdup(schema_dir);
  g_mutex_init(&self->lock);
  return self;
}

void
jam_bigquery_tables_free(JamBigQueryTables *self)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    jam_bigquery_live_table_clear(&self->live[i]);
  g_mutex_clear(&self->lock);
  g_free(self->schema_dir);
  g_free(self);
}

static const gchar *
_name(const JamBigQueryTables *self, gint table)
{
  return self->selection->names[table];
}

static void
_warn_of_left_out(JamBigQueryTables *self, JamBigQueryApi *api, gint table)
{
  gchar *names = jam_bigquery_live_table_name_left_out(&self->live[table], &jam_tables[table]);
  gchar *text;

  if (names && !self->was_warned[table])
    {
      text = g_strdup_printf("the table %s:%s.%s has no %s: rows go in without",
                             api->project, api->dataset, _name(self, table), names);
      api->reporter->warn(api->reporter, text);
      g_free(text);
      self->was_warned[table] = TRUE;
    }
  g_free(names);
}

static gboolean
_read_table(JamBigQueryTables *self, JamBigQueryApi *api, gint table, const JamHttpCall *call, GError **error)
{
  gchar *problems;

  jam_bigquery_live_table_clear(&self->live[table]);
  problems = jam_bigquery_live_table_init(&self->live[table], &jam_tables[table], call->answer->str,
                                          call->answer->len);
  if (problems)
    g_set_error(error, JAM_SINK_ERROR, JAM_SINK_ERROR_UNAVAILABLE, "the table %s:%s.%s does not fit: %s",
                api->project, api->dataset, _name(self, table), problems);
  else
    _warn_of_left_out(self, api, table);
  g_free(problems);
  return problems == NULL;
}

static void
_set_missing_error(const JamBigQueryTables *self, const JamBigQueryApi *api, gint table, GError **error)
{
  g_set_error(error, JAM_SINK_ERROR, JAM_SINK_ERROR_UNAVAILABLE,
              "there is no table %s:%s.%s; set create-tables(yes), or make it: bq mk --table "
              "--time_partitioning_type=DAY --time_partitioning_field=time --clustering_fields=team,sender_id "
              "%s:%s.%s %s/%s.json",
              api->project, api->dataset, _name(self, table), api->project, api->dataset, _name(self, table),
              self->schema_dir, jam_tables[table].name);
}

static gchar *
_make_resource(const JamBigQueryTables *self, const JamBigQueryApi *api, gint table)
{
  gchar *schema = jam_table_schema_format(&jam_tables[table], JAM_DIALECT_BIGQUERY);
  gchar *resource = g_strdup_printf(
                      "{\"tableReference\":{\"projectId\":\"%s\",\"datasetId\":\"%s\",\"tableId\":\"%s\"},"
                      "\"schema\":{\"fields\":%s},\"timePartitioning\":{\"type\":\"DAY\",\"field\":\"time\"},"
                      "\"clustering\":{\"fields\":[\"team\",\"sender_id\"]}}",
                      api->project, api->dataset, _name(self, table), schema);

  g_free(schema);
  return resource;
}

/* Puts a request for @table and judges the answer; a status that is neither 200 nor
 * @other_status is an error. */
static gboolean
_ask(const JamBigQueryTables *self, JamBigQueryApi *api, gint table, JamHttpCall *call, glong other_status,
     GError **error)
{
  JamBigQueryAnswer answer;
  gboolean success;

  if (!jam_bigquery_api_ask(api, call, &answer, error))
    return FALSE;
  success = call->status == 200 || call->status == other_status;
  if (!success)
    jam_bigquery_api_set_stop_error(api, error, _name(self, table), call, &answer);
  jam_bigquery_answer_clear(&answer);
  return success;
}

/* Another collector may do the same at this moment: 409. */
static gboolean
_create_table(JamBigQueryTables *self, JamBigQueryApi *api, gint table, GError **error)
{
  gchar *url = jam_bigquery_api_make_tables_url(api);
  gchar *resource = _make_resource(self, api, table);
  JamHttpCall call;
  gboolean success;

  jam_http_call_init(&call, "POST", url);
  call.content_type = "application/json";
  call.body = resource;
  call.length = strlen(resource);
  success = _ask(self, api, table, &call, 409, error);
  jam_http_call_clear(&call);
  g_free(resource);
  g_free(url);
  return success;
}

static gboolean
_get_table(JamBigQueryTables *self, JamBigQueryApi *api, gint table, JamHttpCall *call, GError **error)
{
  if (!_ask(self, api, table, call, 404, error))
    return FALSE;
  return call->status == 404 || _read_table(self, api, table, call, error);
}

static gboolean
_make_and_get_table(JamBigQueryTables *self, JamBigQueryApi *api, gint table, JamHttpCall *call, GError **error)
{
  if (!self->create)
    {
      _set_missing_error(self, api, table, error);
      return FALSE;
    }
  return _create_table(self, api, table, error)
         && _ask(self, api, table, call, 200, error)
         && _read_table(self, api, table, call, error);
}

static gboolean
_prepare_table(JamBigQueryTables *self, JamBigQueryApi *api, gint table, GError **error)
{
  gchar *url = jam_bigquery_api_make_table_url(api, _name(self, table), "");
  JamHttpCall call;
  gboolean success;

  jam_http_call_init(&call, "GET", url);
  success = _get_table(self, api, table, &call, error)
            && (call.status == 200 || _make_and_get_table(self, api, table, &call, error));
  jam_http_call_clear(&call);
  g_free(url);
  return success;
}

/* However the clocks differ, no table is waited for longer than a new one. */
static gint64
_get_wait_us(const JamBigQueryTables *self)
{
  gint64 newest_us = 0;
  gint64 wait_us;

  for (gint i = 0; i < JAM_N_TABLES; i++)
    newest_us = MAX(newest_us, self->live[i].creation_time_ms * 1000);
  wait_us = newest_us + NEW_TABLE_US - g_get_real_time();
  return CLAMP(wait_us, 0, NEW_TABLE_US);
}

static gboolean
_wait_for_new_tables(const JamBigQueryTables *self, JamBigQueryApi *api, GError **error)
{
  gint64 wait_us = _get_wait_us(self);

  if (wait_us == 0)
    return TRUE;
  api->reporter->notice(api->reporter, "tables are new: BigQuery can take rows in about a minute");
  return jam_bigquery_api_wait(api, wait_us, error);
}

static gboolean
_prepare_all(JamBigQueryTables *self, JamBigQueryApi *api, GError **error)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      if (self->selection->enabled[i] && !_prepare_table(self, api, i, error))
        return FALSE;
    }
  return _wait_for_new_tables(self, api, error);
}

gboolean
jam_bigquery_tables_prepare(JamBigQueryTables *self, JamBigQueryApi *api, GError **error)
{
  gboolean is_ready;

  g_mutex_lock(&self->lock);
  /* while the program stops, workers that have waited for each other must not begin */
  if (!self->is_ready && jam_bigquery_api_wait(api, 0, error))
    self->is_ready = _prepare_all(self, api, error);
  is_ready = self->is_ready;
  g_mutex_unlock(&self->lock);
  return is_ready;
}

void
jam_bigquery_tables_forget(JamBigQueryTables *self)
{
  g_mutex_lock(&self->lock);
  self->is_ready = FALSE;
  g_mutex_unlock(&self->lock);
}

void
jam_bigquery_tables_get_left_out(JamBigQueryTables *self, gint table, gboolean *left_out)
{
  g_mutex_lock(&self->lock);
  if (self->live[table].left_out)
    memcpy(left_out, self->live[table].left_out, jam_tables[table].n_columns * sizeof(*left_out));
  g_mutex_unlock(&self->lock);
}

gchar *
jam_bigquery_tables_get_location(JamBigQueryTables *self, gint table)
{
  gchar *location;

  g_mutex_lock(&self->lock);
  location = g_strdup(self->live[table].location ? self->live[table].location : "");
  g_mutex_unlock(&self->lock);
  return location;
}
