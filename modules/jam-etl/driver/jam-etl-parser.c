/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-parser.h"
#include "driver/jam-etl-grammar.h"

extern int jam_etl_debug;

int jam_etl_parse(CfgLexer *lexer, LogDriver **instance, gpointer arg);

static CfgLexerKeyword jam_etl_keywords[] = {
  { .kw_name = "jam_etl", .kw_token = KW_JAM_ETL },
  { .kw_name = "jam_etl_unmatched", .kw_token = KW_JAM_ETL_UNMATCHED },
  { .kw_name = "instance", .kw_token = KW_JAM_ETL_INSTANCE },
  { .kw_name = "tables", .kw_token = KW_JAM_ETL_TABLES },
  { .kw_name = "table_name", .kw_token = KW_JAM_ETL_TABLE_NAME },
  { .kw_name = "table_prefix", .kw_token = KW_JAM_ETL_TABLE_PREFIX },
  { .kw_name = "team_map", .kw_token = KW_JAM_ETL_TEAM_MAP },
  { .kw_name = "reject_file", .kw_token = KW_JAM_ETL_REJECT_FILE },
  { .kw_name = "jsonl", .kw_token = KW_JAM_ETL_JSONL },
  { .kw_name = "directory", .kw_token = KW_JAM_ETL_DIRECTORY },
  { .kw_name = "dialect", .kw_token = KW_JAM_ETL_DIALECT },
  { .kw_name = "fsync", .kw_token = KW_JAM_ETL_FSYNC },
  { .kw_name = "exactly_once", .kw_token = KW_JAM_ETL_EXACTLY_ONCE },
  { .kw_name = "dedup_window", .kw_token = KW_JAM_ETL_DEDUP_WINDOW },
  { .kw_name = "create_dirs", .kw_token = KW_JAM_ETL_CREATE_DIRS },
  { .kw_name = "owner", .kw_token = KW_JAM_ETL_OWNER },
  { .kw_name = "group", .kw_token = KW_JAM_ETL_GROUP },
  { .kw_name = "dir_owner", .kw_token = KW_JAM_ETL_DIR_OWNER },
  { .kw_name = "dir_group", .kw_token = KW_JAM_ETL_DIR_GROUP },
  { .kw_name = "bigquery", .kw_token = KW_JAM_ETL_BIGQUERY },
  { .kw_name = "project", .kw_token = KW_JAM_ETL_PROJECT },
  { .kw_name = "dataset", .kw_token = KW_JAM_ETL_DATASET },
  { .kw_name = "url", .kw_token = KW_JAM_ETL_URL },
  { .kw_name = "credentials_file", .kw_token = KW_JAM_ETL_CREDENTIALS_FILE },
  { .kw_name = "self_signed_jwt", .kw_token = KW_JAM_ETL_SELF_SIGNED_JWT },
  { .kw_name = "create_tables", .kw_token = KW_JAM_ETL_CREATE_TABLES },
  { .kw_name = "compression", .kw_token = KW_JAM_ETL_COMPRESSION },
  { .kw_name = "max_request_bytes", .kw_token = KW_JAM_ETL_MAX_REQUEST_BYTES },
  { .kw_name = "max_request_rows", .kw_token = KW_JAM_ETL_MAX_REQUEST_ROWS },
  { .kw_name = "timeout", .kw_token = KW_JAM_ETL_TIMEOUT },
  { .kw_name = "tls", .kw_token = KW_JAM_ETL_TLS },
  { .kw_name = "ca_dir", .kw_token = KW_JAM_ETL_CA_DIR },
  { .kw_name = "ca_file", .kw_token = KW_JAM_ETL_CA_FILE },
  { .kw_name = "cert_file", .kw_token = KW_JAM_ETL_CERT_FILE },
  { .kw_name = "key_file", .kw_token = KW_JAM_ETL_KEY_FILE },
  { .kw_name = "cipher_suite", .kw_token = KW_JAM_ETL_CIPHER_SUITE },
  { .kw_name = "tls12_and_older", .kw_token = KW_JAM_ETL_TLS12_AND_OLDER },
  { .kw_name = "tls13", .kw_token = KW_JAM_ETL_TLS13 },
  { .kw_name = "ssl_version", .kw_token = KW_JAM_ETL_SSL_VERSION },
  { .kw_name = "peer_verify", .kw_token = KW_JAM_ETL_PEER_VERIFY },
  { .kw_name = "proxy", .kw_token = KW_JAM_ETL_PROXY },
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

CfgParser jam_etl_parser = {
#if SYSLOG_NG_ENABLE_DEBUG
  .debug_flag = &jam_etl_debug,
#endif
  .name = "jam_etl",
  .keywords = jam_etl_keywords,
  .parse = _parse,
  .cleanup = _cleanup,
};

CFG_PARSER_IMPLEMENT_LEXER_BINDING(jam_etl_, JAM_ETL_, LogDriver **)
