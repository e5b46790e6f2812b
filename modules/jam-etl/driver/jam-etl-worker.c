/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-worker.h"
#include "driver/jam-etl-driver.h"

#include "messages.h"
#include "scratch-buffers.h"
#include "files/reject-log.h"

#include <iv.h>

/* a batch is also ended by rejected messages of this size */
#define MAX_REJECT_BATCH_BYTES (8 * 1024 * 1024)
/* and by messages of this size that must be kept until their rows are in */
#define MAX_KEPT_MESSAGES_BYTES (16 * 1024 * 1024)
#define TICK_SECONDS 5
/* between looks for a file that is missing */
#define LOOK_SECONDS 1
#define ERROR_INTERVAL_US (60 * (gint64) G_USEC_PER_SEC)

/* Owned by the worker's thread, but for new and free. */
typedef struct _JamEtlWorker
{
  LogThreadedDestWorker super;

  JamSink *sink;
  JamRejectLog *reject_log;
  JamMessage *message;
  /* the batch's LogMessages, as the sink counts them, if it may refuse single rows */
  GPtrArray *messages;
  gsize messages_bytes;
  /* rejected messages are reported once they are safe */
  GArray *rejects;
  /* messages of the batch that were written before */
  guint n_suppressed;
  /* an error is logged when it starts, when it is another one after a while, and when
   * it is over; NULL if all is well */
  gchar *last_error;
  gint64 last_error_time;
  struct iv_timer tick;
} JamEtlWorker;

static JamEtlDriver *
_driver(JamEtlWorker *self)
{
  return (JamEtlDriver *) self->super.owner;
}

static void
_start_batch(JamEtlWorker *self)
{
  jam_reject_log_finish(self->reject_log);
  g_array_set_size(self->rejects, 0);
  self->n_suppressed = 0;
  g_ptr_array_set_size(self->messages, 0);
  self->messages_bytes = 0;
}

static void
_drop_batch(JamEtlWorker *self)
{
  jam_sink_drop_batch(self->sink);
  _start_batch(self);
}

static void
_finish_batch(JamEtlWorker *self)
{
  jam_sink_finish_batch(self->sink);
  _start_batch(self);
}

/* Which of several files is full first may change from one time to the next. */
static gboolean
_is_known(const JamEtlWorker *self, const GError *error)
{
  return self->last_error
         && (strcmp(self->last_error, error->message) == 0
             || g_get_monotonic_time() - self->last_error_time < ERROR_INTERVAL_US);
}

static void
_report_unavailable(JamEtlWorker *self, const GError *error)
{
  JamEtlDriver *driver = _driver(self);

  if (g_error_matches(error, JAM_SINK_ERROR, JAM_SINK_ERROR_STOPPED) || _is_known(self, error))
    return;
  msg_error("jam-etl: cannot write, messages wait until it works again", evt_tag_str("error", error->message),
            evt_tag_long("time_reopen", driver->super.time_reopen), evt_tag_str("driver", driver->super.super.super.id),
            log_pipe_location_tag(&driver->super.super.super.super));
  g_free(self->last_error);
  self->last_error = g_strdup(error->message);
  self->last_error_time = g_get_monotonic_time();
}

/* The core tries again after time_reopen, which for a file is soon. */
static void
_report_failure(JamEtlWorker *self, const GError *error)
{
  JamEtlDriver *driver = _driver(self);
  gboolean is_file = g_error_matches(error, JAM_SINK_ERROR, JAM_SINK_ERROR_FILE);

  self->super.time_reopen = is_file ? LOOK_SECONDS : driver->super.time_reopen;
  if (is_file)
    jam_etl_file_reporter_note_missing(&driver->file_reporter, error->message);
  else
    _report_unavailable(self, error);
}

/* Only waiting loses nothing: the core keeps the messages and sends them again. */
static LogThreadedResult
_fail(JamEtlWorker *self, GError *error)
{
  _report_failure(self, error);
  g_error_free(error);
  _drop_batch(self);
  return LTR_NOT_CONNECTED;
}

static void
_note_success(JamEtlWorker *self)
{
  JamEtlDriver *driver = _driver(self);

  if (!self->last_error)
    return;
  msg_notice("jam-etl: writing works again", evt_tag_str("driver", driver->super.super.super.id),
             log_pipe_location_tag(&driver->super.super.super.super));
  g_clear_pointer(&self->last_error, g_free);
}

static LogTemplateEvalOptions
_eval_options(JamEtlWorker *self)
{
  return (LogTemplateEvalOptions){
    .opts = &_driver(self)->template_options,
    .tz = LTZ_LOCAL,
    .seq_num = self->super.seq_num,
    .context_id_type = LM_VT_STRING,
  };
}

