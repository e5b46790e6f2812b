/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/jamtart/message.h"
#include "core/bytes/integer.h"
#include "core/json/json-text.h"
#include "core/bytes/time.h"

#define UNKNOWN "\"unknown\""

typedef struct _PayloadReader
{
  JamMessage *message;
  JamJsonReader *json;
} PayloadReader;

static gboolean _read_node(PayloadReader *self, const JamShape *node, JamJsonValue *frame);

static gpointer
_make_envelope_shape(gpointer unused G_GNUC_UNUSED)
{
  /* in the order of JamMessageKey, which is that of the known senders */
  static const gchar *keys[] = {
    "time", "sender_id", "msg_type", "json_encoded", "elapsed", "metadata", "codec_encoded", "team",
  };
  JamShape *shape = jam_shape_new("", 0);

  G_STATIC_ASSERT(G_N_ELEMENTS(keys) == JAM_N_KEYS - 1);
  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
    jam_shape_ensure(shape, keys[i]);
  jam_shape_number_slots(shape);
  return shape;
}

static const JamShape *
_envelope_shape(void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once(&once, _make_envelope_shape, NULL);
}

JamMessage *
jam_message_new(void)
{
  JamMessage *self = g_new0(JamMessage, 1);

  for (gsize i = 0; i < JAM_MAX_LISTS; i++)
    jam_item_list_empty(&self->lists[i]);
  return self;
}

void
jam_message_free(JamMessage *self)
{
  for (gsize i = 0; i < JAM_MAX_LISTS; i++)
    jam_item_list_clear(&self->lists[i]);
  jam_buffer_clear(&self->paired_sender_id);
  jam_buffer_clear(&self->metadata);
  jam_buffer_clear(&self->scratch);
  g_free(self);
}

/* A repeated name takes the last value: what an earlier one held must not show
 * through where the last one lacks it. */
static void
_forget_node(JamMessage *self, const JamShape *node, JamJsonValue *frame)
{
  frame[node->slot] = (JamJsonValue){ 0 };
  if (node->items)
    jam_item_list_empty(&self->lists[node->items->list]);
  for (guint i = 0; i < node->members->len; i++)
    _forget_node(self, g_ptr_array_index(node->members, i), frame);
}

static gboolean
_read_item(PayloadReader *self, const JamItemsShape *items)
{
  JamJsonValue *frame = jam_item_list_add(&self->message->lists[items->list], items->element->n_slots);
  JamJsonValue ignored;

  if (!frame)
    return jam_json_reader_value(self->json, &ignored);
  return _read_node(self, items->element, frame);
}

static gboolean
_read_items(PayloadReader *self, const JamShape *node, JamJsonValue *value)
{
  if (!jam_json_reader_enter_array(self->json))
    return FALSE;
  while (jam_json_reader_next_element(self->json))
    {
      if (!_read_item(self, node->items))
        return FALSE;
      value->count++;
    }
  return self->json->error == JAM_JSON_OK;
}

static gboolean
_read_named_item(PayloadReader *self, const JamItemsShape *items, const JamJsonValue *name)
{
  JamJsonValue *frame = jam_item_list_ensure(&self->message->lists[items->list], items->element->n_slots,
                                             items->member_name->slot, name, &self->message->scratch);
  JamJsonValue ignored;

  if (!frame)
    return jam_json_reader_value(self->json, &ignored);
  frame[items->element->slot].type = JAM_JSON_OBJECT;
  return _read_node(self, items->member_value, frame);
}

static gboolean
_read_named_items(PayloadReader *self, const JamShape *node)
{
  JamJsonValue name;

  if (!jam_json_reader_enter_object(self->json))
    return FALSE;
  while (jam_json_reader_next_member(self->json, &name))
    {
      if (!_read_named_item(self, node->items, &name))
        return FALSE;
    }
  return self->json->error == JAM_JSON_OK;
}

static gboolean
_read_member(PayloadReader *self, const JamShape *member, JamJsonValue *frame)
{
  JamJsonValue ignored;

  return member ? _read_node(self, member, frame) : jam_json_reader_value(self->json, &ignored);
}

