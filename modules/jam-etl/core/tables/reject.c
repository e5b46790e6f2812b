/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/tables/reject.h"

const gchar *
jam_reject_reason_name(JamRejectReason reason)
{
  static const gchar *names[JAM_N_REJECT_REASONS] = {
    [JAM_REJECT_INVALID_JSON] = "invalid-json", [JAM_REJECT_UNKNOWN_MSG_TYPE] = "unknown-msg-type",
    [JAM_REJECT_INVALID_TIME] = "invalid-time", [JAM_REJECT_MISSING_VALUE] = "missing-value",
    [JAM_REJECT_WRONG_TYPE] = "wrong-type",     [JAM_REJECT_INVALID_INTEGER] = "invalid-integer",
    [JAM_REJECT_INVALID_HEX] = "invalid-hex",   [JAM_REJECT_INVALID_BASE64] = "invalid-base64",
    [JAM_REJECT_TOO_LARGE] = "too-large",       [JAM_REJECT_INVALID_DIRECTORY] = "invalid-directory",
    [JAM_REJECT_REFUSED] = "refused",
  };

  return names[reason];
}

static void
_cut_to_whole_characters(gchar *text)
{
  const gchar *end;

  g_utf8_validate(text, -1, &end);
  text[end - text] = '\0';
}

void
jam_reject_set(JamReject *self, JamRejectReason reason, const gchar *format, ...)
{
  gint length;
  va_list args;

  self->reason = reason;
  self->table = NULL;
  self->column = NULL;
  self->row_id[0] = '\0';
  length = g_snprintf(self->text, sizeof(self->text), "%s: ", jam_reject_reason_name(reason));
  va_start(args, format);
  g_vsnprintf(self->text + length, sizeof(self->text) - length, format, args);
  va_end(args);
  _cut_to_whole_characters(self->text);
}

static const gchar *
_type_name(JamJsonType type)
{
  static const gchar *names[] = {
    [JAM_JSON_MISSING] = "nothing",  [JAM_JSON_NULL] = "null",       [JAM_JSON_BOOLEAN] = "a boolean",
    [JAM_JSON_NUMBER] = "a number",  [JAM_JSON_STRING] = "a string", [JAM_JSON_ARRAY] = "an array",
    [JAM_JSON_OBJECT] = "an object",
  };

  return names[type];
}

void
jam_reject_set_wrong_type(JamReject *self, const gchar *path, JamJsonType found, const gchar *expected)
{
  jam_reject_set(self, JAM_REJECT_WRONG_TYPE, "%s is %s, expected %s", path, _type_name(found), expected);
}
