/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/bytes/integer.h"

#include <string.h>

#define MAX_INT64_DIGITS "9223372036854775807"
#define MIN_INT64_DIGITS "9223372036854775808"
#define N_INT64_DIGITS (sizeof(MAX_INT64_DIGITS) - 1)
#define MAX_UINT64_DIGITS "18446744073709551615"
#define N_UINT64_DIGITS (sizeof(MAX_UINT64_DIGITS) - 1)

static gboolean
_all_digits(const gchar *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit(text[i]))
        return FALSE;
    }
  return length > 0;
}

gboolean
jam_integer_is_valid(const gchar *text, gsize length)
{
  gboolean negative = length > 0 && text[0] == '-';

  if (negative)
    {
      text++;
      length--;
    }
  if (!_all_digits(text, length) || (text[0] == '0' && length > 1))
    return FALSE;
  if (length != N_INT64_DIGITS)
    return length < N_INT64_DIGITS;
  return memcmp(text, negative ? MIN_INT64_DIGITS : MAX_INT64_DIGITS, length) <= 0;
}

gboolean
jam_integer_parse_uint64(const gchar *text, gsize length, guint64 *number)
{
  *number = 0;
  if (length == 2 && memcmp(text, "-0", 2) == 0)
    return TRUE;
  if (!_all_digits(text, length) || (text[0] == '0' && length > 1) || length > N_UINT64_DIGITS
      || (length == N_UINT64_DIGITS && memcmp(text, MAX_UINT64_DIGITS, length) > 0))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    *number = *number * 10 + (text[i] - '0');
  return TRUE;
}

gboolean
jam_integer_parse_uint32(const gchar *text, gsize length, guint32 *number)
{
  guint64 wide;

  if (!jam_integer_parse_uint64(text, length, &wide) || wide > G_MAXUINT32 || text[0] == '-')
    return FALSE;
  *number = wide;
  return TRUE;
}

gboolean
jam_integer_parse_digits(const gchar *text, gsize length, gint *number)
{
  gint64 value = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit(text[i]))
        return FALSE;
      value = MIN(value * 10 + (text[i] - '0'), (gint64) G_MAXINT + 1);
    }
  *number = MIN(value, G_MAXINT);
  return length > 0 && value <= G_MAXINT;
}
