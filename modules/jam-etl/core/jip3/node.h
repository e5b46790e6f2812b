/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JIP3_NODE_H_INCLUDED
#define JAM_JIP3_NODE_H_INCLUDED

#include "core/jip3/cursor.h"
#include "core/json/json-text.h"

/* Node information: the first message of a connection. */

typedef struct _JamJip3Parameter
{
  const gchar *name;
  guint8 n_bytes;
  /* in the layout of Gray Paper 0.7 only */
  gboolean is_0_7;
} JamJip3Parameter;

#define JAM_JIP3_N_PARAMETERS 33

extern const JamJip3Parameter jam_jip3_parameters[JAM_JIP3_N_PARAMETERS];

typedef enum
{
  JAM_JIP3_PARAMETERS_UNKNOWN,
  JAM_JIP3_PARAMETERS_0_7,
  JAM_JIP3_PARAMETERS_0_8,
} JamJip3ParametersLayout;

/* It points into the message. */
typedef struct _JamJip3Node
{
  guint8 version;
  JamJip3ParametersLayout layout;
  const guint8 *parameters;
  const guint8 *genesis_hash;
  const guint8 *peer_id;
  const guint8 *address;
  guint32 flags;
  JamText implementation;
  JamText implementation_version;
  JamText gp_version;
  JamText note;
} JamJip3Node;

/* Reads @content. The parameters are 134 bytes, 122 bytes, none, or a natural and that
 * many bytes: whichever alone lets the rest be read exactly to the end, with no string
 * over its maximum length. Behind a natural too, 134 or 122 bytes have names. The
 * encoding of strings says nothing. Returns FALSE if none or several fit, or if the
 * protocol version is neither 0 nor 1. */
gboolean jam_jip3_node_read(JamJip3Node *self, const JamJip3Cursor *content);

/* Returns the number of cores, or of validators; -1 if it is unknown. */
gint jam_jip3_node_n_cores(const JamJip3Node *self);
gint jam_jip3_node_n_validators(const JamJip3Node *self);

/* Appends the parameters as an object; null if they are unknown. */
void jam_jip3_node_append_parameters(const JamJip3Node *self, JamBuffer *out);

#endif
