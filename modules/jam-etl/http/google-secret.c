/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "http/google-secret.h"

#include <openssl/crypto.h>
#include <string.h>

void
jam_google_secret_free_sized(gchar *bytes, gsize size)
{
  if (!bytes)
    return;
  OPENSSL_cleanse(bytes, size);
  g_free(bytes);
}

void
jam_google_secret_free(gchar *text)
{
  if (text)
    jam_google_secret_free_sized(text, strlen(text));
}

static gchar *
_append_escaped(gchar *out, guchar c)
{
  static const gchar digits[] = "0123456789ABCDEF";

  if (g_ascii_isalnum(c) || strchr("-._~", c))
    {
      *out++ = c;
      return out;
    }
  *out++ = '%';
  *out++ = digits[c >> 4];
  *out++ = digits[c & 15];
  return out;
}

/* g_uri_escape_string() leaves copies behind as its buffer grows. */
gchar *
jam_google_secret_escape(const gchar *text)
{
  gchar *escaped = g_malloc(3 * strlen(text) + 1);
  gchar *end = escaped;

  for (; *text; text++)
    end = _append_escaped(end, *text);
  *end = '\0';
  return escaped;
}
