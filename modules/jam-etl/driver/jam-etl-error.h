/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_ERROR_H_INCLUDED
#define JAM_ETL_ERROR_H_INCLUDED

#include <glib.h>

#define JAM_ETL_DRIVER_ERROR jam_etl_driver_error_quark()

typedef enum
{
  JAM_ETL_DRIVER_ERROR_OPTION,
} JamEtlDriverError;

GQuark jam_etl_driver_error_quark(void);

/* Sets @error, JAM_ETL_DRIVER_ERROR_OPTION, and returns FALSE. */
gboolean jam_etl_option_error(GError **error, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

#endif
