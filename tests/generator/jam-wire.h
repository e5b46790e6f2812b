/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_JAM_WIRE_H_INCLUDED
#define JAMTART_GEN_JAM_WIRE_H_INCLUDED

#include "jam-types.h"

/* The JAM codec form of each thing. Every function adds it at the end of SELF,
 * in the layout of GRAY_PAPER where that has changed. */

/* Adds the header, seal included: the bytes whose hash is the next parent. */
void jam_wire_header(Buffer *self, const Header *header, GrayPaper gray_paper);

/* Adds the header and the extrinsic. */
void jam_wire_block(Buffer *self, const Block *block, GrayPaper gray_paper);

/* Adds attempt and signature. */
void jam_wire_ticket(Buffer *self, const Ticket *ticket);

/* Adds anchor, bitfield, validator index and signature. */
void jam_wire_assurance(Buffer *self, const Assurance *assurance);

/* Adds the report without its signatures. */
void jam_wire_report(Buffer *self, const WorkReport *report, GrayPaper gray_paper);

/* Adds the work package: the bytes whose hash is its name. */
void jam_wire_package(Buffer *self, const WorkPackage *package, GrayPaper gray_paper);

/* Adds what follows the package in a bundle: extrinsics, imported segments
 * and their justifications. */
void jam_wire_bundle_rest(Buffer *self, const WorkPackage *package);

/* Adds the segments that the package exports. */
void jam_wire_segments(Buffer *self, const WorkPackage *package);

/* Adds the service's account. */
void jam_wire_service(Buffer *self, const Service *service, GrayPaper gray_paper);

/* Adds both epochs' counters of a set of validators. */
void jam_wire_validator_statistics(Buffer *self, const Validator *validators, guint n_validators);

/* Adds the counters of all cores. */
void jam_wire_core_statistics(Buffer *self, const Core *cores, guint n_cores, GrayPaper gray_paper);

/* Adds the counters of the services that are active. */
void jam_wire_service_statistics(Buffer *self, const Service *services, guint n_services, GrayPaper gray_paper);

#endif
