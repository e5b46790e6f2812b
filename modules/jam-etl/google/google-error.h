/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_GOOGLE_ERROR_H_INCLUDED
#define JAM_GOOGLE_ERROR_H_INCLUDED

#include <glib.h>

#define JAM_GOOGLE_ERROR jam_google_error_quark()

/* No text of this domain holds a secret. */
typedef enum
{
  /* the key file cannot be read */
  JAM_GOOGLE_ERROR_UNREADABLE,
  /* the key file is not what it should be */
  JAM_GOOGLE_ERROR_MALFORMED,
  /* the network or the server: the same may succeed later */
  JAM_GOOGLE_ERROR_TEMPORARY,
  /* the server does not accept the credentials: somebody must see to it */
  JAM_GOOGLE_ERROR_REFUSED,
  /* given up because the program stops or reloads */
  JAM_GOOGLE_ERROR_STOPPED,
} JamGoogleError;

GQuark jam_google_error_quark(void);

#endif
