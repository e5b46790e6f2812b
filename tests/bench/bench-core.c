/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report.h"

#include <locale.h>
#include <sodium.h>
#include <stdlib.h>

typedef struct _Options
{
  gchar *generator;
  gint n_rounds;
  gboolean markdown;
  gboolean totals_only;
  gchar **files;
} Options;

static const struct
{
  const gchar *name;
  const gchar *arguments;
} networks[] = {
  { "small network (6 validators, 2 cores)", "--slots=100" },
  { "full network (1023 validators, 341 cores)", "--slots=2 --validators=1023 --cores=341 --services=40" },
  { "blob-heavy mix (preimages of 1 MiB)", "--slots=10 --blob-size=1048576" },
};

static const guint validators[] = { 6, 24, 96, 341, 1023 };

/* Bytes of the blob in hex, which is nearly all of the message. */
static const gsize blobs[] = { 1000, 10 * 1000, 100 * 1000, 1000 * 1000, 6 * 1000 * 1000, 24 * 1000 * 1000 };

static ReportFormat
_format(const Options *options)
{
  return options->markdown ? REPORT_MARKDOWN : REPORT_TSV;
}

static void
_run(const Options *options, const gchar *title, const gchar *label, const Traffic *traffic,
     const Contender *const *chosen, gsize n)
{
  Measurement *measurements = g_new0(Measurement, n);

  n = measure(traffic, chosen, n, options->n_rounds, measurements);
  report_measurements(_format(options), title, label, measurements, n);
  g_free(measurements);
}

static void
_run_all(const Options *options, const gchar *title, const gchar *label, const Traffic *traffic)
{
  const Contender **all = g_new0(const Contender *, n_contenders);

  for (gsize i = 0; i < n_contenders; i++)
    all[i] = &contenders[i];
  _run(options, title, label, traffic, all, n_contenders);
  g_free(all);
}

static const JamMessageKind *
_table_kind(gint table)
{
  return jam_message_kind_lookup(jam_tables[table].msg_types[0]);
}

static void
_run_kinds(const Options *options, const gchar *title, const Traffic *traffic)
{
  for (gint i = 0; i < JAM_N_TABLES; i++)
    {
      const JamMessageKind *kind = _table_kind(i);
      Traffic *part = kind->tables[0] == i ? traffic_select(traffic, kind, G_MAXSIZE) : NULL;
      gchar *label;

      if (!part)
        continue;
      label = g_strdup_printf("msg_type %d", kind->msg_types[0]);
      _run_all(options, title, label, part);
      g_free(label);
      traffic_free(part);
    }
}

static void
_run_traffic(const Options *options, const gchar *title, const Traffic *traffic)
{
  report_title(_format(options), title);
  _run_all(options, title, "all", traffic);
  if (!options->totals_only)
    _run_kinds(options, title, traffic);
}

static gboolean
_run_networks(const Options *options, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(networks); i++)
    {
      Traffic *traffic = traffic_generate(options->generator, networks[i].arguments, error);

      if (!traffic)
        return FALSE;
      _run_traffic(options, networks[i].name, traffic);
      traffic_free(traffic);
    }
  return TRUE;
}

static gboolean
_run_files(const Options *options, GError **error)
{
  for (gsize i = 0; options->files && options->files[i]; i++)
    {
      Traffic *traffic = traffic_load(options->files[i], error);

      if (!traffic)
        return FALSE;
      _run_traffic(options, options->files[i], traffic);
      traffic_free(traffic);
    }
  return TRUE;
}

static const Contender *
_find(const gchar *name)
{
  for (gsize i = 0; i < n_contenders; i++)
    {
      if (g_str_equal(contenders[i].name, name))
        return &contenders[i];
    }
  g_assert_not_reached();
}

static void
_run_step(const Options *options, const gchar *title, gsize size, const Traffic *traffic)
{
  const Contender *cores[] = { _find(CONTENDER_DUNE), _find(CONTENDER_BIGQUERY) };
  gchar *label = g_strdup_printf("%" G_GSIZE_FORMAT, size);

  _run(options, title, label, traffic, cores, G_N_ELEMENTS(cores));
  g_free(label);
}

static gboolean
_run_row_growth(const Options *options, GError **error)
{
  static const gchar title[] = "rows, by validators";

  report_title(_format(options), title);
  for (gsize i = 0; i < G_N_ELEMENTS(validators); i++)
    {
      gchar *arguments = g_strdup_printf("--kinds=13 --slots=4 --validators=%u --cores=%u", validators[i],
                                         validators[i] / 3);
      Traffic *traffic = traffic_generate(options->generator, arguments, error);

      g_free(arguments);
      if (!traffic)
        return FALSE;
      _run_step(options, title, validators[i], traffic);
      traffic_free(traffic);
    }
  return TRUE;
}

static gboolean
_run_byte_growth(const Options *options, GError **error)
{
  static const gchar title[] = "bytes, by the size of a preimage's hex";

  report_title(_format(options), title);
  for (gsize i = 0; i < G_N_ELEMENTS(blobs); i++)
    {
      gchar *arguments = g_strdup_printf("--kinds=142 --slots=12 --blob-size=%" G_GSIZE_FORMAT, blobs[i] / 2);
      Traffic *traffic = traffic_generate(options->generator, arguments, error);
      Traffic *one;

      g_free(arguments);
      if (!traffic)
        return FALSE;
      one = traffic_select(traffic, traffic->messages[0].kind, 1);
      traffic_free(traffic);
      _run_step(options, title, blobs[i], one);
      traffic_free(one);
    }
  return TRUE;
}

static gboolean
_parse(Options *self, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "generator", 0, 0, G_OPTION_ARG_FILENAME, &self->generator, "The message generator (default ./jamtart-gen)",
      "PATH" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &self->n_rounds, "How often each contender has its turn (default 9)", "N" },
    { "totals", 0, 0, G_OPTION_ARG_NONE, &self->totals_only, "Do not go through the kinds of message one by one",
      NULL },
    { "markdown", 0, 0, G_OPTION_ARG_NONE, &self->markdown, "Write Markdown, not tab-separated values", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->files, NULL, NULL },
    { .long_name = NULL }
  };
  GOptionContext *context = g_option_context_new("[LOG...] - measure the core alone, from bytes to rows");
  gboolean success;

  g_option_context_add_main_entries(context, entries, NULL);
  success = g_option_context_parse(context, argc, argv, error);
  g_option_context_free(context);
  if (success && self->n_rounds < 1)
    {
      g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--rounds: expected 1 or more");
      return FALSE;
    }
  return success;
}

static gboolean
_main(Options *options, int *argc, char ***argv, GError **error)
{
  if (!_parse(options, argc, argv, error))
    return FALSE;
  report_start(_format(options), options->n_rounds);
  return _run_networks(options, error) && _run_files(options, error) && _run_row_growth(options, error)
         && _run_byte_growth(options, error);
}

int
main(int argc, char **argv)
{
  Options options = { .generator = g_strdup("./jamtart-gen"), .n_rounds = 9 };
  GError *error = NULL;
  gboolean success;

  setlocale(LC_CTYPE, "");
  if (sodium_init() < 0)
    g_error("libsodium does not start");
  success = _main(&options, &argc, &argv, &error);
  if (!success)
    g_printerr("bench-core: %s\n", error->message);
  g_clear_error(&error);
  g_free(options.generator);
  g_strfreev(options.files);
  return success ? EXIT_SUCCESS : EXIT_FAILURE;
}
