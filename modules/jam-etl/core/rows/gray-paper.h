/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_GRAY_PAPER_H_INCLUDED
#define JAM_GRAY_PAPER_H_INCLUDED

#include "core/json/json-text.h"
#include "core/tables/encoded-object.h"

/* The encoded objects that a message's codec_encoded starts with, by the layouts of
 * the Gray Paper's appendix on serialization, versions 0.6 to 0.8.
 *
 * A message does not name its version. A layout fits if the bytes decode and agree
 * with the message's own JSON, so an end that is found is proved. */

/* Returns the length in bytes of the @object that @digits starts with: hex text without
 * the "0x" that may hold anything, valid hex or not. @fields are the values at
 * jam_encoded_paths[@object]. @scratch is overwritten. Returns 0 if no layout fits, or if
 * two fit that end at different bytes; also if the JSON lacks the values that prove
 * anything. Bytes that are compared with nothing may still be no hex digits. */
gsize jam_gray_paper_measure(JamEncodedObject object, const JamJsonValue *const fields[], const JamText *digits,
                             JamBuffer *scratch);

#endif
