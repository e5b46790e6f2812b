/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_OUTPUT_H_INCLUDED
#define JAMTART_GEN_OUTPUT_H_INCLUDED

#include <glib.h>

/* One or more byte streams, written in large pieces. Errors are of the domain
 * G_FILE_ERROR. SIGPIPE is expected to be ignored. */
typedef struct _Output Output;

/* Returns one stream that goes to standard output. */
Output *output_new_stdout(void);

/* Connects to HOST_PORT, "HOST:PORT", CONNECTIONS times (at least once).
 * Returns NULL and sets ERROR if it cannot. */
Output *output_new_tcp(const gchar *host_port, guint connections, GError **error);

/* Closes what is still open, writing nothing more, and frees SELF; NULL is fine. */
void output_free(Output *self);

/* Adds LEN bytes at DATA to stream number KEY modulo the number of streams;
 * they are sent now or later. Returns FALSE and sets ERROR if they cannot be. */
gboolean output_write(Output *self, guint key, gconstpointer data, gsize len, GError **error);

/* Sends all that is left; over TCP it also tells the peer that this is the end
 * and waits up to 10 seconds for it to close. Returns FALSE and sets ERROR if
 * something was not taken. */
gboolean output_finish(Output *self, GError **error);

#endif
