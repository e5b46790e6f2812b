/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_OUTPUT_H_INCLUDED
#define JAM_ETL_OUTPUT_H_INCLUDED

#include "driver/compat.h"
#include "template/templates.h"

#include "core/tables/reject.h"
#include "sinks/sink.h"

/* An output block of jam-etl(), such as jsonl(): its options, and the sinks of the
 * destination's workers. All functions run in the main thread, but for make_sink and
 * get_partition: those run in the workers' threads, and only read. */

typedef struct _JamEtlDriver JamEtlDriver;
typedef struct _JamEtlOutput JamEtlOutput;

struct _JamEtlOutput
{
  /* owns the output */
  JamEtlDriver *driver;

  /* Checks the options together, once all are set; the tables have their final names.
   * Returns FALSE and sets @error (domain JAM_ETL_DRIVER_ERROR). */
  gboolean (*check_options)(JamEtlOutput *self, GError **error);
  /* After that: returns the faults of the files that the options name, or NULL; the
   * caller frees it. */
  gchar *(*find_file_faults)(JamEtlOutput *self);
  /* Before the first worker, and after the last one. */
  void (*init)(JamEtlOutput *self);
  void (*deinit)(JamEtlOutput *self);
  /* Returns the sink of one worker; the caller frees it. */
  JamSink *(*make_sink)(JamEtlOutput *self);
  /* Returns the partition of @msg's rows, in the sink's terms, which lives as long as
   * @msg is handled; or NULL, with @reject filled in. */
  const gchar *(*get_partition)(JamEtlOutput *self, LogMessage *msg, LogTemplateEvalOptions *options,
                                JamReject *reject);
  /* Write a name for the remote side or the files, without the driver's own prefix. */
  void (*format_persist_name)(const JamEtlOutput *self, gchar *name, gsize size);
  void (*format_stats_instance)(const JamEtlOutput *self, gchar *name, gsize size);
  void (*free_fn)(JamEtlOutput *self);
};

#endif
