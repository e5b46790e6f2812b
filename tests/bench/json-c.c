/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "json-c.h"

#include <dlfcn.h>

struct _JsonC
{
  gpointer library;
  gpointer tokener;
  gpointer (*tokener_new)(void);
  void (*tokener_free)(gpointer tokener);
  void (*tokener_reset)(gpointer tokener);
  gpointer (*tokener_parse_ex)(gpointer tokener, const gchar *text, gint length);
  gint (*object_put)(gpointer object);
};

static gboolean
_resolve(JsonC *self)
{
  const struct
  {
    const gchar *name;
    gpointer target;
  } symbols[] = {
    { "json_tokener_new", &self->tokener_new },     { "json_tokener_free", &self->tokener_free },
    { "json_tokener_reset", &self->tokener_reset }, { "json_tokener_parse_ex", &self->tokener_parse_ex },
    { "json_object_put", &self->object_put },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(symbols); i++)
    {
      gpointer *target = symbols[i].target;
      if (!(*target = dlsym(self->library, symbols[i].name)))
        return FALSE;
    }
  return TRUE;
}

JsonC *
json_c_new(void)
{
  JsonC *self = g_new0(JsonC, 1);

  self->library = dlopen("libjson-c.so.5", RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  if (self->library && _resolve(self) && (self->tokener = self->tokener_new()))
    return self;
  json_c_free(self);
  return NULL;
}

void
json_c_free(JsonC *self)
{
  if (self->tokener)
    self->tokener_free(self->tokener);
  if (self->library)
    dlclose(self->library);
  g_free(self);
}

gboolean
json_c_parse(JsonC *self, const gchar *text, gsize length)
{
  gpointer root;

  self->tokener_reset(self->tokener);
  root = self->tokener_parse_ex(self->tokener, text, length);
  if (!root)
    return FALSE;
  self->object_put(root);
  return TRUE;
}
