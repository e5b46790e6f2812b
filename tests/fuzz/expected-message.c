/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "expected-message.h"

#include <string.h>
#include <xxhash.h>

#define NS_PER_SECOND G_GINT64_CONSTANT(1000000000)
#define ERA_START G_GINT64_CONSTANT(1735732800)
#define SLOT_SECONDS 6
#define DAY_SECONDS 86400
/* elements of an array, or members of an object, that rows are made of */
#define MAX_ITEMS 262144

static const struct
{
  const gchar *sender_id;
  const gchar *team;
} teams[] = {
  { "0x3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29", "one" },
  { "0x1022eebdc04b03e6726aa836c9868c3e0b3eb45dab7676afa865d6fd0edee333", "t\xc3\xa9\"am\\" },
  { "0xab", "three" },
};

gboolean
expected_is_null(const JsonTree *value)
{
  return !value || value->type == JSON_TREE_NULL;
}

gboolean
expected_parse_integer(const GString *text, gint64 *number)
{
  const gchar *digits = text->str + (text->str[0] == '-');

  return strlen(text->str) == text->len && g_ascii_isdigit(digits[0]) && !(digits[0] == '0' && digits[1])
         && g_ascii_string_to_signed(text->str, 10, G_MININT64, G_MAXINT64, number, NULL);
}

gboolean
expected_integer(const JsonTree *value, gint64 *number)
{
  gboolean is_string = json_tree_is(value, JSON_TREE_STRING);
  GString *text;
  gboolean valid;

  if (!is_string && !json_tree_is(value, JSON_TREE_NUMBER))
    return FALSE;
  text = is_string ? json_tree_decode(value) : json_tree_write(value);
  valid = expected_parse_integer(text, number);
  g_string_free(text, TRUE);
  return valid;
}

static void
_fault(ExpectedMessage *self, JamRejectReason reason)
{
  self->faults |= 1u << reason;
}

void
expected_append_string(GString *out, const GString *text)
{
  g_string_append_c(out, '"');
  for (gsize i = 0; i < text->len; i++)
    {
      if ((guchar) text->str[i] < 0x20)
        g_string_append_printf(out, "\\u%04x", text->str[i]);
      else if (text->str[i] == '"' || text->str[i] == '\\')
        g_string_append_printf(out, "\\%c", text->str[i]);
      else
        g_string_append_c(out, text->str[i]);
    }
  g_string_append_c(out, '"');
}

GByteArray *
expected_hex_bytes(const GString *text)
{
  GByteArray *bytes;

  if (!g_str_has_prefix(text->str, "0x"))
    return NULL;
  bytes = g_byte_array_new();
  for (gsize i = 2; i + 1 < text->len; i += 2)
    {
      guint8 byte;

      if (!g_ascii_isxdigit(text->str[i]) || !g_ascii_isxdigit(text->str[i + 1]))
        break;
      byte = g_ascii_xdigit_value(text->str[i]) * 16 + g_ascii_xdigit_value(text->str[i + 1]);
      g_byte_array_append(bytes, &byte, 1);
    }
  return bytes;
}

/* @path is names joined by dots. */
static const JsonTree *
_value_at(const JsonTree *value, const gchar *path)
{
  gchar **names = g_strsplit(path, ".", -1);

  for (gsize i = 0; names[i]; i++)
    value = json_tree_member(value, names[i]);
  g_strfreev(names);
  return value;
}

const gchar *
expected_message_spelling(const ExpectedMessage *self, const gchar *path)
{
  gint msg_type = jam_tables[self->tables[0]].msg_types[0];
  const JsonTree *last = _value_at(self->root, path);
  const gchar *spelling = path;

  for (gsize i = 0; i < jam_n_aliases; i++)
    {
      const JamAlias *alias = &jam_aliases[i];
      const JsonTree *value;

      if (alias->msg_type != msg_type || !g_str_equal(alias->of, path))
        continue;
      value = _value_at(self->root, alias->path);
      if (value && (!last || value->text > last->text))
        {
          last = value;
          spelling = alias->path;
        }
    }
  return spelling;
}

