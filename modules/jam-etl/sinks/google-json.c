/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/google-json.h"

#include <json-glib/json-glib.h>
#include <openssl/crypto.h>
#include <string.h>

/* json-glib recurses without a limit: an answer of brackets would end the program */
#define MAX_BRACKETS 256

struct _JamGoogleJson
{
  JsonParser *parser;
  /* the parser's */
  JsonObject *object;
};

static gboolean
_is_shallow(const gchar *text, gsize length)
{
  guint n = 0;

  for (gsize i = 0; i < length; i++)
    n += text[i] == '[' || text[i] == '{';
  return n <= MAX_BRACKETS;
}

JamGoogleJson *
jam_google_json_new(const gchar *text, gsize length)
{
  JamGoogleJson *self;
  JsonNode *root;

  if (!_is_shallow(text, length))
    return NULL;
  self = g_new0(JamGoogleJson, 1);
  self->parser = json_parser_new();
  if (json_parser_load_from_data(self->parser, text, length, NULL))
    {
      root = json_parser_get_root(self->parser);
      if (root && JSON_NODE_HOLDS_OBJECT(root))
        self->object = json_node_get_object(root);
    }
  if (self->object)
    return self;
  jam_google_json_free(self);
  return NULL;
}

static const gchar *
_get_string_of_node(JsonNode *node)
{
  return node && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
}

/* The node's own copy, which json-glib would free as it is. */
static void
_wipe_member(JsonObject *object G_GNUC_UNUSED, const gchar *name G_GNUC_UNUSED, JsonNode *node,
             gpointer user_data G_GNUC_UNUSED)
{
  gchar *text = (gchar *) _get_string_of_node(node);

  if (text)
    OPENSSL_cleanse(text, strlen(text));
}

void
jam_google_json_free(JamGoogleJson *self)
{
  if (self->object)
    json_object_foreach_member(self->object, _wipe_member, NULL);
  g_object_unref(self->parser);
  g_free(self);
}

gboolean
jam_google_json_has(const JamGoogleJson *self, const gchar *name)
{
  return json_object_has_member(self->object, name);
}

const gchar *
jam_google_json_get_string(const JamGoogleJson *self, const gchar *name)
{
  return _get_string_of_node(json_object_get_member(self->object, name));
}

gboolean
jam_google_json_get_integer(const JamGoogleJson *self, const gchar *name, gint64 *value)
{
  JsonNode *node = json_object_get_member(self->object, name);

  if (!node || !JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_INT64)
    return FALSE;
  *value = json_node_get_int(node);
  return TRUE;
}
