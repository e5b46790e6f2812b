/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "effort.h"
#include "encoded-objects.h"
#include "guarded.h"

#include "core/rows/gray-paper.h"
#include "core/bytes/hex.h"
#include "core/jamtart/message.h"

#include <criterion/criterion.h>

#define MAX_DIGITS (1024 * 1024)
#define N_OBJECTS 300

static Guarded input;
static JamMessage *message;
static JamBuffer scratch;
static Random random_state;

static void
_setup(void)
{
  guarded_init(&input, MAX_DIGITS);
  message = jam_message_new();
  random_state.state = 12;
}

static void
_teardown(void)
{
  jam_buffer_clear(&scratch);
  jam_message_free(message);
  guarded_clear(&input);
}

TestSuite(gray_paper, .init = _setup, .fini = _teardown);

/* Returns where the object ends that @digits start with, by the message @json. */
static gsize
_measure_digits(JamEncodedObject object, const GString *json, const gchar *digits, gsize n_digits)
{
  const JamJsonValue *fields[JAM_MAX_ENCODED_FIELDS];
  JamText text = { digits, n_digits };
  JamReject reject;

  cr_assert(jam_message_read(message, json->str, json->len, NULL, &reject), "%s", reject.text);
  for (gsize i = 0; jam_encoded_paths[object][i]; i++)
    fields[i] = &message->payload[jam_shape_get(message->kind->payload, jam_encoded_paths[object][i])->slot];
  return jam_gray_paper_measure(object, fields, &text, &scratch);
}

/* The same for bytes, the digits of which end right before an inaccessible page. */
static gsize
_measure(JamEncodedObject object, const GString *json, const guint8 *bytes, gsize n)
{
  gchar *digits = guarded_get(&input, 2 * n);

  jam_hex_encode(bytes, n, digits);
  return _measure_digits(object, json, digits, 2 * n);
}

static gsize
_measure_header(EncodedHeader *header, const GByteArray *bytes)
{
  GString *json = encoded_header_format(header);
  gsize length = _measure(JAM_ENCODED_HEADER, json, bytes->data, bytes->len);

  g_string_free(json, TRUE);
  return length;
}

static gsize
_measure_package(EncodedPackage *package, const GByteArray *bytes)
{
  GString *json = encoded_package_format(package);
  gsize length = _measure(JAM_ENCODED_WORK_PACKAGE, json, bytes->data, bytes->len);

  g_string_free(json, TRUE);
  return length;
}

/* @bytes must be one object, no byte more and none less. */
static void
_expect_exact(JamEncodedObject object, const GString *json, GByteArray *bytes, gsize step)
{
  gsize n = bytes->len;

  cr_assert_eq(_measure(object, json, bytes->data, n), n, "%s", json->str);
  for (gsize i = 0; i < n; i += step)
    cr_assert_eq(_measure(object, json, bytes->data, i), 0, "cut to %" G_GSIZE_FORMAT " bytes: %s", i, json->str);
  encoded_append_bytes(bytes, 3, 0xFF);
  cr_assert_eq(_measure(object, json, bytes->data, n + 3), n, "more bytes: %s", json->str);
}

Test(gray_paper, finds_the_end_of_a_header_of_each_version_and_none_if_it_is_cut_short)
{
  for (guint i = 0; i < 40; i++)
    {
      EncodedHeader header;
      GByteArray *bytes;
      GString *json;

      encoded_header_init(&header, &random_state);
      bytes = encoded_header_encode(&header, i % N_GRAY_PAPERS);
      json = encoded_header_format(&header);
      _expect_exact(JAM_ENCODED_HEADER, json, bytes, 1 + i % 7);
      g_string_free(json, TRUE);
      g_byte_array_unref(bytes);
    }
}

