/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ROW_ENCODER_H_INCLUDED
#define JAM_ROW_ENCODER_H_INCLUDED

#include "core/jamtart/message.h"

/* What the rows of one message in one table may take together, in bytes: this
 * much, or this many times the message's length, whichever is more. */
#define JAM_MAX_ROWS_BYTES ((gsize) 128 << 20)
#define JAM_MAX_ROWS_GROWTH 8

/* Makes rows of one dialect. Its plans never change once made, its scratch
 * memory does: one object serves one thread. */
typedef struct _JamRowEncoder JamRowEncoder;

JamRowEncoder *jam_row_encoder_new(JamDialect dialect);
void jam_row_encoder_free(JamRowEncoder *self);

/* From now on leaves columns out of the rows of jam_tables[@table]: those that are
 * TRUE in @left_out, by their index in the table's definition. The first column,
 * time, must stay. Values of these columns are not checked either, but for the objects
 * and the keys that rows are made of. */
void jam_row_encoder_leave_out(JamRowEncoder *self, gint table, const gboolean *left_out);

/* Appends the rows that @message has in jam_tables[@table] to @out, each one a
 * JSON object and a newline, and the length of @out after each (gsize) to @ends, unless
 * that is NULL; stores the number of rows. The table must be one of the message's kind.
 * If a value is bad, returns FALSE, fills in @reject, and leaves @out as it was. */
gboolean jam_row_encoder_encode(JamRowEncoder *self, const JamMessage *message, gint table, JamBuffer *out,
                                GArray *ends, guint *n_rows, JamReject *reject);

#endif
