/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report.h"

static const gchar explanation[] =
  "# The core alone\n\n"
  "Each contender goes over the same messages in memory; they take turns, %u rounds of\n"
  "10 ms at least. GB/s and ns are medians of processor time, the spread is the slowest\n"
  "round over the fastest. The core reads each message, row ids included, and appends the\n"
  "rows of every table to buffers that start again at 8 MiB together, as in the JSONL sink.\n"
  "memcpy copies message by message into such a buffer; memcpy-cached copies each one over\n"
  "the one before; memcpy-block copies all of them at once. json-glib and json-c only parse.\n";

void
report_start(ReportFormat format, guint n_rounds)
{
  if (format == REPORT_MARKDOWN)
    g_print(explanation, n_rounds);
  else
    g_print("traffic\tpart\tcontender\tmessages\tbytes\trows\tns_median\tns_min\tns_max\tgb_per_s\t"
            "ns_per_message\tns_per_byte\tns_per_row\tof_memcpy\tof_json_glib\n");
}

void
report_title(ReportFormat format, const gchar *title)
{
  if (format == REPORT_MARKDOWN)
    g_print(
      "\n## %s\n\n"
      "| part | contender | messages | bytes | GB/s | ns a message | ns a row | spread | of memcpy | of json-glib |\n"
      "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
      title);
}

/* How many times as fast as the contender called @name it was; 0 if that one did
 * not run. */
static gdouble
_ratio(const Measurement *self, const gchar *name, const Measurement *all, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      if (g_str_equal(all[i].contender->name, name))
        return all[i].median / self->median;
    }
  return 0;
}

static gdouble
_per(gdouble ns, gsize n)
{
  return n > 0 ? ns / n : 0;
}

static void
_write_tsv(const gchar *title, const gchar *label, const Measurement *self, gdouble of_memcpy, gdouble of_json_glib)
{
  gsize n_bytes = self->traffic->n_bytes;
  gsize n_messages = self->traffic->n_messages;

  g_print("%s\t%s\t%s\t%" G_GSIZE_FORMAT "\t%" G_GSIZE_FORMAT "\t%" G_GSIZE_FORMAT, title, label, self->contender->name,
          n_messages, n_bytes, self->n_rows);
  g_print("\t%.0f\t%.0f\t%.0f\t%.4g\t%.4g\t%.4g\t%.4g\t%.4g\t%.4g\n", self->median, self->minimum, self->maximum,
          n_bytes / self->median, _per(self->median, n_messages), _per(self->median, n_bytes),
          _per(self->median, self->n_rows), of_memcpy, of_json_glib);
}

/* Nothing stands where there was nothing to measure. */
static void
_write_cell(const gchar *format, gdouble figure)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  g_print(" | %s", figure > 0 ? g_ascii_formatd(text, sizeof(text), format, figure) : "");
}

static void
_write_markdown(const gchar *label, const Measurement *self, gdouble of_memcpy, gdouble of_json_glib)
{
  gsize n_bytes = self->traffic->n_bytes;
  gsize n_messages = self->traffic->n_messages;

  g_print("| %s | %s | %" G_GSIZE_FORMAT " | %" G_GSIZE_FORMAT " | %.3g | %.0f", label, self->contender->name,
          n_messages, n_bytes, n_bytes / self->median, _per(self->median, n_messages));
  _write_cell("%.0f", _per(self->median, self->n_rows));
  _write_cell("%.2f", self->maximum / self->minimum);
  _write_cell("%.3f", of_memcpy);
  _write_cell("%.1f", of_json_glib);
  g_print(" |\n");
}

void
report_measurements(ReportFormat format, const gchar *title, const gchar *label, const Measurement *measurements,
                    gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      const Measurement *measurement = &measurements[i];
      gdouble of_memcpy = _ratio(measurement, CONTENDER_MEMCPY, measurements, n);
      gdouble of_json_glib = _ratio(measurement, CONTENDER_JSON_GLIB, measurements, n);

      if (format == REPORT_MARKDOWN)
        _write_markdown(label, measurement, of_memcpy, of_json_glib);
      else
        _write_tsv(title, label, measurement, of_memcpy, of_json_glib);
    }
}
