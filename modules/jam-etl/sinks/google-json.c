/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/google-json.h"
#include "sinks/json-nodes.h"

#include <json-c/linkhash.h>
#include <openssl/crypto.h>

struct _JamGoogleJson
{
  json_object *object;
};

JamGoogleJson *
jam_google_json_new(const gchar *text, gsize length)
{
  JamGoogleJson *self = g_new0(JamGoogleJson, 1);

  self->object = jam_json_nodes_parse(text, length);
  if (jam_json_nodes_is_object(self->object))
    return self;
  jam_google_json_free(self);
  return NULL;
}

/* json-c would free its own copies as they are. */
static void
_wipe_members(json_object *object)
{
  json_object_object_foreach(object, name, member)
    {
      (void) name;
      if (json_object_is_type(member, json_type_string))
        OPENSSL_cleanse((gchar *) json_object_get_string(member), json_object_get_string_len(member));
    }
}

void
jam_google_json_free(JamGoogleJson *self)
{
  if (jam_json_nodes_is_object(self->object))
    _wipe_members(self->object);
  json_object_put(self->object);
  g_free(self);
}

gboolean
jam_google_json_has(const JamGoogleJson *self, const gchar *name)
{
  return jam_json_nodes_has_member(self->object, name);
}

const gchar *
jam_google_json_get_string(const JamGoogleJson *self, const gchar *name)
{
  return jam_json_nodes_get_string(self->object, name);
}

gboolean
jam_google_json_get_integer(const JamGoogleJson *self, const gchar *name, gint64 *value)
{
  json_object *member = jam_json_nodes_get_member(self->object, name);

  if (!json_object_is_type(member, json_type_int))
    return FALSE;
  *value = json_object_get_int64(member);
  return TRUE;
}
