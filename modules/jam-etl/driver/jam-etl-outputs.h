/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_OUTPUTS_H_INCLUDED
#define JAM_ETL_OUTPUTS_H_INCLUDED

#include "driver/jam-etl-output.h"

/* The kinds of output: the index of their table. */
typedef enum
{
  JAM_ETL_OUTPUT_JSONL,
  JAM_ETL_OUTPUT_BIGQUERY,
  JAM_ETL_N_OUTPUTS,
} JamEtlOutputKind;

/* The options' names, for an error. */
#define JAM_ETL_OUTPUT_NAMES "jsonl() and bigquery()"

/* Returns a new output of @driver, which the caller frees with its free_fn. */
JamEtlOutput *jam_etl_output_new(JamEtlOutputKind kind, JamEtlDriver *driver);

#endif
