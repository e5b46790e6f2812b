/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "timestamp.h"

#include <time.h>

static void
_break_down(gint64 time_ns, struct tm *parts)
{
  time_t seconds = time_ns / NS_PER_SECOND;

  gmtime_r(&seconds, parts);
}

static void
_append_clock(Buffer *self, const struct tm *parts)
{
  buffer_append_padded(self, parts->tm_hour, 2);
  buffer_append_byte(self, ':');
  buffer_append_padded(self, parts->tm_min, 2);
  buffer_append_byte(self, ':');
  buffer_append_padded(self, parts->tm_sec, 2);
}

static void
_append_date_time(Buffer *self, gint64 time_ns)
{
  struct tm parts;

  _break_down(time_ns, &parts);
  buffer_append_padded(self, parts.tm_year + 1900, 4);
  buffer_append_byte(self, '-');
  buffer_append_padded(self, parts.tm_mon + 1, 2);
  buffer_append_byte(self, '-');
  buffer_append_padded(self, parts.tm_mday, 2);
  buffer_append_byte(self, 'T');
  _append_clock(self, &parts);
}

void
timestamp_append_go(Buffer *self, gint64 time_ns)
{
  gint64 fraction = time_ns % NS_PER_SECOND;
  guint digits = 9;

  _append_date_time(self, time_ns);
  if (fraction != 0)
    {
      for (; fraction % 10 == 0; fraction /= 10)
        digits--;

      buffer_append_byte(self, '.');
      buffer_append_padded(self, fraction, digits);
    }
  buffer_append_byte(self, 'Z');
}

void
timestamp_append_rfc5424(Buffer *self, gint64 time_ns)
{
  _append_date_time(self, time_ns);
  buffer_append_byte(self, '.');
  buffer_append_padded(self, time_ns % NS_PER_SECOND / 1000, 6);
  buffer_append_byte(self, 'Z');
}

void
timestamp_append_rfc3164(Buffer *self, gint64 time_ns)
{
  static const gchar months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  struct tm parts;

  _break_down(time_ns, &parts);
  buffer_append(self, months + 3 * parts.tm_mon, 3);
  buffer_append_byte(self, ' ');
  if (parts.tm_mday < 10)
    buffer_append_byte(self, ' ');
  buffer_append_number(self, parts.tm_mday);
  buffer_append_byte(self, ' ');
  _append_clock(self, &parts);
}
