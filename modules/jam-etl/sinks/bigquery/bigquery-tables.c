/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-tables.h"
#include "sinks/bigquery/bigquery-live-table.h"
#include "core/tables/table-schema.h"

/* Streaming does not find a new table at once, and a request that comes too soon
 * has the table stay unknown for longer; BigQuery's page on streaming, "Metadata
 * errors", says minutes, its own clients wait one. */
#define NEW_TABLE_US (60 * (gint64) G_USEC_PER_SEC)
/* how long a stop may go unnoticed */
#define LOOK_AROUND_US (100 * 1000)

struct _JamBigQueryTables
{
  const JamTableSelection *selection;
  gboolean create;
  gchar *schema_dir;
  /* of what stands below; not held while BigQuery is asked */
  GMutex lock;
  GCond is_prepared;
  gboolean is_ready;
  /* a worker is at it, and the others wait */
  gboolean is_preparing;
  JamBigQueryLiveTable live[JAM_N_TABLES];
  /* of the worker that is at it */
  gboolean was_warned[JAM_N_TABLES];
};

/* One reading of all tables. */
typedef struct _Preparation
{
  JamBigQueryTables *tables;
  JamBigQueryApi *api;
  JamBigQueryLiveTable live[JAM_N_TABLES];
  /* how to make those that are missing; empty if none is */
  GString *missing;
} Preparation;

JamBigQueryTables *
jam_bigquery_tables_new(const JamTableSelection *selection, gboolean create, const gchar *schema_dir)
{
  JamBigQueryTables *self = g_new0(JamBigQueryTables, 1);

  self->selection = selection;
  self->create = create;
  self->schema_dir = g_strdup(schema_dir);
  g_mutex_init(&self->lock);
  g_cond_init(&self->is_prepared);
  return self;
}

void
jam_bigquery_tables_free(JamBigQueryTables *self)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    jam_bigquery_live_table_clear(&self->live[i]);
  g_cond_clear(&self->is_prepared);
  g_mutex_clear(&self->lock);
  g_free(self->schema_dir);
  g_free(self);
}

static const gchar *
_name(const Preparation *self, gint table)
{
  return self->tables->selection->names[table];
}

static void
_warn_of_left_out(Preparation *self, gint table)
{
  gchar *names = jam_bigquery_live_table_name_left_out(&self->live[table], &jam_tables[table]);
  gchar *text;

  if (names && !self->tables->was_warned[table])
    {
      text = g_strdup_printf("the table %s:%s.%s has no %s: rows go in without", self->api->project, self->api->dataset,
                             _name(self, table), names);
      self->api->reporter->warn(self->api->reporter, text);
      g_free(text);
      self->tables->was_warned[table] = TRUE;
    }
  g_free(names);
}

static gboolean
_read_table(Preparation *self, gint table, const JamHttpCall *call, GError **error)
{
  gchar *problems;

  jam_bigquery_live_table_clear(&self->live[table]);
  problems = jam_bigquery_live_table_init(&self->live[table], &jam_tables[table], call->answer->str, call->answer->len);
  if (problems)
    g_set_error(error, JAM_SINK_ERROR, JAM_SINK_ERROR_UNAVAILABLE, "the table %s:%s.%s does not fit: %s",
                self->api->project, self->api->dataset, _name(self, table), problems);
  else
    _warn_of_left_out(self, table);
  g_free(problems);
  return problems == NULL;
}

static void
_add_missing(Preparation *self, gint table)
{
  g_string_append_printf(self->missing,
                         "; bq mk --table --time_partitioning_type=DAY --time_partitioning_field=time "
                         "--clustering_fields=team,sender_id %s:%s.%s %s/%s.json",
                         self->api->project, self->api->dataset, _name(self, table), self->tables->schema_dir,
                         jam_tables[table].name);
}

static gchar *
_make_resource(const Preparation *self, gint table)
{
  gchar *schema = jam_table_schema_format(&jam_tables[table], JAM_DIALECT_BIGQUERY);
  gchar *resource = g_strdup_printf(
    "{\"tableReference\":{\"projectId\":\"%s\",\"datasetId\":\"%s\",\"tableId\":\"%s\"},"
    "\"schema\":{\"fields\":%s},\"timePartitioning\":{\"type\":\"DAY\",\"field\":\"time\"},"
    "\"clustering\":{\"fields\":[\"team\",\"sender_id\"]}}",
    self->api->project, self->api->dataset, _name(self, table), schema);

  g_free(schema);
  return resource;
}

/* Puts a request for @table and judges the answer; a status that is neither 200 nor
 * @other_status is an error. */
static gboolean
_ask(const Preparation *self, gint table, JamHttpCall *call, glong other_status, GError **error)
{
  JamBigQueryAnswer answer;
  gboolean success;

  if (!jam_bigquery_api_ask(self->api, call, &answer, error))
    return FALSE;
  success = call->status == 200 || call->status == other_status;
  if (!success)
    jam_bigquery_api_set_stop_error(self->api, error, _name(self, table), call, &answer);
  jam_bigquery_answer_clear(&answer);
  return success;
}

