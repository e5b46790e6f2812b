/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_JAM_HASH_H_INCLUDED
#define JAMTART_GEN_JAM_HASH_H_INCLUDED

#include "jam-types.h"

/* Puts BLAKE2b with a 32-byte digest over LEN bytes at DATA into HASH. */
void jam_hash(guint8 hash[HASH_LEN], const guint8 *data, gsize len);

#endif
