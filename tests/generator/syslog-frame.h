/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_SYSLOG_FRAME_H_INCLUDED
#define JAMTART_GEN_SYSLOG_FRAME_H_INCLUDED

#include "buffer.h"

typedef enum
{
  SYSLOG_FORMAT_NONE, /* the bare message */
  SYSLOG_FORMAT_RFC3164,
  SYSLOG_FORMAT_RFC5424
} SyslogFormat;

typedef enum
{
  SYSLOG_FRAMING_NEWLINE,
  SYSLOG_FRAMING_OCTET_COUNTED /* RFC 6587 */
} SyslogFraming;

/* Puts what goes in front of a message of MESSAGE_LEN bytes into HEAD, in
 * place of what was there: the octet count if FRAMING wants it, and the
 * syslog header of NODE (its number) at TIME_NS since 1970. SCRATCH is
 * overwritten. With SYSLOG_FRAMING_NEWLINE the caller adds the line end. */
void syslog_frame_write_head(Buffer *head, Buffer *scratch, SyslogFormat format, SyslogFraming framing, guint node,
                             gint64 time_ns, gsize message_len);

#endif
