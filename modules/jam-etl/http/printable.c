/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "http/printable.h"

gchar *
jam_printable_new(const gchar *text, gsize max_bytes)
{
  gchar *printable = g_strndup(text, max_bytes);
  const gchar *end;

  g_utf8_validate(printable, -1, &end);
  printable[end - printable] = '\0';
  for (gchar *p = printable; *p; p++)
    {
      if (g_ascii_iscntrl(*p))
        *p = ' ';
    }
  return printable;
}
