/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-job.h"
#include "http/json-nodes.h"
#include "http/printable.h"

#define MAX_WORDS_BYTES 400

static gchar *
_dup_words(JamJsonNode *error)
{
  const gchar *message = jam_json_nodes_get_string(error, "message");

  return message ? jam_printable_new(message, MAX_WORDS_BYTES) : NULL;
}

void
jam_bigquery_job_init(JamBigQueryJob *self, const gchar *body, gsize length)
{
  JamJsonNode *root = jam_json_nodes_parse(body, length);
  JamJsonNode *status = jam_json_nodes_get_member(root, "status");
  JamJsonNode *error = jam_json_nodes_get_member(status, "errorResult");
  JamJsonNode *reference = jam_json_nodes_get_member(root, "jobReference");

  self->is_there = jam_json_nodes_get_string(status, "state") != NULL;
  self->is_done = g_strcmp0(jam_json_nodes_get_string(status, "state"), "DONE") == 0;
  self->has_failed = error != NULL;
  self->reason = g_strdup(jam_json_nodes_get_string(error, "reason"));
  self->message = _dup_words(error);
  self->location = g_strdup(jam_json_nodes_get_string(reference, "location"));
  jam_json_nodes_free(root);
}

void
jam_bigquery_job_clear(JamBigQueryJob *self)
{
  g_free(self->reason);
  g_free(self->message);
  g_free(self->location);
}

JamBigQueryJobOutcome
jam_bigquery_job_get_outcome(const JamBigQueryJob *self)
{
  static const gchar *passing[] = {
    "backendError",     "internalError",        "rateLimitExceeded", "timeout",           "stopped", "jobBackendError",
    "jobInternalError", "jobRateLimitExceeded", "tableUnavailable",  "resourcesExceeded", NULL
  };

  if (!self->has_failed)
    return JAM_BIGQUERY_JOB_SUCCEEDED;
  if (g_strcmp0(self->reason, "invalid") == 0)
    return JAM_BIGQUERY_JOB_REJECT;
  if (g_strcmp0(self->reason, "quotaExceeded") == 0)
    return JAM_BIGQUERY_JOB_WAIT;
  return self->reason && g_strv_contains(passing, self->reason) ? JAM_BIGQUERY_JOB_RETRY : JAM_BIGQUERY_JOB_STOP;
}

const gchar *
jam_bigquery_job_get_words(const JamBigQueryJob *self)
{
  if (self->message)
    return self->message;
  return self->reason ? self->reason : "the load job failed and gives no reason";
}
