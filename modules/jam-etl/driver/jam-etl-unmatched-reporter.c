/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-unmatched-reporter.h"

#include "messages.h"

#include <string.h>

static void
_set_excerpt(JamEtlExcerpt *self, const gchar *text, gsize length)
{
  memcpy(self->bytes, text, MIN(length, sizeof(self->bytes)));
  self->length = length;
}

/* Escapes all but printable ASCII: a name that only looks like the expected one
 * shows its difference, and no byte has an effect on the log or a terminal. */
static gchar *
_format_excerpt(const JamEtlExcerpt *self)
{
  GString *text = g_string_new(NULL);

  for (gsize i = 0; i < MIN(self->length, sizeof(self->bytes)); i++)
    {
      gchar c = self->bytes[i];

      if (g_ascii_isprint(c) && c != '\\')
        g_string_append_c(text, c);
      else
        g_string_append_printf(text, "\\x%02x", (guchar) c);
    }
  if (self->length > sizeof(self->bytes))
    g_string_append(text, "...");
  return g_string_free(text, FALSE);
}

static void
_report(JamEtlUnmatchedReporter *self)
{
  gchar *program = _format_excerpt(&self->program);
  gchar *peer = _format_excerpt(&self->peer);

  msg_warning("jam-etl: messages with an unexpected program name are ignored, check program()",
              evt_tag_str("program", program), evt_tag_str("peer", peer),
              evt_tag_printf("count", "%" G_GUINT64_FORMAT, jam_etl_report_interval_restart(&self->interval)),
              evt_tag_str("driver", self->owner->id), log_pipe_location_tag(&self->owner->super));
  g_free(program);
  g_free(peer);
}

static void
_report_if_due(JamEtlUnmatchedReporter *self, gboolean is_final)
{
  if (jam_etl_report_interval_is_due(&self->interval, is_final))
    _report(self);
}

void
jam_etl_unmatched_reporter_init(JamEtlUnmatchedReporter *self, LogDriver *owner)
{
  self->owner = owner;
  g_mutex_init(&self->lock);
}

void
jam_etl_unmatched_reporter_clear(JamEtlUnmatchedReporter *self)
{
  g_mutex_clear(&self->lock);
}

void
jam_etl_unmatched_reporter_add(JamEtlUnmatchedReporter *self, const gchar *program, gsize program_length,
                               const gchar *peer, gsize peer_length)
{
  g_mutex_lock(&self->lock);
  self->interval.count++;
  _set_excerpt(&self->program, program, program_length);
  _set_excerpt(&self->peer, peer, peer_length);
  _report_if_due(self, FALSE);
  g_mutex_unlock(&self->lock);
}

void
jam_etl_unmatched_reporter_tick(JamEtlUnmatchedReporter *self)
{
  g_mutex_lock(&self->lock);
  _report_if_due(self, FALSE);
  g_mutex_unlock(&self->lock);
}

void
jam_etl_unmatched_reporter_flush(JamEtlUnmatchedReporter *self)
{
  g_mutex_lock(&self->lock);
  _report_if_due(self, TRUE);
  g_mutex_unlock(&self->lock);
}
