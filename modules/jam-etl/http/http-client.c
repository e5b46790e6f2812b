/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "http/http-client.h"

void
jam_http_call_init(JamHttpCall *self, const gchar *method, const gchar *url)
{
  *self = (JamHttpCall){ .method = method, .url = url, .answer = g_string_new(NULL) };
}

void
jam_http_call_clear(JamHttpCall *self)
{
  g_string_free(self->answer, TRUE);
}

void
jam_http_call_reset(JamHttpCall *self)
{
  self->status = 0;
  self->retry_after = 0;
  self->error[0] = '\0';
  g_string_truncate(self->answer, 0);
}