Test(gray_paper, finds_the_end_of_a_work_package_of_each_version_and_none_if_it_is_cut_short)
{
  for (guint i = 0; i < 40; i++)
    {
      EncodedPackage package;
      GByteArray *bytes;
      GString *json;

      encoded_package_init(&package, &random_state, i % N_GRAY_PAPERS);
      bytes = encoded_package_encode(&package, i % N_GRAY_PAPERS);
      json = encoded_package_format(&package);
      _expect_exact(JAM_ENCODED_WORK_PACKAGE, json, bytes, 1 + i % 7);
      g_string_free(json, TRUE);
      g_byte_array_unref(bytes);
    }
}

/* Changes one hex digit of the field; a blob without bytes has none. */
static gboolean
_change_digit(EncodedField *field, guint8 *bytes)
{
  if (field->n_bytes == 0)
    return FALSE;
  bytes[random_below(&random_state, field->n_bytes)] ^= (1 + random_below(&random_state, 15))
                                                        << (4 * random_below(&random_state, 2));
  return TRUE;
}

static void
_change_header_field(GrayPaper version, gint field)
{
  EncodedHeader header;
  GByteArray *bytes;

  encoded_header_init(&header, &random_state);
  bytes = encoded_header_encode(&header, version);
  cr_assert_eq(_measure_header(&header, bytes), bytes->len);
  _change_digit(&header.fields[field], bytes->data + header.fields[field].at);
  cr_assert_eq(_measure_header(&header, bytes), 0, "%s, version %d, in the bytes", header.fields[field].name, version);
  g_byte_array_unref(bytes);

  bytes = encoded_header_encode(&header, version);
  _change_digit(&header.fields[field], header.fields[field].bytes);
  cr_assert_eq(_measure_header(&header, bytes), 0, "%s, version %d, in the JSON", header.fields[field].name, version);
  g_byte_array_unref(bytes);
}

Test(gray_paper, one_changed_digit_in_a_header_field_fits_nothing)
{
  for (gint version = 0; version < N_GRAY_PAPERS; version++)
    {
      for (gint field = 0; field < N_HEADER_FIELDS; field++)
        {
          for (gint i = 0; i < test_effort(N_OBJECTS); i++)
            _change_header_field(version, field);
        }
    }
}

static void
_change_package_field(GrayPaper version, gint field)
{
  EncodedPackage package;
  GByteArray *bytes;

  encoded_package_init(&package, &random_state, version);
  bytes = encoded_package_encode(&package, version);
  cr_assert_eq(_measure_package(&package, bytes), bytes->len);
  if (_change_digit(&package.fields[field], bytes->data + package.fields[field].at))
    cr_assert_eq(_measure_package(&package, bytes), 0, "%s, version %d, in the bytes", package.fields[field].name,
                 version);
  g_byte_array_unref(bytes);

  bytes = encoded_package_encode(&package, version);
  if (_change_digit(&package.fields[field], package.fields[field].bytes))
    cr_assert_eq(_measure_package(&package, bytes), 0, "%s, version %d, in the JSON", package.fields[field].name,
                 version);
  g_byte_array_unref(bytes);
}

Test(gray_paper, one_changed_digit_in_a_work_package_field_fits_nothing)
{
  for (gint version = 0; version < N_GRAY_PAPERS; version++)
    {
      for (gint field = 0; field < N_PACKAGE_FIELDS; field++)
        {
          for (gint i = 0; i < test_effort(N_OBJECTS); i++)
            _change_package_field(version, field);
        }
    }
}

/* Sets the JSON's text of one field after the other, and expects the header to be found
 * or not. */
static void
_expect_header_with(const gchar *json, gboolean is_found)
{
  for (gint version = 0; version < N_GRAY_PAPERS; version++)
    {
      for (gint field = 0; field < N_HEADER_FIELDS; field++)
        {
          EncodedHeader header;
          GByteArray *bytes;

          encoded_header_init(&header, &random_state);
          header.fields[field].json = json;
          bytes = encoded_header_encode(&header, version);
          cr_expect_eq(_measure_header(&header, bytes), is_found ? bytes->len : 0, "%s: %s", header.fields[field].name,
                       json);
          g_byte_array_unref(bytes);
        }
    }
}

