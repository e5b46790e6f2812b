/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BIGQUERY_OUTCOME_H_INCLUDED
#define JAM_BIGQUERY_OUTCOME_H_INCLUDED

#include <glib.h>

/* What must be done after an answer of BigQuery's tabledata.insertAll: pure
 * functions over one table, which follows the pages "Error messages" and
 * "Streaming data into BigQuery". */

/* Up to JAM_BIGQUERY_WAIT in the order of how long they take. */
typedef enum
{
  /* the rows are in */
  JAM_BIGQUERY_ACCEPT,
  /* send again at once, without the rows that are to blame */
  JAM_BIGQUERY_RESEND,
  /* send again, after a pause that grows from time to time */
  JAM_BIGQUERY_RETRY,
  /* send again, after some minutes */
  JAM_BIGQUERY_WAIT,
  /* ask for another token, then send again; a second time: as JAM_BIGQUERY_RETRY */
  JAM_BIGQUERY_RENEW_TOKEN,
  /* send in two halves; a single row: as JAM_BIGQUERY_REJECT */
  JAM_BIGQUERY_SPLIT,
  /* the row can never go in */
  JAM_BIGQUERY_REJECT,
  /* nothing goes in until the operator acts: say so, try again now and then */
  JAM_BIGQUERY_STOP,
} JamBigQueryAction;

/* No answer was received: whether the rows are in is not known. */
#define JAM_BIGQUERY_NO_ANSWER 0

/* Returns what follows from an answer with this HTTP @status (or
 * JAM_BIGQUERY_NO_ANSWER) and the first error's @reason, which is NULL where the
 * body has none, such as a proxy's HTML. Rows of a 200 have outcomes of their own. */
JamBigQueryAction jam_bigquery_outcome_of_request(glong status, const gchar *reason);

/* Returns what follows for one row that a 200 lists in insertErrors with this
 * @reason, which may be NULL. */
JamBigQueryAction jam_bigquery_outcome_of_row(const gchar *reason);

#endif
