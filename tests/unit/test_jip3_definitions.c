/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "jip3-spec.h"

#include "core/jip3/definitions.h"

#include <criterion/criterion.h>

static Jip3Spec *spec;

static void
_setup(void)
{
  spec = jip3_spec_new();
}

static void
_teardown(void)
{
  jip3_spec_free(spec);
}

TestSuite(jip3_definitions, .init = _setup, .fini = _teardown);

/* Returns the strings from the @first on, in one text; the caller frees it. */
static gchar *
_join(JsonArray *strings, guint first)
{
  GString *text = g_string_new(NULL);

  for (guint i = first; i < json_array_get_length(strings); i++)
    g_string_append_printf(text, "%s%s", i > first ? ", " : "", json_array_get_string_element(strings, i));
  return g_string_free(text, FALSE);
}

static void
_expect_fields(const gchar *fields, JsonArray *strings, guint first, const gchar *name)
{
  gchar *text = _join(strings, first);

  cr_expect_str_eq(fields, text, "%s", name);
  g_free(text);
}

Test(jip3_definitions, structures_are_those_of_the_contract)
{
  JsonObject *structures = json_object_get_object_member(spec->root, "structures");

  cr_expect_eq(jam_jip3_n_structures, json_object_get_size(structures));
  for (gsize i = 0; i < jam_jip3_n_structures; i++)
    {
      const JamJip3Structure *structure = &jam_jip3_structures[i];

      cr_assert(json_object_has_member(structures, structure->name), "%s", structure->name);
      _expect_fields(structure->fields, json_object_get_array_member(structures, structure->name), 0, structure->name);
    }
}

Test(jip3_definitions, enumerations_are_those_of_the_contract)
{
  JsonObject *enumerations = json_object_get_object_member(spec->root, "enumerations");

  cr_expect_eq(jam_jip3_n_enumerations, json_object_get_size(enumerations));
  for (gsize i = 0; i < jam_jip3_n_enumerations; i++)
    {
      const JamJip3Enumeration *enumeration = &jam_jip3_enumerations[i];
      JsonArray *words;
      guint n_words;

      cr_assert(json_object_has_member(enumerations, enumeration->name), "%s", enumeration->name);
      words = json_object_get_array_member(enumerations, enumeration->name);
      for (n_words = 0; enumeration->words[n_words]; n_words++)
        cr_expect_str_eq(enumeration->words[n_words], json_array_get_string_element(words, n_words));
      cr_expect_eq(n_words, json_array_get_length(words), "%s", enumeration->name);
    }
}

static guint
_from_chain(JsonObject *table)
{
  guint columns = 0;

  for (guint i = 0; i < JIP3_N_CHAIN_COLUMNS; i++)
    {
      Jip3SpecEvent event = { .table = table };

      if (jip3_spec_is_from_chain(&event, jip3_chain_columns[i]))
        columns |= 1 << i;
    }
  return columns;
}

Test(jip3_definitions, tables_are_those_of_the_contract)
{
  JsonArray *tables = json_object_get_array_member(spec->root, "tables");

  cr_assert_eq(json_array_get_length(tables), JAM_JIP3_N_TABLES);
  for (guint i = 0; i < JAM_JIP3_N_TABLES; i++)
    {
      JsonObject *table = json_array_get_object_element(tables, i);

      cr_expect_str_eq(jam_jip3_tables[i].name, json_object_get_string_member(table, "name"));
      cr_expect_eq(jam_jip3_tables[i].from_chain, _from_chain(table), "%s", jam_jip3_tables[i].name);
      cr_expect_leq(json_array_get_length(json_object_get_array_member(table, "from_chain")), JIP3_N_CHAIN_COLUMNS);
    }
}

static gboolean
_may_name(const JamJip3Reference *reference, gint type)
{
  return reference->mode == JAM_JIP3_REFERENCE_TO_ANY
         || (reference->mode == JAM_JIP3_REFERENCE_TO_LISTED
             && (reference->types[0] == type || reference->types[1] == type));
}

static void
_expect_reference(const JamJip3EventDefinition *event, const Jip3SpecEvent *expected)
{
  gboolean has_reference = jip3_spec_has_reference(spec, expected, 1);

  cr_expect_eq(event->reference.mode != JAM_JIP3_NO_REFERENCE, has_reference, "%s", event->name);
  for (gint type = 0; type < JAM_JIP3_N_TYPES && has_reference; type++)
    cr_expect_eq(_may_name(&event->reference, type), jip3_spec_may_name(expected, type), "%s: %d", event->name, type);
}

static void
_expect_event(const JamJip3EventDefinition *event, const Jip3SpecEvent *expected)
{
  JsonArray *version_1 = jip3_spec_fields(spec, expected, 1);
  JsonArray *version_0 = jip3_spec_fields(spec, expected, 0);

  cr_expect_eq(event->type, expected->type);
  cr_expect_str_eq(event->name, expected->name);
  cr_expect_str_eq(jam_jip3_tables[event->table].name, json_object_get_string_member(expected->table, "name"));
  _expect_reference(event, expected);
  _expect_fields(event->fields, version_1, jip3_spec_has_reference(spec, expected, 1), event->name);
  cr_expect_eq(event->version_0 != NULL, version_0 != version_1, "%s", event->name);
  if (event->version_0)
    {
      cr_expect_not(jip3_spec_has_reference(spec, expected, 0), "%s", event->name);
      _expect_fields(event->version_0, version_0, 0, event->name);
    }
}

Test(jip3_definitions, events_are_those_of_the_contract)
{
  cr_assert_eq(jam_jip3_n_events, spec->events->len);
  cr_expect_eq(jam_jip3_n_events, 115);
  for (gsize i = 0; i < jam_jip3_n_events; i++)
    _expect_event(&jam_jip3_events[i], jip3_spec_event(spec, i));
}

Test(jip3_definitions, events_ascend_by_type)
{
  for (gsize i = 1; i < jam_jip3_n_events; i++)
    cr_expect_lt(jam_jip3_events[i - 1].type, jam_jip3_events[i].type);
}
