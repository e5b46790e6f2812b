/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/bytes/cpu.h"

/* Linked into a test program, it has the core do without AVX2. */
__attribute__((constructor)) static void
_do_without_avx2(void)
{
  jam_cpu_without_avx2 = TRUE;
}