/* Another collector may do the same at this moment: 409. */
static gboolean
_create_table(Preparation *self, gint table, GError **error)
{
  gchar *url = jam_bigquery_api_make_tables_url(self->api);
  gchar *resource = _make_resource(self, table);
  JamHttpCall call;
  gboolean success;

  jam_http_call_init(&call, "POST", url);
  call.content_type = "application/json";
  call.body = resource;
  call.length = strlen(resource);
  success = _ask(self, table, &call, 409, error);
  jam_http_call_clear(&call);
  g_free(resource);
  g_free(url);
  return success;
}

static gboolean
_make_and_read_table(Preparation *self, gint table, JamHttpCall *call, GError **error)
{
  return _create_table(self, table, error) && _ask(self, table, call, 200, error)
         && _read_table(self, table, call, error);
}

static gboolean
_apply_table(Preparation *self, gint table, JamHttpCall *call, GError **error)
{
  if (call->status == 200)
    return _read_table(self, table, call, error);
  if (self->tables->create)
    return _make_and_read_table(self, table, call, error);
  _add_missing(self, table);
  return TRUE;
}

static gboolean
_prepare_table(Preparation *self, gint table, GError **error)
{
  gchar *url = jam_bigquery_api_make_table_url(self->api, _name(self, table), "");
  JamHttpCall call;
  gboolean success;

  jam_http_call_init(&call, "GET", url);
  success = _ask(self, table, &call, 404, error) && _apply_table(self, table, &call, error);
  jam_http_call_clear(&call);
  g_free(url);
  return success;
}

/* However the clocks differ, no table is waited for longer than a new one. */
static gint64
_get_wait_us(const Preparation *self)
{
  gint64 now_ms = g_get_real_time() / 1000;
  gint64 newest_ms = 0;

  for (gint i = 0; i < JAM_N_TABLES; i++)
    newest_ms = MAX(newest_ms, MIN(self->live[i].creation_time_ms, now_ms));
  return MAX(newest_ms - now_ms + NEW_TABLE_US / 1000, 0) * 1000;
}

static gboolean
_wait_for_new_tables(const Preparation *self, GError **error)
{
  gint64 wait_us = _get_wait_us(self);

  if (wait_us == 0)
    return TRUE;
  self->api->reporter->notice(self->api->reporter, "tables are new: BigQuery can take rows in about a minute");
  return jam_bigquery_api_wait(self->api, wait_us, error);
}

static gboolean
_check_missing(const Preparation *self, GError **error)
{
  if (self->missing->len == 0)
    return TRUE;
  g_set_error(error, JAM_SINK_ERROR, JAM_SINK_ERROR_UNAVAILABLE,
              "there is no table where rows shall go; set create-tables(yes), or make what is missing%s",
              self->missing->str);
  return FALSE;
}

static gboolean
_prepare_all(Preparation *self, GError **error)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      if (self->tables->selection->enabled[i] && !_prepare_table(self, i, error))
        return FALSE;
    }
  return _check_missing(self, error) && _wait_for_new_tables(self, error);
}

static void
_finish(JamBigQueryTables *self, Preparation *preparation, gboolean success)
{
  JamBigQueryLiveTable former[JAM_N_TABLES];

  g_mutex_lock(&self->lock);
  memcpy(former, self->live, sizeof(former));
  memcpy(self->live, preparation->live, sizeof(self->live));
  self->is_ready = success;
  self->is_preparing = FALSE;
  g_cond_broadcast(&self->is_prepared);
  g_mutex_unlock(&self->lock);
  for (gint i = 0; i < JAM_N_TABLES; i++)
    jam_bigquery_live_table_clear(&former[i]);
}

/* Waits while another worker is at it. Returns TRUE if it is for the caller to do it. */
static gboolean
_take_turn(JamBigQueryTables *self, JamBigQueryApi *api)
{
  gboolean is_my_turn;

  g_mutex_lock(&self->lock);
  while (self->is_preparing && !jam_http_client_is_stopping(api->client))
    g_cond_wait_until(&self->is_prepared, &self->lock, g_get_monotonic_time() + LOOK_AROUND_US);
  is_my_turn = !self->is_ready && !self->is_preparing;
  self->is_preparing |= is_my_turn;
  g_mutex_unlock(&self->lock);
  return is_my_turn;
}

static gboolean
_prepare(JamBigQueryTables *self, JamBigQueryApi *api, GError **error)
{
  Preparation preparation = { .tables = self, .api = api, .missing = g_string_new(NULL) };
  gboolean success = _prepare_all(&preparation, error);

  _finish(self, &preparation, success);
  g_string_free(preparation.missing, TRUE);
  return success;
}

gboolean
jam_bigquery_tables_prepare(JamBigQueryTables *self, JamBigQueryApi *api, GError **error)
{
  gboolean is_ready;

  if (_take_turn(self, api))
    return _prepare(self, api, error);
  g_mutex_lock(&self->lock);
  is_ready = self->is_ready;
  g_mutex_unlock(&self->lock);
  /* else the program stops while another worker is at it */
  return is_ready || jam_bigquery_api_wait(api, 0, error);
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
