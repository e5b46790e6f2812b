/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BIGQUERY_ACCEPTED_H_INCLUDED
#define JAM_BIGQUERY_ACCEPTED_H_INCLUDED

#include <glib.h>

/* Rows that BigQuery has accepted, while other rows of their batch are still to be
 * sent: their messages come again, and they must not. Shared by all workers of a
 * destination, whatever configurations come and go; any thread may call all of it. */
typedef struct _JamBigQueryAccepted JamBigQueryAccepted;

/* Returns the set of the destination called @name, a new one if it has none. */
JamBigQueryAccepted *jam_bigquery_accepted_ref(const gchar *name);

/* Gives it back. What is in it is kept as long as the program runs. */
void jam_bigquery_accepted_unref(JamBigQueryAccepted *self);

/* @table is the name in BigQuery; the strings are copied. */
void jam_bigquery_accepted_add(JamBigQueryAccepted *self, const gchar *table, const gchar *row_id);
gboolean jam_bigquery_accepted_contains(JamBigQueryAccepted *self, const gchar *table, const gchar *row_id);
void jam_bigquery_accepted_remove(JamBigQueryAccepted *self, const gchar *table, const gchar *row_id);

/* Returns TRUE if nothing is in it, which is almost always so. */
gboolean jam_bigquery_accepted_is_empty(JamBigQueryAccepted *self);

#endif
