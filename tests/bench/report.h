/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_BENCH_REPORT_H_INCLUDED
#define JAM_BENCH_REPORT_H_INCLUDED

#include "measure.h"

typedef enum
{
  REPORT_TSV,
  REPORT_MARKDOWN,
} ReportFormat;

/* Writes what stands before all figures to standard output. */
void report_start(ReportFormat format, guint n_rounds);

/* Starts a part called @title: a traffic, or a kind of growth. */
void report_title(ReportFormat format, const gchar *title);

/* Writes a line for each of the @n measurements, which were taken in the same
 * rounds. @label says what part of the traffic they are of. */
void report_measurements(ReportFormat format, const gchar *title, const gchar *label, const Measurement *measurements,
                         gsize n);

#endif
