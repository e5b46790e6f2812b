/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/jip3/messages.h"
#include "core/jip3/values.h"

static void
_append_identity(JamBuffer *out, const JamJip3Identity *identity)
{
  jam_buffer_append_blocks(out, identity->members.data, identity->members.length);
}

static void
_append_codec_encoded(JamBuffer *out, const JamJip3Cursor *content)
{
  jam_buffer_append_literal(out, ",\"codec_encoded\":");
  if (content)
    jam_jip3_append_hex(out, content->pos, jam_jip3_cursor_left(content));
  else
    jam_buffer_append_literal(out, "null");
}

/* The node's messages. */

static void
_append_node_head(JamBuffer *out, const JamJip3Identity *identity, gint64 now)
{
  jam_buffer_append_literal(out, "{\"time\":");
  jam_jip3_append_unix_ns(out, now);
  jam_buffer_append_char(out, ',');
  _append_identity(out, identity);
  jam_buffer_append_literal(out, "\"event_type\":\"node\",\"event\":");
}

static void
_append_node_columns(JamBuffer *out, const JamJip3Identity *identity)
{
  jam_buffer_append_literal(out, ",\"json_encoded\":{");
  jam_buffer_append(out, identity->columns.data, identity->columns.length);
}

void
jam_jip3_append_connected(JamBuffer *out, const JamJip3Identity *identity, const JamJip3Cursor *content, gint64 now)
{
  _append_node_head(out, identity, now);
  jam_buffer_append_literal(out, "\"connected\",\"elapsed\":null");
  _append_node_columns(out, identity);
  jam_buffer_append_literal(out, ",\"num_events\":null,\"num_dropped\":null,\"num_undecoded\":null}");
  _append_codec_encoded(out, content);
  jam_buffer_append_char(out, '}');
}

void
jam_jip3_append_disconnected(JamBuffer *out, const JamJip3Identity *identity, const JamJip3Counts *counts, gint64 now,
                             gint64 elapsed)
{
  _append_node_head(out, identity, now);
  jam_buffer_append_literal(out, "\"disconnected\",\"elapsed\":");
  jam_buffer_append_int64(out, elapsed);
  _append_node_columns(out, identity);
  jam_buffer_append_literal(out, ",\"num_events\":");
  jam_buffer_append_uint64(out, counts->n_events);
  jam_buffer_append_literal(out, ",\"num_dropped\":");
  jam_buffer_append_uint64(out, counts->n_dropped);
  jam_buffer_append_literal(out, ",\"num_undecoded\":");
  jam_buffer_append_uint64(out, counts->n_undecoded);
  jam_buffer_append_literal(out, "}}");
}

/* Events. */

static void
_append_id(JamBuffer *out, gboolean is_known, guint64 id)
{
  if (is_known)
    jam_buffer_append_uint64(out, id);
  else
    jam_buffer_append_literal(out, "null");
}

static void
_append_time_and_identity(JamBuffer *out, const JamJip3Identity *identity, const JamJip3Event *event, gint64 now)
{
  jam_buffer_append_literal(out, "{\"time\":");
  if (event->time != JAM_JIP3_UNKNOWN_TIME)
    jam_jip3_append_time(out, event->time);
  else
    jam_jip3_append_unix_ns(out, now);
  jam_buffer_append_char(out, ',');
  _append_identity(out, identity);
}

static void
_append_ids(JamBuffer *out, const JamJip3Event *event, const JamJip3Link *link)
{
  jam_buffer_append_literal(out, ",\"event_id\":");
  jam_buffer_append_uint64(out, event->id);
  jam_buffer_append_literal(out, ",\"ref_event_id\":");
  _append_id(out, event->has_reference, event->reference);
  jam_buffer_append_literal(out, ",\"root_event_id\":");
  jam_buffer_append_uint64(out, link->root);
  jam_buffer_append_literal(out, ",\"elapsed\":");
  if (link->has_elapsed)
    jam_buffer_append_int64(out, link->elapsed);
  else
    jam_buffer_append_literal(out, "null");
}

static void
_append_hash(JamBuffer *out, gboolean is_known, const guint8 *hash)
{
  if (is_known)
    jam_jip3_append_hex(out, hash, JAM_JIP3_HASH_BYTES);
  else
    jam_buffer_append_literal(out, "null");
}