/* What comes in the usual order is read without a search for its name. */
static gboolean
_read_usual_members(PayloadReader *self, const JamShape *node, JamJsonValue *frame, guint *hint)
{
  const JamShape *member;

  do
    {
      jam_shape_read_plain_members(node, self->json, hint, frame);
      member = jam_shape_next_usual(node, self->json, hint);
    }
  while (member && _read_node(self, member, frame));
  return !member;
}

static gboolean
_read_members(PayloadReader *self, const JamShape *node, JamJsonValue *frame)
{
  JamJsonValue key;
  guint hint = 0;

  if (!jam_json_reader_enter_object(self->json))
    return FALSE;
  while (_read_usual_members(self, node, frame, &hint) && jam_json_reader_next_member(self->json, &key))
    {
      if (!_read_member(self, jam_shape_find(node, &key, &hint), frame))
        return FALSE;
    }
  return self->json->error == JAM_JSON_OK;
}

/* The text of an array of items is wanted too. */
static gboolean
_read_items_and_text(PayloadReader *self, const JamShape *node, JamJsonValue *value)
{
  JamJsonReader start = *self->json;
  gboolean success = _read_items(self, node, value);

  value->length = self->json->pos - value->text;
  value->flags |= jam_json_reader_container_flags(self->json, &start);
  return success;
}

static gboolean
_read_node(PayloadReader *self, const JamShape *node, JamJsonValue *frame)
{
  JamJsonValue *value = &frame[node->slot];
  JamJsonType type;

  if (node->is_leaf && jam_json_reader_plain_value(self->json, value))
    return TRUE;
  type = jam_json_reader_peek(self->json);
  if (value->type != JAM_JSON_MISSING)
    _forget_node(self->message, node, frame);
  *value = (JamJsonValue){ .text = self->json->pos, .type = type };
  if (type == JAM_JSON_OBJECT && node->members->len > 0)
    return _read_members(self, node, frame);
  if (type == JAM_JSON_ARRAY && node->items)
    return _read_items_and_text(self, node, value);
  if (type == JAM_JSON_OBJECT && node->items && node->items->member_name)
    return _read_named_items(self, node);
  return jam_json_reader_value(self->json, value);
}

static void
_forget_payload(JamMessage *self, const JamMessageKind *kind)
{
  jam_json_values_clear(self->payload, kind->payload->n_slots);
  for (gsize i = 0; i < JAM_MAX_LISTS; i++)
    jam_item_list_reset(&self->lists[i]);
}

/* Of a value that has several names, the last one in the text counts. */
static void
_resolve_alias(JamMessage *self, const JamAliasNodes *nodes)
{
  JamJsonValue *value = &self->payload[nodes->of->slot];
  const JamJsonValue *other = &self->payload[nodes->alias->slot];

  if (other->type != JAM_JSON_MISSING && (value->type == JAM_JSON_MISSING || other->text > value->text))
    *value = *other;
}

static gboolean
_read_payload(JamMessage *self, JamJsonReader *json, const JamMessageKind *kind)
{
  PayloadReader reader = { self, json };

  _forget_payload(self, kind);
  self->kind = kind;
  self->kind_text = self->envelope[JAM_KEY_MSG_TYPE].text;
  if (!_read_node(&reader, kind->payload, self->payload))
    return FALSE;
  for (gsize i = 0; i < kind->n_aliases; i++)
    _resolve_alias(self, &kind->aliases[i]);
  return TRUE;
}

static const JamMessageKind *
_find_kind(JamMessage *self, const JamJsonValue *value)
{
  JamText digits;
  gint number;

  if (!jam_json_number_text(value, &self->scratch, &digits)
      || !jam_integer_parse_digits(digits.text, digits.length, &number))
    return NULL;
  return jam_message_kind_lookup(number);
}

/* Returns the kind that the msg_type read last stands for, or NULL. */
static const JamMessageKind *
_kind_so_far(JamMessage *self)
{
  const JamJsonValue *value = &self->envelope[JAM_KEY_MSG_TYPE];

  if (self->kind && self->kind_text == value->text)
    return self->kind;
  return _find_kind(self, value);
}

