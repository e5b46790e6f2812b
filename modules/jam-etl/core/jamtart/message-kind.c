/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/jamtart/message-kind.h"
#include "core/tables/source.h"

/* more than there are tables never happens */
static JamMessageKind kinds[JAM_N_TABLES];
static gsize n_kinds;

static JamShape *
_ensure_list(JamMessageKind *self, const gchar *path)
{
  JamShape *array = jam_shape_ensure(self->payload, jam_source_payload_path(path));

  if (!array->items)
    jam_shape_ensure_items(array, self->n_lists++);
  g_assert(self->n_lists <= JAM_MAX_LISTS);
  return array->items->element;
}

static JamShape *
_frame_root(JamMessageKind *self, const JamTable *table, JamFrame frame)
{
  switch (frame)
    {
    case JAM_FRAME_EACH:
      return _ensure_list(self, table->each);
    case JAM_FRAME_PAIRED:
      return _ensure_list(self, table->paired);
    default:
      return self->payload;
    }
}

static void
_add_column(JamMessageKind *self, const JamTable *table, const JamColumn *column)
{
  JamSource source;

  jam_source_parse(&source, table, column);
  if (jam_source_has_path(&source))
    jam_shape_ensure(_frame_root(self, table, source.frame), source.path);
  for (const gchar *const *path = jam_encoded_paths[source.object]; *path; path++)
    jam_shape_ensure(self->payload, *path);
}

static void
_accept_object(JamMessageKind *self, const JamTable *table)
{
  JamItemsShape *items = jam_shape_ensure(self->payload, jam_source_payload_path(table->each))->items;

  items->member_name = jam_shape_get(items->element, table->member_name);
  items->member_value = jam_shape_get(items->element, table->member_value);
}

static void
_add_table(JamMessageKind *self, gint table_index)
{
  const JamTable *table = &jam_tables[table_index];

  g_assert(self->n_tables < JAM_MAX_TABLES_PER_KIND);
  self->tables[self->n_tables++] = table_index;
  if (table->each)
    _ensure_list(self, table->each);
  for (gsize i = 0; i < table->n_columns; i++)
    _add_column(self, table, &table->columns[i]);
  if (table->member_name)
    _accept_object(self, table);
}

static gboolean
_are_in_one_object(const gchar *a, const gchar *b)
{
  gsize length = strrchr(a, '.') - a;

  return strrchr(b, '.') == b + length && strncmp(a, b, length) == 0;
}

static void
_add_alias(JamMessageKind *self, const JamAlias *definition)
{
  const JamShape *of = jam_shape_get(self->payload, jam_source_payload_path(definition->of));
  JamShape *alias = jam_shape_ensure(self->payload, jam_source_payload_path(definition->path));

  g_assert(of->members->len == 0);
  if (_are_in_one_object(definition->path, definition->of))
    {
      alias->alias_of = of;
      return;
    }
  g_assert(self->n_aliases < JAM_MAX_ALIASES_PER_KIND && !of->items);
  self->aliases[self->n_aliases++] = (JamAliasNodes){ alias, of };
}

static JamMessageKind *
_find_kind(gint msg_type)
{
  for (gsize i = 0; i < n_kinds; i++)
    {
      if (kinds[i].msg_types[0] == msg_type || kinds[i].msg_types[1] == msg_type)
        return &kinds[i];
    }
  return NULL;
}

static JamMessageKind *
_ensure_kind(const JamTable *table)
{
  JamMessageKind *kind = _find_kind(table->msg_types[0]);

  if (kind)
    return kind;
  kind = &kinds[n_kinds++];
  memcpy(kind->msg_types, table->msg_types, sizeof(kind->msg_types));
  kind->payload = jam_shape_new("", 0);
  return kind;
}

static gpointer
_make_kinds(gpointer unused G_GNUC_UNUSED)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    _add_table(_ensure_kind(&jam_tables[i]), i);
  /* last, so that the usual names are found first */
  for (gsize i = 0; i < jam_n_aliases; i++)
    _add_alias(_find_kind(jam_aliases[i].msg_type), &jam_aliases[i]);
  for (gsize i = 0; i < n_kinds; i++)
    {
      jam_shape_number_slots(kinds[i].payload);
      g_assert(kinds[i].payload->n_slots <= JAM_MAX_PAYLOAD_SLOTS);
    }
  return NULL;
}

const JamMessageKind *
jam_message_kind_lookup(gint msg_type)
{
  static GOnce once = G_ONCE_INIT;

  g_once(&once, _make_kinds, NULL);
  return msg_type < 0 ? NULL : _find_kind(msg_type);
}
