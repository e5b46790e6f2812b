/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_MESSAGE_KIND_H_INCLUDED
#define JAM_MESSAGE_KIND_H_INCLUDED

#include "core/tables/shape.h"
#include "core/tables/table-definitions.h"

/* limits that the table definitions must keep to, checked when kinds are made */
#define JAM_MAX_PAYLOAD_SLOTS 40
#define JAM_MAX_LISTS 4
#define JAM_MAX_TABLES_PER_KIND 3
#define JAM_MAX_ALIASES_PER_KIND 2

/* A value of the payload that has another name in another object. Other names in the
 * same object need no more than their node in the tree. */
typedef struct _JamAliasNodes
{
  const JamShape *alias;
  const JamShape *of;
} JamAliasNodes;

/* All that a msg_type stands for: which tables its messages fill, and which
 * values of the payload these need. */
typedef struct _JamMessageKind
{
  gint msg_types[JAM_MAX_MSG_TYPES];
  /* indices in jam_tables */
  gint tables[JAM_MAX_TABLES_PER_KIND];
  gsize n_tables;
  JamShape *payload;
  guint n_lists;
  JamAliasNodes aliases[JAM_MAX_ALIASES_PER_KIND];
  gsize n_aliases;
} JamMessageKind;

/* Returns the kind of messages with @msg_type, or NULL if there is none. Kinds
 * are made at the first call and live as long as the process. */
const JamMessageKind *jam_message_kind_lookup(gint msg_type);

#endif
