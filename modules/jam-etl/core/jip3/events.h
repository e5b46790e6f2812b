/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JIP3_EVENTS_H_INCLUDED
#define JAM_JIP3_EVENTS_H_INCLUDED

#include "core/jip3/fields.h"

#define JAM_JIP3_N_VERSIONS 2

/* How to read an event of a type, in a protocol version. */
typedef struct _JamJip3EventKind
{
  const JamJip3EventDefinition *definition;
  JamJip3ReferenceMode reference;
  JamJip3Fields *fields;
  /* type and name, as the JSON members of a message, in whole blocks */
  const gchar *text;
  gsize text_length;
} JamJip3EventKind;

/* Returns the kind, or NULL if the type is unknown. */
const JamJip3EventKind *jam_jip3_event_kind_lookup(guint version, guint8 type);

/* Returns TRUE if the reference of an event of this kind may name one of @type. */
static inline gboolean
jam_jip3_event_kind_may_name(const JamJip3EventKind *self, guint16 type)
{
  const guint8 *types = self->definition->reference.types;

  return self->reference == JAM_JIP3_REFERENCE_TO_ANY || type == types[0] || type == types[1];
}

#endif