/* The payload is picked apart on the way if its kind is known by then, as it is
 * from the known senders. Its span is kept in any case. */
static gboolean
_read_envelope_value(JamMessage *self, JamJsonReader *json, const JamShape *member)
{
  JamJsonValue ignored;
  JamJsonValue *value = member ? &self->envelope[member->slot] : &ignored;
  const JamMessageKind *kind;
  gboolean success;

  if (value != &self->envelope[JAM_KEY_JSON_ENCODED] || !(kind = _kind_so_far(self)))
    {
      if (value == &self->envelope[JAM_KEY_JSON_ENCODED])
        self->kind = NULL;
      return jam_json_reader_plain_value(json, value) || jam_json_reader_value(json, value);
    }
  *value = (JamJsonValue){ .type = jam_json_reader_peek(json) };
  value->text = json->pos;
  success = _read_payload(self, json, kind);
  value->length = json->pos - value->text;
  return success;
}

/* Stores NULL if the next member is an unknown one. */
static gboolean
_next_envelope_member(JamJsonReader *json, const JamShape *shape, guint *hint, const JamShape **member)
{
  JamJsonValue key;

  if ((*member = jam_shape_next_usual(shape, json, hint)))
    return TRUE;
  if (!jam_json_reader_next_member(json, &key))
    return FALSE;
  *member = jam_shape_find(shape, &key, hint);
  return TRUE;
}

static gboolean
_read_envelope(JamMessage *self, JamJsonReader *json)
{
  const JamShape *shape = _envelope_shape();
  const JamShape *member;
  guint hint = 0;

  self->envelope[JAM_KEY_ROOT].type = jam_json_reader_peek(json);
  if (self->envelope[JAM_KEY_ROOT].type != JAM_JSON_OBJECT)
    {
      jam_json_reader_value(json, &self->envelope[JAM_KEY_ROOT]);
      return jam_json_reader_finish(json);
    }
  jam_json_reader_enter_object(json);
  while (_next_envelope_member(json, shape, &hint, &member))
    {
      if (!_read_envelope_value(self, json, member))
        return FALSE;
    }
  return jam_json_reader_finish(json);
}

/* The msg_type came behind the payload, or changed there. */
static void
_read_payload_again(JamMessage *self, const JamMessageKind *kind)
{
  const JamJsonValue *payload = &self->envelope[JAM_KEY_JSON_ENCODED];
  JamJsonReader json;

  _forget_payload(self, kind);
  self->kind = kind;
  if (payload->type == JAM_JSON_MISSING)
    return;
  jam_json_reader_init(&json, payload->text, payload->length);
  _read_payload(self, &json, kind);
}

static gboolean
_check_presence(const JamMessage *self, JamMessageKey key, const gchar *name, JamReject *reject)
{
  if (!jam_json_value_is_null(&self->envelope[key]))
    return TRUE;
  jam_reject_set(reject, JAM_REJECT_MISSING_VALUE, "%s is missing or null", name);
  reject->column = name;
  return FALSE;
}

static gboolean
_check_string(const JamJsonValue *value, const gchar *name, JamReject *reject)
{
  if (value->type == JAM_JSON_STRING)
    return TRUE;
  jam_reject_set_wrong_type(reject, name, value->type, "a string");
  reject->column = name;
  return FALSE;
}

static gboolean
_check_optional_string(const JamMessage *self, JamMessageKey key, const gchar *name, JamReject *reject)
{
  const JamJsonValue *value = &self->envelope[key];

  return jam_json_value_is_null(value) || _check_string(value, name, reject);
}

static gboolean
_has_too_many_items(const JamMessage *self)
{
  for (gsize i = 0; i < JAM_MAX_LISTS; i++)
    {
      if (self->lists[i].is_cut)
        return TRUE;
    }
  return FALSE;
}

