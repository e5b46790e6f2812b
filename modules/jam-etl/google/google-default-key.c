/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "google/google-default-key.h"

static const gchar *
_get_variable(const gchar *name)
{
  const gchar *value = g_getenv(name);

  return value && *value ? value : NULL;
}

gchar *
jam_google_default_key_get_gcloud_path(void)
{
  static const gchar name[] = "application_default_credentials.json";
  const gchar *folder = _get_variable("CLOUDSDK_CONFIG");

  if (folder)
    return g_build_filename(folder, name, NULL);
  return g_build_filename(g_get_home_dir(), ".config", "gcloud", name, NULL);
}

const gchar *
jam_google_default_key_get_named_path(void)
{
  return _get_variable("GOOGLE_APPLICATION_CREDENTIALS");
}

const gchar *
jam_google_default_key_get_metadata_host(void)
{
  const gchar *host = _get_variable("GCE_METADATA_HOST");

  if (!host)
    host = _get_variable("GCE_METADATA_ROOT");
  return host ? host : "metadata.google.internal";
}
