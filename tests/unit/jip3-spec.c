/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "jip3-spec.h"
#include "encoded-objects.h"
#include "test-files.h"

#include <arpa/inet.h>
#include <string.h>

const gchar *const jip3_chain_columns[JIP3_N_CHAIN_COLUMNS] = {
  "block_slot",
  "header_hash",
  "core",
  "work_package_hash",
};

typedef struct _Encoder
{
  const Jip3Spec *spec;
  guint n_cores;
  Random *random;
  Jip3Sample *sample;
  guint depth;
} Encoder;

static void
_add_events(Jip3Spec *self, JsonObject *table)
{
  JsonArray *events = json_object_get_array_member(table, "events");

  for (guint i = 0; i < json_array_get_length(events); i++)
    {
      JsonObject *definition = json_array_get_object_element(events, i);
      Jip3SpecEvent event = {
        .type = json_object_get_int_member(definition, "type"),
        .name = json_object_get_string_member(definition, "name"),
        .table = table,
        .definition = definition,
      };

      g_array_append_val(self->events, event);
    }
}

Jip3Spec *
jip3_spec_new(void)
{
  Jip3Spec *self = g_new0(Jip3Spec, 1);
  JsonArray *tables;
  gchar *text;
  gsize length;

  g_assert(test_files_read("data", "jip3.json", &text, &length));
  self->parser = json_parser_new();
  g_assert(json_parser_load_from_data(self->parser, text, length, NULL));
  g_free(text);
  self->root = json_node_get_object(json_parser_get_root(self->parser));
  self->events = g_array_new(FALSE, FALSE, sizeof(Jip3SpecEvent));
  tables = json_object_get_array_member(self->root, "tables");
  for (guint i = 0; i < json_array_get_length(tables); i++)
    _add_events(self, json_array_get_object_element(tables, i));
  return self;
}

void
jip3_spec_free(Jip3Spec *self)
{
  g_array_free(self->events, TRUE);
  g_object_unref(self->parser);
  g_free(self);
}

const Jip3SpecEvent *
jip3_spec_event(const Jip3Spec *self, guint index)
{
  return &g_array_index(self->events, Jip3SpecEvent, index);
}

JsonArray *
jip3_spec_fields(const Jip3Spec *self, const Jip3SpecEvent *event, guint version)
{
  JsonObject *version_0 = json_object_get_object_member(self->root, "version_0");
  gchar type[4];

  g_snprintf(type, sizeof(type), "%d", event->type);
  if (version == 0 && json_object_has_member(version_0, type))
    return json_object_get_array_member(version_0, type);
  return json_object_get_array_member(event->definition, "fields");
}

gboolean
jip3_spec_has_reference(const Jip3Spec *self, const Jip3SpecEvent *event, guint version)
{
  JsonArray *fields = jip3_spec_fields(self, event, version);

  return json_array_get_length(fields) > 0 && g_str_equal(json_array_get_string_element(fields, 0), "ref_event_id:ref");
}

gboolean
jip3_spec_may_name(const Jip3SpecEvent *event, gint type)
{
  JsonArray *names = json_object_get_array_member(event->definition, "names");

  for (guint i = 0; i < json_array_get_length(names); i++)
    {
      if (json_array_get_int_element(names, i) == type)
        return TRUE;
    }
  return json_array_get_length(names) == 0;
}

gboolean
jip3_spec_is_from_chain(const Jip3SpecEvent *event, const gchar *column)
{
  JsonArray *columns = json_object_get_array_member(event->table, "from_chain");

  for (guint i = 0; i < json_array_get_length(columns); i++)
    {
      if (g_str_equal(json_array_get_string_element(columns, i), column))
        return TRUE;
    }
  return FALSE;
}

void
jip3_append_number(GByteArray *wire, guint64 value, gsize n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    encoded_append_bytes(wire, 1, value >> (8 * i));
}

void
jip3_append_frame(GByteArray *wire, const guint8 *content, gsize n_bytes)
{
  jip3_append_number(wire, n_bytes, 4);
  g_byte_array_append(wire, content, n_bytes);
}

void
jip3_format_time(GString *json, guint64 time)
{
  GDateTime *start = g_date_time_new_utc(2025, 1, 1, 12, 0, 0);
  GDateTime *seconds = g_date_time_new_from_unix_utc(g_date_time_to_unix(start) + time / 1000000);
  gchar *text = g_date_time_format(seconds, "%Y-%m-%dT%H:%M:%S");

  g_string_append_printf(json, "\"%s.%06dZ\"", text, (gint) (time % 1000000));
  g_free(text);
  g_date_time_unref(seconds);
  g_date_time_unref(start);
}

static void _encode_type(Encoder *self, const gchar *type);

