/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/bytes/cpu.h"

gboolean jam_cpu_without_avx2;

#if JAM_HAVE_AVX2

JAM_AVX2 static void
_zero_upper_halves(void)
{
  _mm256_zeroupper();
}

#endif

void
jam_cpu_give_back_upper_halves(void)
{
#if JAM_HAVE_AVX2
  if (jam_cpu_has_avx2())
    _zero_upper_halves();
#endif
}