static gboolean
_resolve_kind(JamMessage *self, JamReject *reject)
{
  const JamJsonValue *value = &self->envelope[JAM_KEY_MSG_TYPE];
  const JamMessageKind *kind;

  if (!_check_presence(self, JAM_KEY_MSG_TYPE, "msg_type", reject))
    return FALSE;
  kind = _kind_so_far(self);
  if (!kind)
    {
      jam_reject_set(reject, JAM_REJECT_UNKNOWN_MSG_TYPE, "no table takes msg_type %.*s", (gint) MIN(value->length, 40),
                     value->text);
      reject->column = "msg_type";
      return FALSE;
    }
  if (self->kind != kind)
    _read_payload_again(self, kind);
  if (_has_too_many_items(self))
    {
      jam_reject_set(reject, JAM_REJECT_TOO_LARGE, "an array has more than %u elements", JAM_ITEM_LIST_MAX_ITEMS);
      return FALSE;
    }
  return TRUE;
}

static gboolean
_resolve_time(JamMessage *self, JamReject *reject)
{
  const JamJsonValue *value = &self->envelope[JAM_KEY_TIME];
  JamText time;

  if (!_check_presence(self, JAM_KEY_TIME, "time", reject) || !_check_string(value, "time", reject))
    return FALSE;
  time = jam_json_string_decode(value, &self->scratch);
  if (!jam_time_parse(time.text, time.length, &self->time_ns))
    jam_reject_set(reject, JAM_REJECT_INVALID_TIME, "time is no RFC 3339 timestamp of 0 to 9 fraction digits");
  else if (!jam_time_to_slot(self->time_ns, &self->slot))
    jam_reject_set(reject, JAM_REJECT_INVALID_TIME, "time is before the first slot, 2025-01-01T12:00:00Z");
  else
    return TRUE;
  reject->column = "time";
  return FALSE;
}

static const gchar *
_lookup_team(JamMessage *self, const JamTeamMap *team_map)
{
  const JamJsonValue *value = &self->envelope[JAM_KEY_SENDER_ID];
  JamText sender_id;

  if (!team_map || value->type != JAM_JSON_STRING)
    return NULL;
  sender_id = jam_json_string_decode(value, &self->scratch);
  return jam_team_map_lookup(team_map, sender_id.text, sender_id.length);
}

/* Returns the string as received; in @paired if it has unpaired surrogates. */
static JamText
_string_or_unknown(const JamJsonValue *value, JamBuffer *paired)
{
  if (value->type != JAM_JSON_STRING)
    return (JamText){ UNKNOWN, sizeof(UNKNOWN) - 1 };
  if (!(value->flags & JAM_JSON_UNPAIRED))
    return (JamText){ value->text, value->length };
  jam_buffer_reset(paired, JAM_KEPT_SCRATCH_BYTES);
  jam_json_append_paired(paired, value);
  return (JamText){ paired->data, paired->length };
}

/* The operator's word beats the sender's. */
static void
_resolve_team(JamMessage *self, const JamTeamMap *team_map)
{
  const gchar *mapped = _lookup_team(self, team_map);
  JamText in_metadata;

  self->team = _string_or_unknown(&self->envelope[JAM_KEY_TEAM], &self->scratch);
  if (mapped)
    self->team = (JamText){ mapped, strlen(mapped) };
  else if (self->envelope[JAM_KEY_TEAM].type != JAM_JSON_STRING
           && jam_message_get_metadata(self, "team", strlen("team"), &in_metadata))
    {
      jam_buffer_reset(&self->scratch, JAM_KEPT_SCRATCH_BYTES);
      jam_json_append_string(&self->scratch, in_metadata.text, in_metadata.length);
      self->team = (JamText){ self->scratch.data, self->scratch.length };
    }
}

