/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery-job.h"
#include "sinks/json-nodes.h"

void
jam_bigquery_job_init(JamBigQueryJob *self, const gchar *body, gsize length)
{
  json_object *root = jam_json_nodes_parse(body, length);
  json_object *status = jam_json_nodes_get_member(root, "status");
  json_object *error = jam_json_nodes_get_member(status, "errorResult");
  json_object *reference = jam_json_nodes_get_member(root, "jobReference");

  self->is_done = g_strcmp0(jam_json_nodes_get_string(status, "state"), "DONE") == 0;
  self->reason = g_strdup(jam_json_nodes_get_string(error, "reason"));
  self->message = g_strdup(jam_json_nodes_get_string(error, "message"));
  self->location = g_strdup(jam_json_nodes_get_string(reference, "location"));
  json_object_put(root);
}

void
jam_bigquery_job_clear(JamBigQueryJob *self)
{
  g_free(self->reason);
  g_free(self->message);
  g_free(self->location);
}

gboolean
jam_bigquery_job_may_be_repeated(const JamBigQueryJob *self)
{
  static const gchar *reasons[] =
  {
    "backendError", "internalError", "rateLimitExceeded", "quotaExceeded", "timeout", "stopped",
    "jobBackendError", "jobInternalError", "jobRateLimitExceeded", "tableUnavailable", "resourcesExceeded", NULL
  };

  return self->reason && g_strv_contains(reasons, self->reason);
}
