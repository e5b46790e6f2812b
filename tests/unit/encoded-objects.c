/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "encoded-objects.h"

#include <string.h>

/* bytes that no JSON speaks of */
#define FILLING 0x5A

void
encoded_append_bytes(GByteArray *bytes, gsize n, guint8 value)
{
  gsize at = bytes->len;

  g_byte_array_set_size(bytes, at + n);
  if (n > 0)
    memset(bytes->data + at, value, n);
}

void
encoded_append_natural(GByteArray *bytes, guint64 value, guint n_following)
{
  guint8 ones = n_following == 8 ? 0xFF : 0xFF << (8 - n_following);
  guint8 high = n_following == 8 ? 0 : value >> (8 * n_following);

  encoded_append_bytes(bytes, 1, ones | high);
  for (guint i = 0; i < n_following; i++)
    encoded_append_bytes(bytes, 1, value >> (8 * i));
}

/* Appends one of at most 16383. */
static void
_append_count(GByteArray *bytes, guint count)
{
  encoded_append_natural(bytes, count, count < 0x80 ? 0 : 1);
}

static void
_field_init(EncodedField *self, Random *random, const gchar *name, gsize n_bytes)
{
  *self = (EncodedField){ .name = name, .n_bytes = n_bytes };
  random_fill(random, (gchar *) self->bytes, n_bytes);
}

static void
_number_init(EncodedField *self, Random *random, const gchar *name, gsize n_bytes)
{
  _field_init(self, random, name, n_bytes);
  self->is_number = TRUE;
}

static void
_append_field(GByteArray *bytes, EncodedField *field)
{
  field->at = bytes->len;
  g_byte_array_append(bytes, field->bytes, field->n_bytes);
}

static void
_append_blob(GByteArray *bytes, EncodedField *field)
{
  _append_count(bytes, field->n_bytes);
  _append_field(bytes, field);
}

/* Digits are of either case, as senders write them. */
static void
_format_hex(GString *json, const EncodedField *field)
{
  g_string_append(json, "\"0x");
  for (gsize i = 0; i < field->n_bytes; i++)
    g_string_append_printf(json, field->bytes[0] & 1 ? "%02x" : "%02X", field->bytes[i]);
  g_string_append_c(json, '"');
}

static void
_format_number(GString *json, const EncodedField *field)
{
  guint64 number = 0;

  for (gsize i = 0; i < field->n_bytes; i++)
    number |= (guint64) field->bytes[i] << (8 * i);
  g_string_append_printf(json, field->bytes[0] & 1 ? "%" G_GUINT64_FORMAT : "\"%" G_GUINT64_FORMAT "\"", number);
}

static void
_format_field(GString *json, const EncodedField *field)
{
  g_string_append_printf(json, ",\"%s\":", field->name);
  if (field->json)
    g_string_append(json, field->json);
  else if (field->is_number)
    _format_number(json, field);
  else
    _format_hex(json, field);
}

void
encoded_header_init(EncodedHeader *self, Random *random)
{
  *self = (EncodedHeader){
    .n_validators = (gint) random_below(random, 8) - 1,
    .n_tickets = (gint) random_below(random, 5) - 1,
    .n_offenders = random_below(random, 3) * random_below(random, 70),
    .has_single_keys = random_below(random, 2),
  };
  _field_init(&self->fields[HEADER_PARENT], random, "parent", 32);
  _field_init(&self->fields[HEADER_PARENT_STATE_ROOT], random, "parent_state_root", 32);
  _field_init(&self->fields[HEADER_EXTRINSIC_HASH], random, "extrinsic_hash", 32);
  _number_init(&self->fields[HEADER_SLOT], random, "slot", 4);
  _number_init(&self->fields[HEADER_AUTHOR_INDEX], random, "author_index", 2);
  _field_init(&self->fields[HEADER_ENTROPY_SOURCE], random, "entropy_source", 96);
  _field_init(&self->fields[HEADER_SEAL], random, "seal", 96);
}

