/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_REJECT_H_INCLUDED
#define JAM_REJECT_H_INCLUDED

#include "core/json/json-reader.h"

/* a message's identity, a hyphen, and the row's number */
#define JAM_MAX_ROW_ID_LENGTH (32 + 1 + 10)

/* Why a message can never become rows. */
typedef enum
{
  JAM_REJECT_INVALID_JSON,
  JAM_REJECT_UNKNOWN_MSG_TYPE,
  JAM_REJECT_INVALID_TIME,
  JAM_REJECT_MISSING_VALUE,
  JAM_REJECT_WRONG_TYPE,
  JAM_REJECT_INVALID_INTEGER,
  JAM_REJECT_INVALID_HEX,
  JAM_REJECT_INVALID_BASE64,
  JAM_REJECT_TOO_LARGE,
  JAM_REJECT_INVALID_DIRECTORY,
  JAM_REJECT_REFUSED,
  JAM_N_REJECT_REASONS,
} JamRejectReason;

typedef struct _JamReject
{
  JamRejectReason reason;
  /* constants; NULL where the message as a whole is bad */
  const gchar *table;
  const gchar *column;
  /* of the one row that is bad; empty where it is the message */
  gchar row_id[JAM_MAX_ROW_ID_LENGTH + 1];
  /* the reason in words, naming the value, NUL-terminated UTF-8 */
  gchar text[512];
} JamReject;

/* Returns the reason's short name, for counters and at the start of the text:
 * lower-case words with hyphens. */
const gchar *jam_reject_reason_name(JamRejectReason reason);

/* Fills in @self; the text becomes "NAME: " and the formatted text. */
void jam_reject_set(JamReject *self, JamRejectReason reason, const gchar *format, ...) G_GNUC_PRINTF(3, 4);

/* Fills in @self: the value called @path has a type other than @expected. */
void jam_reject_set_wrong_type(JamReject *self, const gchar *path, JamJsonType found, const gchar *expected);

#endif
