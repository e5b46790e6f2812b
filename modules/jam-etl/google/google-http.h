/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_GOOGLE_HTTP_H_INCLUDED
#define JAM_GOOGLE_HTTP_H_INCLUDED

#include <glib.h>

/* HTTP as far as getting tokens needs it. */

typedef struct _JamGoogleHttpRequest
{
  const gchar *url;
  /* "Name: value", or NULL */
  const gchar *header;
  /* an application/x-www-form-urlencoded body to POST, or NULL to GET */
  const gchar *form;
  gsize form_length;
  /* asks the host itself, whatever proxy there is */
  gboolean is_direct;
} JamGoogleHttpRequest;

/* Starts as { 0 }. */
typedef struct _JamGoogleHttpResponse
{
  guint status;
  gchar *body;
  gsize length;
} JamGoogleHttpResponse;

typedef struct _JamGoogleHttp JamGoogleHttp;

struct _JamGoogleHttp
{
  /* Returns TRUE if there is an answer, whatever its status: no redirection is
   * followed. Else returns FALSE and sets @error, JAM_GOOGLE_ERROR_TEMPORARY or
   * _STOPPED. The caller clears @response in both cases. Any thread may call it. */
  gboolean (*send)(JamGoogleHttp *self, const JamGoogleHttpRequest *request, JamGoogleHttpResponse *response,
                   GError **error);
};

static inline gboolean
jam_google_http_send(JamGoogleHttp *self, const JamGoogleHttpRequest *request, JamGoogleHttpResponse *response,
                     GError **error)
{
  return self->send(self, request, response, error);
}

/* Appends to the body. Returns FALSE if it grows over what any token needs. */
gboolean jam_google_http_response_append(JamGoogleHttpResponse *self, const gchar *bytes, gsize length);

/* Overwrites the body and frees it. */
void jam_google_http_response_clear(JamGoogleHttpResponse *self);

#endif