static void
_encode_number(Encoder *self, gsize n_bytes)
{
  guint64 number = random_next(self->random) >> random_below(self->random, 64);
  guint64 all = n_bytes < 8 ? ((guint64) 1 << (8 * n_bytes)) - 1 : G_MAXUINT64;

  if (random_below(self->random, 10) == 0)
    number = G_MAXUINT64;
  jip3_append_number(self->sample->wire, number & all, n_bytes);
  g_string_append_printf(self->sample->json, "%" G_GUINT64_FORMAT, number & all);
}

static void
_encode_hex(Encoder *self, gsize n_bytes)
{
  g_string_append(self->sample->json, "\"0x");
  for (gsize i = 0; i < n_bytes; i++)
    {
      guint8 byte = random_next(self->random);

      encoded_append_bytes(self->sample->wire, 1, byte);
      g_string_append_printf(self->sample->json, "%02x", byte);
    }
  g_string_append_c(self->sample->json, '"');
}

static void
_encode_address(Encoder *self)
{
  static const guint8 mapped[12] = { [10] = 0xFF, [11] = 0xFF };
  guint16 port = random_next(self->random);
  gchar text[INET6_ADDRSTRLEN];
  guint8 ip[16];

  random_fill(self->random, (gchar *) ip, sizeof(ip));
  if (random_below(self->random, 2))
    memcpy(ip, mapped, sizeof(mapped));
  if (random_below(self->random, 3) == 0)
    memset(ip + random_below(self->random, 12), 0, 4);
  g_byte_array_append(self->sample->wire, ip, sizeof(ip));
  jip3_append_number(self->sample->wire, port, 2);
  g_assert(inet_ntop(AF_INET6, ip, text, sizeof(text)));
  g_string_append_printf(self->sample->json, "{\"ip\":\"%s\",\"port\":%u}", text, port);
}

/* as narrow as it can be, or wider */
static void
_encode_count(Encoder *self, guint count)
{
  guint n_following = count < 0x80 ? 0 : 1;

  if (random_below(self->random, 4) == 0)
    n_following += random_below(self->random, 8);
  encoded_append_natural(self->sample->wire, count, n_following);
}

static const struct
{
  const gchar *wire;
  const gchar *json;
} pieces[] = {
  { "a", "a" },
  { "of the", "of the" },
  { "\"", "\\\"" },
  { "\\", "\\\\" },
  { "\n", "\\n" },
  { "\x01", "\\u0001" },
  { "/", "/" },
  { "\xC3\xA9", "\xC3\xA9" },
  { "\xE2\x82\xAC", "\xE2\x82\xAC" },
  { "\xFF", "\xEF\xBF\xBD" },
  { "\xC3(", "\xEF\xBF\xBD(" },
};

static void
_encode_string(Encoder *self, guint max_length)
{
  GByteArray *bytes = g_byte_array_new();
  guint n_pieces = random_below(self->random, 3) == 0 ? random_below(self->random, max_length) : 5;

  g_string_append_c(self->sample->json, '"');
  for (guint i = 0; i < n_pieces; i++)
    {
      guint piece = random_below(self->random, G_N_ELEMENTS(pieces));

      g_byte_array_append(bytes, (const guint8 *) pieces[piece].wire, strlen(pieces[piece].wire));
      g_string_append(self->sample->json, pieces[piece].json);
    }
  g_string_append_c(self->sample->json, '"');
  _encode_count(self, bytes->len);
  g_byte_array_append(self->sample->wire, bytes->data, bytes->len);
  g_byte_array_unref(bytes);
}

static void
_encode_time(Encoder *self)
{
  guint64 time = random_next(self->random) % G_GUINT64_CONSTANT(7000000000000000);

  jip3_append_number(self->sample->wire, time, 8);
  jip3_format_time(self->sample->json, time);
}

static void
_encode_core_bytes(Encoder *self)
{
  for (guint i = 0; i < self->n_cores; i++)
    {
      guint8 byte = random_next(self->random);

      encoded_append_bytes(self->sample->wire, 1, byte);
      g_string_append_printf(self->sample->json, "%s%u", i > 0 ? "," : "[", byte);
    }
  g_string_append(self->sample->json, self->n_cores > 0 ? "]" : "[]");
}

static void
_encode_list(Encoder *self, const gchar *type)
{
  gchar *element = g_strndup(type + 1, strlen(type) - 2);
  guint count = random_below(self->random, 10) == 0 ? 130 : random_below(self->random, 4);

  _encode_count(self, count);
  g_string_append_c(self->sample->json, '[');
  for (guint i = 0; i < count; i++)
    {
      if (i > 0)
        g_string_append_c(self->sample->json, ',');
      self->depth++;
      _encode_type(self, element);
      self->depth--;
    }
  g_string_append_c(self->sample->json, ']');
  g_free(element);
}