const JsonTree *
expected_message_value(const ExpectedMessage *self, const gchar *path)
{
  return _value_at(self->root, expected_message_spelling(self, path));
}

GString *
expected_message_metadata(const ExpectedMessage *self, const gchar *key)
{
  gsize key_length = strlen(key);
  GString *found = NULL;
  gsize start = 0;

  while (self->metadata && start < self->metadata->len)
    {
      const gchar *pair = self->metadata->str + start;
      const gchar *bar = memchr(pair, '|', self->metadata->len - start);
      gsize length = bar ? (gsize) (bar - pair) : self->metadata->len - start;

      if (length > key_length && strncmp(pair, key, key_length) == 0 && pair[key_length] == '=')
        {
          if (found)
            g_string_free(found, TRUE);
          found = g_string_new_len(pair + key_length + 1, length - key_length - 1);
        }
      start += length + 1;
    }
  return found;
}

GString *
expected_team_map(void)
{
  GString *csv = g_string_new("sender_id,team\n");

  for (gsize i = 0; i < G_N_ELEMENTS(teams); i++)
    {
      gchar **parts = g_strsplit(teams[i].team, "\"", -1);
      gchar *team = g_strjoinv("\"\"", parts);

      g_string_append_printf(csv, "%s,\"%s\"\n", teams[i].sender_id, team);
      g_free(team);
      g_strfreev(parts);
    }
  return csv;
}

static GString *
_string_at(ExpectedMessage *self, const gchar *key)
{
  const JsonTree *value = json_tree_member(self->root, key);

  if (expected_is_null(value))
    return NULL;
  if (json_tree_is(value, JSON_TREE_STRING))
    return json_tree_write(value);
  _fault(self, JAM_REJECT_WRONG_TYPE);
  return NULL;
}

static GString *
_decoded_at(ExpectedMessage *self, const gchar *key)
{
  const JsonTree *value = json_tree_member(self->root, key);

  return json_tree_is(value, JSON_TREE_STRING) ? json_tree_decode(value) : NULL;
}

static GString *
_mapped_team(ExpectedMessage *self)
{
  GString *sender_id = _decoded_at(self, "sender_id");
  GString *team = NULL;

  for (gsize i = 0; sender_id && i < G_N_ELEMENTS(teams); i++)
    {
      if (sender_id->len == strlen(teams[i].sender_id) && g_ascii_strcasecmp(sender_id->str, teams[i].sender_id) == 0)
        team = g_string_new(teams[i].team);
    }
  if (sender_id)
    g_string_free(sender_id, TRUE);
  return team;
}

/* The team map, else the sender's word, else the metadata. */
static void
_find_team(ExpectedMessage *self)
{
  GString *decoded = _mapped_team(self);

  self->team = _string_at(self, "team");
  if (!decoded && !self->team)
    decoded = expected_message_metadata(self, "team");
  if (!decoded && !self->team)
    decoded = g_string_new("unknown");
  if (!decoded)
    return;
  if (self->team)
    g_string_free(self->team, TRUE);
  self->team = g_string_new(NULL);
  expected_append_string(self->team, decoded);
  g_string_free(decoded, TRUE);
}

static void
_find_strings(ExpectedMessage *self)
{
  GString *codec = _string_at(self, "codec_encoded");
  GString *metadata = _string_at(self, "metadata");

  self->sender_id = _string_at(self, "sender_id");
  if (!self->sender_id)
    self->sender_id = g_string_new("\"unknown\"");
  self->metadata = _decoded_at(self, "metadata");
  if (metadata)
    g_string_free(metadata, TRUE);
  if (codec)
    {
      g_string_free(codec, TRUE);
      codec = _decoded_at(self, "codec_encoded");
      self->codec = expected_hex_bytes(codec);
      g_string_free(codec, TRUE);
    }
  _find_team(self);
}

/* Returns TRUE if @text is DIGITS with a digit for each 9, any of the characters
 * in brackets for these, and itself for all else. */
