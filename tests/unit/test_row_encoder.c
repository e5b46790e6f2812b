/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guarded.h"

#include "core/rows/row-encoder.h"

#include <criterion/criterion.h>

#define MESSAGE(msg_type, payload) \
  "{\"time\":\"2025-06-01T00:00:03Z\",\"msg_type\":" msg_type ",\"json_encoded\":" payload "}"

static Guarded input;
static JamMessage *message;
static JamRowEncoder *encoders[JAM_N_DIALECTS];
static JamBuffer out;
static JamReject reject;

static void
_setup(void)
{
  guarded_init(&input, 64 * 1024);
  message = jam_message_new();
  for (gint i = 0; i < JAM_N_DIALECTS; i++)
    encoders[i] = jam_row_encoder_new(i);
  jam_buffer_append_literal(&out, "what was there before\n");
}

static void
_teardown(void)
{
  jam_buffer_clear(&out);
  for (gint i = 0; i < JAM_N_DIALECTS; i++)
    jam_row_encoder_free(encoders[i]);
  jam_message_free(message);
  guarded_clear(&input);
}

TestSuite(row_encoder, .init = _setup, .fini = _teardown);

static gboolean
_encode(JamDialect dialect, const gchar *text, const gchar *table, guint *n_rows)
{
  cr_assert(jam_message_read(message, guarded_copy(&input, text, strlen(text)), strlen(text), NULL, &reject), "%s: %s",
            text, reject.text);
  return jam_row_encoder_encode(encoders[dialect], message, jam_table_lookup(table), &out, NULL, n_rows, &reject);
}

#define VALIDATORS "\"vals_current\":[{},{},{}]"

static const struct
{
  const gchar *message;
  const gchar *table;
  guint n_rows[JAM_N_DIALECTS];
} counts[] = {
  { MESSAGE("142", "{}"), "preimages", { 1, 1 } },
  { MESSAGE("13", "{" VALIDATORS ",\"cores\":[{}],\"services\":[]}"), "validatorstatistics", { 3, 3 } },
  { MESSAGE("13", "{" VALIDATORS ",\"cores\":[{}],\"services\":[]}"), "corestatistics", { 1, 1 } },
  { MESSAGE("13", "{" VALIDATORS ",\"cores\":[{}],\"services\":[]}"), "servicestatistics", { 0, 0 } },
  { MESSAGE("13", "{" VALIDATORS ",\"cores\":[]}"), "servicestatistics", { 0, 0 } },
  { MESSAGE("13", "{" VALIDATORS ",\"cores\":[],\"services\":[{\"id\":1},{\"id\":2}]}"),
    "servicestatistics",
    { 2, 2 } },
  { MESSAGE("135", "null"), "segments", { 1, 1 } },
  { MESSAGE("135", "[]"), "segments", { 1, 1 } },
  { MESSAGE("135", "[\"\"]"), "segments", { 1, 1 } },
  { MESSAGE("135", "[\"\",\"AAEC\",\"\"]"), "segments", { 1, 3 } },
};

static guint
_count_lines(gsize from)
{
  guint n = 0;

  for (gsize i = from; i < out.length; i++)
    n += out.data[i] == '\n';
  return n;
}

Test(row_encoder, stores_how_many_rows_it_appends_a_line_each)
{
  for (gsize i = 0; i < G_N_ELEMENTS(counts); i++)
    {
      for (gint dialect = 0; dialect < JAM_N_DIALECTS; dialect++)
        {
          gsize before = out.length;
          guint n_rows = 999;

          cr_assert(_encode(dialect, counts[i].message, counts[i].table, &n_rows), "%s: %s", counts[i].message,
                    reject.text);
          cr_expect_eq(n_rows, counts[i].n_rows[dialect], "%s, %s: %u", counts[i].message, counts[i].table, n_rows);
          cr_expect_eq(_count_lines(before), n_rows);
        }
    }
  cr_expect_arr_eq(out.data, "what was there before\n", 22);
}

