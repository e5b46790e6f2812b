/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "jam-etl-parser.h"
#include "jam-etl-grammar.h"

extern int jam_etl_debug;

int jam_etl_parse(CfgLexer *lexer, LogDriver **instance, gpointer arg);

static CfgLexerKeyword jam_etl_keywords[] =
{
  { .kw_name = "jam_etl", .kw_token = KW_JAM_ETL },
  { .kw_name = "tables", .kw_token = KW_JAM_ETL_TABLES },
  { .kw_name = "table_name", .kw_token = KW_JAM_ETL_TABLE_NAME },
  { .kw_name = "table_prefix", .kw_token = KW_JAM_ETL_TABLE_PREFIX },
  { .kw_name = "team_map", .kw_token = KW_JAM_ETL_TEAM_MAP },
  { .kw_name = "reject_file", .kw_token = KW_JAM_ETL_REJECT_FILE },
  { .kw_name = "jsonl", .kw_token = KW_JAM_ETL_JSONL },
  { .kw_name = "directory", .kw_token = KW_JAM_ETL_DIRECTORY },
  { .kw_name = "dialect", .kw_token = KW_JAM_ETL_DIALECT },
  { .kw_name = "fsync", .kw_token = KW_JAM_ETL_FSYNC },
  { .kw_name = "create_dirs", .kw_token = KW_JAM_ETL_CREATE_DIRS },
  { .kw_name = "owner", .kw_token = KW_JAM_ETL_OWNER },
  { .kw_name = "group", .kw_token = KW_JAM_ETL_GROUP },
  { .kw_name = "dir_owner", .kw_token = KW_JAM_ETL_DIR_OWNER },
  { .kw_name = "dir_group", .kw_token = KW_JAM_ETL_DIR_GROUP },
  { .kw_name = NULL }
};

static gint
_parse(CfgLexer *lexer, gpointer *instance, gpointer arg)
{
  return jam_etl_parse(lexer, (LogDriver **) instance, arg);
}

static void
_cleanup(gpointer instance)
{
  log_pipe_unref(instance);
}

CfgParser jam_etl_parser =
{
#if SYSLOG_NG_ENABLE_DEBUG
  .debug_flag = &jam_etl_debug,
#endif
  .name = "jam_etl",
  .keywords = jam_etl_keywords,
  .parse = _parse,
  .cleanup = _cleanup,
};

CFG_PARSER_IMPLEMENT_LEXER_BINDING(jam_etl_, JAM_ETL_, LogDriver **)
