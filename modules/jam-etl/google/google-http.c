/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "google/google-http.h"
#include "http/google-secret.h"

#include <string.h>

/* taken at once, so that growing leaves no copies behind */
#define MAX_BODY_BYTES (64 * 1024)

gboolean
jam_google_http_response_append(JamGoogleHttpResponse *self, const gchar *bytes, gsize length)
{
  if (length > MAX_BODY_BYTES - self->length)
    return FALSE;
  if (!self->body)
    self->body = g_malloc(MAX_BODY_BYTES);
  memcpy(self->body + self->length, bytes, length);
  self->length += length;
  return TRUE;
}

void
jam_google_http_response_clear(JamGoogleHttpResponse *self)
{
  jam_google_secret_free_sized(self->body, self->length);
  *self = (JamGoogleHttpResponse){ 0 };
}
