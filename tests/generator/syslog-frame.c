/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "syslog-frame.h"
#include "timestamp.h"

#define FIRST_PID 1000

static void
_append_host(Buffer *self, guint node)
{
  buffer_append_text(self, " node");
  buffer_append_number(self, node);
}

static void
_append_rfc3164(Buffer *self, guint node, gint64 time_ns)
{
  buffer_append_text(self, "<14>");
  timestamp_append_rfc3164(self, time_ns);
  _append_host(self, node);
  buffer_append_text(self, " jamtart[");
  buffer_append_number(self, FIRST_PID + node);
  buffer_append_text(self, "]: ");
}

static void
_append_rfc5424(Buffer *self, guint node, gint64 time_ns)
{
  buffer_append_text(self, "<14>1 ");
  timestamp_append_rfc5424(self, time_ns);
  _append_host(self, node);
  buffer_append_text(self, " jamtart ");
  buffer_append_number(self, FIRST_PID + node);
  buffer_append_text(self, " - - ");
}

static void
_write_header(Buffer *self, SyslogFormat format, guint node, gint64 time_ns)
{
  buffer_reset(self);
  if (format == SYSLOG_FORMAT_RFC3164)
    _append_rfc3164(self, node, time_ns);
  else if (format == SYSLOG_FORMAT_RFC5424)
    _append_rfc5424(self, node, time_ns);
}

void
syslog_frame_write_head(Buffer *head, Buffer *scratch, SyslogFormat format, SyslogFraming framing, guint node,
                        gint64 time_ns, gsize message_len)
{
  if (framing == SYSLOG_FRAMING_NEWLINE)
    {
      _write_header(head, format, node, time_ns);
      return;
    }

  _write_header(scratch, format, node, time_ns);
  buffer_reset(head);
  buffer_append_number(head, scratch->len + message_len);
  buffer_append_byte(head, ' ');
  buffer_append(head, scratch->data, scratch->len);
}
