/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BIGQUERY_FIXTURE_H_INCLUDED
#define BIGQUERY_FIXTURE_H_INCLUDED

#include "sinks/bigquery/bigquery-sink.h"

#define PROJECT "my-project"
#define DATASET "jam"

/* A BigQuery that answers as it is told, in no time: waiting sets its clock forward.
 * Unless told otherwise, its tables are as ours, a day old, and take all rows. */

/* What was asked. */
typedef struct _Request
{
  /* "METHOD PATH", without the query */
  gchar *what;
  gchar *authorization;
  gchar *body;
  gsize length;
  gboolean is_gzip;
} Request;

typedef struct _BigQueryFixture
{
  JamHttpClient client;
  JamBigQueryReporter reporter;
  JamGoogleCredentials *credentials;
  JamTableSelection selection;
  JamBigQueryTables *live_tables;
  JamBigQueryAccepted *accepted;
  JamBigQuerySinkOptions options;
  JamSink *sink;
  JamMessage *message;

  /* answers to come */
  GPtrArray *answers;
  /* Request */
  GPtrArray *requests;
  gint64 now_us;
  /* gint64, microseconds */
  GArray *waits;
  /* set by a wait that is longer than this */
  gint64 stop_after_us;
  gboolean is_stopping;
  /* what is wrong with the client's files, or NULL */
  const gchar *file_faults;
  guint n_warnings;
  guint n_notices;
  gchar *warning;
} BigQueryFixture;

void bigquery_fixture_init(BigQueryFixture *self);
void bigquery_fixture_clear(BigQueryFixture *self);

/* (Re)make the sink, or what its workers share as well, after options were changed;
 * what was accepted is kept. */
void bigquery_fixture_make_sink(BigQueryFixture *self);
void bigquery_fixture_make_tables(BigQueryFixture *self, gboolean create);

/* Sets what is answered to the next request whose "METHOD PATH" holds @what and that
 * has no answer yet; the strings are copied. A status of 0 is no answer. */
void bigquery_fixture_answer(BigQueryFixture *self, const gchar *what, glong status, const gchar *body);
void bigquery_fixture_answer_later(BigQueryFixture *self, const gchar *what, glong status, const gchar *body,
                                   guint retry_after);
/* The same with the body of an API error. */
void bigquery_fixture_answer_error(BigQueryFixture *self, const gchar *what, glong status, const gchar *reason);

/* Opens the sink, and asserts that it works. */
void bigquery_fixture_open(BigQueryFixture *self);

/* Appends a message, and asserts that it was taken. Tickets make one row, whose
 * column attempt has @number. */
void bigquery_fixture_append(BigQueryFixture *self, const gchar *text);
void bigquery_fixture_append_ticket(BigQueryFixture *self, gint number);

/* Commits the batch and finishes it; asserts that it works. */
void bigquery_fixture_commit(BigQueryFixture *self);

/* Commits the batch, drops it, and asserts that it failed with @code and says @what. */
void bigquery_fixture_assert_failure(BigQueryFixture *self, JamSinkError code, const gchar *what);

/* Returns the number of requests that hold @what. */
guint bigquery_fixture_count_requests(BigQueryFixture *self, const gchar *what);

/* Returns the @n-th (from 0) request that holds @what; asserts that it is there. */
const Request *bigquery_fixture_get_request(BigQueryFixture *self, const gchar *what, guint n);

/* Asserts which tickets the @n-th insertAll sent, such as "1 3". */
void bigquery_fixture_assert_tickets(BigQueryFixture *self, guint n, const gchar *expected);

#endif
