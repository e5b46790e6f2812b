/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/tables/encoded-object.h"

const gchar *const jam_encoded_paths[JAM_N_ENCODED_OBJECTS][JAM_MAX_ENCODED_FIELDS + 1] =
{
  [JAM_ENCODED_HEADER] =
  {
    [JAM_HEADER_PARENT] = "header.parent",
    [JAM_HEADER_PARENT_STATE_ROOT] = "header.parent_state_root",
    [JAM_HEADER_EXTRINSIC_HASH] = "header.extrinsic_hash",
    [JAM_HEADER_SLOT] = "header.slot",
    [JAM_HEADER_AUTHOR_INDEX] = "header.author_index",
    [JAM_HEADER_ENTROPY_SOURCE] = "header.entropy_source",
    [JAM_HEADER_SEAL] = "header.seal",
    [JAM_HEADER_EPOCH_MARK] = "header.epoch_mark",
    [JAM_HEADER_VALIDATORS] = "header.epoch_mark.validators",
    [JAM_HEADER_TICKETS_MARK] = "header.tickets_mark",
    [JAM_HEADER_OFFENDERS_MARK] = "header.offenders_mark",
  },
  [JAM_ENCODED_WORK_PACKAGE] =
  {
    [JAM_PACKAGE_HOST] = "work_package.auth_code_host",
    [JAM_PACKAGE_CODE_HASH] = "work_package.authorizer.code_hash",
    [JAM_PACKAGE_PARAMETERS] = "work_package.authorizer.params",
    [JAM_PACKAGE_AUTHORIZATION] = "work_package.authorization",
    [JAM_PACKAGE_ANCHOR] = "work_package.context.anchor",
    [JAM_PACKAGE_LOOKUP_ANCHOR_SLOT] = "work_package.context.lookup_anchor_slot",
    [JAM_PACKAGE_ANCHOR_SLOT] = "work_package.context.anchor_slot",
    [JAM_PACKAGE_LOOKUP_ANCHOR_STATE_ROOT] = "work_package.context.lookup_anchor_state_root",
  },
};
