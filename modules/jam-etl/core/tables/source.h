/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_SOURCE_H_INCLUDED
#define JAM_SOURCE_H_INCLUDED

#include "core/tables/encoded-object.h"
#include "core/tables/table-definitions.h"

/* A column's source, as JamColumn.from writes it, taken apart. */

typedef enum
{
  JAM_SOURCE_TIME,
  JAM_SOURCE_UNIX_NS,
  JAM_SOURCE_SLOT,
  JAM_SOURCE_TEAM,
  JAM_SOURCE_SENDER_ID,
  JAM_SOURCE_ELAPSED,
  JAM_SOURCE_CODEC_ENCODED,
  JAM_SOURCE_ROW_ID,
  JAM_SOURCE_INDEX,
  JAM_SOURCE_METADATA,
  /* of the encoded object that codec_encoded starts with */
  JAM_SOURCE_OBJECT_HASH,
  /* these have a path */
  JAM_SOURCE_VALUE,
  JAM_SOURCE_JSON,
  JAM_SOURCE_COUNT,
  JAM_SOURCE_BLAKE2B256,
  JAM_SOURCE_BASE64,
} JamSourceKind;

typedef enum
{
  JAM_FRAME_PAYLOAD,
  /* the element of the array that rows are made of */
  JAM_FRAME_EACH,
  /* the element of the array that it is paired with */
  JAM_FRAME_PAIRED,
} JamFrame;

typedef struct _JamSource
{
  JamSourceKind kind;
  JamFrame frame;
  /* below the frame's root, or a key of metadata; a constant */
  const gchar *path;
  gsize path_length;
  JamEncodedObject object;
} JamSource;

/* Takes apart the source of @column, a column of @table. Aborts on a definition
 * that makes no sense: it is a bug in table-definitions.c. */
void jam_source_parse(JamSource *self, const JamTable *table, const JamColumn *column);

/* Returns TRUE if the source is a path into one of the frames. */
gboolean jam_source_has_path(const JamSource *self);

/* Returns the part of @path below json_encoded. */
const gchar *jam_source_payload_path(const gchar *path);

#endif
