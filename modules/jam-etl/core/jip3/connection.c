/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/jip3/connection.h"
#include "core/jip3/frames.h"
#include "core/jip3/messages.h"
#include "core/jip3/values.h"

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
  JamJip3Counts counts;
};

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
  return sizeof(*self) + jam_jip3_window_n_bytes(self->window) + self->frames.capacity + self->identity.members.capacity
         + self->identity.columns.capacity;
}

gboolean
jam_jip3_connection_end(JamJip3Connection *self, gint64 now, JamBuffer *out)
{
  if (self->had_first)
    jam_jip3_append_disconnected(out, &self->identity, &self->counts, now, (now - self->start) / NS_PER_US);
  return self->had_first;
}

static gboolean
_fail(JamJip3Problem *problem, const gchar *field, const gchar *text)
{
  *problem = (JamJip3Problem){ { field, strlen(field) }, text };
  return FALSE;
}

static gboolean
_read_time_and_type(const JamJip3Connection *self, JamJip3Event *event, JamJip3Problem *problem)
{
  const guint8 *time = jam_jip3_cursor_take(&event->fields, TIME_BYTES);
  const guint8 *type = jam_jip3_cursor_take(&event->fields, 1);

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
  return TRUE;
}

/* Reads the event's header: time, type, reference. Returns FALSE if the event cannot be
 * read; the problem has no text if it is of an unknown type. */
static gboolean
_read_head(const JamJip3Connection *self, JamJip3Event *event, JamJip3Problem *problem)
{
  const guint8 *reference;

  if (!_read_time_and_type(self, event, problem))
    return FALSE;
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
_follow(const JamJip3Connection *self, const JamJip3Event *event, JamJip3Link *link)
{
  const JamJip3Entry *named;

  *link = (JamJip3Link){ .root = event->id };
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

static gboolean
_is_dropped(const JamJip3Event *event)
{
  return event->type == TYPE_DROPPED && jam_jip3_cursor_left(&event->fields) == DROPPED_BYTES;
}

static guint64
_num_dropped(const JamJip3Event *event)
{
  return jam_jip3_u64(event->fields.pos + NUM_DROPPED_OFFSET);
}

static gboolean
_check_dropped(const JamJip3Event *event, JamJip3Problem *problem)
{
  if (event->id > G_MAXINT64 || _num_dropped(event) > G_MAXINT64 - event->id)
    return _fail(problem, "num_dropped", "it takes event ids over 2^63-1");
  return TRUE;
}

static void
_event_init(JamJip3Event *self, guint64 id, const JamJip3Cursor *content)
{
  *self = (JamJip3Event){
    .id = id,
    .time = JAM_JIP3_UNKNOWN_TIME,
    .type = JAM_JIP3_UNKNOWN_TYPE,
    .fields = *content,
  };
}

static void
_add_event(JamJip3Connection *self, const JamJip3Event *event, guint64 root, const JamJip3ChainValues *values)
{
  jam_jip3_window_add(self->window, event->id, event->time, event->type, root, values);
  self->counts.n_events++;
  self->next_id = event->id + 1;
}

static void
_take_unreadable(JamJip3Connection *self, const JamJip3Event *event, const JamJip3Problem *problem,
                 const JamJip3Cursor *content, gint64 now, JamBuffer *out)
{
  JamJip3ChainValues nothing;

  nothing.known = 0;
  jam_jip3_append_unreadable(out, &self->identity, event, problem, content, now);
  _add_event(self, event, event->id, &nothing);
  self->counts.n_undecoded++;
}

/* Takes the content if it is an event that can be read. Otherwise returns FALSE, and
 * @event has the members read so far. */
static gboolean
_take_readable(JamJip3Connection *self, JamJip3Event *event, const JamJip3Cursor *content, JamBuffer *out,
               JamJip3Problem *problem)
{
  const JamJip3Cursor *raw = self->raw ? content : NULL;
  JamJip3ChainValues own;
  JamJip3Link link;

  _event_init(event, self->next_id, content);
  if (!_read_head(self, event, problem) || (_is_dropped(event) && !_check_dropped(event, problem)))
    return FALSE;
  _follow(self, event, &link);
  jam_jip3_fields_chain_values(event->kind->fields, &event->fields, &own);
  if (!jam_jip3_append_event(out, &self->identity, event, &link, &own, raw, self->n_cores, problem))
    return FALSE;
  _add_event(self, event, link.root, &own);
  if (_is_dropped(event))
    {
      self->next_id = event->id + _num_dropped(event);
      self->counts.n_dropped += _num_dropped(event);
    }
  return TRUE;
}

static void
_take_event(JamJip3Connection *self, const JamJip3Cursor *content, gint64 now, JamBuffer *out)
{
  JamJip3Event event;
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
  JamJip3Event event;

  if (jam_jip3_node_read(&node, content))
    _set_node(self, &node, version);
  else if (_take_readable(self, &event, content, out, &problem))
    return;
  else
    _set_node(self, NULL, version);
  jam_jip3_append_connected(out, &self->identity, content, now);
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
  JamJip3Event event;

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
