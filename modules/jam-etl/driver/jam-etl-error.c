/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "driver/jam-etl-error.h"

G_DEFINE_QUARK(jam_etl_driver_error_quark, jam_etl_driver_error)

gboolean
jam_etl_option_error(GError **error, const gchar *format, ...)
{
  va_list args;

  va_start(args, format);
  if (error)
    *error = g_error_new_valist(JAM_ETL_DRIVER_ERROR, JAM_ETL_DRIVER_ERROR_OPTION, format, args);
  va_end(args);
  return FALSE;
}