Test(gray_paper, a_value_that_the_json_lacks_is_not_compared)
{
  _expect_header_with("null", TRUE);
}

Test(gray_paper, a_value_of_another_type_fits_nothing)
{
  static const gchar *values[] = { "true", "{}", "[]", "1.5", "-1", "\"\"", "\"0x\"", "\"zz\"", "1e2" };

  for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
    _expect_header_with(values[i], FALSE);
}

Test(gray_paper, a_header_without_entropy_source_and_seal_is_not_proved)
{
  EncodedHeader header;
  GByteArray *bytes;

  encoded_header_init(&header, &random_state);
  header.fields[HEADER_ENTROPY_SOURCE].json = header.fields[HEADER_SEAL].json = "null";
  bytes = encoded_header_encode(&header, GRAY_PAPER_0_7);
  cr_expect_eq(_measure_header(&header, bytes), 0);
  header.fields[HEADER_SEAL].json = NULL;
  cr_expect_eq(_measure_header(&header, bytes), bytes->len);
  g_byte_array_unref(bytes);
}

Test(gray_paper, a_work_package_without_code_hash_and_anchor_is_not_proved)
{
  EncodedPackage package;
  GByteArray *bytes;

  encoded_package_init(&package, &random_state, GRAY_PAPER_0_7);
  package.fields[PACKAGE_CODE_HASH].json = package.fields[PACKAGE_ANCHOR].json = "null";
  bytes = encoded_package_encode(&package, GRAY_PAPER_0_7);
  cr_expect_eq(_measure_package(&package, bytes), 0);
  package.fields[PACKAGE_ANCHOR].json = NULL;
  cr_expect_eq(_measure_package(&package, bytes), bytes->len);
  g_byte_array_unref(bytes);
}

Test(gray_paper, a_mark_that_only_one_of_json_and_bytes_has_fits_nothing)
{
  for (guint i = 0; i < 30; i++)
    {
      EncodedHeader header;
      GByteArray *bytes;
      gint *mark = i % 2 ? &header.n_validators : &header.n_tickets;

      encoded_header_init(&header, &random_state);
      bytes = encoded_header_encode(&header, i % N_GRAY_PAPERS);
      *mark = *mark < 0 ? 0 : -1;
      cr_expect_eq(_measure_header(&header, bytes), 0);
      g_byte_array_unref(bytes);
    }
}

Test(gray_paper, a_mark_that_is_neither_there_nor_absent_fits_nothing)
{
  static const gsize places[] = { 100, 101 };
  EncodedHeader header;
  GByteArray *bytes;

  encoded_header_init(&header, &random_state);
  header.n_validators = header.n_tickets = -1;
  bytes = encoded_header_encode(&header, GRAY_PAPER_0_7);
  for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
    {
      bytes->data[places[i]] = 2;
      cr_expect_eq(_measure_header(&header, bytes), 0);
      bytes->data[places[i]] = 0;
    }
  cr_expect_eq(_measure_header(&header, bytes), bytes->len);
  g_byte_array_unref(bytes);
}

Test(gray_paper, another_number_of_entries_than_the_json_has_fits_nothing)
{
  for (guint i = 0; i < 60; i++)
    {
      EncodedHeader header;
      GByteArray *bytes;

      encoded_header_init(&header, &random_state);
      header.n_validators = header.n_tickets = 3;
      bytes = encoded_header_encode(&header, i % N_GRAY_PAPERS);
      switch (i / N_GRAY_PAPERS % 4)
        {
        case 0:
          header.n_validators += 1;
          break;
        case 1:
          header.n_tickets -= 1;
          break;
        case 2:
          header.n_offenders += 1;
          break;
        default:
          header.has_single_keys = !header.has_single_keys;
          break;
        }
      cr_expect_eq(_measure_header(&header, bytes), 0);
      g_byte_array_unref(bytes);
    }
}

/* All is zero, and whether a count of validators is there or not makes one byte of
 * difference. */
