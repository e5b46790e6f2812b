/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-network.h"

#include "cfg-args.h"
#include "cfg-block-generator.h"
#include "messages.h"
#include "plugin-types.h"

typedef struct _JamEtlTransport
{
  const gchar *name;
  /* syslog-ng's driver and its transport. Each of these refuses to start with tls() where
   * it does not encrypt; network(transport("framed")) would ignore it. */
  const gchar *driver;
  const gchar *transport;
  gboolean encrypts;
} JamEtlTransport;

static const JamEtlTransport transports[] = {
  { "tcp", "network", "tcp", FALSE },
  { "framed", "syslog", "tcp", FALSE },
  { "tls", "network", "tls", TRUE },
  { "framed-tls", "syslog", "tls", TRUE },
};

/* An argument is the text between its parentheses. */
static const gchar *
_get(CfgArgs *args, const gchar *name)
{
  const gchar *value = cfg_args_get(args, name);

  return value ? value : "";
}

/* Returns it, to be freed, without space and quotes around it. */
static gchar *
_get_word(CfgArgs *args, const gchar *name)
{
  return g_strstrip(g_strdelimit(g_strdup(_get(args, name)), "'\"", ' '));
}

static const JamEtlTransport *
_find_transport(CfgArgs *args)
{
  gchar *name = _get_word(args, "transport");
  const JamEtlTransport *found = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS(transports); i++)
    if (g_ascii_strcasecmp(transports[i].name, name) == 0)
      found = &transports[i];
  if (!found)
    msg_error("jam-etl: unknown transport(), it can be tcp, framed, tls or framed-tls", evt_tag_str("transport", name));
  g_free(name);
  return found;
}

/* Returns the options in tls(), or NULL for none. */
static const gchar *
_find_tls(CfgArgs *args)
{
  gchar *word = _get_word(args, "tls");
  gboolean none = strcmp(word, "none") == 0;

  g_free(word);
  return none ? NULL : _get(args, "tls");
}

/* One in a string or comment counts too: that is an error too many, and no harm. */
static gboolean
_has_tls(const gchar *options)
{
  return g_regex_match_simple("(?<![\\w-])tls\\s*\\(", options, 0, 0);
}

static gboolean
_check_tls(const JamEtlTransport *transport, gboolean has_tls)
{
  if (has_tls && !transport->encrypts)
    msg_error("jam-etl: tls() is given, and this transport() does not encrypt: tls and framed-tls do",
              evt_tag_str("transport", transport->name));
  else if (!has_tls && transport->encrypts)
    msg_error("jam-etl: this transport() needs tls() with key-file() and cert-file()",
              evt_tag_str("transport", transport->name));
  return has_tls == transport->encrypts;
}

static gboolean
_generate(CfgBlockGenerator *self, GlobalConfig *cfg, gpointer args, GString *result, const gchar *reference)
{
  const JamEtlTransport *transport = _find_transport(args);
  const gchar *tls = _find_tls(args), *options = _get(args, "options");

  if (!transport || !_check_tls(transport, tls || _has_tls(options)))
    return FALSE;
  g_string_append_printf(result, "%s(\n%s\n", transport->driver, options);
  if (tls)
    g_string_append_printf(result, "tls(%s\n)\n", tls);
  /* the last one holds: options() cannot have another */
  g_string_append_printf(result, "transport(\"%s\"))", transport->transport);
  return TRUE;
}

gpointer
jam_etl_network_construct(Plugin *plugin)
{
  CfgBlockGenerator *self = g_new0(CfgBlockGenerator, 1);

  cfg_block_generator_init_instance(self, LL_CONTEXT_SOURCE, plugin->name);
  self->generate = _generate;
  return self;
}