static const gchar *
_format_received(JamEtlWorker *self, LogMessage *msg)
{
  LogTemplateEvalOptions options = _eval_options(self);
  GString *text = scratch_buffers_alloc();

  log_template_format(_driver(self)->received_template, msg, &options, text);
  return text->str;
}

static JamRejectOrigin
_get_origin(JamEtlWorker *self, LogMessage *msg)
{
  return (JamRejectOrigin){
    .received = _format_received(self, msg),
    .host = log_msg_get_value(msg, LM_V_HOST, NULL),
  };
}

static void
_reject(JamEtlWorker *self, LogMessage *msg, const JamReject *reject)
{
  gssize length;
  const gchar *text = log_msg_get_value(msg, LM_V_MESSAGE, &length);
  JamRejectOrigin origin = _get_origin(self, msg);

  jam_reject_log_add(self->reject_log, &origin, reject, text, length);
  g_array_append_val(self->rejects, *reject);
}

static void
_reject_rows(JamEtlWorker *self, const JamRowRejects *row_rejects)
{
  LogMessage *msg = g_ptr_array_index(self->messages, row_rejects->message);
  const JamReject *rejects = (const JamReject *) row_rejects->rejects->data;
  gssize length;
  const gchar *text = log_msg_get_value(msg, LM_V_MESSAGE, &length);
  JamRejectOrigin origin = _get_origin(self, msg);

  jam_reject_log_add_rows(self->reject_log, &origin, rejects, row_rejects->rejects->len, row_rejects->n_rows, text,
                          length);
  g_array_append_val(self->rejects, rejects[0]);
}

static void
_keep_message(JamEtlWorker *self, LogMessage *msg, gsize length)
{
  if (self->sink->commit_mode == JAM_SINK_ATOMIC)
    return;
  g_ptr_array_add(self->messages, log_msg_ref(msg));
  self->messages_bytes += length;
}

static JamSinkResult
_append(JamEtlWorker *self, LogMessage *msg, JamReject *reject, GError **error)
{
  JamEtlOutput *output = _driver(self)->output;
  LogTemplateEvalOptions options = _eval_options(self);
  const gchar *partition = output->get_partition(output, msg, &options, reject);

  return partition ? jam_sink_append(self->sink, self->message, partition, reject, error) : JAM_SINK_REJECTED;
}

static gboolean
_wants_flush(JamEtlWorker *self)
{
  return jam_sink_wants_commit(self->sink) || self->messages_bytes >= MAX_KEPT_MESSAGES_BYTES
         || jam_reject_log_batch_bytes(self->reject_log) >= MAX_REJECT_BATCH_BYTES;
}

static LogThreadedResult
_insert(LogThreadedDestWorker *s, LogMessage *msg)
{
  JamEtlWorker *self = (JamEtlWorker *) s;
  gssize length;
  const gchar *text = log_msg_get_value(msg, LM_V_MESSAGE, &length);
  JamSinkResult result = JAM_SINK_REJECTED;
  GError *error = NULL;
  JamReject reject;

  if (jam_message_read(self->message, text, length, jam_etl_team_file_get_map(&_driver(self)->team_file), &reject))
    result = _append(self, msg, &reject, &error);
  if (result == JAM_SINK_FAILED)
    return _fail(self, error);
  if (result == JAM_SINK_REJECTED)
    _reject(self, msg, &reject);
  else if (result == JAM_SINK_SUPPRESSED)
    self->n_suppressed++;
  else
    _keep_message(self, msg, length);
  if (_wants_flush(self))
    return log_threaded_dest_worker_flush(s, LTF_FLUSH_NORMAL);
  return LTR_QUEUED;
}

static void
_report_rejects(JamEtlWorker *self)
{
  JamEtlDriver *driver = _driver(self);
  guint counts[JAM_N_REJECT_REASONS] = { 0 };

  for (guint i = 0; i < self->rejects->len; i++)
    {
      const JamReject *reject = &g_array_index(self->rejects, JamReject, i);
      counts[reject->reason]++;
      jam_etl_reject_reporter_add(&driver->reject_reporter, reject, driver->reject_file);
    }
  jam_etl_stats_add_rejected(&driver->stats, counts);
}

/* Rejected messages are made safe first: they can be taken back if the rows that
 * belong to the same batch fail. */
static gboolean
_commit_rejects_first(JamEtlWorker *self, GError **error)
{
  if (!jam_reject_log_write(self->reject_log, error))
    return FALSE;
  if (jam_sink_commit(self->sink, error))
    return TRUE;
  jam_reject_log_take_back(self->reject_log);
  return FALSE;
}

