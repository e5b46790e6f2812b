/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/jip3/frames.h"

#define MINIMUM_CAPACITY 4096
/* what one long frame may leave allocated for the next */
#define KEPT_CAPACITY (64 * 1024)

void
jam_jip3_frames_init(JamJip3Frames *self, gsize message_limit)
{
  *self = (JamJip3Frames){ .message_limit = message_limit };
}

static void
_free_content(JamJip3Frames *self)
{
  g_free(self->content);
  self->content = NULL;
  self->capacity = 0;
}

void
jam_jip3_frames_clear(JamJip3Frames *self)
{
  _free_content(self);
}

/* Returns FALSE if the length is not whole yet. */
static gboolean
_take_header(JamJip3Frames *self, JamJip3Cursor *input)
{
  while (self->n_header < sizeof(self->header))
    {
      const guint8 *byte = jam_jip3_cursor_take(input, 1);

      if (!byte)
        return FALSE;
      self->header[self->n_header++] = *byte;
    }
  self->length = jam_jip3_u32(self->header);
  return TRUE;
}

static gboolean
_is_too_long(const JamJip3Frames *self)
{
  return self->length > (self->had_first ? JAM_JIP3_MAX_FRAME : JAM_JIP3_MAX_FIRST_FRAME);
}

static void
_keep(JamJip3Frames *self, const guint8 *bytes, gsize n_bytes)
{
  gsize wanted = self->n_content + n_bytes;

  if (wanted > self->capacity)
    {
      gsize doubled = MIN(MAX(2 * self->capacity, MINIMUM_CAPACITY), MAX(self->length, MINIMUM_CAPACITY));

      self->capacity = MAX(wanted, doubled);
      self->content = g_realloc(self->content, self->capacity);
    }
  if (n_bytes > 0)
    memcpy(self->content + self->n_content, bytes, n_bytes);
}

static JamJip3FrameResult
_end_frame(JamJip3Frames *self, JamJip3FrameResult result)
{
  self->had_first = TRUE;
  self->n_header = 0;
  self->n_content = 0;
  return result;
}

/* Takes the bytes of the content that have arrived. */
static JamJip3FrameResult
_take_content(JamJip3Frames *self, JamJip3Cursor *input, JamJip3Cursor *content)
{
  gboolean is_kept = self->length <= self->message_limit;
  gsize n_bytes = MIN(self->length - self->n_content, jam_jip3_cursor_left(input));
  const guint8 *bytes = jam_jip3_cursor_take(input, n_bytes);
  gboolean is_in_pieces = n_bytes < self->length;

  if (is_in_pieces && is_kept)
    _keep(self, bytes, n_bytes);
  self->n_content += n_bytes;
  if (self->n_content < self->length)
    return JAM_JIP3_FRAME_NONE;
  if (!is_kept)
    return _end_frame(self, JAM_JIP3_FRAME_SKIPPED);
  content->pos = is_in_pieces ? self->content : bytes;
  content->end = content->pos + self->length;
  return _end_frame(self, JAM_JIP3_FRAME_CONTENT);
}

JamJip3FrameResult
jam_jip3_frames_next(JamJip3Frames *self, JamJip3Cursor *input, JamJip3Cursor *content)
{
  /* that of the frame before */
  if (self->n_content == 0 && self->capacity > KEPT_CAPACITY)
    _free_content(self);
  if (!_take_header(self, input))
    return JAM_JIP3_FRAME_NONE;
  if (_is_too_long(self))
    return JAM_JIP3_FRAME_TOO_LONG;
  return _take_content(self, input, content);
}