Test(gray_paper, two_layouts_that_end_at_different_bytes_are_no_answer)
{
  EncodedHeader header;
  GByteArray *bytes;

  encoded_header_init(&header, &random_state);
  for (gint i = 0; i < N_HEADER_FIELDS; i++)
    memset(header.fields[i].bytes, 0, sizeof(header.fields[i].bytes));
  header.n_validators = 0;
  header.n_tickets = -1;
  header.n_offenders = 0;
  bytes = encoded_header_encode(&header, GRAY_PAPER_0_7);
  cr_expect_eq(_measure_header(&header, bytes), bytes->len);
  encoded_append_bytes(bytes, 1, 0);
  cr_expect_eq(_measure_header(&header, bytes), 0);
  g_byte_array_unref(bytes);
}

/* The context tells whether a package is of version 0.8. */
Test(gray_paper, a_newer_context_is_looked_for_only_where_the_json_has_one)
{
  for (gint version = 0; version < N_GRAY_PAPERS; version++)
    {
      EncodedPackage package;
      GByteArray *bytes;

      encoded_package_init(&package, &random_state, version);
      bytes = encoded_package_encode(&package, version);
      cr_expect_eq(_measure_package(&package, bytes), bytes->len);
      package.has_newer_context = !package.has_newer_context;
      cr_expect_eq(_measure_package(&package, bytes), 0, "version %d", version);
      g_byte_array_unref(bytes);
    }
}

Test(gray_paper, bytes_that_follow_need_not_be_hex)
{
  EncodedHeader header;
  GByteArray *bytes;
  GString *json;
  gchar *digits;

  encoded_header_init(&header, &random_state);
  bytes = encoded_header_encode(&header, GRAY_PAPER_0_7);
  json = encoded_header_format(&header);
  digits = guarded_get(&input, 2 * bytes->len + 3);
  jam_hex_encode(bytes->data, bytes->len, digits);
  memcpy(digits + 2 * bytes->len, "xyz", 3);
  cr_expect_eq(_measure_digits(JAM_ENCODED_HEADER, json, digits, 2 * bytes->len + 3), bytes->len);
  cr_expect_eq(_measure_digits(JAM_ENCODED_HEADER, json, digits, 2 * bytes->len - 1), 0, "half a byte less");
  g_string_free(json, TRUE);
  g_byte_array_unref(bytes);
}

/* The bytes of a package of version 0.7 up to its authorization, which the JSON lacks. */
static GByteArray *
_package_until_authorization(EncodedPackage *package)
{
  GByteArray *bytes;

  package->fields[PACKAGE_AUTHORIZATION].n_bytes = 0;
  package->fields[PACKAGE_AUTHORIZATION].json = "null";
  bytes = encoded_package_encode(package, GRAY_PAPER_0_7);
  g_byte_array_set_size(bytes, package->fields[PACKAGE_AUTHORIZATION].at - 1);
  return bytes;
}

Test(gray_paper, takes_naturals_of_one_to_nine_bytes)
{
  static const guint64 values[] = { 0, 1, 0x7F, 0x80, 0x1234, 0x3FFF, 0x4000, 0x12345 };

  for (guint n_following = 0; n_following <= 8; n_following++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        {
          EncodedPackage package;
          GByteArray *bytes;

          if (n_following < 2 && values[i] >= (n_following ? 0x4000 : 0x80))
            continue;
          encoded_package_init(&package, &random_state, GRAY_PAPER_0_7);
          bytes = _package_until_authorization(&package);
          encoded_append_natural(bytes, values[i], n_following);
          encoded_append_bytes(bytes, values[i], 0x55);
          /* the configuration and no items */
          encoded_append_natural(bytes, package.fields[PACKAGE_PARAMETERS].n_bytes, 0);
          g_byte_array_append(bytes, package.fields[PACKAGE_PARAMETERS].bytes,
                              package.fields[PACKAGE_PARAMETERS].n_bytes);
          encoded_append_natural(bytes, 0, 0);
          cr_expect_eq(_measure_package(&package, bytes), bytes->len, "%#" G_GINT64_MODIFIER "x in %u bytes", values[i],
                       n_following + 1);
          g_byte_array_unref(bytes);
        }
    }
}

