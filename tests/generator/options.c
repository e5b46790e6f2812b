/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "options.h"

#define ALL_TYPES "13,128,131,133,135,141,142,143,255"
#define DEFAULT_START "2025-06-01T00:00:00Z"
#define MAX_BLOB_SIZE (G_GINT64_CONSTANT(1) << 30)
#define MAX_SLOTS (G_GINT64_CONSTANT(1) << 31)

/* The arguments as they were given. */
typedef struct _Arguments
{
  gint64 seed, slots, repeat, validators, cores, services, assurances, blob_size, connections;
  gchar *kinds, *start, *gray_paper, *names, *format, *framing;
  gboolean syslog;
} Arguments;

typedef struct _Range
{
  const gchar *option;
  gint64 value, min, max;
} Range;

static gboolean
_reject(GError **error, const gchar *option, const gchar *value, const gchar *expected)
{
  g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s %s: expected %s", option, value, expected);
  return FALSE;
}

static void
_add_network_entries(GOptionContext *context, Arguments *args)
{
  const GOptionEntry entries[] = {
    { "seed", 0, 0, G_OPTION_ARG_INT64, &args->seed, "The same seed gives the same messages (default 1)", "N" },
    { "slots", 0, 0, G_OPTION_ARG_INT64, &args->slots, "Slots of 6 s to go through (default 12)", "N" },
    { "repeat", 0, 0, G_OPTION_ARG_INT64, &args->repeat, "Go on for N times as many slots (default 1)", "N" },
    { "start", 0, 0, G_OPTION_ARG_STRING, &args->start, "Begin with the slot of this time (default " DEFAULT_START ")",
      "RFC3339" },
    { "validators", 0, 0, G_OPTION_ARG_INT64, &args->validators, "Validators of the network, its senders (default 6)",
      "N" },
    { "cores", 0, 0, G_OPTION_ARG_INT64, &args->cores, "Cores of the network (default 2)", "N" },
    { "services", 0, 0, G_OPTION_ARG_INT64, &args->services, "Services of the network (default 4)", "N" },
    { "assurances", 0, 0, G_OPTION_ARG_INT64, &args->assurances, "Maximum number of assurances a slot (default 32)",
      "N" },
    { "blob-size", 0, 0, G_OPTION_ARG_INT64, &args->blob_size,
      "Bytes in a preimage; twice that in its message (default 4096)", "BYTES" },
    { "gray-paper", 0, 0, G_OPTION_ARG_STRING, &args->gray_paper,
      "Layouts and names of this Gray Paper: 0.6 (default), 0.7 or 0.8", "VERSION" },
    { "names", 0, 0, G_OPTION_ARG_STRING, &args->names,
      "Whose names for values that have several: seed (default), asn1 or jamduna", "STYLE" },
    { .long_name = NULL }
  };

  g_option_context_add_main_entries(context, entries, NULL);
}

static void
_add_output_entries(GOptionContext *context, Options *self, Arguments *args)
{
  const GOptionEntry entries[] = {
    { "kinds", 0, 0, G_OPTION_ARG_STRING, &args->kinds, "Only these msg_types, e.g. 128,13 (default " ALL_TYPES ")",
      "LIST" },
    { "team", 0, 0, G_OPTION_ARG_STRING, &self->team, "Add the key team to each message", "NAME" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &self->to, "Send as syslog over TCP instead of writing to standard output",
      "HOST:PORT" },
    { "connections", 0, 0, G_OPTION_ARG_INT64, &args->connections,
      "With --to, spread the senders over N connections (default 1)", "N" },
    { "syslog", 0, 0, G_OPTION_ARG_NONE, &args->syslog, "Write syslog to standard output, not bare JSON lines", NULL },
    { "format", 0, 0, G_OPTION_ARG_STRING, &args->format,
      "Syslog header, with --to or --syslog: rfc3164 (default) or rfc5424", "NAME" },
    { "framing", 0, 0, G_OPTION_ARG_STRING, &args->framing,
      "Syslog framing, with --to or --syslog: newline (default) or octet-counted", "NAME" },
    { "count", 0, 0, G_OPTION_ARG_NONE, &self->count, "At the end, tell the messages and bytes of each msg_type",
      NULL },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &self->quiet, "Tell nothing at the end", NULL },
    { .long_name = NULL }
  };

  g_option_context_add_main_entries(context, entries, NULL);
}

