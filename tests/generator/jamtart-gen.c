/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "delivery.h"
#include "options.h"

#include <locale.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>

static gboolean
_run(const Options *options, GError **error)
{
  Output *output = options->to ? output_new_tcp(options->to, options->connections, error) : output_new_stdout();

  if (!output)
    return FALSE;

  Delivery delivery = { .output = output, .format = options->format, .framing = options->framing };
  gboolean success = feed_run(&options->feed, delivery_take, &delivery, error) && output_finish(output, error);

  if (success && !options->quiet)
    delivery_print_counts(&delivery, options->count);
  delivery_free_data(&delivery);
  output_free(output);
  return success;
}

int
main(int argc, char **argv)
{
  GError *error = NULL;
  Options options;

  setlocale(LC_ALL, "");
  signal(SIGPIPE, SIG_IGN);
  if (sodium_init() < 0)
    g_error("libsodium cannot be initialised");

  gboolean success = options_parse(&options, &argc, &argv, &error) && _run(&options, &error);
  if (!success)
    g_printerr("jamtart-gen: %s\n", error->message);

  g_clear_error(&error);
  options_free_data(&options);
  return success ? EXIT_SUCCESS : EXIT_FAILURE;
}
