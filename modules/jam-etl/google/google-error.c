/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "google/google-error.h"

G_DEFINE_QUARK(jam_google_error_quark, jam_google_error)
