/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_JIP3_FRAMES_H_INCLUDED
#define JAM_JIP3_FRAMES_H_INCLUDED

#include "core/jip3/cursor.h"

/* Framing: a u32 content length and the content. The bytes of a connection may be
 * given in any pieces. */

/* A connection with a longer frame is not JIP-3. */
#define JAM_JIP3_MAX_FIRST_FRAME (64u * 1024)
#define JAM_JIP3_MAX_FRAME (16u * 1024 * 1024)

typedef enum
{
  /* all bytes were taken, and no frame ends with them */
  JAM_JIP3_FRAME_NONE,
  JAM_JIP3_FRAME_CONTENT,
  /* the frame was longer than the message limit; its content is not kept */
  JAM_JIP3_FRAME_SKIPPED,
  /* the frame that begins is longer than any of JIP-3; it stays so */
  JAM_JIP3_FRAME_TOO_LONG,
} JamJip3FrameResult;

typedef struct _JamJip3Frames
{
  /* longest content that is kept, in bytes */
  gsize message_limit;
  gboolean had_first;
  /* the length's bytes so far, and the length */
  guint8 header[4];
  guint n_header;
  guint32 length;
  /* the content so far */
  guint32 n_content;
  guint8 *content;
  gsize capacity;
} JamJip3Frames;

void jam_jip3_frames_init(JamJip3Frames *self, gsize message_limit);
void jam_jip3_frames_clear(JamJip3Frames *self);

/* Takes the bytes of @input up to the end of the next frame, and stores its content,
 * which is valid until the next call: it is in @input's bytes if they have all of it.
 * The memory of a frame in pieces grows with the bytes that have arrived, not with the
 * length that the frame claims. */
JamJip3FrameResult jam_jip3_frames_next(JamJip3Frames *self, JamJip3Cursor *input, JamJip3Cursor *content);

#endif
