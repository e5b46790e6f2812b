/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_TEAM_MAP_H_INCLUDED
#define JAM_TEAM_MAP_H_INCLUDED

#include <glib.h>

#define JAM_TEAM_MAP_ERROR jam_team_map_error_quark()

typedef enum
{
  JAM_TEAM_MAP_ERROR_SYNTAX,
  JAM_TEAM_MAP_ERROR_ENCODING,
} JamTeamMapError;

GQuark jam_team_map_error_quark(void);

/* Which team a sender belongs to, as the operator says. Immutable once made, so
 * threads may share one. */
typedef struct _JamTeamMap JamTeamMap;

/* Parses CSV (RFC 4180, UTF-8) with the columns sender_id and team, with or
 * without that header line; empty lines and lines that start with # are left
 * out. A sender_id is matched without regard to case; the last line of several
 * for one sender_id counts. Returns NULL and sets @error, naming the line. */
JamTeamMap *jam_team_map_new(const gchar *csv, gsize length, GError **error);

void jam_team_map_free(JamTeamMap *self);

/* Returns the team of the sender whose id is the @length bytes at @sender_id,
 * as a JSON string with its quotation marks that @self owns, or NULL. */
const gchar *jam_team_map_lookup(const JamTeamMap *self, const gchar *sender_id, gsize length);

#endif
