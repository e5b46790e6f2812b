/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_JSON_TEXT_H_INCLUDED
#define JAMTART_GEN_JSON_TEXT_H_INCLUDED

#include "buffer.h"

/* Compact JSON, written straight into a Buffer that holds nothing else.
 * Commas come by themselves. NAME is the member's name, which needs no
 * escapes, or NULL for an element of an array. */

/* Opens an object; what follows is inside it until json_text_close_object(). */
void json_text_open_object(Buffer *self, const gchar *name);

/* Closes the object that was opened last. */
void json_text_close_object(Buffer *self);

/* Opens an array; what follows is inside it until json_text_close_array(). */
void json_text_open_array(Buffer *self, const gchar *name);

/* Closes the array that was opened last. */
void json_text_close_array(Buffer *self);

/* Adds [], or null where AS_NULL. */
void json_text_empty(Buffer *self, const gchar *name, gboolean as_null);

/* Adds null. */
void json_text_null(Buffer *self, const gchar *name);

/* Adds an integer. */
void json_text_number(Buffer *self, const gchar *name, guint64 value);

/* Adds TEXT, which is UTF-8, as a string with the escapes it needs. */
void json_text_string(Buffer *self, const gchar *name, const gchar *text);

/* Adds LEN bytes from DATA as a string of 0x and hex digits. */
void json_text_hex(Buffer *self, const gchar *name, const guint8 *data, gsize len);

/* Adds LEN bytes from DATA as a base64 string. */
void json_text_base64(Buffer *self, const gchar *name, const guint8 *data, gsize len);

/* Opens a string whose characters the caller appends to SELF itself, with no
 * need of escapes, until json_text_close_string(). */
void json_text_open_string(Buffer *self, const gchar *name);

/* Closes the string that json_text_open_string() opened. */
void json_text_close_string(Buffer *self);

#endif