static gboolean
_parse_arguments(Options *self, Arguments *args, int *argc, char ***argv, GError **error)
{
  GOptionContext *context = g_option_context_new("- write the jamtart messages of a simulated JAM network");

  _add_network_entries(context, args);
  _add_output_entries(context, self, args);
  gboolean success = g_option_context_parse(context, argc, argv, error);
  g_option_context_free(context);

  if (success && *argc > 1)
    {
      g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "unexpected argument %s", (*argv)[1]);
      return FALSE;
    }
  return success;
}

static gboolean
_check_ranges(const Range *ranges, gsize n_ranges, GError **error)
{
  for (gsize i = 0; i < n_ranges; i++)
    {
      const Range *range = &ranges[i];

      if (range->value >= range->min && range->value <= range->max)
        continue;

      g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                  "--%s %" G_GINT64_FORMAT ": expected %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, range->option,
                  range->value, range->min, range->max);
      return FALSE;
    }
  return TRUE;
}

static gboolean
_take_numbers(Options *self, const Arguments *args, GError **error)
{
  const Range ranges[] = {
    { "slots", args->slots, 0, MAX_SLOTS },
    { "repeat", args->repeat, 0, MAX_SLOTS },
    { "validators", args->validators, 1, G_MAXUINT16 },
    { "cores", args->cores, 1, MAX_CORES },
    { "services", args->services, 1, G_MAXUINT16 },
    { "assurances", args->assurances, 0, G_MAXUINT16 },
    { "blob-size", args->blob_size, 0, MAX_BLOB_SIZE },
    { "connections", args->connections, 1, 1000 },
  };

  if (!_check_ranges(ranges, G_N_ELEMENTS(ranges), error))
    return FALSE;

  NetworkConfig *network = &self->feed.network;
  network->seed = (guint64) args->seed;
  network->validators = args->validators;
  network->cores = args->cores;
  network->services = args->services;
  network->assurances = args->assurances;
  network->blob_size = args->blob_size;
  self->feed.slots = (guint64) args->slots * args->repeat;
  self->connections = args->connections;
  return TRUE;
}

static gboolean
_take_start(Options *self, const gchar *start, GError **error)
{
  GDateTime *time = g_date_time_new_from_iso8601(start, NULL);

  if (!time)
    return _reject(error, "start", start, "an RFC 3339 time with Z or an offset");

  gint64 since_zero = g_date_time_to_unix(time) - FEED_SLOT_ZERO_SECONDS;
  g_date_time_unref(time);
  if (since_zero < 0)
    return _reject(error, "start", start, "2025-01-01T12:00:00Z, which is slot 0, or later");

  gint64 first_slot = since_zero / SLOT_SECONDS;
  if (first_slot + self->feed.slots > G_MAXUINT32)
    return _reject(error, "start", start, "a time whose slots all fit into 32 bits");

  self->feed.network.first_slot = first_slot;
  return TRUE;
}

/* Puts the place of TEXT, the first if that is NULL, among CHOICES into CHOICE. */
static gboolean
_take_choice(guint *choice, const gchar *option, const gchar *text, const gchar *const *choices, const gchar *expected,
             GError **error)
{
  for (*choice = 0; choices[*choice]; ++*choice)
    if (!text || g_str_equal(text, choices[*choice]))
      return TRUE;
  return _reject(error, option, text, expected);
}

