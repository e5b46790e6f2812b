/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_FUZZ_FUZZ_CORE_H_INCLUDED
#define JAM_FUZZ_FUZZ_CORE_H_INCLUDED

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls, under the names that it asks for: once for every input,
 * which is the text of a message. Aborts if the core does not do by it what the
 * contract says; what is wrong stands on standard error. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
