/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fuzz-core.h"
#include "core-run.h"
#include "expected-message.h"
#include "expected-rows.h"
#include "json-glib-oracle.h"

#include "core/bytes/cpu.h"
#include "core/json/json-reader.h"

#include <stdio.h>
#include <string.h>

/* so much of a row or a text is shown */
#define SHOWN_BYTES 2000

/* what stays from input to input */
typedef struct _Fuzzing
{
  JsonGlibOracle *oracle;
  /* has a new message object for every input */
  CoreRun *fresh;
  CoreRun *long_lived;
  CoreRun *portable;
} Fuzzing;

/* one input */
typedef struct _Input
{
  const gchar *text;
  gsize length;
  JsonTree *tree;
  ExpectedMessage *expected;
} Input;

static G_GNUC_PRINTF(1, 2) G_GNUC_NORETURN void _finding(const gchar *format, ...)
{
  va_list args;

  va_start(args, format);
  fputs("FINDING: ", stderr);
  vfprintf(stderr, format, args);
  fputs("\n", stderr);
  va_end(args);
  abort();
}

#define CHECK(condition, ...) \
  do \
    { \
      if (G_UNLIKELY(!(condition))) \
        _finding(__VA_ARGS__); \
    } \
  while (0)

static const Fuzzing *
_fuzzing(void)
{
  static Fuzzing fuzzing;
  GString *team_map;

  if (!fuzzing.oracle)
    {
      team_map = expected_team_map();
      fuzzing.oracle = json_glib_oracle_new();
      fuzzing.fresh = core_run_built.new(team_map);
      fuzzing.long_lived = core_run_built.new(team_map);
      fuzzing.portable = core_run_portable.new(team_map);
      g_string_free(team_map, TRUE);
    }
  return &fuzzing;
}

static gchar *
_copy(const uint8_t *data, size_t size)
{
  /* of exactly this size, so that a byte too far is seen */
  gchar *copy = g_malloc(MAX(size, 1));

  memcpy(copy, data, size);
  return copy;
}

static void
_describe_tree(GString *values, const gchar *text, const JsonTree *tree)
{
  static const JamJsonType types[] = {
    [JSON_TREE_NULL] = JAM_JSON_NULL,     [JSON_TREE_BOOLEAN] = JAM_JSON_BOOLEAN, [JSON_TREE_NUMBER] = JAM_JSON_NUMBER,
    [JSON_TREE_STRING] = JAM_JSON_STRING, [JSON_TREE_ARRAY] = JAM_JSON_ARRAY,     [JSON_TREE_OBJECT] = JAM_JSON_OBJECT,
  };
  guint flags = (tree->is_escaped ? JAM_JSON_ESCAPED : 0) | (tree->is_integer ? JAM_JSON_INTEGER : 0)
                | (tree->is_spaced ? JAM_JSON_SPACED : 0) | (tree->is_unpaired ? JAM_JSON_UNPAIRED : 0);

  g_string_append_printf(values, "%" G_GSIZE_FORMAT " %" G_GSIZE_FORMAT " type %u count %u flags %u\n",
                         tree->text - text, tree->length, types[tree->type], json_tree_count(tree), flags);
  for (guint i = 0; tree->children && i < tree->children->len; i++)
    _describe_tree(values, text, g_ptr_array_index(tree->children, i));
}

static void
_check_json(const Input *input, const CoreResult *result)
{
  GString *values;

  CHECK(result->is_json == (input->tree != NULL), "the core %s what RFC 8259 does not",
        result->is_json ? "takes" : "refuses");
  CHECK(result->is_walked == result->is_json, "read as a value and stepped into, the verdicts differ");
  if (!input->tree)
    return;
  values = g_string_new(NULL);
  _describe_tree(values, input->text, input->tree);
  CHECK(g_string_equal(values, result->values), "the reader's values:\n%.*s\nexpected:\n%.*s", SHOWN_BYTES,
        result->values->str, SHOWN_BYTES, values->str);
  g_string_free(values, TRUE);
}

