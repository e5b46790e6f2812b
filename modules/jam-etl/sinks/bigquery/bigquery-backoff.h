/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BIGQUERY_BACKOFF_H_INCLUDED
#define JAM_BIGQUERY_BACKOFF_H_INCLUDED

#include "sinks/bigquery/bigquery-outcome.h"

/* Returns how many microseconds to wait before @action, JAM_BIGQUERY_RETRY or
 * _WAIT, is taken for the @n_attempts-th time (from 1): truncated exponential
 * back-off with jitter, or minutes; in any case the @retry_after seconds that the
 * server asks for (Retry-After, RFC 9110; up to an hour is believed). */
gint64 jam_bigquery_backoff_us(JamBigQueryAction action, guint n_attempts, guint retry_after);

#endif
