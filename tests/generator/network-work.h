/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_NETWORK_WORK_H_INCLUDED
#define JAMTART_GEN_NETWORK_WORK_H_INCLUDED

#include "network.h"

/* Gives some of the cores a work package and its report in this slot, and
 * lists the reports in SELF. The block of the slot must be complete. */
void network_work_assign(Network *self);

#endif
