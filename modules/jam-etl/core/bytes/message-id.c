/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/bytes/message-id.h"
#include "core/bytes/cpu.h"
#include "core/bytes/hex.h"
#include "core/bytes/xxh3.h"

void
jam_message_id_make(const gchar *text, gsize length, gchar id[JAM_MESSAGE_ID_LENGTH])
{
  XXH128_hash_t hash = XXH3_128bits(text, length);
  XXH128_canonical_t canonical;

  jam_cpu_give_back_upper_halves();
  XXH128_canonicalFromHash(&canonical, hash);
  jam_hex_encode(canonical.digest, sizeof(canonical.digest), id);
}
