/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "counters.h"

static const CounterName core_0_6[] = { { "da_load", CORE_DA_LOAD },
                                        { "popularity", CORE_POPULARITY },
                                        { "imports", CORE_IMPORTS },
                                        { "exports", CORE_EXPORTS },
                                        { "extrinsic_size", CORE_EXTRINSIC_SIZE },
                                        { "extrinsic_count", CORE_EXTRINSIC_COUNT },
                                        { "bundle_size", CORE_BUNDLE_SIZE },
                                        { "gas_used", CORE_GAS_USED },
                                        { NULL, 0 } };

static const CounterName core_0_7[] = { { "da_load", CORE_DA_LOAD },
                                        { "popularity", CORE_POPULARITY },
                                        { "imports", CORE_IMPORTS },
                                        { "extrinsic_count", CORE_EXTRINSIC_COUNT },
                                        { "extrinsic_size", CORE_EXTRINSIC_SIZE },
                                        { "exports", CORE_EXPORTS },
                                        { "bundle_size", CORE_BUNDLE_SIZE },
                                        { "gas_used", CORE_GAS_USED },
                                        { NULL, 0 } };

static const CounterName service_0_6[] = { { "provided_count", SERVICE_PROVIDED_COUNT },
                                           { "provided_size", SERVICE_PROVIDED_SIZE },
                                           { "refinement_count", SERVICE_REFINEMENT_COUNT },
                                           { "refinement_gas_used", SERVICE_REFINEMENT_GAS_USED },
                                           { "imports", SERVICE_IMPORTS },
                                           { "exports", SERVICE_EXPORTS },
                                           { "extrinsic_size", SERVICE_EXTRINSIC_SIZE },
                                           { "extrinsic_count", SERVICE_EXTRINSIC_COUNT },
                                           { "accumulate_count", SERVICE_ACCUMULATE_COUNT },
                                           { "accumulate_gas_used", SERVICE_ACCUMULATE_GAS_USED },
                                           { "on_transfers_count", SERVICE_ON_TRANSFERS_COUNT },
                                           { "on_transfers_gas_used", SERVICE_ON_TRANSFERS_GAS_USED },
                                           { NULL, 0 } };

static const CounterName service_0_7[] = { { "provided_count", SERVICE_PROVIDED_COUNT },
                                           { "provided_size", SERVICE_PROVIDED_SIZE },
                                           { "refinement_count", SERVICE_REFINEMENT_COUNT },
                                           { "refinement_gas_used", SERVICE_REFINEMENT_GAS_USED },
                                           { "imports", SERVICE_IMPORTS },
                                           { "extrinsic_count", SERVICE_EXTRINSIC_COUNT },
                                           { "extrinsic_size", SERVICE_EXTRINSIC_SIZE },
                                           { "exports", SERVICE_EXPORTS },
                                           { "accumulate_count", SERVICE_ACCUMULATE_COUNT },
                                           { "accumulate_gas_used", SERVICE_ACCUMULATE_GAS_USED },
                                           { NULL, 0 } };

static const CounterName service_0_8[] = { { "provided_count", SERVICE_PROVIDED_COUNT },
                                           { "provided_size", SERVICE_PROVIDED_SIZE },
                                           { "refinement_count", SERVICE_REFINEMENT_COUNT },
                                           { "refinement_gas_used", SERVICE_REFINEMENT_GAS_USED },
                                           { "imports", SERVICE_IMPORTS },
                                           { "extrinsic_count", SERVICE_EXTRINSIC_COUNT },
                                           { "extrinsic_size", SERVICE_EXTRINSIC_SIZE },
                                           { "exports", SERVICE_EXPORTS },
                                           { "accumulate_count", SERVICE_ACCUMULATE_COUNT },
                                           { "accumulate_transfer_count", SERVICE_ACCUMULATE_TRANSFER_COUNT },
                                           { "accumulate_gas_used", SERVICE_ACCUMULATE_GAS_USED },
                                           { NULL, 0 } };

const CounterName *
counters_of_core(GrayPaper gray_paper)
{
  return gray_paper == GRAY_PAPER_0_6 ? core_0_6 : core_0_7;
}

const CounterName *
counters_of_service(GrayPaper gray_paper)
{
  static const CounterName *const names[] = {
    [GRAY_PAPER_0_6] = service_0_6,
    [GRAY_PAPER_0_7] = service_0_7,
    [GRAY_PAPER_0_8] = service_0_8,
  };

  return names[gray_paper];
}