static void
_check_reject(const JamReject *reject, guint faults, const gchar *table)
{
  const gchar *reason;

  CHECK((guint) reject->reason < JAM_N_REJECT_REASONS, "rejected without a reason");
  reason = jam_reject_reason_name(reject->reason);
  CHECK(faults & (1u << reject->reason), "rejected, but not rightly: %s", reject->text);
  CHECK(g_str_has_prefix(reject->text, reason), "the text is of another reason than %s: %s", reason, reject->text);
  CHECK(g_utf8_validate(reject->text, -1, NULL), "a reason that is no UTF-8");
  CHECK(g_strcmp0(reject->table, table) == 0, "rejected by %s instead of %s", reject->table, table);
}

/* Compares the texts of one row, byte by byte or else value by value. */
static void
_check_row(const gchar *text, gsize length, const gchar *expected, gsize expected_length)
{
  JsonTree *row = json_tree_parse(text, length);
  JsonTree *expected_row = json_tree_parse(expected, expected_length);
  GString *why = g_string_new(NULL);

  CHECK(row, "a row that is no JSON text: %.*s", (gint) MIN(length, SHOWN_BYTES), text);
  CHECK(!row->is_unpaired, "a row with half a surrogate pair: %.*s", (gint) MIN(length, SHOWN_BYTES), text);
  CHECK(expected_row && json_tree_equal(row, expected_row), "the row\n%.*s\nexpected\n%.*s",
        (gint) MIN(length, SHOWN_BYTES), text, (gint) MIN(expected_length, SHOWN_BYTES), expected);
  CHECK(json_glib_oracle_agrees(_fuzzing()->oracle, text, length, row, why), "a row, and %s: %.*s", why->str,
        (gint) MIN(length, SHOWN_BYTES), text);
  g_string_free(why, TRUE);
  json_tree_free(row);
  json_tree_free(expected_row);
}

static const gchar *
_line_end(const gchar *text, const gchar *end)
{
  return memchr(text, '\n', end - text);
}

static void
_check_row_texts(const CoreRows *rows, const ExpectedRows *expected)
{
  const gchar *text = rows->text->str, *end = text + rows->text->len;
  const gchar *expected_text = expected->text->str, *expected_end = expected_text + expected->text->len;

  for (guint i = 0; i < expected->n_rows; i++)
    {
      const gchar *line_end = _line_end(text, end);
      const gchar *expected_line_end = _line_end(expected_text, expected_end);

      CHECK(line_end, "row %u is missing, or does not end in a newline", i);
      _check_row(text, line_end - text, expected_text, expected_line_end - expected_text);
      text = line_end + 1;
      expected_text = expected_line_end + 1;
    }
  CHECK(text == end, "more rows than expected");
}

static void
_check_rows(const Input *input, const CoreRows *rows, CoreEncoder encoder)
{
  const gchar *name = jam_tables[rows->table].name;
  ExpectedRows expected;

  expected_rows_init(&expected, input->expected, rows->table, encoder);
  CHECK(!rows->is_output_damaged, "%s: the output is not as it was", name);
  CHECK(rows->is_encoded || expected.faults, "%s: rejected for no reason: %s", name, rows->reject.text);
  CHECK(!rows->is_encoded || !expected.faults, "%s: not rejected, faults %x", name, expected.faults);
  if (rows->is_encoded)
    {
      CHECK(rows->n_rows == expected.n_rows, "%s: %u rows instead of %u", name, rows->n_rows, expected.n_rows);
      _check_row_texts(rows, &expected);
    }
  else
    _check_reject(&rows->reject, expected.faults, name);
  expected_rows_clear(&expected);
}

/* What only one dialect can mind: a form of text that the other passes on as it
 * is, and how long its rows are. */
static gboolean
_is_of_one_dialect(const CoreRows *rows)
{
  return !rows->is_encoded
         && (rows->reject.reason == JAM_REJECT_INVALID_BASE64 || rows->reject.reason == JAM_REJECT_TOO_LARGE);
}

static void
_check_table(const Input *input, const CoreResult *result, gsize i)
{
  const CoreRows *dune = &result->rows[CORE_DUNE][i];
  const CoreRows *bigquery = &result->rows[CORE_BIGQUERY][i];

  CHECK(dune->table == input->expected->tables[i], "a table of another msg_type");
  for (gint encoder = 0; encoder < CORE_N_ENCODERS; encoder++)
    _check_rows(input, &result->rows[encoder][i], encoder);
  CHECK(dune->is_encoded == bigquery->is_encoded || _is_of_one_dialect(dune) || _is_of_one_dialect(bigquery),
        "the dialects' verdicts differ: %s", dune->is_encoded ? bigquery->reject.text : dune->reject.text);
}