/* lengths and counts whose products or sums with a place wrap around */
Test(gray_paper, naturals_too_large_for_the_bytes_fit_nothing)
{
  static const guint64 values[] = {
    0x100000,        G_MAXUINT32,          G_MAXINT64,           G_MAXUINT64,         G_MAXUINT64 - 1,
    G_MAXUINT64 - 8, G_MAXUINT64 / 32 + 1, G_MAXUINT64 / 32 + 2, G_MAXUINT64 / 2 + 1,
  };

  for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
    {
      EncodedPackage package;
      GByteArray *bytes;
      gsize n;

      encoded_package_init(&package, &random_state, GRAY_PAPER_0_7);
      bytes = _package_until_authorization(&package);
      n = bytes->len;
      encoded_append_natural(bytes, values[i], 8);
      encoded_append_bytes(bytes, 1000, 0);
      cr_expect_eq(_measure_package(&package, bytes), 0, "authorization");
      /* as a count of items */
      g_byte_array_set_size(bytes, n);
      package.fields[PACKAGE_PARAMETERS].json = "null";
      encoded_append_bytes(bytes, 2, 0);
      encoded_append_natural(bytes, values[i], 8);
      encoded_append_bytes(bytes, 1000, 0);
      cr_expect_eq(_measure_package(&package, bytes), 0, "items");
      /* as a count of prerequisites, before the authorization */
      g_byte_array_set_size(bytes, 4 + 32 + 32 + 3 * 32 + 4);
      encoded_append_natural(bytes, values[i], 8);
      encoded_append_bytes(bytes, 1000, 0);
      cr_expect_eq(_measure_package(&package, bytes), 0, "prerequisites");
      g_byte_array_unref(bytes);
    }
}

/* Fields that are compared with nothing let random bytes go as far as they can. */
static void
_forget_json(EncodedField *fields, gint n, gint kept)
{
  for (gint i = 0; i < n; i++)
    {
      if (i != kept)
        fields[i].json = "null";
    }
}

static void
_measure_random_digits(const GString *header, const GString *package, gint round)
{
  gsize n_digits = random_below(&random_state, 1600);
  gchar *digits = guarded_get(&input, n_digits);

  random_fill(&random_state, digits, n_digits);
  /* two times in three digits, mostly small ones half of these */
  for (gsize j = 0; j < n_digits && round % 3; j++)
    digits[j] = "0000000123456789abcdefF"[random_below(&random_state, round % 3 == 1 ? 8 : 23)];
  cr_assert_leq(_measure_digits(JAM_ENCODED_HEADER, header, digits, n_digits), n_digits / 2);
  cr_assert_leq(_measure_digits(JAM_ENCODED_WORK_PACKAGE, package, digits, n_digits), n_digits / 2);
}

Test(gray_paper, random_bytes_and_digits_never_reach_past_the_end)
{
  for (gint i = 0; i < test_effort(5000); i++)
    {
      EncodedHeader header;
      EncodedPackage package;
      GString *header_json, *package_json;

      encoded_header_init(&header, &random_state);
      _forget_json(header.fields, N_HEADER_FIELDS, HEADER_SEAL);
      encoded_package_init(&package, &random_state, i % N_GRAY_PAPERS);
      _forget_json(package.fields, N_PACKAGE_FIELDS, PACKAGE_ANCHOR);
      package.fields[PACKAGE_ANCHOR].json = "\"0x0000000000000000000000000000000000000000000000000000000000000000\"";
      header_json = encoded_header_format(&header);
      package_json = encoded_package_format(&package);
      _measure_random_digits(header_json, package_json, i);
      g_string_free(header_json, TRUE);
      g_string_free(package_json, TRUE);
    }
}