static void
_append_epoch_mark(GByteArray *bytes, const EncodedHeader *header, GrayPaper version)
{
  encoded_append_bytes(bytes, 1, header->n_validators >= 0);
  if (header->n_validators < 0)
    return;
  encoded_append_bytes(bytes, 32 + 32, FILLING);
  if (version == GRAY_PAPER_0_8)
    _append_count(bytes, header->n_validators);
  encoded_append_bytes(bytes, header->n_validators * (header->has_single_keys ? 32 : 64), FILLING);
}

static void
_append_tickets_mark(GByteArray *bytes, const EncodedHeader *header)
{
  encoded_append_bytes(bytes, 1, header->n_tickets >= 0);
  encoded_append_bytes(bytes, 33 * MAX(header->n_tickets, 0), FILLING);
}

static void
_append_offenders(GByteArray *bytes, const EncodedHeader *header)
{
  _append_count(bytes, header->n_offenders);
  encoded_append_bytes(bytes, 32 * header->n_offenders, FILLING);
}

GByteArray *
encoded_header_encode(EncodedHeader *self, GrayPaper version)
{
  GByteArray *bytes = g_byte_array_new();

  for (gint i = HEADER_PARENT; i <= HEADER_SLOT; i++)
    _append_field(bytes, &self->fields[i]);
  _append_epoch_mark(bytes, self, version);
  _append_tickets_mark(bytes, self);
  if (version == GRAY_PAPER_0_6)
    _append_offenders(bytes, self);
  _append_field(bytes, &self->fields[HEADER_AUTHOR_INDEX]);
  _append_field(bytes, &self->fields[HEADER_ENTROPY_SOURCE]);
  if (version != GRAY_PAPER_0_6)
    _append_offenders(bytes, self);
  _append_field(bytes, &self->fields[HEADER_SEAL]);
  return bytes;
}

static void
_format_array(GString *json, const gchar *name, guint n, const gchar *element)
{
  g_string_append_printf(json, ",\"%s\":[", name);
  for (guint i = 0; i < n; i++)
    g_string_append_printf(json, "%s%s", i > 0 ? "," : "", element);
  g_string_append_c(json, ']');
}

static void
_format_marks(GString *json, const EncodedHeader *header)
{
  if (header->n_validators >= 0)
    {
      g_string_append(json, ",\"epoch_mark\":{\"entropy\":\"0x\"");
      _format_array(json, "validators", header->n_validators,
                    header->has_single_keys ? "\"0x\"" : "{\"bandersnatch\":\"0x\",\"ed25519\":\"0x\"}");
      g_string_append_c(json, '}');
    }
  if (header->n_tickets >= 0)
    _format_array(json, "tickets_mark", header->n_tickets, "{\"id\":\"0x\",\"attempt\":0}");
  _format_array(json, "offenders_mark", header->n_offenders, "\"0x\"");
}

GString *
encoded_header_format(const EncodedHeader *self)
{
  GString *json = g_string_new("{\"time\":\"2025-06-01T00:00:00Z\",\"msg_type\":128,"
                               "\"json_encoded\":{\"extrinsic\":{},\"header\":{\"version\":0");

  for (gint i = 0; i < N_HEADER_FIELDS; i++)
    _format_field(json, &self->fields[i]);
  _format_marks(json, self);
  g_string_append(json, "}}}");
  return json;
}

void
encoded_package_init(EncodedPackage *self, Random *random, GrayPaper version)
{
  *self = (EncodedPackage){
    .n_prerequisites = random_below(random, 3),
    .n_items = random_below(random, 4),
    .n_payload = random_below(random, 200),
    .n_imports = random_below(random, 3),
    .n_extrinsics = random_below(random, 3),
    .has_newer_context = version == GRAY_PAPER_0_8,
  };
  _number_init(&self->fields[PACKAGE_HOST], random, "auth_code_host", 4);
  _field_init(&self->fields[PACKAGE_CODE_HASH], random, "auth_code_hash", 32);
  _field_init(&self->fields[PACKAGE_PARAMETERS], random, "authorizer_config", random_below(random, 40));
  _field_init(&self->fields[PACKAGE_AUTHORIZATION], random, "authorization", random_below(random, 40));
  _field_init(&self->fields[PACKAGE_ANCHOR], random, "anchor", 32);
  _number_init(&self->fields[PACKAGE_LOOKUP_ANCHOR_SLOT], random, "lookup_anchor_slot", 4);
}

