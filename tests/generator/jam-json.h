/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_JAM_JSON_H_INCLUDED
#define JAMTART_GEN_JAM_JSON_H_INCLUDED

#include "jam-types.h"

/* The JSON form of each thing, with the senders' keys in the senders' order, as
 * PROTOCOL has them where they differ. Every function adds one value to SELF;
 * NAME is the member's name, or NULL for an element of an array. */

/* Adds a block: header and extrinsic. */
void jam_json_block(Buffer *self, const gchar *name, const Block *block, const Protocol *protocol);

/* Adds a ticket, without its sender. */
void jam_json_ticket(Buffer *self, const gchar *name, const Ticket *ticket);

/* Adds an assurance. */
void jam_json_assurance(Buffer *self, const gchar *name, const Assurance *assurance);

/* Adds a preimage; the blob in hex. */
void jam_json_preimage(Buffer *self, const gchar *name, const Preimage *preimage);

/* Adds a report as its guarantor sends it: empty lists are null. */
void jam_json_report(Buffer *self, const gchar *name, const WorkReport *report, const Protocol *protocol);

/* Adds a work package bundle. */
void jam_json_bundle(Buffer *self, const gchar *name, const WorkPackage *package, const Protocol *protocol);

/* Adds the exported segments as base64 strings, or null if there is none. */
void jam_json_segments(Buffer *self, const gchar *name, const WorkPackage *package);

/* Adds a service's account. */
void jam_json_service(Buffer *self, const gchar *name, const Service *service, const Protocol *protocol);

/* Adds two lists, each under its own name: the validators' counters of this epoch
 * and of the one before. */
void jam_json_validator_statistics(Buffer *self, const Validator *validators, guint n_validators,
                                   const Protocol *protocol);

/* Adds the counters of all cores. */
void jam_json_core_statistics(Buffer *self, const gchar *name, const Core *cores, guint n_cores,
                              const Protocol *protocol);

/* Adds the counters of the services that are active: a list, or an object with a
 * member for each. */
void jam_json_service_statistics(Buffer *self, const gchar *name, const Service *services, guint n_services,
                                 const Protocol *protocol);

#endif