/* What is rejected shows only when the rows are in; if it cannot be written then,
 * the sink knows which rows not to send again. */
static gboolean
_commit_rows_first(JamEtlWorker *self, GError **error)
{
  if (!jam_sink_commit(self->sink, error))
    return FALSE;
  for (guint i = 0; i < self->sink->row_rejects->len; i++)
    _reject_rows(self, &g_array_index(self->sink->row_rejects, JamRowRejects, i));
  return jam_reject_log_write(self->reject_log, error);
}

static gboolean
_commit(JamEtlWorker *self, GError **error)
{
  gboolean success = self->sink->commit_mode == JAM_SINK_PER_ROW ? _commit_rows_first(self, error)
                                                                 : _commit_rejects_first(self, error);

  if (!success)
    return FALSE;
  jam_etl_stats_add_rows(&_driver(self)->stats, self->sink->batch_rows);
  jam_etl_stats_add_suppressed(&_driver(self)->stats, self->n_suppressed);
  _report_rejects(self);
  return TRUE;
}

static LogThreadedResult
_flush(LogThreadedDestWorker *s, LogThreadedFlushMode mode)
{
  JamEtlWorker *self = (JamEtlWorker *) s;
  GError *error = NULL;

  if (s->batch_size == 0)
    return LTR_SUCCESS;
  if (mode == LTF_FLUSH_EXPEDITE)
    {
      _drop_batch(self);
      return LTR_RETRY;
    }
  if (!_commit(self, &error))
    return _fail(self, error);
  _note_success(self);
  _finish_batch(self);
  return LTR_SUCCESS;
}

static void
_start_tick(JamEtlWorker *self)
{
  gboolean must_look = jam_etl_team_file_is_missing(&_driver(self)->team_file);

  iv_validate_now();
  self->tick.expires = iv_now;
  self->tick.expires.tv_sec += must_look ? LOOK_SECONDS : TICK_SECONDS;
  iv_timer_register(&self->tick);
}

static void
_tick(gpointer s)
{
  JamEtlWorker *self = s;
  GlobalConfig *cfg = log_pipe_get_config(&self->super.owner->super.super.super);

  jam_sink_release_idle(self->sink, cfg->time_reap > 0 ? cfg->time_reap * G_USEC_PER_SEC : G_MAXINT64);
  jam_etl_reject_reporter_tick(&_driver(self)->reject_reporter);
  jam_etl_team_file_look(&_driver(self)->team_file);
  _start_tick(self);
}

static gboolean
_connect(LogThreadedDestWorker *s)
{
  JamEtlWorker *self = (JamEtlWorker *) s;
  GError *error = NULL;

  if (jam_sink_open(self->sink, &error))
    {
      jam_etl_file_reporter_note_in_use(&_driver(self)->file_reporter);
      return TRUE;
    }
  _report_failure(self, error);
  g_error_free(error);
  return FALSE;
}

static gboolean
_init(LogThreadedDestWorker *s)
{
  JamEtlWorker *self = (JamEtlWorker *) s;
  JamEtlDriver *driver = _driver(self);

  self->sink = driver->output->make_sink(driver->output);
  self->reject_log = jam_reject_log_new(driver->reject_file, &driver->file_opener.super);
  self->message = jam_message_new();
  self->messages = g_ptr_array_new_with_free_func((GDestroyNotify) log_msg_unref);
  self->rejects = g_array_new(FALSE, FALSE, sizeof(JamReject));
  IV_TIMER_INIT(&self->tick);
  self->tick.cookie = self;
  self->tick.handler = _tick;
  _start_tick(self);
  return log_threaded_dest_worker_init_method(s);
}

static void
_deinit(LogThreadedDestWorker *s)
{
  JamEtlWorker *self = (JamEtlWorker *) s;

  if (iv_timer_registered(&self->tick))
    iv_timer_unregister(&self->tick);
  jam_sink_free(self->sink);
  jam_reject_log_free(self->reject_log);
  jam_message_free(self->message);
  g_free(self->last_error);
  g_ptr_array_unref(self->messages);
  g_array_unref(self->rejects);
  log_threaded_dest_worker_deinit_method(s);
}

LogThreadedDestWorker *
jam_etl_worker_new(LogThreadedDestDriver *owner, gint worker_index)
{
  JamEtlWorker *self = g_new0(JamEtlWorker, 1);

  log_threaded_dest_worker_init_instance(&self->super, owner, worker_index);
  self->super.init = _init;
  self->super.deinit = _deinit;
  self->super.connect = _connect;
  self->super.insert = _insert;
  self->super.flush = _flush;
  return &self->super;
}
