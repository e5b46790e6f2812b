/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sinks/sink.h"

G_DEFINE_QUARK(jam_sink_error_quark, jam_sink_error)
