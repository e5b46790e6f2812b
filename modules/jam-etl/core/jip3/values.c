/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/jip3/values.h"
#include "core/bytes/hex.h"
#include "core/bytes/time.h"

#include <arpa/inet.h>

/* 2025-01-01T12:00:00Z */
#define COMMON_ERA_START_NS (G_GINT64_CONSTANT(1735732800) * 1000000000)

void
jam_jip3_append_hex(JamBuffer *out, const guint8 *bytes, gsize n_bytes)
{
  gchar *p;

  jam_buffer_reserve(out, 2 * n_bytes + 4);
  p = out->data + out->length;
  memcpy(p, "\"0x", 3);
  jam_hex_encode(bytes, n_bytes, p + 3);
  p[3 + 2 * n_bytes] = '"';
  out->length += 2 * n_bytes + 4;
}

void
jam_jip3_append_unix_ns(JamBuffer *out, gint64 unix_ns)
{
  gchar *p;

  jam_buffer_reserve(out, JAM_TIME_TEXT_LENGTH + 2);
  p = out->data + out->length;
  *p++ = '"';
  jam_time_format(MAX(unix_ns, 0), p);
  p[JAM_TIME_TEXT_LENGTH] = '"';
  out->length += JAM_TIME_TEXT_LENGTH + 2;
}

void
jam_jip3_append_time(JamBuffer *out, guint64 time)
{
  jam_jip3_append_unix_ns(out, COMMON_ERA_START_NS + (gint64) time * 1000);
}

void
jam_jip3_append_ip(JamBuffer *out, const guint8 ip[JAM_JIP3_IP_BYTES])
{
  gchar text[INET6_ADDRSTRLEN];

  inet_ntop(AF_INET6, ip, text, sizeof(text));
  jam_buffer_append_char(out, '"');
  jam_buffer_append(out, text, strlen(text));
  jam_buffer_append_char(out, '"');
}

void
jam_jip3_append_address(JamBuffer *out, const guint8 address[JAM_JIP3_ADDRESS_BYTES])
{
  jam_buffer_append_literal(out, "{\"ip\":");
  jam_jip3_append_ip(out, address);
  jam_buffer_append_literal(out, ",\"port\":");
  jam_buffer_append_uint64(out, jam_jip3_u16(address + JAM_JIP3_IP_BYTES));
  jam_buffer_append_char(out, '}');
}