static const struct
{
  const gchar *message;
  const gchar *table;
  JamRejectReason reason;
  const gchar *column;
  const gchar *text;
} rejections[] = {
  { MESSAGE("142", "null"), "preimages", JAM_REJECT_MISSING_VALUE, NULL,
    "missing-value: json_encoded is missing or null" },
  { MESSAGE("255", "{\"package_spec\":{},\"context\":5}"), "workreports", JAM_REJECT_WRONG_TYPE, NULL,
    "wrong-type: json_encoded.context is a number, expected an object" },
  { MESSAGE("142", "{\"requester\":1.5}"), "preimages", JAM_REJECT_INVALID_INTEGER, "requester",
    "invalid-integer: json_encoded.requester is no integer of 64 bits" },
  { MESSAGE("142", "{\"requester\":[]}"), "preimages", JAM_REJECT_WRONG_TYPE, "requester",
    "wrong-type: json_encoded.requester is an array, expected an integer" },
  { MESSAGE("131", "{\"signature\":\"0x1\"}"), "tickets", JAM_REJECT_INVALID_HEX, "signature",
    "invalid-hex: json_encoded.signature has an odd number of hex digits" },
  { MESSAGE("131", "{\"signature\":\"1\"}"), "tickets", JAM_REJECT_INVALID_HEX, "signature",
    "invalid-hex: json_encoded.signature does not start with 0x" },
  { MESSAGE("131", "{\"signature\":\"0x1g\"}"), "tickets", JAM_REJECT_INVALID_HEX, "signature",
    "invalid-hex: json_encoded.signature has a byte that is no hex digit" },
  { MESSAGE("13", "{\"vals_current\":[],\"cores\":null}"), "corestatistics", JAM_REJECT_MISSING_VALUE, NULL,
    "missing-value: json_encoded.cores is missing or null" },
  { MESSAGE("13", "{\"vals_current\":[],\"cores\":[{},{},true]}"), "corestatistics", JAM_REJECT_WRONG_TYPE, NULL,
    "wrong-type: json_encoded.cores[] is a boolean, expected an object" },
  { MESSAGE("13", "{\"vals_current\":[],\"cores\":[{\"imports\":1},{\"imports\":-1e1}]}"), "corestatistics",
    JAM_REJECT_INVALID_INTEGER, "imports", "invalid-integer: json_encoded.cores[].imports is no integer of 64 bits" },
  { MESSAGE("13", "{\"vals_current\":[],\"cores\":[],\"services\":[{\"id\":1},{}]}"), "servicestatistics",
    JAM_REJECT_MISSING_VALUE, "service_id", "missing-value: json_encoded.services[].id is missing or null" },
  { MESSAGE("135", "[\"\",false]"), "segments", JAM_REJECT_WRONG_TYPE, NULL,
    "wrong-type: an element of json_encoded is a boolean, expected a string" },
};

Test(row_encoder, a_rejection_says_what_and_where_and_appends_nothing)
{
  gsize before = out.length;
  guint n_rows;

  for (gsize i = 0; i < G_N_ELEMENTS(rejections); i++)
    {
      for (gint dialect = 0; dialect < JAM_N_DIALECTS; dialect++)
        {
          cr_expect_not(_encode(dialect, rejections[i].message, rejections[i].table, &n_rows), "%s",
                        rejections[i].message);
          cr_expect_eq(reject.reason, rejections[i].reason);
          cr_expect_str_eq(reject.table, rejections[i].table);
          cr_expect_eq(g_strcmp0(reject.column, rejections[i].column), 0, "%s: %s", rejections[i].message,
                       reject.column);
          cr_expect_str_eq(reject.text, rejections[i].text);
          cr_assert_eq(out.length, before, "%s", rejections[i].message);
        }
    }
  cr_expect_arr_eq(out.data, "what was there before\n", before);
}

