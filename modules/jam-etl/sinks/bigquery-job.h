/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BIGQUERY_JOB_H_INCLUDED
#define JAM_BIGQUERY_JOB_H_INCLUDED

#include <glib.h>

/* A Job resource, as jobs.insert and jobs.get answer it. */

typedef struct _JamBigQueryJob
{
  gboolean is_done;
  /* of status.errorResult; NULL if the job has not failed */
  gchar *reason;
  gchar *message;
  /* jobReference.location; NULL if the answer has none */
  gchar *location;
} JamBigQueryJob;

/* Reads the @length bytes of @body into @self; what is not there stays unset. */
void jam_bigquery_job_init(JamBigQueryJob *self, const gchar *body, gsize length);
void jam_bigquery_job_clear(JamBigQueryJob *self);

/* Returns TRUE if the job failed for a reason that passes: another job may succeed. */
gboolean jam_bigquery_job_may_be_repeated(const JamBigQueryJob *self);

#endif
