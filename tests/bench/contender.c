/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "contender.h"
#include "json-c.h"

#include "core/rows/row-encoder.h"

#include <json-glib/json-glib.h>
#include <xxhash.h>

/* Bytes to rows, appended to a buffer a table, as the sinks have them. */
typedef struct _Core
{
  JamMessage *message;
  JamRowEncoder *encoder;
  JamBuffer rows[JAM_N_TABLES];
  gsize batch_bytes;
} Core;

static gpointer
_start_core(JamDialect dialect)
{
  Core *self = g_new0(Core, 1);

  self->message = jam_message_new();
  self->encoder = jam_row_encoder_new(dialect);
  return self;
}

static gpointer
_start_dune(void)
{
  return _start_core(JAM_DIALECT_DUNE);
}

static gpointer
_start_bigquery(void)
{
  return _start_core(JAM_DIALECT_BIGQUERY);
}

static void
_stop_core(gpointer s)
{
  Core *self = s;

  jam_message_free(self->message);
  jam_row_encoder_free(self->encoder);
  for (gint i = 0; i < JAM_N_TABLES; i++)
    jam_buffer_clear(&self->rows[i]);
  g_free(self);
}

static void
_start_batch_if_full(Core *self)
{
  if (self->batch_bytes < CONTENDER_BATCH_BYTES)
    return;
  self->batch_bytes = 0;
  for (gint i = 0; i < JAM_N_TABLES; i++)
    self->rows[i].length = 0;
}

static void
_read(Core *self, const BenchMessage *message)
{
  JamReject reject;

  if (!jam_message_read(self->message, message->text, message->length, NULL, &reject))
    g_error("%s: %.*s", reject.text, (gint) message->length, message->text);
}

static gsize
_encode(Core *self, gint table)
{
  JamBuffer *out = &self->rows[table];
  gsize start = out->length;
  JamReject reject;
  guint n_rows;

  if (!jam_row_encoder_encode(self->encoder, self->message, table, out, NULL, &n_rows, &reject))
    g_error("%s", reject.text);
  self->batch_bytes += out->length - start;
  return n_rows;
}

static gsize
_pass_core(gpointer s, const Traffic *traffic)
{
  Core *self = s;
  gsize n_rows = 0;

  for (gsize i = 0; i < traffic->n_messages; i++)
    {
      const JamMessageKind *kind = traffic->messages[i].kind;

      _read(self, &traffic->messages[i]);
      for (gsize j = 0; j < kind->n_tables; j++)
        n_rows += _encode(self, kind->tables[j]);
      _start_batch_if_full(self);
    }
  return n_rows;
}

/* The first half of the core's work: no rows. */
static gsize
_pass_read(gpointer s, const Traffic *traffic)
{
  for (gsize i = 0; i < traffic->n_messages; i++)
    _read(s, &traffic->messages[i]);
  return 0;
}

/* Room for a batch, and for a message beyond it. */
static gpointer
_start_copy(void)
{
  return g_new0(JamBuffer, 1);
}

static void
_stop_copy(gpointer s)
{
  jam_buffer_clear(s);
  g_free(s);
}

/* Message by message, one behind another until a batch is full: where the core
 * puts its rows. */
static gsize
_pass_memcpy(gpointer s, const Traffic *traffic)
{
  JamBuffer *out = s;

  for (gsize i = 0; i < traffic->n_messages; i++)
    {
      if (out->length >= CONTENDER_BATCH_BYTES)
        out->length = 0;
      jam_buffer_append(out, traffic->messages[i].text, traffic->messages[i].length);
    }
  return 0;
}

/* Each message over the one before it, so that the copies stay in the cache. */
static gsize
_pass_memcpy_cached(gpointer s, const Traffic *traffic)
{
  JamBuffer *out = s;

  for (gsize i = 0; i < traffic->n_messages; i++)
    {
      out->length = 0;
      jam_buffer_append(out, traffic->messages[i].text, traffic->messages[i].length);
    }
  return 0;
}

static gsize
_pass_memcpy_block(gpointer s, const Traffic *traffic)
{
  JamBuffer *out = s;

  out->length = 0;
  jam_buffer_append(out, traffic->block, traffic->n_bytes);
  return 0;
}

static gpointer
_start_hash(void)
{
  return g_new0(XXH128_hash_t, 1);
}

static gsize
_pass_hash(gpointer s, const Traffic *traffic)
{
  XXH128_hash_t *hash = s;

  for (gsize i = 0; i < traffic->n_messages; i++)
    *hash = XXH3_128bits(traffic->messages[i].text, traffic->messages[i].length);
  return 0;
}

static gpointer
_start_json_glib(void)
{
  return json_parser_new();
}

static gsize
_pass_json_glib(gpointer s, const Traffic *traffic)
{
  for (gsize i = 0; i < traffic->n_messages; i++)
    {
      if (!json_parser_load_from_data(s, traffic->messages[i].text, traffic->messages[i].length, NULL))
        g_error("json-glib refused %.*s", (gint) traffic->messages[i].length, traffic->messages[i].text);
    }
  return 0;
}

static gpointer
_start_json_c(void)
{
  return json_c_new();
}

static gsize
_pass_json_c(gpointer s, const Traffic *traffic)
{
  for (gsize i = 0; i < traffic->n_messages; i++)
    {
      if (!json_c_parse(s, traffic->messages[i].text, traffic->messages[i].length))
        g_error("json-c refused %.*s", (gint) traffic->messages[i].length, traffic->messages[i].text);
    }
  return 0;
}

static void
_stop_json_c(gpointer s)
{
  json_c_free(s);
}

const Contender contenders[] = {
  { CONTENDER_DUNE, _start_dune, _pass_core, _stop_core },
  { CONTENDER_BIGQUERY, _start_bigquery, _pass_core, _stop_core },
  { "core-read", _start_dune, _pass_read, _stop_core },
  { CONTENDER_MEMCPY, _start_copy, _pass_memcpy, _stop_copy },
  { "memcpy-cached", _start_copy, _pass_memcpy_cached, _stop_copy },
  { "memcpy-block", _start_copy, _pass_memcpy_block, _stop_copy },
  { "xxh3-128", _start_hash, _pass_hash, g_free },
  { CONTENDER_JSON_GLIB, _start_json_glib, _pass_json_glib, g_object_unref },
  { "json-c", _start_json_c, _pass_json_c, _stop_json_c },
};

const gsize n_contenders = G_N_ELEMENTS(contenders);
