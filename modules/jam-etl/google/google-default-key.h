/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_GOOGLE_DEFAULT_KEY_H_INCLUDED
#define JAM_GOOGLE_DEFAULT_KEY_H_INCLUDED

#include <glib.h>

/* Where application default credentials are (AIP-4110): the file that
 * GOOGLE_APPLICATION_CREDENTIALS names, else gcloud's file in CLOUDSDK_CONFIG or
 * ~/.config/gcloud if there is one, else the metadata server. These read the
 * environment, so they belong into the main thread. */

/* Returns the path of the file that must be there because somebody has named it, or
 * NULL; the environment owns it. */
const gchar *jam_google_default_key_get_named_path(void);

/* Returns the name of the metadata server's host, with or without port. */
const gchar *jam_google_default_key_get_metadata_host(void);

/* Returns where gcloud's file would be; the caller frees it. */
gchar *jam_google_default_key_get_gcloud_path(void);

#endif
