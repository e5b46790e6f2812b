# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The data of a load job: one JSON object a line, all of it or nothing (BQ/docs/batch-loading-data)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import json_text
from .errors import error_proto
from .row_check import RowCheck, RowError, Values

_READING = "Error while reading data, error message: "


@dataclass
class Parsed:
    """rows are pairs of what is stored and what was sent; errors those of the bad lines."""

    rows: list[tuple[Values, dict[str, Any]]] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)
    fatal: bool = False

    def error_result(self) -> dict[str, str]:
        count = len(self.errors)
        return error_proto("invalid", f"{_READING}JSON table encountered too many errors, giving up. Rows: "
                           f"{len(self.rows) + count}; errors: {count}. Please look into the errors[] collection "
                           "for more details.")


def parse(data: bytes, check: RowCheck, most_bad: int, row_limit: int) -> Parsed:
    """Stops where there are more bad lines than the job allows."""
    parsed = Parsed()
    position = 0
    for line in data.split(b"\n"):
        if line.strip():
            try:
                parsed.rows.append(_parse_line(line, check, row_limit))
            except (ValueError, RecursionError, RowError) as error:
                parsed.errors.append(_line_error(position, error))
        if len(parsed.errors) > most_bad:
            parsed.fatal = True
            break
        position += len(line) + 1
    return parsed


def _parse_line(line: bytes, check: RowCheck, row_limit: int) -> tuple[Values, dict[str, Any]]:
    if len(line) > row_limit:
        raise ValueError(f"Row size is larger than: {row_limit}.")
    sent = json_text.parse(line)
    if not isinstance(sent, dict):
        raise ValueError("Start of a record expected.")
    return check.check(sent), sent


def _line_error(position: int, error: Exception) -> dict[str, str]:
    if isinstance(error, RowError):
        field = f" Field: {error.location};" if error.location else ""
        said = f"JSON parsing error in row starting at position {position}:{field} {error.message}"
        return error_proto("invalid", _READING + said, error.location)
    return error_proto("invalid", f"{_READING}JSON parsing error in row starting at position {position}: "
                       f"Parser terminated before end of string. {error}")
