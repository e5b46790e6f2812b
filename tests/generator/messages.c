/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "messages.h"
#include "jam-json.h"
#include "jam-wire.h"
#include "json-text.h"
#include "timestamp.h"

typedef void (*MessagePart)(Buffer *buffer, const Network *network, gconstpointer object);

typedef struct _MessageForm
{
  guint type;
  gboolean tells_elapsed;
  MessagePart payload;  /* adds the member json_encoded */
  MessagePart metadata; /* adds the text of metadata; NULL for none */
  MessagePart codec;    /* adds the binary form; NULL for none */
} MessageForm;

static void
_block_payload(Buffer *text, const Network *network, gconstpointer object G_GNUC_UNUSED)
{
  jam_json_block(text, "json_encoded", &network->block, &network->config.protocol);
}

static void
_block_codec(Buffer *codec, const Network *network, gconstpointer object G_GNUC_UNUSED)
{
  jam_wire_block(codec, &network->block, network->config.protocol.gray_paper);
}

static void
_statistics_payload(Buffer *text, const Network *network, gconstpointer object G_GNUC_UNUSED)
{
  const NetworkConfig *config = &network->config;

  json_text_open_object(text, "json_encoded");
  jam_json_validator_statistics(text, network->validators, config->validators, &config->protocol);
  jam_json_core_statistics(text, "cores", network->cores, config->cores, &config->protocol);
  jam_json_service_statistics(text, "services", network->services, config->services, &config->protocol);
  json_text_close_object(text);
}

static void
_statistics_codec(Buffer *codec, const Network *network, gconstpointer object G_GNUC_UNUSED)
{
  const NetworkConfig *config = &network->config;
  GrayPaper gray_paper = config->protocol.gray_paper;

  jam_wire_validator_statistics(codec, network->validators, config->validators);
  jam_wire_core_statistics(codec, network->cores, config->cores, gray_paper);
  jam_wire_service_statistics(codec, network->services, config->services, gray_paper);
}

static void
_preimage_payload(Buffer *text, const Network *network G_GNUC_UNUSED, gconstpointer object)
{
  jam_json_preimage(text, "json_encoded", object);
}

static void
_preimage_metadata(Buffer *text, const Network *network G_GNUC_UNUSED, gconstpointer object)
{
  const Preimage *preimage = object;

  buffer_append_text(text, "blob_len=");
  buffer_append_number(text, preimage->blob_len);
  buffer_append_text(text, "|h=0x");
  buffer_append_hex(text, preimage->hash, HASH_LEN);
  buffer_append_text(text, "|s=");
  buffer_append_number(text, preimage->requester);
}

static void
_service_payload(Buffer *text, const Network *network, gconstpointer object)
{
  jam_json_service(text, "json_encoded", object, &network->config.protocol);
}

static void
_service_codec(Buffer *codec, const Network *network, gconstpointer object)
{
  jam_wire_service(codec, object, network->config.protocol.gray_paper);
}

static void
_assurance_payload(Buffer *text, const Network *network G_GNUC_UNUSED, gconstpointer object)
{
  jam_json_assurance(text, "json_encoded", object);
}

static void
_assurance_codec(Buffer *codec, const Network *network G_GNUC_UNUSED, gconstpointer object)
{
  jam_wire_assurance(codec, object);
}

static void
_ticket_payload(Buffer *text, const Network *network G_GNUC_UNUSED, gconstpointer object)
{
  jam_json_ticket(text, "json_encoded", object);
}

static void
_ticket_codec(Buffer *codec, const Network *network G_GNUC_UNUSED, gconstpointer object)
{
  jam_wire_ticket(codec, object);
}

static void
_work_package_payload(Buffer *text, const Network *network, gconstpointer object)
{
  jam_json_bundle(text, "json_encoded", object, &network->config.protocol);
}

static void
_work_package_codec(Buffer *codec, const Network *network G_GNUC_UNUSED, gconstpointer object)
{
  const WorkPackage *package = object;

  buffer_append(codec, package->bundle.data, package->bundle.len);
}

static void
_segments_payload(Buffer *text, const Network *network G_GNUC_UNUSED, gconstpointer object)
{
  jam_json_segments(text, "json_encoded", object);
}

