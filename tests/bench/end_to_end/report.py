# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Medians, as a Markdown table and as a chart."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from statistics import median

from .contenders import RAW, Contender
from .measure import Run
from .traffic import Traffic

_BAR = 420
_LINE = 22


@dataclass
class Series:
    """All runs of one contender over the same traffic."""

    contender: Contender
    runs: list[Run]

    def seconds(self) -> float:
        return median(run.seconds for run in self.runs)

    def cpu(self) -> float:
        return median(run.cpu_seconds for run in self.runs)

    def spread(self) -> float:
        """Slowest by fastest."""
        return max(run.seconds for run in self.runs) / min(run.seconds for run in self.runs)

    def peak_mib(self) -> float:
        return max(run.peak_kib for run in self.runs) / 1024


@dataclass
class Table:
    traffic: Traffic
    connections: int
    series: list[Series]

    def title(self) -> str:
        count, size = len(self.traffic.lines), self.traffic.size / 1e6
        return f"{self.traffic.name}: {count} messages, {size:.0f} MB, {self.connections} connection(s)"

    def raw(self) -> Series:
        return next(one for one in self.series if one.contender is RAW)


def markdown(tables: list[Table], rounds: int) -> str:
    text = ["# End to end", "", f"Medians of {rounds} alternating runs; spread is slowest by fastest. The ratios are to "
            "`file()` in the same run; CPU is the daemon's, memory its peak.", ""]
    for table in tables:
        raw = table.raw()
        text += [f"## {table.title()}", "",
                 "| | MB/s | messages/s | spread | CPU s/GB | MiB | speed, of raw | CPU, of raw |",
                 "|---|--:|--:|--:|--:|--:|--:|--:|"]
        for one in table.series:
            size, seconds = table.traffic.size, one.seconds()
            text.append(f"| {one.contender.what} | {size / seconds / 1e6:.0f} | {len(table.traffic.lines) / seconds:.0f} "
                        f"| {one.spread():.2f} | {one.cpu() / size * 1e9:.2f} | {one.peak_mib():.0f} "
                        f"| {raw.seconds() / seconds:.2f} | {one.cpu() / raw.cpu():.2f} |")
        text.append("")
    return "\n".join(text)


def svg(tables: list[Table]) -> str:
    """Bars: speed as a share of raw."""
    shapes: list[str] = []
    y = 0
    most = max(table.raw().seconds() / one.seconds() for table in tables for one in table.series)
    for table in tables:
        y += _LINE
        shapes.append(f'<text x="8" y="{y}" font-weight="bold">{escape(table.title())}</text>')
        for one in table.series:
            y += _LINE
            share = table.raw().seconds() / one.seconds()
            colour = "#2a6f97" if "jam-etl" in one.contender.what else "#a5a58d"
            width = share / most * _BAR
            shapes += [f'<text x="180" y="{y}" text-anchor="end">{escape(one.contender.name)}</text>',
                       f'<rect x="190" y="{y - 13}" width="{width:.0f}" height="16" fill="{colour}"/>',
                       f'<text x="{196 + width:.0f}" y="{y}">{share:.2f}</text>']
        y += _LINE // 2
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="680" height="{y + _LINE}" font-family="sans-serif" '
            'font-size="13"><rect width="100%" height="100%" fill="white"/>\n' + "\n".join(shapes) + "\n</svg>\n")