static void
_encode_option(Encoder *self, const gchar *type)
{
  gboolean is_there = random_below(self->random, 2);

  encoded_append_bytes(self->sample->wire, 1, is_there);
  if (is_there)
    _encode_type(self, type);
  else
    g_string_append(self->sample->json, "null");
}

static void
_encode_boolean(Encoder *self)
{
  gboolean value = random_below(self->random, 2);

  encoded_append_bytes(self->sample->wire, 1, value);
  g_string_append(self->sample->json, value ? "true" : "false");
}

static void
_encode_enumeration(Encoder *self, JsonArray *words)
{
  guint index = random_below(self->random, json_array_get_length(words));

  encoded_append_bytes(self->sample->wire, 1, index);
  g_string_append_printf(self->sample->json, "\"%s\"", json_array_get_string_element(words, index));
}

static void _encode_fields(Encoder *self, JsonArray *fields);

static void
_encode_structure(Encoder *self, JsonArray *fields)
{
  g_string_append_c(self->sample->json, '{');
  self->depth++;
  _encode_fields(self, fields);
  self->depth--;
  g_string_append_c(self->sample->json, '}');
}

static gboolean
_encode_simple_type(Encoder *self, const gchar *type)
{
  if (g_str_equal(type, "bool"))
    _encode_boolean(self);
  else if (g_str_equal(type, "hash") || g_str_equal(type, "peer"))
    _encode_hex(self, 32);
  else if (g_str_equal(type, "addr"))
    _encode_address(self);
  else if (g_str_equal(type, "time"))
    _encode_time(self);
  else if (g_str_equal(type, "[u8;C]"))
    _encode_core_bytes(self);
  else if (g_str_equal(type, "[u8;ceil(C/8)]"))
    _encode_hex(self, (self->n_cores + 7) / 8);
  else if (type[0] == 'u' && g_ascii_isdigit(type[1]))
    _encode_number(self, atoi(type + 1) / 8);
  else if (g_str_has_prefix(type, "str") && g_ascii_isdigit(type[3]))
    _encode_string(self, atoi(type + 3));
  else
    return FALSE;
  return TRUE;
}

static void
_encode_type(Encoder *self, const gchar *type)
{
  JsonObject *structures = json_object_get_object_member(self->spec->root, "structures");
  JsonObject *enumerations = json_object_get_object_member(self->spec->root, "enumerations");

  if (_encode_simple_type(self, type))
    return;
  if (g_str_has_prefix(type, "option "))
    _encode_option(self, type + strlen("option "));
  else if (json_object_has_member(enumerations, type))
    _encode_enumeration(self, json_object_get_array_member(enumerations, type));
  else if (json_object_has_member(structures, type))
    _encode_structure(self, json_object_get_array_member(structures, type));
  else if (type[0] == '[')
    _encode_list(self, type);
  else
    g_error("%s is no type", type);
}

static void
_note_chain_column(Encoder *self, const gchar *name, const gchar *json)
{
  for (guint i = 0; i < JIP3_N_CHAIN_COLUMNS && self->depth == 0; i++)
    {
      if (g_str_equal(name, jip3_chain_columns[i]))
        self->sample->chain[i] = g_strdup(json);
    }
}

static void
_encode_field(Encoder *self, const gchar *field)
{
  gchar **parts = g_strsplit(field, ":", 2);
  GString *json = self->sample->json;

  if (!parts[1])
    {
      JsonObject *structures = json_object_get_object_member(self->spec->root, "structures");

      _encode_fields(self, json_object_get_array_member(structures, field));
    }
  else if (!g_str_equal(parts[1], "ref"))
    {
      gsize start;

      if (json->str[json->len - 1] != '{')
        g_string_append_c(json, ',');
      g_string_append_printf(json, "\"%s\":", parts[0]);
      start = json->len;
      _encode_type(self, parts[1]);
      _note_chain_column(self, parts[0], json->str + start);
    }
  g_strfreev(parts);
}

static void
_encode_fields(Encoder *self, JsonArray *fields)
{
  for (guint i = 0; i < json_array_get_length(fields); i++)
    _encode_field(self, json_array_get_string_element(fields, i));
}

void
jip3_sample_init(Jip3Sample *self, const Jip3Spec *spec, const Jip3SpecEvent *event, guint version, guint n_cores,
                 Random *random)
{
  Encoder encoder = { spec, n_cores, random, self, 0 };

  *self = (Jip3Sample){ .wire = g_byte_array_new(), .json = g_string_new("{") };
  _encode_fields(&encoder, jip3_spec_fields(spec, event, version));
  g_string_append_c(self->json, '}');
}

void
jip3_sample_clear(Jip3Sample *self)
{
  for (guint i = 0; i < JIP3_N_CHAIN_COLUMNS; i++)
    g_free(self->chain[i]);
  g_string_free(self->json, TRUE);
  g_byte_array_unref(self->wire);
}
