/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BIGQUERY_JOB_H_INCLUDED
#define JAM_BIGQUERY_JOB_H_INCLUDED

#include <glib.h>

/* A Job resource, as jobs.insert and jobs.get answer it. */

/* What follows from a job that is done. */
typedef enum
{
  /* the row is in */
  JAM_BIGQUERY_JOB_SUCCEEDED,
  /* another job may succeed, after a pause */
  JAM_BIGQUERY_JOB_RETRY,
  /* the same, after some minutes */
  JAM_BIGQUERY_JOB_WAIT,
  /* the row can never go in */
  JAM_BIGQUERY_JOB_REJECT,
  /* the operator must act */
  JAM_BIGQUERY_JOB_STOP,
} JamBigQueryJobOutcome;

typedef struct _JamBigQueryJob
{
  /* it is a job, not an answer of some other kind */
  gboolean is_there;
  gboolean is_done;
  gboolean has_failed;
  /* of status.errorResult; NULL where there is none */
  gchar *reason;
  gchar *message;
  /* jobReference.location; NULL if the answer has none */
  gchar *location;
} JamBigQueryJob;

/* Reads the @length bytes of @body into @self; what is not there stays unset. */
void jam_bigquery_job_init(JamBigQueryJob *self, const gchar *body, gsize length);
void jam_bigquery_job_clear(JamBigQueryJob *self);

/* Returns what follows from a job that is done (BigQuery's page "Error messages"). */
JamBigQueryJobOutcome jam_bigquery_job_get_outcome(const JamBigQueryJob *self);

/* Returns why it failed, in the API's words or ours; @self owns it. */
const gchar *jam_bigquery_job_get_words(const JamBigQueryJob *self);

#endif
