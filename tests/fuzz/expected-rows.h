/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_FUZZ_EXPECTED_ROWS_H_INCLUDED
#define JAM_FUZZ_EXPECTED_ROWS_H_INCLUDED

#include "core-run.h"
#include "expected-message.h"

/* The rows of one message in one table, by the contract. */
typedef struct _ExpectedRows
{
  /* a bit for each JamRejectReason that may be given for them; none if there is
   * nothing to reject */
  guint faults;
  guint n_rows;
  /* valid without faults; each row ends in a newline */
  GString *text;
} ExpectedRows;

/* The rows that @encoder must make; @message must have no faults. */
void expected_rows_init(ExpectedRows *self, const ExpectedMessage *message, gint table, CoreEncoder encoder);
void expected_rows_clear(ExpectedRows *self);

#endif
