/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "files/reject-log.h"
#include "core/json/json-text.h"

struct _JamRejectLog
{
  JamAppendFile *file;
};

JamRejectLog *
jam_reject_log_new(const gchar *path, JamFileOpener *opener)
{
  JamRejectLog *self = g_new0(JamRejectLog, 1);

  self->file = jam_append_file_new(path, opener);
  return self;
}

void
jam_reject_log_free(JamRejectLog *self)
{
  jam_append_file_free(self->file);
  g_free(self);
}

static void
_append_text_or_null(JamBuffer *out, const gchar *text)
{
  if (text)
    jam_json_append_string(out, text, strlen(text));
  else
    jam_buffer_append_literal(out, "null");
}

static void
_append_base64(JamBuffer *out, const gchar *message, gsize length)
{
  gchar *base64 = g_base64_encode((const guchar *) message, length);

  jam_buffer_append_literal(out, ",\"message_base64\":");
  _append_text_or_null(out, base64);
  g_free(base64);
}

static void
_append_origin(JamBuffer *out, const JamRejectOrigin *origin)
{
  jam_buffer_append_literal(out, "{\"received\":");
  _append_text_or_null(out, origin->received);
  jam_buffer_append_literal(out, ",\"host\":");
  _append_text_or_null(out, origin->host);
  jam_buffer_append_char(out, ',');
}

static void
_append_reject(JamBuffer *out, const JamReject *reject)
{
  jam_buffer_append_literal(out, "\"reason\":");
  _append_text_or_null(out, reject->text);
  jam_buffer_append_literal(out, ",\"table\":");
  _append_text_or_null(out, reject->table);
  jam_buffer_append_literal(out, ",\"column\":");
  _append_text_or_null(out, reject->column);
  if (*reject->row_id)
    {
      jam_buffer_append_literal(out, ",\"row_id\":");
      _append_text_or_null(out, reject->row_id);
    }
}

static void
_append_message(JamBuffer *out, const gchar *message, gsize length)
{
  jam_buffer_append_literal(out, ",\"message\":");
  if (!jam_json_append_string(out, message, length))
    _append_base64(out, message, length);
  jam_buffer_append_literal(out, "}\n");
}

void
jam_reject_log_add(JamRejectLog *self, const JamRejectOrigin *origin, const JamReject *reject, const gchar *message,
                   gsize length)
{
  JamBuffer *out = &self->file->batch;

  _append_origin(out, origin);
  _append_reject(out, reject);
  _append_message(out, message, length);
}

void
jam_reject_log_add_rows(JamRejectLog *self, const JamRejectOrigin *origin, const JamReject *rejects, guint n_rejects,
                        guint n_rows, const gchar *message, gsize length)
{
  JamBuffer *out = &self->file->batch;

  _append_origin(out, origin);
  _append_reject(out, &rejects[0]);
  jam_buffer_append_literal(out, ",\"refused_rows\":");
  jam_buffer_append_int64(out, n_rows);
  jam_buffer_append_literal(out, ",\"other_rows\":[");
  for (guint i = 1; i < n_rejects; i++)
    {
      if (i > 1)
        jam_buffer_append_char(out, ',');
      jam_buffer_append_char(out, '{');
      _append_reject(out, &rejects[i]);
      jam_buffer_append_char(out, '}');
    }
  jam_buffer_append_char(out, ']');
  _append_message(out, message, length);
}

gsize
jam_reject_log_batch_bytes(const JamRejectLog *self)
{
  return self->file->batch.length;
}

gboolean
jam_reject_log_write(JamRejectLog *self, GError **error)
{
  if (self->file->batch.length == 0)
    return TRUE;
  if (!jam_append_file_write(self->file, error))
    return FALSE;
  if (!jam_append_file_sync(self->file, error))
    {
      jam_append_file_take_back(self->file);
      return FALSE;
    }
  jam_append_file_unlock(self->file);
  return TRUE;
}

void
jam_reject_log_take_back(JamRejectLog *self)
{
  jam_append_file_take_back(self->file);
  jam_reject_log_finish(self);
}

/* The file is closed between batches, so that others can write to it. */
void
jam_reject_log_finish(JamRejectLog *self)
{
  jam_append_file_forget_batch(self->file);
  if (self->file->torn_offset < 0)
    jam_append_file_close(self->file);
}
