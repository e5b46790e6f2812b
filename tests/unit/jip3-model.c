/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "jip3-model.h"

#define WINDOW 65536

typedef struct _Jip3ModelEvent
{
  gint type;
  guint64 time;
  guint64 root;
} Jip3ModelEvent;

static void
_free_chain(gpointer chain)
{
  g_ptr_array_unref(chain);
}

void
jip3_model_init(Jip3Model *self, const Jip3Spec *spec, guint version)
{
  *self = (Jip3Model){
    .spec = spec,
    .version = version,
    .events = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free),
    .chains = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, _free_chain),
  };
}

void
jip3_model_clear(Jip3Model *self)
{
  g_hash_table_unref(self->events);
  g_hash_table_unref(self->chains);
}

static guint64 *
_key(guint64 id)
{
  guint64 *key = g_new(guint64, 1);

  *key = id;
  return key;
}

static GPtrArray *
_ensure_chain(Jip3Model *self, guint64 root)
{
  GPtrArray *chain = g_hash_table_lookup(self->chains, &root);

  if (!chain)
    {
      chain = g_ptr_array_new_with_free_func(g_free);
      g_ptr_array_set_size(chain, JIP3_N_CHAIN_COLUMNS);
      g_hash_table_insert(self->chains, _key(root), chain);
    }
  return chain;
}

static void
_remember(Jip3Model *self, gint type, guint64 time, guint64 root)
{
  Jip3ModelEvent *event = g_new(Jip3ModelEvent, 1);

  *event = (Jip3ModelEvent){ type, time, root };
  g_hash_table_replace(self->events, _key(self->next_id), event);
}

static const Jip3ModelEvent *
_follow(const Jip3Model *self, const Jip3SpecEvent *event, guint64 reference)
{
  const Jip3ModelEvent *named = g_hash_table_lookup(self->events, &reference);

  if (!named || reference >= self->next_id || self->next_id - reference > WINDOW)
    return NULL;
  return jip3_spec_may_name(event, named->type) ? named : NULL;
}

static void
_format_chain(GString *json, const Jip3SpecEvent *event, const Jip3Sample *sample, const GPtrArray *chain)
{
  const gchar *separator = "";

  for (guint i = 0; i < JIP3_N_CHAIN_COLUMNS; i++)
    {
      const gchar *value = sample->chain[i];

      if (!jip3_spec_is_from_chain(event, jip3_chain_columns[i]))
        continue;
      if (!value && chain)
        value = g_ptr_array_index(chain, i);
      g_string_append_printf(json, "%s\"%s\":%s", separator, jip3_chain_columns[i], value ? value : "null");
      separator = ",";
    }
}

static void
_tell(GPtrArray *chain, const Jip3Sample *sample)
{
  for (guint i = 0; i < JIP3_N_CHAIN_COLUMNS; i++)
    {
      if (!sample->chain[i])
        continue;
      g_free(g_ptr_array_index(chain, i));
      g_ptr_array_index(chain, i) = g_strdup(sample->chain[i]);
    }
}

static void
_format_head(GString *json, const Jip3SpecEvent *event, guint64 time)
{
  g_string_append(json, "{\"time\":");
  jip3_format_time(json, time);
  g_string_append(json, ",\"sender_id\":\"0x");
  for (guint i = 0; i < 32; i++)
    g_string_append(json, "bb");
  g_string_append_printf(json,
                         "\",\"team\":\"n0\",\"connection_id\":\"7f3a91c05b2e6d48\",\"event_type\":%d,\"event\":\"%s\"",
                         event->type, event->name);
}

GString *
jip3_model_event(Jip3Model *self, const Jip3SpecEvent *event, const Jip3Sample *sample, guint64 time, guint64 reference,
                 guint64 num_dropped)
{
  gboolean has_reference = jip3_spec_has_reference(self->spec, event, self->version);
  const Jip3ModelEvent *named = has_reference ? _follow(self, event, reference) : NULL;
  guint64 root = !has_reference ? self->next_id : named ? named->root : reference;
  GPtrArray *chain = _ensure_chain(self, root);
  GString *json = g_string_new(NULL);

  _format_head(json, event, time);
  g_string_append_printf(json, ",\"event_id\":%" G_GUINT64_FORMAT ",\"ref_event_id\":", self->next_id);
  if (has_reference)
    g_string_append_printf(json, "%" G_GUINT64_FORMAT, reference);
  else
    g_string_append(json, "null");
  g_string_append_printf(json, ",\"root_event_id\":%" G_GUINT64_FORMAT ",\"elapsed\":", root);
  if (named)
    g_string_append_printf(json, "%" G_GINT64_FORMAT, (gint64) (time - named->time));
  else
    g_string_append(json, "null");
  g_string_append(json, ",\"chain\":{");
  _format_chain(json, event, sample, named || !has_reference ? chain : NULL);
  g_string_append_printf(json, "},\"json_encoded\":%s}", sample->json->str);
  _tell(chain, sample);
  _remember(self, event->type, time, root);
  self->next_id += event->type == 0 ? num_dropped : 1;
  return json;
}

void
jip3_model_unreadable(Jip3Model *self, gint type, guint64 time)
{
  _remember(self, type, time, self->next_id++);
}
