/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "jam-hash.h"

#include <sodium.h>

void
jam_hash(guint8 hash[HASH_LEN], const guint8 *data, gsize len)
{
  crypto_generichash(hash, HASH_LEN, data, len, NULL, 0);
}
