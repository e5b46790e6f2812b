/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/jip3/connection.h"
#include "core/jip3/events.h"
#include "core/jip3/frames.h"
#include "core/jip3/identity.h"
#include "core/jip3/values.h"
#include "core/jip3/window.h"

#define TIME_BYTES 8
#define TYPE_DROPPED 0
/* dropped: where num_dropped is behind last_time */
#define NUM_DROPPED_OFFSET 8
#define DROPPED_BYTES 16
/* of a node that does not say */
#define DEFAULT_VERSION 1
#define NS_PER_US 1000

struct _JamJip3Connection
{
  guint64 connection_id;
  gchar *remote_ip;
  guint16 remote_port;
  gboolean raw;
  /* when it was made, in nanoseconds since 1970 */
  gint64 start;

  JamJip3Frames frames;
  JamJip3Window *window;
  JamJip3Identity identity;
  gboolean had_first;
  guint version;
  gint n_cores;

  guint64 next_id;
  guint64 n_events;
  guint64 n_dropped;
  guint64 n_undecoded;
};

typedef struct _Event
{
  guint64 id;
  /* JAM_JIP3_UNKNOWN_TIME if the content has none that can be written */
  guint64 time;
  /* JAM_JIP3_UNKNOWN_TYPE */
  guint16 type;
  /* NULL if the type is unknown */
  const JamJip3EventKind *kind;
  gboolean has_reference;
  guint64 reference;
  /* what is behind the reference */
  JamJip3Cursor fields;
} Event;

/* What an event's reference tells. */
typedef struct _Link
{
  guint64 root;
  gboolean has_elapsed;
  gint64 elapsed;
  /* NULL if nothing comes from it */
  const JamJip3Chain *chain;
} Link;

static void
_set_node(JamJip3Connection *self, const JamJip3Node *node, gint version)
{
  JamJip3Peer peer = { self->remote_ip, self->remote_port };

  jam_jip3_identity_set(&self->identity, node, version, &peer, self->connection_id);
  self->version = version == 0 || version == 1 ? version : DEFAULT_VERSION;
  self->n_cores = node ? jam_jip3_node_n_cores(node) : -1;
}

JamJip3Connection *
jam_jip3_connection_new(const JamJip3ConnectionOptions *options, gint64 now)
{
  JamJip3Connection *self = g_new0(JamJip3Connection, 1);

  self->connection_id = options->connection_id;
  self->remote_ip = g_strdup(options->remote_ip);
  self->remote_port = options->remote_port;
  self->raw = options->raw;
  self->start = now;
  jam_jip3_frames_init(&self->frames, options->message_limit);
  self->window = jam_jip3_window_new(options->connection_id);
  _set_node(self, NULL, -1);
  return self;
}

void
jam_jip3_connection_free(JamJip3Connection *self)
{
  jam_jip3_identity_clear(&self->identity);
  jam_jip3_window_free(self->window);
  jam_jip3_frames_clear(&self->frames);
  g_free(self->remote_ip);
  g_free(self);
}

guint32
jam_jip3_connection_frame_length(const JamJip3Connection *self)
{
  return self->frames.length;
}

gsize
jam_jip3_connection_n_bytes(const JamJip3Connection *self)
{
  return sizeof(*self) + jam_jip3_window_n_bytes(self->window) + self->frames.capacity
         + self->identity.members.capacity + self->identity.columns.capacity;
}

/* Parts of a message. */