/* Values have their columns' names; a table has both of a block, both of a work package,
 * or none. */
static void
_append_chain(JamBuffer *out, const JamJip3ChainValues *values, guint columns)
{
  jam_buffer_append_literal(out, ",\"chain\":{");
  if (columns & JAM_JIP3_BLOCK_SLOT)
    {
      jam_buffer_append_literal(out, "\"block_slot\":");
      _append_id(out, values->known & JAM_JIP3_BLOCK_SLOT, values->block_slot);
      jam_buffer_append_literal(out, ",\"header_hash\":");
      _append_hash(out, values->known & JAM_JIP3_HEADER_HASH, values->header_hash);
    }
  if (columns & JAM_JIP3_CORE)
    {
      jam_buffer_append_literal(out, "\"core\":");
      _append_id(out, values->known & JAM_JIP3_CORE, values->core);
      jam_buffer_append_literal(out, ",\"work_package_hash\":");
      _append_hash(out, values->known & JAM_JIP3_WORK_PACKAGE_HASH, values->work_package_hash);
    }
  jam_buffer_append_char(out, '}');
}

/* Appends the chain's columns as they are with the event's @own values. */
static void
_append_chain_columns(JamBuffer *out, const JamJip3Event *event, const JamJip3Link *link, const JamJip3ChainValues *own)
{
  guint columns = jam_jip3_tables[event->kind->definition->table].from_chain;
  JamJip3ChainValues values;

  values.known = 0;
  if (columns && link->chain)
    values = link->chain->values;
  if (columns)
    jam_jip3_chain_values_merge(&values, own);
  _append_chain(out, &values, columns);
}

gboolean
jam_jip3_append_event(JamBuffer *out, const JamJip3Identity *identity, const JamJip3Event *event,
                      const JamJip3Link *link, const JamJip3ChainValues *own, const JamJip3Cursor *raw, gint n_cores,
                      JamJip3Problem *problem)
{
  const JamJip3EventKind *kind = event->kind;
  gsize length = out->length;

  _append_time_and_identity(out, identity, event, 0);
  jam_buffer_append_blocks(out, kind->text, kind->text_length);
  _append_ids(out, event, link);
  _append_chain_columns(out, event, link, own);
  jam_buffer_append_literal(out, ",\"json_encoded\":");
  if (!jam_jip3_fields_write(kind->fields, &event->fields, n_cores, out, problem))
    {
      out->length = length;
      return FALSE;
    }
  if (raw)
    _append_codec_encoded(out, raw);
  jam_buffer_append_char(out, '}');
  return TRUE;
}

static void
_append_type(JamBuffer *out, const JamJip3Event *event)
{
  if (event->kind)
    {
      jam_buffer_append_blocks(out, event->kind->text, event->kind->text_length);
      return;
    }
  jam_buffer_append_literal(out, "\"event_type\":");
  _append_id(out, event->type != JAM_JIP3_UNKNOWN_TYPE, event->type);
  jam_buffer_append_literal(out, ",\"event\":null");
}

static void
_append_problem(JamBuffer *out, const JamJip3Problem *problem)
{
  jam_buffer_append_literal(out, ",\"problem\":");
  if (!problem->text)
    {
      jam_buffer_append_literal(out, "null");
      return;
    }
  jam_buffer_append_char(out, '"');
  if (problem->field.length > 0)
    {
      jam_buffer_append(out, problem->field.text, problem->field.length);
      jam_buffer_append_literal(out, ": ");
    }
  jam_buffer_append(out, problem->text, strlen(problem->text));
  jam_buffer_append_char(out, '"');
}

void
jam_jip3_append_unreadable(JamBuffer *out, const JamJip3Identity *identity, const JamJip3Event *event,
                           const JamJip3Problem *problem, const JamJip3Cursor *content, gint64 now)
{
  JamJip3Event alone = *event;
  JamJip3Link link = { .root = event->id };

  alone.has_reference = FALSE;
  _append_time_and_identity(out, identity, event, now);
  _append_type(out, event);
  _append_ids(out, &alone, &link);
  _append_chain(out, NULL, 0);
  _append_problem(out, problem);
  _append_codec_encoded(out, content);
  jam_buffer_append_char(out, '}');
}
