/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/json-library.h"

#include <dlfcn.h>

#define SONAME "libjson-glib-1.0.so.0"

static JamJsonLibrary library;
static gchar *failure;

static gboolean
_resolve(gpointer handle)
{
  static const struct
  {
    const gchar *name;
    gsize offset;
  } functions[] =
  {
#define FUNCTION(name) { #name, G_STRUCT_OFFSET(JamJsonLibrary, name) },
    JAM_JSON_LIBRARY_FUNCTIONS(FUNCTION)
#undef FUNCTION
  };

  for (gsize i = 0; i < G_N_ELEMENTS(functions); i++)
    {
      gpointer function = dlsym(handle, functions[i].name);

      if (!function)
        return FALSE;
      G_STRUCT_MEMBER(gpointer, &library, functions[i].offset) = function;
    }
  return TRUE;
}

/* json-glib calls its own functions without looking for them elsewhere (-Bsymbolic),
 * so RTLD_LOCAL is enough. It stays open: GObject never forgets a type. */
static gpointer
_open(gpointer unused G_GNUC_UNUSED)
{
  gpointer handle = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);

  if (handle && _resolve(handle))
    return &library;
  failure = g_strdup(dlerror());
  return NULL;
}

const JamJsonLibrary *
jam_json_library_get(void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once(&once, _open, NULL);
}

const gchar *
jam_json_library_error(void)
{
  return failure;
}
