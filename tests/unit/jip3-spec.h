/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TEST_JIP3_SPEC_H_INCLUDED
#define JAM_TEST_JIP3_SPEC_H_INCLUDED

#include "random.h"

#include <json-glib/json-glib.h>

/* The contract's list of events, tests/data/jip3.json, and an encoder that reads it: a
 * second reading of the protocol, for what the decoder is compared with. */

/* "block_slot", "header_hash", "core", "work_package_hash" */
#define JIP3_N_CHAIN_COLUMNS 4
extern const gchar *const jip3_chain_columns[JIP3_N_CHAIN_COLUMNS];

typedef struct _Jip3SpecEvent
{
  gint type;
  const gchar *name;
  JsonObject *table;
  JsonObject *definition;
} Jip3SpecEvent;

typedef struct _Jip3Spec
{
  JsonParser *parser;
  JsonObject *root;
  /* of Jip3SpecEvent, in the order of the list */
  GArray *events;
} Jip3Spec;

/* An event with random values. */
typedef struct _Jip3Sample
{
  /* its fields on the wire, without the reference */
  GByteArray *wire;
  /* json_encoded */
  GString *json;
  /* JSON text of the columns that a chain passes on; NULL where it has none */
  gchar *chain[JIP3_N_CHAIN_COLUMNS];
} Jip3Sample;

Jip3Spec *jip3_spec_new(void);
void jip3_spec_free(Jip3Spec *self);

const Jip3SpecEvent *jip3_spec_event(const Jip3Spec *self, guint index);

/* Returns the event's fields in a version of the protocol: strings. */
JsonArray *jip3_spec_fields(const Jip3Spec *self, const Jip3SpecEvent *event, guint version);

/* Returns TRUE if the event has a reference in this version. */
gboolean jip3_spec_has_reference(const Jip3Spec *self, const Jip3SpecEvent *event, guint version);

/* Returns TRUE if the event's reference may name one of @type. */
gboolean jip3_spec_may_name(const Jip3SpecEvent *event, gint type);

/* Returns TRUE if the event's table has the column from its chain. */
gboolean jip3_spec_is_from_chain(const Jip3SpecEvent *event, const gchar *column);

void jip3_sample_init(Jip3Sample *self, const Jip3Spec *spec, const Jip3SpecEvent *event, guint version, guint n_cores,
                      Random *random);
void jip3_sample_clear(Jip3Sample *self);

/* Appends @n_bytes bytes of @value, little-endian. */
void jip3_append_number(GByteArray *wire, guint64 value, gsize n_bytes);

/* Appends a frame. */
void jip3_append_frame(GByteArray *wire, const guint8 *content, gsize n_bytes);

/* Appends @time, in microseconds since 2025-01-01T12:00:00Z, as a JSON string. */
void jip3_format_time(GString *json, guint64 time);

#endif