static gboolean
_take_protocol(Options *self, const Arguments *args, GError **error)
{
  static const gchar *const gray_papers[] = {
    [GRAY_PAPER_0_6] = "0.6", [GRAY_PAPER_0_7] = "0.7", [GRAY_PAPER_0_8] = "0.8", NULL
  };
  static const gchar *const styles[] = {
    [NAMES_SEED] = "seed", [NAMES_ASN1] = "asn1", [NAMES_JAMDUNA] = "jamduna", NULL
  };
  Protocol *protocol = &self->feed.network.protocol;
  guint gray_paper, names;

  if (!_take_choice(&gray_paper, "gray-paper", args->gray_paper, gray_papers, "0.6, 0.7 or 0.8", error)
      || !_take_choice(&names, "names", args->names, styles, "seed, asn1 or jamduna", error))
    return FALSE;
  protocol->gray_paper = gray_paper;
  protocol->names = names;
  return TRUE;
}

static gboolean
_take_kind(Options *self, const gchar *text, GError **error)
{
  guint64 type;
  MessageKind kind;

  if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT, &type, NULL) || !message_kind_from_type(type, &kind))
    return _reject(error, "kinds", text, "msg_types of " ALL_TYPES);

  self->feed.kinds |= 1u << kind;
  return TRUE;
}

static gboolean
_take_kinds(Options *self, const gchar *list, GError **error)
{
  if (!list)
    {
      self->feed.kinds = (1u << MESSAGE_KINDS) - 1;
      return TRUE;
    }

  gchar **kinds = g_strsplit(list, ",", -1);
  gboolean success = *list != '\0' || _take_kind(self, list, error);

  for (guint i = 0; success && kinds[i]; i++)
    success = _take_kind(self, kinds[i], error);
  g_strfreev(kinds);
  return success;
}

static gboolean
_take_format(Options *self, const gchar *format, GError **error)
{
  if (!format || g_str_equal(format, "rfc3164"))
    self->format = SYSLOG_FORMAT_RFC3164;
  else if (g_str_equal(format, "rfc5424"))
    self->format = SYSLOG_FORMAT_RFC5424;
  else
    return _reject(error, "format", format, "rfc3164 or rfc5424");
  return TRUE;
}

static gboolean
_take_framing(Options *self, const gchar *framing, GError **error)
{
  if (!framing || g_str_equal(framing, "newline"))
    self->framing = SYSLOG_FRAMING_NEWLINE;
  else if (g_str_equal(framing, "octet-counted"))
    self->framing = SYSLOG_FRAMING_OCTET_COUNTED;
  else
    return _reject(error, "framing", framing, "newline or octet-counted");
  return TRUE;
}

static gboolean
_take_syslog(Options *self, const Arguments *args, GError **error)
{
  if (self->to || args->syslog)
    return _take_format(self, args->format, error) && _take_framing(self, args->framing, error);

  if (args->format || args->framing)
    {
      g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "--%s needs --to or --syslog",
                  args->format ? "format" : "framing");
      return FALSE;
    }
  return TRUE;
}

static gboolean
_take_all(Options *self, const Arguments *args, GError **error)
{
  if (self->connections > 1 && !self->to)
    {
      g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "--connections needs --to");
      return FALSE;
    }

  self->feed.team = self->team;
  return _take_start(self, args->start ? args->start : DEFAULT_START, error) && _take_protocol(self, args, error)
         && _take_kinds(self, args->kinds, error) && _take_syslog(self, args, error);
}

gboolean
options_parse(Options *self, int *argc, char ***argv, GError **error)
{
  Arguments args = {
    .seed = 1,
    .slots = 12,
    .repeat = 1,
    .validators = 6,
    .cores = 2,
    .services = 4,
    .assurances = 32,
    .blob_size = 4096,
    .connections = 1,
  };

  memset(self, 0, sizeof(*self));
  gboolean success = _parse_arguments(self, &args, argc, argv, error) && _take_numbers(self, &args, error)
                     && _take_all(self, &args, error);

  g_free(args.framing);
  g_free(args.format);
  g_free(args.names);
  g_free(args.gray_paper);
  g_free(args.start);
  g_free(args.kinds);
  return success;
}

void
options_free_data(Options *self)
{
  g_free(self->to);
  g_free(self->team);
}
