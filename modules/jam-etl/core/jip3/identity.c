/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/jip3/identity.h"
#include "core/jip3/values.h"

#define FLAG_RECOMPILER 0x01

static void
_append_text(JamBuffer *out, const JamText *text)
{
  jam_json_append_string(out, text->text, text->length);
}

/* -1: unknown */
static void
_append_number(JamBuffer *out, gint64 number)
{
  if (number < 0)
    jam_buffer_append_literal(out, "null");
  else
    jam_buffer_append_int64(out, number);
}

static void
_make_members(JamBuffer *out, const JamJip3Node *node, guint64 connection_id)
{
  gchar id[17];

  g_snprintf(id, sizeof(id), "%016" G_GINT64_MODIFIER "x", connection_id);
  jam_buffer_append_literal(out, "\"sender_id\":");
  if (node)
    jam_jip3_append_hex(out, node->peer_id, JAM_JIP3_HASH_BYTES);
  else
    jam_buffer_append_literal(out, "\"unknown\"");
  jam_buffer_append_literal(out, ",\"team\":");
  if (node && node->implementation.length > 0)
    _append_text(out, &node->implementation);
  else
    jam_buffer_append_literal(out, "\"unknown\"");
  jam_buffer_append_literal(out, ",\"connection_id\":\"");
  jam_buffer_append(out, id, strlen(id));
  jam_buffer_append_literal(out, "\",");
  jam_buffer_reserve(out, JAM_BUFFER_BLOCK);
}

static void
_append_node_address(JamBuffer *out, const JamJip3Node *node)
{
  jam_buffer_append_literal(out, ",\"node_ip\":");
  if (node)
    jam_jip3_append_ip(out, node->address);
  else
    jam_buffer_append_literal(out, "null");
  jam_buffer_append_literal(out, ",\"node_port\":");
  _append_number(out, node ? jam_jip3_u16(node->address + JAM_JIP3_IP_BYTES) : -1);
}

static void
_append_remote_address(JamBuffer *out, const JamJip3Peer *peer)
{
  jam_buffer_append_literal(out, ",\"remote_ip\":");
  if (peer->ip)
    jam_json_append_string(out, peer->ip, strlen(peer->ip));
  else
    jam_buffer_append_literal(out, "null");
  jam_buffer_append_literal(out, ",\"remote_port\":");
  _append_number(out, peer->ip ? peer->port : -1);
}

static void
_append_flags(JamBuffer *out, const JamJip3Node *node)
{
  jam_buffer_append_literal(out, ",\"flags\":");
  _append_number(out, node ? (gint64) node->flags : -1);
  jam_buffer_append_literal(out, ",\"is_recompiler\":");
  if (!node)
    jam_buffer_append_literal(out, "null");
  else if (node->flags & FLAG_RECOMPILER)
    jam_buffer_append_literal(out, "true");
  else
    jam_buffer_append_literal(out, "false");
}

static void
_append_implementation(JamBuffer *out, const JamJip3Node *node)
{
  if (!node)
    {
      jam_buffer_append_literal(out, ",\"implementation\":null,\"implementation_version\":null"
                                     ",\"gp_version\":null,\"note\":null");
      return;
    }
  jam_buffer_append_literal(out, ",\"implementation\":");
  _append_text(out, &node->implementation);
  jam_buffer_append_literal(out, ",\"implementation_version\":");
  _append_text(out, &node->implementation_version);
  jam_buffer_append_literal(out, ",\"gp_version\":");
  _append_text(out, &node->gp_version);
  jam_buffer_append_literal(out, ",\"note\":");
  _append_text(out, &node->note);
}

static void
_append_parameters(JamBuffer *out, const JamJip3Node *node)
{
  jam_buffer_append_literal(out, ",\"num_cores\":");
  _append_number(out, node ? jam_jip3_node_n_cores(node) : -1);
  jam_buffer_append_literal(out, ",\"num_validators\":");
  _append_number(out, node ? jam_jip3_node_n_validators(node) : -1);
  jam_buffer_append_literal(out, ",\"parameters\":");
  if (node)
    jam_jip3_node_append_parameters(node, out);
  else
    jam_buffer_append_literal(out, "null");
}

static void
_make_columns(JamBuffer *out, const JamJip3Node *node, gint version, const JamJip3Peer *peer)
{
  jam_buffer_append_literal(out, "\"protocol_version\":");
  _append_number(out, version);
  jam_buffer_append_literal(out, ",\"genesis_hash\":");
  if (node)
    jam_jip3_append_hex(out, node->genesis_hash, JAM_JIP3_HASH_BYTES);
  else
    jam_buffer_append_literal(out, "null");
  _append_node_address(out, node);
  _append_remote_address(out, peer);
  _append_flags(out, node);
  _append_implementation(out, node);
  _append_parameters(out, node);
}

void
jam_jip3_identity_set(JamJip3Identity *self, const JamJip3Node *node, gint version, const JamJip3Peer *peer,
                      guint64 connection_id)
{
  self->members.length = 0;
  self->columns.length = 0;
  _make_members(&self->members, node, connection_id);
  _make_columns(&self->columns, node, version, peer);
}

void
jam_jip3_identity_clear(JamJip3Identity *self)
{
  jam_buffer_clear(&self->members);
  jam_buffer_clear(&self->columns);
}
