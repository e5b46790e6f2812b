/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BIGQUERY_DELIVERY_H_INCLUDED
#define JAM_BIGQUERY_DELIVERY_H_INCLUDED

#include "sinks/bigquery/bigquery-request.h"
#include "sinks/sink.h"

/* Streams the rows of a batch: sends what waits, in parallel, does what follows
 * from the answers, and again, until no row waits. */

typedef struct _JamBigQueryDelivery
{
  JamBigQueryApi *api;
  JamBigQueryBatch *batch;
  const JamTableSelection *tables;
  JamBigQueryLimits limits;
  /* NULL sends bodies as they are */
  JamGzip *gzip;
} JamBigQueryDelivery;

/* Returns TRUE when each row of the batch is accepted, rejected or large. Else
 * returns FALSE and sets @error, JAM_SINK_ERROR_STOPPED or _UNAVAILABLE; what
 * was accepted until then is marked so. */
gboolean jam_bigquery_delivery_stream(const JamBigQueryDelivery *self, GError **error);

#endif
