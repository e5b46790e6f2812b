/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BIGQUERY_API_H_INCLUDED
#define JAM_BIGQUERY_API_H_INCLUDED

#include "sinks/bigquery/bigquery-answer.h"
#include "sinks/bigquery/bigquery-outcome.h"
#include "google/google-credentials.h"
#include "http/http-client.h"

/* BigQuery's REST API v2 for one dataset, in one thread. */

#define JAM_BIGQUERY_DEFAULT_URL "https://bigquery.googleapis.com"

/* Tells the operator; any thread. */
typedef struct _JamBigQueryReporter JamBigQueryReporter;

struct _JamBigQueryReporter
{
  void (*warn)(JamBigQueryReporter *self, const gchar *text);
  void (*notice)(JamBigQueryReporter *self, const gchar *text);
};

typedef struct _JamBigQueryApi
{
  JamHttpClient *client;
  JamGoogleCredentials *credentials;
  JamBigQueryReporter *reporter;
  /* scheme, host and port, and perhaps a path, without a slash at the end */
  const gchar *root;
  const gchar *project;
  const gchar *dataset;
  /* what was performed last had credentials to show */
  gboolean is_authorized;
  /* the operator was told that it does not work */
  gboolean is_failing;
} JamBigQueryApi;

/* Returns the root of @url: as clients of BIGQUERY_EMULATOR_HOST have it, that is
 * with or without a scheme (http then) and with or without /bigquery/v2. The caller
 * frees it. */
gchar *jam_bigquery_api_make_root(const gchar *url);

/* Return URLs that the caller frees. @suffix follows the table's name. */
gchar *jam_bigquery_api_make_table_url(const JamBigQueryApi *self, const gchar *table, const gchar *suffix);
gchar *jam_bigquery_api_make_tables_url(const JamBigQueryApi *self);
gchar *jam_bigquery_api_make_upload_url(const JamBigQueryApi *self);
gchar *jam_bigquery_api_make_job_url(const JamBigQueryApi *self, const gchar *job, const gchar *location);

/* Performs the @n @calls in parallel with our authorization, which a 401 makes
 * invalid. If there is no token for now, the calls have no answer, and say why.
 * Returns FALSE and sets @error if there will be none before the operator acts
 * (JAM_SINK_ERROR_UNAVAILABLE), if a file is at fault for there is no token, or no
 * answer to any call (JAM_SINK_ERROR_FILE), or if the program stops
 * (JAM_SINK_ERROR_STOPPED). */
gboolean jam_bigquery_api_perform(JamBigQueryApi *self, JamHttpCall **calls, gsize n, GError **error);

/* Returns FALSE and sets @error, JAM_SINK_ERROR_FILE, if a file that connections need
 * cannot be read. */
gboolean jam_bigquery_api_check_files(JamBigQueryApi *self, GError **error);

/* Returns what follows from the answer to @call, after it was performed. Without
 * credentials there is no token to renew. */
JamBigQueryAction jam_bigquery_api_judge(const JamBigQueryApi *self, const JamHttpCall *call,
                                         const JamBigQueryAnswer *answer);

/* Performs @call again and again, with pauses, as long as its outcome is one that
 * passes, then fills in @answer (the caller clears it). Returns FALSE and sets
 * @error as above. Any other answer, such as 200, 403, 404, or 409, is the caller's
 * to judge. */
gboolean jam_bigquery_api_ask(JamBigQueryApi *self, JamHttpCall *call, JamBigQueryAnswer *answer, GError **error);

/* Waits. Returns FALSE and sets @error, JAM_SINK_ERROR_STOPPED, if the program stops. */
gboolean jam_bigquery_api_wait(JamBigQueryApi *self, gint64 us, GError **error);

/* Tells the operator, once until jam_bigquery_api_report_success(), that a
 * request failed and will be repeated after @delay_us. */
void jam_bigquery_api_report_trouble(JamBigQueryApi *self, const gchar *trouble, gint64 delay_us);
void jam_bigquery_api_report_success(JamBigQueryApi *self);

/* Returns what went wrong with @call, in words; the caller frees it. */
gchar *jam_bigquery_api_describe(const JamHttpCall *call, const JamBigQueryAnswer *answer);

/* Sets @error, JAM_SINK_ERROR_UNAVAILABLE: nothing goes into @table before the
 * operator acts, and what must be done. */
void jam_bigquery_api_set_stop_error(const JamBigQueryApi *self, GError **error, const gchar *table,
                                     const JamHttpCall *call, const JamBigQueryAnswer *answer);

#endif
