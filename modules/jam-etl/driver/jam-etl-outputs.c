/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-outputs.h"
#include "driver/jam-etl-bigquery.h"
#include "driver/jam-etl-jsonl.h"

static JamEtlOutput *(*const constructors[JAM_ETL_N_OUTPUTS])(JamEtlDriver *) = {
  [JAM_ETL_OUTPUT_JSONL] = jam_etl_jsonl_new,
  [JAM_ETL_OUTPUT_BIGQUERY] = jam_etl_bigquery_new,
};

JamEtlOutput *
jam_etl_output_new(JamEtlOutputKind kind, JamEtlDriver *driver)
{
  return constructors[kind](driver);
}
