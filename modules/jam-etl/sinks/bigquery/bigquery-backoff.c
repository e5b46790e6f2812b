/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/bigquery/bigquery-backoff.h"

#define FIRST_US G_USEC_PER_SEC
#define MAX_DOUBLINGS 5
/* quotas fill up again continuously; BigQuery's page on quota errors says 10 minutes */
#define QUOTA_US (600 * (gint64) G_USEC_PER_SEC)
#define MAX_RETRY_AFTER 3600

static gint64
_exponential_us(guint n_attempts)
{
  gint64 longest = (gint64) FIRST_US << MIN(n_attempts - 1, MAX_DOUBLINGS);

  /* jitter keeps many collectors from coming back all at once */
  return g_random_double_range(0.5, 1) * longest;
}

gint64
jam_bigquery_backoff_us(JamBigQueryAction action, guint n_attempts, guint retry_after)
{
  gint64 asked_us = MIN(retry_after, MAX_RETRY_AFTER) * (gint64) G_USEC_PER_SEC;

  return MAX(asked_us, action == JAM_BIGQUERY_WAIT ? QUOTA_US : _exponential_us(n_attempts));
}
