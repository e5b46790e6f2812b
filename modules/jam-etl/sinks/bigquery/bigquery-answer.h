/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BIGQUERY_ANSWER_H_INCLUDED
#define JAM_BIGQUERY_ANSWER_H_INCLUDED

#include <glib.h>

/* The body of an answer of BigQuery's API, JSON. Its texts are made fit for a log. */

/* One entry of insertErrors: the row was not inserted. */
typedef struct _JamBigQueryRowError
{
  /* of the row in the request, from 0 */
  guint index;
  /* the first error's; empty where the API left them out */
  gchar *reason;
  gchar *location;
  gchar *message;
} JamBigQueryRowError;

typedef struct _JamBigQueryAnswer
{
  /* of the request as a whole; NULL if the body says nothing of an error */
  gchar *reason;
  gchar *message;
  /* JamBigQueryRowError, in the API's order, which is not that of the rows */
  GArray *row_errors;
} JamBigQueryAnswer;

/* Reads the @length bytes of @body into @self. A body that is no JSON, such as a
 * proxy's HTML, or has another form, is read as one that says nothing. Returns
 * FALSE if what became of the @n_rows rows cannot be known from a 200 with this
 * body (not an answer to insertAll, an entry for a row that was not sent): that is
 * no answer. */
gboolean jam_bigquery_answer_init(JamBigQueryAnswer *self, const gchar *body, gsize length, guint n_rows);

void jam_bigquery_answer_clear(JamBigQueryAnswer *self);

#endif
