/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_PARSER_H_INCLUDED
#define JAM_ETL_PARSER_H_INCLUDED

#include "cfg-parser.h"
#include "driver.h"

extern CfgParser jam_etl_parser;

CFG_PARSER_DECLARE_LEXER_BINDING(jam_etl_, JAM_ETL_, LogDriver **)

#endif
