/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_HTTP_CLIENT_H_INCLUDED
#define JAM_HTTP_CLIENT_H_INCLUDED

#include <glib.h>

/* HTTP requests in parallel. */

typedef struct _JamHttpCall
{
  /* the request; what it points to is the caller's */
  const gchar *method;
  const gchar *url;
  /* header values; NULL sends none */
  const gchar *authorization;
  const gchar *content_type;
  gboolean is_gzip;
  const gchar *body;
  gsize length;

  /* the answer; a status of 0 means that there is none, and error says why */
  glong status;
  GString *answer;
  /* seconds, 0 if the server names none */
  guint retry_after;
  gchar error[256];
} JamHttpCall;

/* Makes a call without an answer of zeros and the strings given, which may be NULL. */
void jam_http_call_init(JamHttpCall *self, const gchar *method, const gchar *url);

/* Frees the answer. */
void jam_http_call_clear(JamHttpCall *self);

/* Makes it ready to be performed again. */
void jam_http_call_reset(JamHttpCall *self);

typedef struct _JamHttpClient JamHttpClient;

/* Belongs to one thread. */
struct _JamHttpClient
{
  void (*perform)(JamHttpClient *self, JamHttpCall **calls, gsize n);
  gint64 (*get_time)(JamHttpClient *self);
  gboolean (*wait)(JamHttpClient *self, gint64 us);
  gboolean (*is_stopping)(JamHttpClient *self);
  gchar *(*find_file_faults)(JamHttpClient *self);
  void (*free_fn)(JamHttpClient *self);
};

/* Performs the @n @calls in parallel and fills in their answers. Once the
 * program stops, there are some seconds for all that is still to be done; what takes
 * longer gets none. */
static inline void
jam_http_client_perform(JamHttpClient *self, JamHttpCall **calls, gsize n)
{
  self->perform(self, calls, n);
}

/* Returns microseconds of a clock that only goes forward. */
static inline gint64
jam_http_client_get_time(JamHttpClient *self)
{
  return self->get_time(self);
}

/* Waits @us microseconds. Returns FALSE, at once, if the program stops. */
static inline gboolean
jam_http_client_wait(JamHttpClient *self, gint64 us)
{
  return self->wait(self, us);
}

/* Returns TRUE if the program stops, or reads its configuration again. */
static inline gboolean
jam_http_client_is_stopping(JamHttpClient *self)
{
  return self->is_stopping(self);
}

/* Looks for the files that connections need. Returns what is wrong with them, or NULL;
 * the caller frees it. */
static inline gchar *
jam_http_client_find_file_faults(JamHttpClient *self)
{
  return self->find_file_faults(self);
}

static inline void
jam_http_client_free(JamHttpClient *self)
{
  self->free_fn(self);
}

#endif
