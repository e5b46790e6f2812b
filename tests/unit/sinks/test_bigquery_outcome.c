/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-outcome.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

typedef struct _OutcomeCase
{
  glong status;
  gchar reason[24];
  JamBigQueryAction action;
} OutcomeCase;

ParameterizedTestParameters(bigquery_outcome, of_a_request_follows_from_status_and_reason)
{
  static OutcomeCase cases[] = {
    { JAM_BIGQUERY_NO_ANSWER, "", JAM_BIGQUERY_RETRY },
    { 200, "", JAM_BIGQUERY_ACCEPT },
    { 302, "", JAM_BIGQUERY_STOP },
    { 400, "", JAM_BIGQUERY_STOP },
    { 400, "invalid", JAM_BIGQUERY_SPLIT },
    { 400, "badRequest", JAM_BIGQUERY_SPLIT },
    { 400, "tableUnavailable", JAM_BIGQUERY_RETRY },
    { 401, "authError", JAM_BIGQUERY_RENEW_TOKEN },
    { 401, "", JAM_BIGQUERY_RENEW_TOKEN },
    { 403, "accessDenied", JAM_BIGQUERY_STOP },
    { 403, "billingNotEnabled", JAM_BIGQUERY_STOP },
    { 403, "", JAM_BIGQUERY_STOP },
    { 403, "rateLimitExceeded", JAM_BIGQUERY_RETRY },
    { 403, "quotaExceeded", JAM_BIGQUERY_WAIT },
    { 404, "notFound", JAM_BIGQUERY_STOP },
    { 408, "", JAM_BIGQUERY_RETRY },
    { 412, "conditionNotMet", JAM_BIGQUERY_STOP },
    { 413, "", JAM_BIGQUERY_SPLIT },
    { 429, "rateLimitExceeded", JAM_BIGQUERY_RETRY },
    { 429, "quotaExceeded", JAM_BIGQUERY_WAIT },
    { 429, "", JAM_BIGQUERY_RETRY },
    { 500, "internalError", JAM_BIGQUERY_RETRY },
    { 501, "notImplemented", JAM_BIGQUERY_STOP },
    { 502, "", JAM_BIGQUERY_RETRY },
    { 503, "backendError", JAM_BIGQUERY_RETRY },
    { 504, "", JAM_BIGQUERY_RETRY },
  };

  return cr_make_param_array(OutcomeCase, cases, G_N_ELEMENTS(cases));
}

ParameterizedTest(OutcomeCase *c, bigquery_outcome, of_a_request_follows_from_status_and_reason)
{
  const gchar *reason = *c->reason ? c->reason : NULL;

  cr_assert_eq(jam_bigquery_outcome_of_request(c->status, reason), c->action, "%ld %s", c->status, c->reason);
}

ParameterizedTestParameters(bigquery_outcome, of_a_row_follows_from_its_reason)
{
  static OutcomeCase cases[] = {
    { 200, "stopped", JAM_BIGQUERY_RESEND },
    { 200, "invalid", JAM_BIGQUERY_REJECT },
    { 200, "timeout", JAM_BIGQUERY_RETRY },
    { 200, "backendError", JAM_BIGQUERY_RETRY },
    { 200, "internalError", JAM_BIGQUERY_RETRY },
    { 200, "rateLimitExceeded", JAM_BIGQUERY_RETRY },
    { 200, "quotaExceeded", JAM_BIGQUERY_WAIT },
    { 200, "somethingNew", JAM_BIGQUERY_REJECT },
    { 200, "", JAM_BIGQUERY_REJECT },
  };

  return cr_make_param_array(OutcomeCase, cases, G_N_ELEMENTS(cases));
}

ParameterizedTest(OutcomeCase *c, bigquery_outcome, of_a_row_follows_from_its_reason)
{
  cr_assert_eq(jam_bigquery_outcome_of_row(*c->reason ? c->reason : NULL), c->action, "%s", c->reason);
}