static void
_append_identity(const JamJip3Connection *self, JamBuffer *out)
{
  const JamBuffer *members = &self->identity.members;

  jam_buffer_append_blocks(out, members->data, members->length);
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
_append_node_head(const JamJip3Connection *self, gint64 now, JamBuffer *out)
{
  jam_buffer_append_literal(out, "{\"time\":");
  jam_jip3_append_unix_ns(out, now);
  jam_buffer_append_char(out, ',');
  _append_identity(self, out);
  jam_buffer_append_literal(out, "\"event_type\":\"node\",\"event\":");
}

static void
_append_node_columns(const JamJip3Connection *self, JamBuffer *out)
{
  jam_buffer_append_literal(out, ",\"json_encoded\":{");
  jam_buffer_append(out, self->identity.columns.data, self->identity.columns.length);
}

static void
_append_connected(const JamJip3Connection *self, const JamJip3Cursor *content, gint64 now, JamBuffer *out)
{
  _append_node_head(self, now, out);
  jam_buffer_append_literal(out, "\"connected\",\"elapsed\":null");
  _append_node_columns(self, out);
  jam_buffer_append_literal(out, ",\"num_events\":null,\"num_dropped\":null,\"num_undecoded\":null}");
  _append_codec_encoded(out, content);
  jam_buffer_append_char(out, '}');
}

static void
_append_disconnected(const JamJip3Connection *self, gint64 now, JamBuffer *out)
{
  _append_node_head(self, now, out);
  jam_buffer_append_literal(out, "\"disconnected\",\"elapsed\":");
  jam_buffer_append_int64(out, (now - self->start) / NS_PER_US);
  _append_node_columns(self, out);
  jam_buffer_append_literal(out, ",\"num_events\":");
  jam_buffer_append_uint64(out, self->n_events);
  jam_buffer_append_literal(out, ",\"num_dropped\":");
  jam_buffer_append_uint64(out, self->n_dropped);
  jam_buffer_append_literal(out, ",\"num_undecoded\":");
  jam_buffer_append_uint64(out, self->n_undecoded);
  jam_buffer_append_literal(out, "}}");
}

gboolean
jam_jip3_connection_end(JamJip3Connection *self, gint64 now, JamBuffer *out)
{
  if (self->had_first)
    _append_disconnected(self, now, out);
  return self->had_first;
}

/* Events. */

static gboolean
_fail(JamJip3Problem *problem, const gchar *field, const gchar *text)
{
  *problem = (JamJip3Problem) { { field, strlen(field) }, text };
  return FALSE;
}

/* Reads what is in front of the fields. Returns FALSE if the event cannot be read; the
 * problem has no text if it is of an unknown type. */
static gboolean
_read_head(const JamJip3Connection *self, Event *event, JamJip3Problem *problem)
{
  const guint8 *time = jam_jip3_cursor_take(&event->fields, TIME_BYTES);
  const guint8 *type = jam_jip3_cursor_take(&event->fields, 1);
  const guint8 *reference;

  if (!time)
    return _fail(problem, "", "the content ends before the event's time is whole: the time is that of arrival");
  if (type)
    {
      event->type = *type;
      event->kind = jam_jip3_event_kind_lookup(self->version, *type);
    }
  if (jam_jip3_u64(time) > JAM_JIP3_MAX_TIME)
    return _fail(problem, "", "the event's time is beyond the year 2262: the time is that of arrival");
  event->time = jam_jip3_u64(time);
  if (!type)
    return _fail(problem, "", "the content ends before the event's type");
  if (!event->kind)
    return _fail(problem, "", NULL);
  if (event->kind->reference == JAM_JIP3_NO_REFERENCE)
    return TRUE;
  reference = jam_jip3_cursor_take(&event->fields, sizeof(event->reference));
  if (!reference)
    return _fail(problem, "ref_event_id", "the content ends before it is whole");
  event->reference = jam_jip3_u64(reference);
  event->has_reference = event->reference <= G_MAXINT64;
  return TRUE;
}

static void
_follow(const JamJip3Connection *self, const Event *event, Link *link)
{
  const JamJip3Entry *named;

  *link = (Link) { .root = event->id };
  if (!event->has_reference)
    {
      link->chain = jam_jip3_window_find_chain(self->window, event->id);
      return;
    }
  link->root = event->reference;
  named = jam_jip3_window_lookup(self->window, event->id, event->reference);
  if (!named || !jam_jip3_event_kind_may_name(event->kind, named->type))
    return;
  link->chain = jam_jip3_window_chain_of(self->window, named);
  link->root = link->chain->root;
  link->has_elapsed = named->time != JAM_JIP3_UNKNOWN_TIME;
  link->elapsed = (gint64) event->time - (gint64) named->time;
}

static void
_append_id(JamBuffer *out, gboolean is_known, guint64 id)
{
  if (is_known)
    jam_buffer_append_uint64(out, id);
  else
    jam_buffer_append_literal(out, "null");
}

static void
_append_time_and_identity(const JamJip3Connection *self, const Event *event, gint64 now, JamBuffer *out)
{
  jam_buffer_append_literal(out, "{\"time\":");
  if (event->time != JAM_JIP3_UNKNOWN_TIME)
    jam_jip3_append_time(out, event->time);
  else
    jam_jip3_append_unix_ns(out, now);
  jam_buffer_append_char(out, ',');
  _append_identity(self, out);
}

static void
_append_ids(const Event *event, const Link *link, JamBuffer *out)
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
_append_chain(const JamJip3ChainValues *values, guint columns, JamBuffer *out)
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
_append_chain_columns(const Event *event, const Link *link, const JamJip3ChainValues *own, JamBuffer *out)
{
  guint columns = jam_jip3_tables[event->kind->definition->table].from_chain;
  JamJip3ChainValues values;

  values.known = 0;
  if (columns && link->chain)
    values = link->chain->values;
  if (columns)
    jam_jip3_chain_values_merge(&values, own);
  _append_chain(&values, columns, out);
}

static gboolean
_is_dropped(const Event *event)
{
  return event->type == TYPE_DROPPED && jam_jip3_cursor_left(&event->fields) == DROPPED_BYTES;
}

static guint64
_num_dropped(const Event *event)
{
  return jam_jip3_u64(event->fields.pos + NUM_DROPPED_OFFSET);
}

static gboolean
_check_dropped(const Event *event, JamJip3Problem *problem)
{
  if (event->id > G_MAXINT64 || _num_dropped(event) > G_MAXINT64 - event->id)
    return _fail(problem, "num_dropped", "it takes event ids over 2^63-1");
  return TRUE;
}

/* Appends the message of an event that was read up to its fields. Returns FALSE if they
 * cannot be read; what was appended is then undefined. */
static gboolean
_append_event(const JamJip3Connection *self, const Event *event, const Link *link, const JamJip3ChainValues *own,
              const JamJip3Cursor *content, JamBuffer *out, JamJip3Problem *problem)
{
  const JamJip3EventKind *kind = event->kind;

  if (_is_dropped(event) && !_check_dropped(event, problem))
    return FALSE;
  _append_time_and_identity(self, event, 0, out);
  jam_buffer_append_blocks(out, kind->text, kind->text_length);
  _append_ids(event, link, out);
  _append_chain_columns(event, link, own, out);
  jam_buffer_append_literal(out, ",\"json_encoded\":");
  if (!jam_jip3_fields_write(kind->fields, &event->fields, self->n_cores, out, problem))
    return FALSE;
  if (self->raw)
    _append_codec_encoded(out, content);
  jam_buffer_append_char(out, '}');
  return TRUE;
}

static void
_append_type(const Event *event, JamBuffer *out)
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
_append_problem(const JamJip3Problem *problem, JamBuffer *out)
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

/* @content is NULL if it was skipped. */
static void
_append_unreadable(const JamJip3Connection *self, const Event *event, const JamJip3Problem *problem,
                   const JamJip3Cursor *content, gint64 now, JamBuffer *out)
{
  Event alone = *event;
  Link link = { .root = event->id };

  alone.has_reference = FALSE;
  _append_time_and_identity(self, event, now, out);
  _append_type(event, out);
  _append_ids(&alone, &link, out);
  _append_chain(NULL, 0, out);
  _append_problem(problem, out);
  _append_codec_encoded(out, content);
  jam_buffer_append_char(out, '}');
}

static void
_event_init(Event *self, guint64 id, const JamJip3Cursor *content)
{
  *self = (Event)
  {
    .id = id, .time = JAM_JIP3_UNKNOWN_TIME, .type = JAM_JIP3_UNKNOWN_TYPE, .fields = *content,
  };
}

static void
_add_event(JamJip3Connection *self, const Event *event, guint64 root, const JamJip3ChainValues *values)
{
  jam_jip3_window_add(self->window, event->id, event->time, event->type, root, values);
  self->n_events++;
  self->next_id = event->id + 1;
}

static void
_take_unreadable(JamJip3Connection *self, const Event *event, const JamJip3Problem *problem,
                 const JamJip3Cursor *content, gint64 now, JamBuffer *out)
{
  JamJip3ChainValues nothing;

  nothing.known = 0;
  _append_unreadable(self, event, problem, content, now, out);
  _add_event(self, event, event->id, &nothing);
  self->n_undecoded++;
}

/* Takes the content if it is an event that can be read. Otherwise returns FALSE, and
 * @event is what was read of it. */
static gboolean
_take_readable(JamJip3Connection *self, Event *event, const JamJip3Cursor *content, JamBuffer *out,
               JamJip3Problem *problem)
{
  gsize length = out->length;
  JamJip3ChainValues own;
  Link link;

  _event_init(event, self->next_id, content);
  if (!_read_head(self, event, problem))
    return FALSE;
  _follow(self, event, &link);
  jam_jip3_fields_chain_values(event->kind->fields, &event->fields, &own);
  if (!_append_event(self, event, &link, &own, content, out, problem))
    {
      out->length = length;
      return FALSE;
    }
  _add_event(self, event, link.root, &own);
  if (_is_dropped(event))
    {
      self->next_id = event->id + _num_dropped(event);
      self->n_dropped += _num_dropped(event);
    }
  return TRUE;
}

static void
_take_event(JamJip3Connection *self, const JamJip3Cursor *content, gint64 now, JamBuffer *out)
{
  Event event;
  JamJip3Problem problem;

  if (!_take_readable(self, &event, content, out, &problem))
    _take_unreadable(self, &event, &problem, content, now, out);
}

static void
_take_first(JamJip3Connection *self, const JamJip3Cursor *content, gint64 now, JamBuffer *out)
{
  gint version = jam_jip3_cursor_left(content) > 0 ? content->pos[0] : -1;
  JamJip3Node node;
  JamJip3Problem problem;
  Event event;

  if (jam_jip3_node_read(&node, content))
    _set_node(self, &node, version);
  else if (_take_readable(self, &event, content, out, &problem))
    return;
  else
    _set_node(self, NULL, version);
  _append_connected(self, content, now, out);
}

static void
_take_content(JamJip3Connection *self, const JamJip3Cursor *content, gint64 now, JamBuffer *out)
{
  if (self->had_first)
    _take_event(self, content, now, out);
  else
    _take_first(self, content, now, out);
  self->had_first = TRUE;
}

static void
_take_skipped(JamJip3Connection *self, gint64 now, JamBuffer *out)
{
  JamJip3Problem problem = { .text = "longer than the message limit: the time is that of arrival" };
  JamJip3Cursor nothing = { NULL, NULL };
  Event event;

  _event_init(&event, self->next_id, &nothing);
  _take_unreadable(self, &event, &problem, NULL, now, out);
  self->had_first = TRUE;
}

JamJip3Result
jam_jip3_connection_feed(JamJip3Connection *self, JamJip3Cursor *input, gint64 now, JamBuffer *out)
{
  JamJip3Cursor content;

  switch (jam_jip3_frames_next(&self->frames, input, &content))
    {
    case JAM_JIP3_FRAME_NONE:
      return JAM_JIP3_MORE;
    case JAM_JIP3_FRAME_CONTENT:
      _take_content(self, &content, now, out);
      return JAM_JIP3_MESSAGE;
    case JAM_JIP3_FRAME_SKIPPED:
      _take_skipped(self, now, out);
      return JAM_JIP3_MESSAGE;
    case JAM_JIP3_FRAME_TOO_LONG:
      return JAM_JIP3_NOT_JIP3;
    }
  g_assert_not_reached();
}
