/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-network.h"
#include "driver/jam-etl-parser.h"

#include "block-ref-parser.h"
#include "plugin.h"
#include "plugin-types.h"

#include <curl/curl.h>
#include <sodium.h>

static Plugin jam_etl_plugins[] = {
  {
    .type = LL_CONTEXT_DESTINATION,
    .name = "jam_etl",
    .parser = &jam_etl_parser,
  },
  {
    .type = LL_CONTEXT_DESTINATION,
    .name = "jam_etl_unmatched",
    .parser = &jam_etl_parser,
  },
  {
    .type = LL_CONTEXT_SOURCE | LL_CONTEXT_FLAG_GENERATOR,
    .name = "jam_etl_network",
    .parser = &block_ref_parser,
    .construct = jam_etl_network_construct,
  },
};

gboolean
jam_etl_module_init(PluginContext *context, CfgArgs *args)
{
  if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK)
    return FALSE;
  plugin_register(context, jam_etl_plugins, G_N_ELEMENTS(jam_etl_plugins));
  return TRUE;
}

const ModuleInfo module_info = {
  .canonical_name = "jam-etl",
  .version = PACKAGE_VERSION,
  .description = "The jam-etl module turns the telemetry of JAM nodes into rows of tables.",
  .core_revision = SYSLOG_NG_SOURCE_REVISION,
  .plugins = jam_etl_plugins,
  .plugins_len = G_N_ELEMENTS(jam_etl_plugins),
};
