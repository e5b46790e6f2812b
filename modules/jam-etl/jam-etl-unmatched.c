/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "jam-etl-unmatched.h"
#include "compat.h"
#include "jam-etl-unmatched-reporter.h"

#include <iv.h>

#define COUNTER_NAME "unmatched"
#define TICK_SECONDS 5

/* Without a queue or a thread of its own: the sources' threads call _queue, the main
 * thread all else, the counter and the reporter do with that. */
typedef struct _JamEtlUnmatched
{
  LogDestDriver super;

  guint stats_source;
  gchar *instance;
  StatsCounterItem *counter;
  JamEtlUnmatchedReporter reporter;
  struct iv_timer tick;
} JamEtlUnmatched;

static void
_set_counter_key(JamEtlUnmatched *self, StatsClusterKey *key)
{
  jam_etl_compat_set_counter_key(key, self->stats_source, &self->super.super, self->instance, COUNTER_NAME);
}

static void
_register_counter(JamEtlUnmatched *self)
{
  const gchar *name = self->super.super.super.persist_name;
  StatsClusterKey key;

  self->instance = g_strconcat("jam-etl,unmatched", name ? "," : NULL, name, NULL);
  _set_counter_key(self, &key);
  stats_lock();
  stats_register_counter(0, &key, SC_TYPE_SINGLE_VALUE, &self->counter);
  stats_unlock();
}

static void
_unregister_counter(JamEtlUnmatched *self)
{
  StatsClusterKey key;

  _set_counter_key(self, &key);
  stats_lock();
  stats_unregister_counter(&key, SC_TYPE_SINGLE_VALUE, &self->counter);
  stats_unlock();
  g_clear_pointer(&self->instance, g_free);
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

/* Nothing is kept under it: persist-name() only names the counter, and several
 * drivers may have the same. */
static const gchar *
_no_persist_name(const LogPipe *s)
{
  return NULL;
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
  /* acknowledges it: nothing is behind this driver */
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

  jam_etl_unmatched_reporter_clear(&self->reporter);
  log_dest_driver_free(s);
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
  self->super.super.super.generate_persist_name = _no_persist_name;

  self->stats_source = stats_register_type("jam-etl");
  jam_etl_unmatched_reporter_init(&self->reporter, &self->super.super);
  IV_TIMER_INIT(&self->tick);
  self->tick.cookie = self;
  self->tick.handler = _tick;
  return &self->super.super;
}