static gboolean
_resolve_strings(JamMessage *self, const JamTeamMap *team_map, JamReject *reject)
{
  const JamJsonValue *metadata = &self->envelope[JAM_KEY_METADATA];

  if (!_check_optional_string(self, JAM_KEY_SENDER_ID, "sender_id", reject)
      || !_check_optional_string(self, JAM_KEY_TEAM, "team", reject)
      || !_check_optional_string(self, JAM_KEY_METADATA, "metadata", reject)
      || !_check_optional_string(self, JAM_KEY_CODEC_ENCODED, "codec_encoded", reject))
    return FALSE;
  if (metadata->flags & JAM_JSON_ESCAPED)
    jam_json_string_decode(metadata, &self->metadata);
  self->sender_id = _string_or_unknown(&self->envelope[JAM_KEY_SENDER_ID], &self->paired_sender_id);
  _resolve_team(self, team_map);
  return TRUE;
}

static JamText
_trim(const gchar *text, gsize length)
{
  static const gchar spaces[] = " \t\r\n";

  while (length > 0 && memchr(spaces, *text, sizeof(spaces) - 1))
    {
      text++;
      length--;
    }
  while (length > 0 && memchr(spaces, text[length - 1], sizeof(spaces) - 1))
    length--;
  return (JamText){ text, length };
}

static gboolean
_read_body(JamMessage *self, JamReject *reject)
{
  JamJsonReader json;

  jam_json_reader_init(&json, self->body.text, self->body.length);
  if (!_read_envelope(self, &json))
    {
      jam_reject_set(reject, JAM_REJECT_INVALID_JSON, "%s at byte %" G_GSIZE_FORMAT,
                     jam_json_reader_error_message(&json), jam_json_reader_error_offset(&json));
      return FALSE;
    }
  if (self->envelope[JAM_KEY_ROOT].type == JAM_JSON_OBJECT)
    return TRUE;
  jam_reject_set_wrong_type(reject, "the message", self->envelope[JAM_KEY_ROOT].type, "an object");
  return FALSE;
}

/* so that one huge string does not stay forever */
static void
_reset_buffers(JamMessage *self)
{
  jam_buffer_reset(&self->paired_sender_id, JAM_KEPT_SCRATCH_BYTES);
  jam_buffer_reset(&self->metadata, JAM_KEPT_SCRATCH_BYTES);
  jam_buffer_reset(&self->scratch, JAM_KEPT_SCRATCH_BYTES);
}

gboolean
jam_message_read(JamMessage *self, const gchar *text, gsize length, const JamTeamMap *team_map, JamReject *reject)
{
  self->body = _trim(text, length);
  self->kind = NULL;
  _reset_buffers(self);
  jam_json_values_clear(self->envelope, JAM_N_KEYS);
  if (self->body.length > JAM_MESSAGE_MAX_LENGTH)
    {
      jam_reject_set(reject, JAM_REJECT_TOO_LARGE, "the message has more than %d bytes", JAM_MESSAGE_MAX_LENGTH);
      return FALSE;
    }
  if (!_read_body(self, reject) || !_resolve_kind(self, reject) || !_resolve_time(self, reject)
      || !_resolve_strings(self, team_map, reject))
    return FALSE;
  jam_message_id_make(&self->id, self->body.text, self->body.length);
  return TRUE;
}

static JamText
_metadata_text(const JamMessage *self)
{
  const JamJsonValue *value = &self->envelope[JAM_KEY_METADATA];
  JamText text = { "", 0 };

  if (value->type != JAM_JSON_STRING)
    return text;
  if (value->flags & JAM_JSON_ESCAPED)
    return (JamText){ self->metadata.data, self->metadata.length };
  text.text = jam_json_string_content(value, &text.length);
  return text;
}

gboolean
jam_message_get_metadata(const JamMessage *self, const gchar *key, gsize key_length, JamText *value)
{
  JamText metadata = _metadata_text(self);
  const gchar *p = metadata.text;
  const gchar *end = metadata.text + metadata.length;
  gboolean found = FALSE;

  while (p < end)
    {
      const gchar *bar = memchr(p, '|', end - p);
      const gchar *pair_end = bar ? bar : end;

      if ((gsize) (pair_end - p) > key_length && memcmp(p, key, key_length) == 0 && p[key_length] == '=')
        {
          *value = (JamText){ p + key_length + 1, pair_end - p - key_length - 1 };
          found = TRUE;
        }
      p = pair_end + 1;
    }
  return found;
}
