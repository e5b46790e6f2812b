/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-unmatched.h"
#include "driver/compat.h"
#include "driver/jam-etl-unmatched-reporter.h"

#include <iv.h>

#define TICK_SECONDS 5

/* Without a queue or a thread of its own: the sources' threads call _queue, the main
 * thread all else; the counter and the reporter are thread-safe. */
typedef struct _JamEtlUnmatched
{
  LogDestDriver super;

  guint stats_source;
  gchar *instance;
  gchar *counter_instance;
  StatsCounterItem *counter;
  JamEtlUnmatchedReporter reporter;
  struct iv_timer tick;
} JamEtlUnmatched;

static JamEtlCounter
_counter(const JamEtlUnmatched *self)
{
  return (JamEtlCounter){
    .stats_source = self->stats_source,
    .driver = &self->super.super,
    .instance = self->counter_instance,
    .name = "unmatched",
    .metric = "jam_etl_unmatched_messages_total",
  };
}

static void
_register_counter(JamEtlUnmatched *self)
{
  JamEtlCounter counter;

  self->counter_instance = g_strconcat("jam-etl,unmatched", self->instance ? "," : NULL, self->instance, NULL);
  counter = _counter(self);
  stats_lock();
  jam_etl_compat_register_counter(&counter, &self->counter);
  stats_unlock();
}

static void
_unregister_counter(JamEtlUnmatched *self)
{
  JamEtlCounter counter = _counter(self);

  stats_lock();
  jam_etl_compat_unregister_counter(&counter, &self->counter);
  stats_unlock();
  g_clear_pointer(&self->counter_instance, g_free);
}

static void
_start_tick(JamEtlUnmatched *self)
{
  iv_validate_now();
  self->tick.expires = iv_now;
  self->tick.expires.tv_sec += TICK_SECONDS;
  iv_timer_register(&self->tick);
}

static void
_tick(gpointer s)
{
  JamEtlUnmatched *self = s;

  jam_etl_unmatched_reporter_tick(&self->reporter);
  _start_tick(self);
}

static void
_queue(LogPipe *s, LogMessage *msg, const LogPathOptions *path_options)
{
  JamEtlUnmatched *self = (JamEtlUnmatched *) s;
  gssize program_length, peer_length;
  const gchar *program = log_msg_get_value(msg, LM_V_PROGRAM, &program_length);
  const gchar *peer = log_msg_get_value(msg, LM_V_HOST_FROM, &peer_length);

  stats_counter_inc(self->counter);
  jam_etl_unmatched_reporter_add(&self->reporter, program, program_length, peer, peer_length);
  /* acknowledges it: this is the end of the log path */
  log_dest_driver_queue_method(s, msg, path_options);
}

static gboolean
_init(LogPipe *s)
{
  JamEtlUnmatched *self = (JamEtlUnmatched *) s;

  if (!log_dest_driver_init_method(s))
    return FALSE;
  _register_counter(self);
  _start_tick(self);
  return TRUE;
}

static gboolean
_deinit(LogPipe *s)
{
  JamEtlUnmatched *self = (JamEtlUnmatched *) s;

  iv_timer_unregister(&self->tick);
  jam_etl_unmatched_reporter_flush(&self->reporter);
  _unregister_counter(self);
  return log_dest_driver_deinit_method(s);
}

static void
_free(LogPipe *s)
{
  JamEtlUnmatched *self = (JamEtlUnmatched *) s;

  g_free(self->instance);
  jam_etl_unmatched_reporter_clear(&self->reporter);
  log_dest_driver_free(s);
}

void
jam_etl_unmatched_set_instance(LogDriver *d, const gchar *instance)
{
  JamEtlUnmatched *self = (JamEtlUnmatched *) d;

  g_free(self->instance);
  self->instance = g_strdup(instance);
}

LogDriver *
jam_etl_unmatched_new(GlobalConfig *cfg)
{
  JamEtlUnmatched *self = g_new0(JamEtlUnmatched, 1);

  log_dest_driver_init_instance(&self->super, cfg);
  self->super.super.super.init = _init;
  self->super.super.super.deinit = _deinit;
  self->super.super.super.free_fn = _free;
  self->super.super.super.queue = _queue;

  self->stats_source = stats_register_type("jam-etl");
  jam_etl_unmatched_reporter_init(&self->reporter, &self->super.super);
  IV_TIMER_INIT(&self->tick);
  self->tick.cookie = self;
  self->tick.handler = _tick;
  return &self->super.super;
}
