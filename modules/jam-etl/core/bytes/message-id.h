/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_MESSAGE_ID_H_INCLUDED
#define JAM_MESSAGE_ID_H_INCLUDED

#include <glib.h>

/* hex digits of a message's XXH3-128 */
#define JAM_MESSAGE_ID_LENGTH 32

/* Writes the XXH3-128 (seed 0) of the @length bytes at @text to @id: its canonical
 * form in lower-case hex, without a NUL. */
void jam_message_id_make(const gchar *text, gsize length, gchar id[JAM_MESSAGE_ID_LENGTH]);

#endif