static gboolean
_has_form(const gchar *text, const gchar *form)
{
  for (; *form; form++, text++)
    {
      if (*form == '9' ? !g_ascii_isdigit(*text) : g_ascii_toupper(*text) != *form)
        return FALSE;
    }
  return TRUE;
}

static gint
_two_digits(const gchar *text)
{
  return (text[0] - '0') * 10 + (text[1] - '0');
}

/* Returns what is behind the fraction, or NULL if it is none. */
static const gchar *
_fraction(const gchar *text, gint64 *ns)
{
  gint n = 0;

  *ns = 0;
  if (*text != '.')
    return text;
  for (text++; g_ascii_isdigit(*text); text++, n++)
    *ns = n < 9 ? *ns * 10 + (*text - '0') : *ns;
  if (n < 1 || n > 9)
    return NULL;
  for (; n < 9; n++)
    *ns *= 10;
  return text;
}

static gboolean
_offset(const gchar *text, gint64 *seconds)
{
  *seconds = 0;
  if (_has_form(text, "Z"))
    return text[1] == '\0';
  if ((text[0] != '+' && text[0] != '-') || !_has_form(text + 1, "99:99") || text[6] != '\0')
    return FALSE;
  *seconds = _two_digits(text + 1) * 3600 + _two_digits(text + 4) * 60;
  if (text[0] == '-')
    *seconds = -*seconds;
  return _two_digits(text + 1) < 24 && _two_digits(text + 4) < 60;
}

/* 9999-99-99T99:99:99; a leap second is the one before and one more */
static gboolean
_date_time(const gchar *text, gint64 *seconds)
{
  gboolean is_leap = _has_form(text, "9999-99-99T99:99:60");
  GDateTime *time;

  if (!_has_form(text, "9999-99-99T99:99:99"))
    return FALSE;
  time = g_date_time_new_utc(_two_digits(text) * 100 + _two_digits(text + 2), _two_digits(text + 5),
                             _two_digits(text + 8), _two_digits(text + 11), _two_digits(text + 14),
                             _two_digits(text + 17) - is_leap);
  if (!time)
    return FALSE;
  *seconds = g_date_time_to_unix(time) + is_leap;
  g_date_time_unref(time);
  return TRUE;
}

static gboolean
_parse_time(ExpectedMessage *self, const GString *text)
{
  gint64 seconds, ns, offset;
  const gchar *rest;

  if (strlen(text->str) != text->len || !_date_time(text->str, &seconds))
    return FALSE;
  rest = _fraction(text->str + strlen("9999-99-99T99:99:99"), &ns);
  if (!rest || !_offset(rest, &offset))
    return FALSE;
  seconds -= offset;
  if (_has_form(text->str, "9999-99-99T99:99:60") && seconds % DAY_SECONDS != 0)
    return FALSE;
  if (seconds < ERA_START || seconds > G_MAXINT64 / NS_PER_SECOND - 1)
    return FALSE;
  self->time_ns = seconds * NS_PER_SECOND + ns;
  self->slot = (seconds - ERA_START) / SLOT_SECONDS;
  return TRUE;
}

static void
_find_time(ExpectedMessage *self)
{
  GString *text = _decoded_at(self, "time");

  if (expected_is_null(json_tree_member(self->root, "time")))
    _fault(self, JAM_REJECT_MISSING_VALUE);
  else if (!text)
    _fault(self, JAM_REJECT_WRONG_TYPE);
  else if (!_parse_time(self, text))
    _fault(self, JAM_REJECT_INVALID_TIME);
  if (text)
    g_string_free(text, TRUE);
}

/* Returns the msg_type's number, -1 if it is none. */
static gint64
_msg_type(const ExpectedMessage *self)
{
  const JsonTree *value = json_tree_member(self->root, "msg_type");
  GString *digits;
  guint64 number;
  gboolean valid;

  if (json_tree_is(value, JSON_TREE_STRING))
    digits = json_tree_decode(value);
  else if (json_tree_is(value, JSON_TREE_NUMBER))
    digits = g_string_new_len(value->text, value->length);
  else
    return -1;
  valid = strlen(digits->str) == digits->len && g_ascii_isdigit(digits->str[0])
          && g_ascii_string_to_unsigned(digits->str, 10, 0, G_MAXINT, &number, NULL);
  g_string_free(digits, TRUE);
  return valid ? (gint64) number : -1;
}

