/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-outcome.h"

#include <string.h>

/* in place of a status: the row errors of a 200 */
#define ROW 200
/* matches all reasons, or none */
#define ANY NULL
/* the body is not the API's own, so it says nothing of the rows */
#define NO_REASON ""

/* The first that matches counts. */
static const struct
{
  glong status;
  const gchar *reason;
  JamBigQueryAction action;
} outcomes[] = {
  { JAM_BIGQUERY_NO_ANSWER, ANY, JAM_BIGQUERY_RETRY },

  { ROW, "stopped", JAM_BIGQUERY_RESEND },
  { ROW, "timeout", JAM_BIGQUERY_RETRY },
  { ROW, "backendError", JAM_BIGQUERY_RETRY },
  { ROW, "internalError", JAM_BIGQUERY_RETRY },
  { ROW, "rateLimitExceeded", JAM_BIGQUERY_RETRY },
  { ROW, "quotaExceeded", JAM_BIGQUERY_WAIT },
  /* invalid, and what is not known: kept with its reason rather than sent for ever */
  { ROW, ANY, JAM_BIGQUERY_REJECT },

  { 400, "tableUnavailable", JAM_BIGQUERY_RETRY },
  { 400, NO_REASON, JAM_BIGQUERY_STOP },
  /* too large, too many, or one row that makes the whole request bad */
  { 400, ANY, JAM_BIGQUERY_SPLIT },
  { 401, ANY, JAM_BIGQUERY_RENEW_TOKEN },
  { 403, "rateLimitExceeded", JAM_BIGQUERY_RETRY },
  { 403, "quotaExceeded", JAM_BIGQUERY_WAIT },
  { 403, ANY, JAM_BIGQUERY_STOP },
  { 408, ANY, JAM_BIGQUERY_RETRY },
  { 413, ANY, JAM_BIGQUERY_SPLIT },
  { 429, "quotaExceeded", JAM_BIGQUERY_WAIT },
  { 429, ANY, JAM_BIGQUERY_RETRY },
  { 500, ANY, JAM_BIGQUERY_RETRY },
  { 502, ANY, JAM_BIGQUERY_RETRY },
  { 503, ANY, JAM_BIGQUERY_RETRY },
  { 504, ANY, JAM_BIGQUERY_RETRY },
};

static JamBigQueryAction
_look_up(glong status, const gchar *reason)
{
  const gchar *looked_for = reason ? reason : NO_REASON;

  for (gsize i = 0; i < G_N_ELEMENTS(outcomes); i++)
    {
      if (outcomes[i].status == status && (outcomes[i].reason == ANY || strcmp(outcomes[i].reason, looked_for) == 0))
        return outcomes[i].action;
    }
  return JAM_BIGQUERY_STOP;
}

JamBigQueryAction
jam_bigquery_outcome_of_request(glong status, const gchar *reason)
{
  return status == 200 ? JAM_BIGQUERY_ACCEPT : _look_up(status, reason);
}

JamBigQueryAction
jam_bigquery_outcome_of_row(const gchar *reason)
{
  return _look_up(ROW, reason);
}
