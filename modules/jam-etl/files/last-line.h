/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_LAST_LINE_H_INCLUDED
#define JAM_LAST_LINE_H_INCLUDED

#include "core/json/json-text.h"
#include "files/file-operations.h"

typedef enum
{
  JAM_LAST_LINE_WHOLE,
  /* it had no end and has been given one */
  JAM_LAST_LINE_ENDED,
  /* it was part of a line and has been cut off */
  JAM_LAST_LINE_CUT,
  /* see errno */
  JAM_LAST_LINE_FAILED,
} JamLastLineResult;

/* Sees to it that the file of @size bytes behind @fd, open for reading and
 * appending, holds whole lines only.
 *
 * A crash in the middle of a write leaves part of a line, or zeros: its message
 * was not acknowledged and comes again, so it is cut off. Any other last line
 * without an end is somebody's edit, and is kept. */
JamLastLineResult jam_last_line_repair(const JamFileOperations *operations, gint fd, goffset size);

/* Returns TRUE if @line, a last line without an end, is part of a row or zeros. It is
 * not empty. */
gboolean jam_last_line_is_torn_row(const JamText *line);

#endif
