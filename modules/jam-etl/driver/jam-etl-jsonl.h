/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_JSONL_H_INCLUDED
#define JAM_ETL_JSONL_H_INCLUDED

#include "driver/jam-etl-output.h"

/* The output jsonl(). */
JamEtlOutput *jam_etl_jsonl_new(JamEtlDriver *driver);

/* Setters that can refuse their value return FALSE, set @error (domain
 * JAM_ETL_DRIVER_ERROR) and change nothing. */
gboolean jam_etl_jsonl_set_directory(JamEtlOutput *s, LogTemplate *directory, GError **error);
gboolean jam_etl_jsonl_set_dialect(JamEtlOutput *s, const gchar *dialect, GError **error);
void jam_etl_jsonl_set_fsync(JamEtlOutput *s, gboolean fsync);
void jam_etl_jsonl_set_exactly_once(JamEtlOutput *s, gboolean exactly_once);
/* @dedup_window: messages */
gboolean jam_etl_jsonl_set_dedup_window(JamEtlOutput *s, gint dedup_window, GError **error);
void jam_etl_jsonl_set_create_dirs(JamEtlOutput *s, gboolean create_dirs);

#endif
