/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_XXH3_H_INCLUDED
#define JAM_XXH3_H_INCLUDED

/* XXH3 with the best instructions that there are. What calls it gives back the upper
 * halves of vector registers afterwards: see core/cpu.h. */
#ifdef HAVE_XXH_X86DISPATCH_H
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif

#endif
