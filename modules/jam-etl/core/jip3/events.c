/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/jip3/events.h"

/* those of unknown types have no definition */
static JamJip3EventKind kinds[JAM_JIP3_N_VERSIONS][JAM_JIP3_N_TYPES];

static void
_make_text(JamJip3EventKind *kind)
{
  gchar *text = g_strdup_printf("\"event_type\":%d,\"event\":\"%s\"", kind->definition->type, kind->definition->name);

  kind->text_length = strlen(text);
  kind->text = g_realloc(text, kind->text_length + JAM_BUFFER_BLOCK);
}

static void
_make_kind(guint version, const JamJip3EventDefinition *definition)
{
  JamJip3EventKind *kind = &kinds[version][definition->type];
  gboolean is_other = version == 0 && definition->version_0;

  kind->definition = definition;
  kind->reference = is_other ? JAM_JIP3_NO_REFERENCE : definition->reference.mode;
  kind->fields = jam_jip3_fields_new(is_other ? definition->version_0 : definition->fields);
  _make_text(kind);
}

static gpointer
_make_kinds(gpointer unused G_GNUC_UNUSED)
{
  for (guint version = 0; version < JAM_JIP3_N_VERSIONS; version++)
    {
      for (gsize i = 0; i < jam_jip3_n_events; i++)
        _make_kind(version, &jam_jip3_events[i]);
    }
  return NULL;
}

const JamJip3EventKind *
jam_jip3_event_kind_lookup(guint version, guint8 type)
{
  static GOnce once = G_ONCE_INIT;
  const JamJip3EventKind *kind = &kinds[version][type];

  g_once(&once, _make_kinds, NULL);
  return kind->definition ? kind : NULL;
}
