/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_FILE_OPENER_H_INCLUDED
#define JAM_ETL_FILE_OPENER_H_INCLUDED

#include "driver.h"
#include "file-perms.h"

#include "files/append-file.h"

/* Opens files as syslog-ng's file() does: its permission options, directories
 * made on the way, its capabilities. */
typedef struct _JamEtlFileOpener
{
  JamFileOpener super;
  LogDriver *owner;
  FilePermOptions file_perm_options;
  gboolean create_dirs;
} JamEtlFileOpener;

/* @owner, the driver that warnings name, must outlive @self. */
void jam_etl_file_opener_init(JamEtlFileOpener *self, LogDriver *owner);

#endif