static gboolean
_has_msg_type(const JamTable *table, gint64 msg_type)
{
  return msg_type >= 0 && (table->msg_types[0] == msg_type || table->msg_types[1] == msg_type);
}

static void
_find_tables(ExpectedMessage *self)
{
  gint64 msg_type = _msg_type(self);

  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      if (_has_msg_type(&jam_tables[i], msg_type))
        self->tables[self->n_tables++] = i;
    }
  if (expected_is_null(json_tree_member(self->root, "msg_type")))
    _fault(self, JAM_REJECT_MISSING_VALUE);
  else if (self->n_tables == 0)
    _fault(self, JAM_REJECT_UNKNOWN_MSG_TYPE);
}

static guint
_count_members(const JsonTree *object)
{
  GPtrArray *members = json_tree_members(object);
  guint n_members = members->len / 2;

  g_ptr_array_unref(members);
  return n_members;
}

static void
_check_list(ExpectedMessage *self, const gchar *path, gboolean may_be_object)
{
  const JsonTree *list = path ? expected_message_value(self, path) : NULL;
  guint n_items = json_tree_is(list, JSON_TREE_ARRAY) ? json_tree_count(list) : 0;

  if (may_be_object && json_tree_is(list, JSON_TREE_OBJECT))
    n_items = _count_members(list);
  if (n_items > MAX_ITEMS)
    _fault(self, JAM_REJECT_TOO_LARGE);
}

static void
_check_lists(ExpectedMessage *self)
{
  for (gsize i = 0; i < self->n_tables; i++)
    {
      const JamTable *table = &jam_tables[self->tables[i]];

      _check_list(self, table->each, table->member_name != NULL);
      _check_list(self, table->paired, FALSE);
    }
}

/* XXH3-128 of the text without the white space around, fed in odd pieces. */
static void
_make_id(ExpectedMessage *self, const gchar *text, gsize length)
{
  XXH3_state_t *state = XXH3_createState();
  XXH128_canonical_t canonical;

  for (; length > 0 && strchr(" \t\r\n", *text) && *text; length--)
    text++;
  while (length > 0 && strchr(" \t\r\n", text[length - 1]) && text[length - 1])
    length--;
  self->length = length;
  XXH3_128bits_reset(state);
  for (gsize done = 0, piece = 37; done < length; done += piece)
    XXH3_128bits_update(state, text + done, MIN(piece, length - done));
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
  XXH3_freeState(state);
  for (gsize i = 0; i < sizeof(canonical.digest); i++)
    g_snprintf(self->id + 2 * i, 3, "%02x", canonical.digest[i]);
}

ExpectedMessage *
expected_message_new(const gchar *text, gsize length, const JsonTree *tree)
{
  ExpectedMessage *self = g_new0(ExpectedMessage, 1);

  self->root = tree;
  if (!tree)
    _fault(self, JAM_REJECT_INVALID_JSON);
  else if (!json_tree_is(tree, JSON_TREE_OBJECT))
    _fault(self, JAM_REJECT_WRONG_TYPE);
  else
    {
      self->payload = json_tree_member(tree, "json_encoded");
      _find_tables(self);
      _find_time(self);
      _find_strings(self);
      _check_lists(self);
      _make_id(self, text, length);
    }
  return self;
}

void
expected_message_free(ExpectedMessage *self)
{
  GString *strings[] = { self->sender_id, self->team, self->metadata };

  for (gsize i = 0; i < G_N_ELEMENTS(strings); i++)
    {
      if (strings[i])
        g_string_free(strings[i], TRUE);
    }
  if (self->codec)
    g_byte_array_unref(self->codec);
  g_free(self);
}
