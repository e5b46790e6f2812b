/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TEST_JIP3_MODEL_H_INCLUDED
#define JAM_TEST_JIP3_MODEL_H_INCLUDED

#include "jip3-spec.h"

/* What a connection should say of its events, in the plainest way: it forgets nothing.
 * The node is that of jip3_node_information. */

typedef struct _Jip3Model
{
  const Jip3Spec *spec;
  guint version;
  guint64 next_id;
  /* by id, of Jip3ModelEvent */
  GHashTable *events;
  /* by root, of arrays of JSON texts */
  GHashTable *chains;
} Jip3Model;

void jip3_model_init(Jip3Model *self, const Jip3Spec *spec, guint version);
void jip3_model_clear(Jip3Model *self);

/* Returns the message of the next event; the caller frees it. @reference is ignored if
 * the event has none. A dropped event must have its @num_dropped. */
GString *jip3_model_event(Jip3Model *self, const Jip3SpecEvent *event, const Jip3Sample *sample, guint64 time,
                          guint64 reference, guint64 num_dropped);

/* Counts an event that cannot be read. */
void jip3_model_unreadable(Jip3Model *self, gint type, guint64 time);

#endif