static void
_segments_metadata(Buffer *text, const Network *network G_GNUC_UNUSED, gconstpointer object)
{
  const WorkPackage *package = object;

  buffer_append_text(text, "wph=0x");
  buffer_append_hex(text, package->hash, HASH_LEN);
  buffer_append_text(text, "|c=");
  buffer_append_number(text, package->core);
  buffer_append_text(text, "|len=");
  buffer_append_number(text, package->n_exports);
}

static void
_segments_codec(Buffer *codec, const Network *network G_GNUC_UNUSED, gconstpointer object)
{
  jam_wire_segments(codec, object);
}

static void
_work_report_payload(Buffer *text, const Network *network, gconstpointer object)
{
  jam_json_report(text, "json_encoded", object, &network->config.protocol);
}

static void
_work_report_metadata(Buffer *text, const Network *network G_GNUC_UNUSED, gconstpointer object)
{
  const WorkReport *report = object;

  buffer_append_text(text, "role=Guarantor|numSig=");
  buffer_append_number(text, report->n_signatures);
}

static void
_work_report_codec(Buffer *codec, const Network *network, gconstpointer object)
{
  jam_wire_report(codec, object, network->config.protocol.gray_paper);
}

static const MessageForm forms[MESSAGE_KINDS] = {
  [MESSAGE_BLOCK] = { 128, TRUE, _block_payload, NULL, _block_codec },
  [MESSAGE_STATISTICS] = { 13, FALSE, _statistics_payload, NULL, _statistics_codec },
  [MESSAGE_PREIMAGE] = { 142, FALSE, _preimage_payload, _preimage_metadata, NULL },
  [MESSAGE_SERVICE] = { 143, FALSE, _service_payload, NULL, _service_codec },
  [MESSAGE_ASSURANCE] = { 141, TRUE, _assurance_payload, NULL, _assurance_codec },
  [MESSAGE_TICKET] = { 131, TRUE, _ticket_payload, NULL, _ticket_codec },
  [MESSAGE_WORK_PACKAGE] = { 133, FALSE, _work_package_payload, NULL, _work_package_codec },
  [MESSAGE_SEGMENTS] = { 135, FALSE, _segments_payload, _segments_metadata, _segments_codec },
  [MESSAGE_WORK_REPORT] = { 255, TRUE, _work_report_payload, _work_report_metadata, _work_report_codec },
};

guint
message_kind_get_type(MessageKind kind)
{
  return forms[kind].type;
}

gboolean
message_kind_from_type(guint64 type, MessageKind *kind)
{
  for (guint i = 0; i < MESSAGE_KINDS; i++)
    {
      if (forms[i].type != type)
        continue;

      *kind = i;
      return TRUE;
    }
  return FALSE;
}

static void
_write_time(Buffer *text, gint64 time_ns)
{
  json_text_open_string(text, "time");
  timestamp_append_go(text, time_ns);
  json_text_close_string(text);
}

/* The senders write the number as a string. */
static void
_write_type(Buffer *text, guint type)
{
  json_text_open_string(text, "msg_type");
  buffer_append_number(text, type);
  json_text_close_string(text);
}

static void
_write_metadata(Buffer *text, MessagePart metadata, const Network *network, gconstpointer object)
{
  json_text_open_string(text, "metadata");
  metadata(text, network, object);
  json_text_close_string(text);
}

static void
_write_codec(Buffer *text, Buffer *codec, MessagePart part, const Network *network, gconstpointer object)
{
  buffer_reset(codec);
  part(codec, network, object);
  json_text_hex(text, "codec_encoded", codec->data, codec->len);
}

void
message_write(Buffer *text, Buffer *codec, MessageKind kind, const MessageStamp *stamp, const gchar *team,
              const Network *network, gconstpointer object)
{
  const MessageForm *form = &forms[kind];

  buffer_reset(text);
  json_text_open_object(text, NULL);
  _write_time(text, stamp->time_ns);
  if (team)
    json_text_string(text, "team", team);
  json_text_hex(text, "sender_id", network->validators[stamp->sender].ed25519, HASH_LEN);
  _write_type(text, form->type);
  form->payload(text, network, object);
  if (form->metadata)
    _write_metadata(text, form->metadata, network, object);
  if (form->tells_elapsed)
    json_text_number(text, "elapsed", stamp->elapsed);
  if (form->codec)
    _write_codec(text, codec, form->codec, network, object);
  json_text_close_object(text);
}
