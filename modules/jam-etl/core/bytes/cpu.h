/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_CPU_H_INCLUDED
#define JAM_CPU_H_INCLUDED

#include <glib.h>

/* Which instructions the core may use. SSE2 is part of amd64, so it is chosen at
 * build time; AVX2 at run time. JAM_PORTABLE, a macro, builds a core without
 * either, as other machines have it. */

#if defined(__SSE2__) && !defined(JAM_PORTABLE)
#define JAM_HAVE_SSE2 1
#include <emmintrin.h>
#else
#define JAM_HAVE_SSE2 0
#endif

#if JAM_HAVE_SSE2 && defined(__x86_64__) && defined(__GNUC__)
#define JAM_HAVE_AVX2 1
#include <immintrin.h>
/* for functions that may use AVX2; only to be called if jam_cpu_has_avx2() */
#define JAM_AVX2 __attribute__((target("avx2")))
#else
#define JAM_HAVE_AVX2 0
#endif

/* To be called behind functions of other libraries that may use AVX2: some leave the
 * upper halves of the registers in use, and then each SSE instruction waits for the
 * one before. */
void jam_cpu_give_back_upper_halves(void);

/* TRUE does without AVX2 where there is one: for tests. */
extern gboolean jam_cpu_without_avx2;

#if JAM_HAVE_AVX2
static inline gboolean
jam_cpu_has_avx2(void)
{
  return __builtin_cpu_supports("avx2") && !jam_cpu_without_avx2;
}
#endif

#endif
