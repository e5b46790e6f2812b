/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_FUZZ_EXPECTED_CODEC_H_INCLUDED
#define JAM_FUZZ_EXPECTED_CODEC_H_INCLUDED

#include "expected-message.h"

/* Return what the message's header_hash or work_package_hash must be, as a JSON
 * string, or NULL for null. The caller frees it. */
GString *expected_header_hash(const ExpectedMessage *message);
GString *expected_work_package_hash(const ExpectedMessage *message);

/* Returns the BLAKE2b-256 of @length @bytes as a JSON string. The caller frees it. */
GString *expected_hash(const guint8 *bytes, gsize length);

#endif
