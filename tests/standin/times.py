# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Dates and times: the text forms of BQ/docs/loading-data-cloud-storage-json and of BigQuery's data types."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

_DATE = r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
_TIME = r"(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6}))?)?"
_ZONE = r"(?: ?UTC|[Zz]|([+-])(\d{1,2})(?::?(\d{2}))?)?"
_TIMESTAMP = re.compile(rf"{_DATE}(?:[ Tt]{_TIME})?{_ZONE}", re.ASCII)
_DATETIME = re.compile(rf"{_DATE}(?:[ Tt]{_TIME})?", re.ASCII)
_DATE_ONLY = re.compile(_DATE, re.ASCII)
_TIME_ONLY = re.compile(_TIME, re.ASCII)

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)
FIRST = (datetime(1, 1, 1, tzinfo=timezone.utc) - EPOCH) // _MICROSECOND
LAST = (datetime(9999, 12, 31, 23, 59, 59, 999999, timezone.utc) - EPOCH) // _MICROSECOND


def _clock(parts: tuple[str | None, ...]) -> tuple[int, int, int, int]:
    hour, minute, second, fraction = parts
    return int(hour or 0), int(minute or 0), int(second or 0), int((fraction or "").ljust(6, "0"))


def timestamp(text: str) -> int:
    """Microseconds since the epoch. ValueError: not of the grammar, which ends at six fraction digits."""
    match = _TIMESTAMP.fullmatch(text)
    if not match:
        raise ValueError(text)
    year, month, day = (int(part) for part in match.group(1, 2, 3))
    there = datetime(year, month, day, *_clock(match.group(4, 5, 6, 7)), tzinfo=timezone.utc)
    sign, hours, minutes = match.group(8, 9, 10)
    micros = (there - EPOCH) // _MICROSECOND
    if sign:
        shift = (int(hours) * 3600 + int(minutes or 0) * 60) * 1_000_000
        micros += shift if sign == "-" else -shift
    return in_range(micros)


def in_range(micros: int) -> int:
    if not FIRST <= micros <= LAST:
        raise ValueError(micros)
    return micros


def timestamp_text(micros: int) -> str:
    """RFC 3339 with six fraction digits."""
    return (EPOCH + timedelta(microseconds=micros)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def date_text(text: str) -> str:
    match = _DATE_ONLY.fullmatch(text)
    if not match:
        raise ValueError(text)
    return date(*(int(part) for part in match.groups())).isoformat()


def time_text(text: str) -> str:
    match = _TIME_ONLY.fullmatch(text)
    if not match:
        raise ValueError(text)
    return time(*_clock(match.groups())).isoformat()


def datetime_text(text: str) -> str:
    match = _DATETIME.fullmatch(text)
    if not match:
        raise ValueError(text)
    year, month, day = (int(part) for part in match.group(1, 2, 3))
    return datetime(year, month, day, *_clock(match.group(4, 5, 6, 7))).isoformat()
