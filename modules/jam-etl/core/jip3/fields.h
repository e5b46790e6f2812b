/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JIP3_FIELDS_H_INCLUDED
#define JAM_JIP3_FIELDS_H_INCLUDED

#include "core/jip3/cursor.h"
#include "core/jip3/steps.h"
#include "core/jip3/window.h"

/* Fields by their definition: read from the wire and written as a JSON object. */

/* Why fields cannot be read. */
typedef struct _JamJip3Problem
{
  /* constants; the field's name is empty where it is none in particular */
  JamText field;
  const gchar *text;
} JamJip3Problem;

/* Appends the fields that @content is, no byte more and none less, as a JSON object.
 * @n_cores is -1 if that is unknown. Returns FALSE if they are not there; what was
 * appended is then undefined, and @problem is set. Reads nothing but @content. */
gboolean jam_jip3_fields_write(const JamJip3Fields *self, const JamJip3Cursor *content, gint n_cores, JamBuffer *out,
                               JamJip3Problem *problem);

/* Stores the values of chain columns that the fields have; none if @content ends before
 * they do. */
void jam_jip3_fields_chain_values(const JamJip3Fields *self, const JamJip3Cursor *content, JamJip3ChainValues *values);

#endif
