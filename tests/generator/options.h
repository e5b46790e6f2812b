/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_OPTIONS_H_INCLUDED
#define JAMTART_GEN_OPTIONS_H_INCLUDED

#include "feed.h"
#include "syslog-frame.h"

typedef struct _Options
{
  FeedConfig feed;
  gchar *team; /* NULL for none; lent to feed */
  gchar *to;   /* "HOST:PORT"; NULL for standard output */
  guint connections;
  SyslogFormat format;
  SyslogFraming framing;
  gboolean count;
  gboolean quiet;
} Options;

/* Fills SELF from the command line. Returns FALSE and sets ERROR (domain
 * G_OPTION_ERROR, the option named) if it makes no sense. Prints the help and
 * leaves the program where --help is given. options_free_data() SELF in any
 * case. */
gboolean options_parse(Options *self, int *argc, char ***argv, GError **error);

/* Frees what options_parse() allocated. */
void options_free_data(Options *self);

#endif