static void
_append_context(GByteArray *bytes, EncodedPackage *package, GrayPaper version)
{
  _append_field(bytes, &package->fields[PACKAGE_ANCHOR]);
  if (version == GRAY_PAPER_0_8)
    encoded_append_bytes(bytes, 4, FILLING);
  encoded_append_bytes(bytes, 3 * 32, FILLING);
  _append_field(bytes, &package->fields[PACKAGE_LOOKUP_ANCHOR_SLOT]);
  if (version == GRAY_PAPER_0_8)
    encoded_append_bytes(bytes, 32, FILLING);
  _append_count(bytes, package->n_prerequisites);
  encoded_append_bytes(bytes, 32 * package->n_prerequisites, FILLING);
}

static void
_append_item(GByteArray *bytes, const EncodedPackage *package, GrayPaper version)
{
  encoded_append_bytes(bytes, 4 + 32, FILLING);
  if (version != GRAY_PAPER_0_6)
    encoded_append_bytes(bytes, 8 + 8 + 2, FILLING);
  _append_count(bytes, package->n_payload);
  encoded_append_bytes(bytes, package->n_payload, FILLING);
  if (version == GRAY_PAPER_0_6)
    encoded_append_bytes(bytes, 8 + 8, FILLING);
  _append_count(bytes, package->n_imports);
  encoded_append_bytes(bytes, 34 * package->n_imports, FILLING);
  _append_count(bytes, package->n_extrinsics);
  encoded_append_bytes(bytes, 36 * package->n_extrinsics, FILLING);
  if (version == GRAY_PAPER_0_6)
    encoded_append_bytes(bytes, 2, FILLING);
}

GByteArray *
encoded_package_encode(EncodedPackage *self, GrayPaper version)
{
  GByteArray *bytes = g_byte_array_new();

  if (version == GRAY_PAPER_0_6)
    _append_blob(bytes, &self->fields[PACKAGE_AUTHORIZATION]);
  _append_field(bytes, &self->fields[PACKAGE_HOST]);
  _append_field(bytes, &self->fields[PACKAGE_CODE_HASH]);
  if (version == GRAY_PAPER_0_6)
    _append_blob(bytes, &self->fields[PACKAGE_PARAMETERS]);
  _append_context(bytes, self, version);
  if (version != GRAY_PAPER_0_6)
    {
      _append_blob(bytes, &self->fields[PACKAGE_AUTHORIZATION]);
      _append_blob(bytes, &self->fields[PACKAGE_PARAMETERS]);
    }
  _append_count(bytes, self->n_items);
  for (guint i = 0; i < self->n_items; i++)
    _append_item(bytes, self, version);
  return bytes;
}

GString *
encoded_package_format(const EncodedPackage *self)
{
  GString *json = g_string_new("{\"time\":\"2025-06-01T00:00:00Z\",\"msg_type\":133,"
                               "\"json_encoded\":{\"work_package\":{\"version\":0");

  for (gint i = PACKAGE_HOST; i <= PACKAGE_AUTHORIZATION; i++)
    _format_field(json, &self->fields[i]);
  g_string_append(json, ",\"context\":{\"state_root\":\"0x\"");
  for (gint i = PACKAGE_ANCHOR; i < N_PACKAGE_FIELDS; i++)
    _format_field(json, &self->fields[i]);
  if (self->has_newer_context)
    g_string_append(json, ",\"anchor_slot\":7,\"lookup_anchor_state_root\":\"0x\"");
  g_string_append(json, "}}}}");
  return json;
}