Test(row_encoder, the_next_message_is_encoded_as_if_there_had_been_no_rejection)
{
  static const gchar good[] = MESSAGE("13", "{" VALIDATORS ",\"cores\":[{\"imports\":\"\\u0031\"}]}");
  guint n_rows;

  for (gint dialect = 0; dialect < JAM_N_DIALECTS; dialect++)
    {
      gchar *expected;
      gsize before = out.length;
      gsize length;

      cr_assert(_encode(dialect, good, "corestatistics", &n_rows));
      length = out.length - before;
      expected = g_memdup2(out.data + before, length);
      for (gsize i = 0; i < G_N_ELEMENTS(rejections); i++)
        {
          cr_assert_not(_encode(dialect, rejections[i].message, rejections[i].table, &n_rows));
          before = out.length;
          cr_assert(_encode(dialect, good, "corestatistics", &n_rows));
          cr_expect(out.length - before == length && memcmp(out.data + before, expected, length) == 0, "after %s",
                    rejections[i].message);
        }
      g_free(expected);
    }
}

Test(row_encoder, a_message_that_could_not_be_read_leaves_nothing_to_the_next)
{
  static const gchar good[] = MESSAGE("142", "{}");
  static const gchar *bad[] = {
    MESSAGE("142", "{\"requester\":7,\"blob\":\"0x00\""),
    MESSAGE("9", "{\"requester\":7}"),
    "",
  };
  guint n_rows;

  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    {
      gsize before = out.length;

      cr_assert_not(jam_message_read(message, bad[i], strlen(bad[i]), NULL, &reject));
      cr_assert(_encode(JAM_DIALECT_DUNE, good, "preimages", &n_rows));
      cr_expect(g_strstr_len(out.data + before, out.length - before, "\"requester\":null"));
      cr_expect(g_strstr_len(out.data + before, out.length - before, "\"blob\":null"));
    }
}

Test(row_encoder, the_reasons_have_short_names)
{
  for (gint i = 0; i < JAM_N_REJECT_REASONS; i++)
    {
      const gchar *name = jam_reject_reason_name(i);
      cr_assert_not_null(name, "%d", i);
      cr_expect_eq(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(name), "%s", name);
      for (gint j = 0; j < i; j++)
        cr_expect_str_neq(name, jam_reject_reason_name(j));
    }
}

Test(row_encoder, a_long_reason_is_cut_and_still_a_string)
{
  gchar *long_text = g_strnfill(1000, 'x');

  jam_reject_set(&reject, JAM_REJECT_WRONG_TYPE, "%s", long_text);
  cr_expect_eq(strlen(reject.text), sizeof(reject.text) - 1);
  cr_expect(g_str_has_prefix(reject.text, "wrong-type: xxx"));
  g_free(long_text);
}

/* A table that an older program made lacks columns, and some of them hold what is checked. */
Test(row_encoder, columns_that_are_left_out_are_neither_written_nor_checked)
{
  gint table = jam_table_lookup("preimages");
  gboolean *left_out = g_new0(gboolean, jam_tables[table].n_columns);
  gsize start = out.length;
  guint n_rows;

  for (gsize i = 1; i < jam_tables[table].n_columns; i++)
    left_out[i] = strcmp(jam_tables[table].columns[i].name, "slot") != 0;
  jam_row_encoder_leave_out(encoders[JAM_DIALECT_BIGQUERY], table, left_out);
  cr_assert(_encode(JAM_DIALECT_BIGQUERY, MESSAGE("142", "{\"blob\":\"no hex\"}"), "preimages", &n_rows), "%s",
            reject.text);
  cr_assert_eq(n_rows, 1);
  jam_buffer_append_char(&out, '\0');
  cr_assert_str_eq(out.data + start, "{\"time\":\"2025-06-01T00:00:03.000000Z\",\"slot\":\"2167200\"}\n");
  g_free(left_out);
}
