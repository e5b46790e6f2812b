/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/bytes/message-id.h"
#include "core/bytes/cpu.h"
#include "core/bytes/hex.h"
#include "core/bytes/xxh3.h"

void
jam_message_id_make(JamMessageId *self, const gchar *text, gsize length)
{
  XXH128_hash_t hash = XXH3_128bits(text, length);
  XXH128_canonical_t canonical;

  jam_cpu_give_back_upper_halves();
  self->identity = (JamIdentity){ .words = { hash.high64, hash.low64 } };
  XXH128_canonicalFromHash(&canonical, hash);
  jam_hex_encode(canonical.digest, sizeof(canonical.digest), self->hex);
}

gboolean
jam_identity_from_hex(JamIdentity *self, const gchar *hex)
{
  *self = (JamIdentity){ 0 };
  for (gint i = 0; i < JAM_MESSAGE_ID_LENGTH; i++)
    {
      guint64 *word = &self->words[i / 16];

      if (!g_ascii_isxdigit(hex[i]) || g_ascii_isupper(hex[i]))
        return FALSE;
      *word = *word << 4 | g_ascii_xdigit_value(hex[i]);
    }
  return TRUE;
}
