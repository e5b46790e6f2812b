/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef JAMTART_GEN_NETWORK_STATISTICS_H_INCLUDED
#define JAMTART_GEN_NETWORK_STATISTICS_H_INCLUDED

#include "network.h"

/* Makes the validators' current counters the last epoch's, and starts new ones. */
void network_statistics_roll_epoch(Network *self);

/* Adds the block to its validators' counters, and sets those of cores and
 * services to what the block did. */
void network_statistics_count_block(Network *self);

#endif
