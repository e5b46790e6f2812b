/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/tables/team-map.h"
#include "core/json/json-text.h"

#include <string.h>

/* longer ones are no keys of this map: 0x and 64 digits is what JAM has */
#define MAX_SENDER_ID_LENGTH 255

/* as spreadsheets write it */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

struct _JamTeamMap
{
  GHashTable *teams;
};

G_DEFINE_QUARK(jam_team_map_error_quark, jam_team_map_error)

static gboolean
_fail_at_line(GError **error, gint line, const gchar *what)
{
  g_set_error(error, JAM_TEAM_MAP_ERROR, JAM_TEAM_MAP_ERROR_SYNTAX, "line %d: %s", line, what);
  return FALSE;
}

/* Takes a quoted field (RFC 4180) at *@p, which stands on the opening mark. */
static gboolean
_take_quoted_field(const gchar **p, GString *field)
{
  for ((*p)++; **p; (*p)++)
    {
      if (**p == '"' && *++(*p) != '"')
        return TRUE;
      g_string_append_c(field, **p);
    }
  return FALSE;
}

/* Takes one field; a comma or the end must follow. */
static gboolean
_take_field(const gchar **p, GString *field)
{
  gsize length;

  g_string_truncate(field, 0);
  if (**p == '"')
    {
      if (!_take_quoted_field(p, field))
        return FALSE;
    }
  else
    {
      length = strcspn(*p, ",\"");
      g_string_append_len(field, *p, length);
      *p += length;
    }
  return **p == ',' || !**p;
}

static gboolean
_take_comma(const gchar **p)
{
  return *(*p)++ == ',';
}

static gchar *
_to_json_string(const gchar *text)
{
  JamBuffer json = { 0 };

  jam_json_append_string(&json, text, strlen(text));
  jam_buffer_append_char(&json, '\0');
  return json.data;
}

static gboolean
_is_header(const GString *sender_id, const GString *team)
{
  return g_strcmp0(sender_id->str, "sender_id") == 0 && g_strcmp0(team->str, "team") == 0;
}

static gboolean
_add_entry(JamTeamMap *self, const GString *sender_id, const GString *team, gint line, GError **error)
{
  if (line == 1 && _is_header(sender_id, team))
    return TRUE;
  if (sender_id->len == 0 || sender_id->len > MAX_SENDER_ID_LENGTH)
    return _fail_at_line(error, line, "sender_id is empty or too long");
  if (team->len == 0)
    return _fail_at_line(error, line, "team is empty");
  g_hash_table_replace(self->teams, g_ascii_strdown(sender_id->str, -1), _to_json_string(team->str));
  return TRUE;
}

static gboolean
_add_line(JamTeamMap *self, const gchar *text, gint line, GError **error)
{
  GString *sender_id = g_string_new(NULL);
  GString *team = g_string_new(NULL);
  gboolean success;

  if (!*text || *text == '#')
    success = TRUE;
  else if (!_take_field(&text, sender_id) || !_take_comma(&text) || !_take_field(&text, team) || *text)
    success = _fail_at_line(error, line, "expected sender_id,team");
  else
    success = _add_entry(self, sender_id, team, line, error);

  g_string_free(sender_id, TRUE);
  g_string_free(team, TRUE);
  return success;
}

static gboolean
_add_lines(JamTeamMap *self, const gchar *csv, GError **error)
{
  gsize to_skip = g_str_has_prefix(csv, BYTE_ORDER_MARK) ? strlen(BYTE_ORDER_MARK) : 0;
  gchar **lines = g_strsplit(csv + to_skip, "\n", -1);
  gboolean success = TRUE;

  for (gint i = 0; lines[i] && success; i++)
    success = _add_line(self, g_strchomp(lines[i]), i + 1, error);
  g_strfreev(lines);
  return success;
}

JamTeamMap *
jam_team_map_new(const gchar *csv, gsize length, GError **error)
{
  JamTeamMap *self;
  gchar *text;

  if (!g_utf8_validate(csv, length, NULL))
    {
      g_set_error(error, JAM_TEAM_MAP_ERROR, JAM_TEAM_MAP_ERROR_ENCODING, "not UTF-8 text");
      return NULL;
    }

  self = g_new0(JamTeamMap, 1);
  text = g_strndup(csv, length);
  self->teams = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  if (!_add_lines(self, text, error))
    {
      jam_team_map_free(self);
      self = NULL;
    }
  g_free(text);
  return self;
}

void
jam_team_map_free(JamTeamMap *self)
{
  g_hash_table_destroy(self->teams);
  g_free(self);
}

const gchar *
jam_team_map_lookup(const JamTeamMap *self, const gchar *sender_id, gsize length)
{
  gchar key[MAX_SENDER_ID_LENGTH + 1];

  if (length > MAX_SENDER_ID_LENGTH || memchr(sender_id, '\0', length))
    return NULL;
  for (gsize i = 0; i < length; i++)
    key[i] = g_ascii_tolower(sender_id[i]);
  key[length] = '\0';
  return g_hash_table_lookup(self->teams, key);
}