static void
_check_message(const Input *input, const CoreResult *result)
{
  const ExpectedMessage *expected = input->expected;

  CHECK(result->is_message || expected->faults, "rejected for no reason: %s", result->reject.text);
  CHECK(!result->is_message || !expected->faults, "not rejected, faults %x", expected->faults);
  if (!result->is_message)
    {
      _check_reject(&result->reject, expected->faults, NULL);
      return;
    }
  CHECK(result->n_tables == expected->n_tables, "%u tables instead of %u", (guint) result->n_tables,
        (guint) expected->n_tables);
  for (gsize i = 0; i < result->n_tables; i++)
    _check_table(input, result, i);
}

static gboolean
_same_reject(const JamReject *a, const JamReject *b)
{
  return a->reason == b->reason && g_strcmp0(a->table, b->table) == 0 && g_strcmp0(a->column, b->column) == 0
         && (a->reason == JAM_N_REJECT_REASONS || strcmp(a->text, b->text) == 0);
}

static gboolean
_same_rows(const CoreRows *a, const CoreRows *b)
{
  if (a->is_encoded != b->is_encoded || a->table != b->table || a->is_output_damaged != b->is_output_damaged)
    return FALSE;
  if (!a->is_encoded)
    return _same_reject(&a->reject, &b->reject);
  return a->n_rows == b->n_rows && g_string_equal(a->text, b->text);
}

static void
_check_same(const CoreResult *a, const CoreResult *b, const gchar *difference)
{
  gboolean same = a->is_json == b->is_json && a->is_walked == b->is_walked && g_string_equal(a->values, b->values)
                  && a->is_message == b->is_message && a->n_tables == b->n_tables;

  if (same && !a->is_message)
    same = _same_reject(&a->reject, &b->reject);
  for (gint encoder = 0; encoder < CORE_N_ENCODERS && same; encoder++)
    {
      for (gsize i = 0; i < a->n_tables && same; i++)
        same = _same_rows(&a->rows[encoder][i], &b->rows[encoder][i]);
    }
  CHECK(same, "not the same result %s", difference);
}

/* Runs the core on a copy of the input and compares with @first. */
static void
_check_again(const CoreRunClass *core, CoreRun *run, const uint8_t *data, size_t size, const CoreResult *first,
             const gchar *difference)
{
  gchar *text = _copy(data, size);
  CoreResult result;

  core->read(run, text, size, &result);
  _check_same(first, &result, difference);
  core_result_clear(&result);
  g_free(text);
}

static void
_check_other_runs(const uint8_t *data, size_t size, const CoreResult *first)
{
  const Fuzzing *fuzzing = _fuzzing();

  _check_again(&core_run_portable, fuzzing->portable, data, size, first, "without vector instructions");
  _check_again(&core_run_built, fuzzing->long_lived, data, size, first, "behind the inputs before it");
  jam_cpu_without_avx2 = TRUE;
  _check_again(&core_run_built, fuzzing->long_lived, data, size, first, "a second time, without AVX2");
  jam_cpu_without_avx2 = FALSE;
}

static void
_check_input(const Input *input, const CoreResult *result)
{
  GString *why = g_string_new(NULL);

  _check_json(input, result);
  CHECK(json_glib_oracle_agrees(_fuzzing()->oracle, input->text, input->length, input->tree, why), "%s", why->str);
  g_string_free(why, TRUE);
  _check_message(input, result);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  CoreRun *fresh = _fuzzing()->fresh;
  gchar *text = _copy(data, size);
  Input input = { .text = text, .length = size, .tree = json_tree_parse(text, size) };
  CoreResult result;

  input.expected = expected_message_new(text, size, input.tree);
  core_run_built.renew(fresh);
  core_run_built.read(fresh, text, size, &result);
  CHECK(memcmp(text, data, size) == 0, "the core has changed the message");
  _check_input(&input, &result);
  _check_other_runs(data, size, &result);
  core_result_clear(&result);
  expected_message_free(input.expected);
  json_tree_free(input.tree);
  g_free(text);
  return 0;
}
