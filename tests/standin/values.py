# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""One JSON value into one column's type, as apis.md 1.3 has it for insertAll rows and for NDJSON loads.

What is stored: INTEGER int, FLOAT float, NUMERIC the decimal's text, BYTES canonical
base64, TIMESTAMP microseconds since the epoch, JSON its text, the rest as text.
What no document settles is refused (a JSON number into a STRING column).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from . import times

INT64 = range(-2**63, 2**63)
_INTEGER_TEXT = re.compile(r"[+-]?[0-9]{1,20}")
_NUMBER_TEXT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_BASE64_TEXT = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_SPECIAL_FLOATS = {"nan": float("nan"), "inf": float("inf"), "+inf": float("inf"), "-inf": float("-inf"),
                   "infinity": float("inf"), "+infinity": float("inf"), "-infinity": float("-inf")}
_LOADED_BOOLEANS = {"1": True, "t": True, "yes": True, "y": True, "true": True,
                    "0": False, "f": False, "no": False, "n": False, "false": False}
_JSON_TYPES = {bool: "bool", int: "int64", float: "double", dict: "record", list: "array"}
_TIMESTAMP_HINT = ("Required format is YYYY-MM-DD HH:MM[:SS[.SSSSSS]] or YYYY/MM/DD HH:MM[:SS[.SSSSSS]]")

Converter = Callable[[Any], Any]


class BadValue(Exception):
    """The value does not fit the column; the text is the API's message."""


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 100 else text[:100] + "..."


def _refused(kind: str, value: Any) -> BadValue:
    return BadValue(f"Cannot convert value to {kind} (bad value): {_shown(value)}")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def string(value: Any) -> str:
    if not isinstance(value, str):
        raise BadValue(f"Conversion from {_JSON_TYPES[type(value)]} to string is unsupported.")
    return value


def integer(value: Any) -> int:
    """A number goes through a double, as the API's parser does: over 2^53 it comes out as another."""
    number: int | None = None
    if isinstance(value, str) and _INTEGER_TEXT.fullmatch(value):
        number = int(value)
    elif _is_number(value):
        number = _through_double(value)
    if number is None or number not in INT64:
        raise _refused("integer", value)
    return number


def _through_double(value: int | float) -> int | None:
    try:
        double = float(value)
        return int(double) if double.is_integer() else None
    except OverflowError:
        return None


def floating(value: Any) -> float:
    if isinstance(value, str):
        if value.lower() in _SPECIAL_FLOATS:
            return _SPECIAL_FLOATS[value.lower()]
        if _NUMBER_TEXT.fullmatch(value):
            return float(value)
    elif _is_number(value):
        return float(value)
    raise _refused("float", value)


def boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _refused("boolean", value)
    return value


def loaded_boolean(value: Any) -> bool:
    if isinstance(value, str) and value.lower() in _LOADED_BOOLEANS:
        return _LOADED_BOOLEANS[value.lower()]
    if _is_number(value) and value in (0, 1):
        return bool(value)
    return boolean(value)


def byte_string(value: Any) -> str:
    if not isinstance(value, str) or not _BASE64_TEXT.fullmatch(value):
        raise BadValue(f"Could not decode base64 string to bytes. Bad value: {_shown(value)}")
    canonical = base64.b64encode(base64.b64decode(value)).decode()
    return value if canonical == value else canonical


def timestamp(value: Any) -> int:
    """Text, or a number of seconds since the epoch."""
    try:
        if isinstance(value, str):
            return times.timestamp(value)
        if _is_number(value):
            return times.in_range(round(value * 1_000_000))
    except (ValueError, OverflowError):
        pass
    raise BadValue(f"Could not parse '{_shown(value)}' as a timestamp. {_TIMESTAMP_HINT}")


def _text_of(kind: str, parse: Callable[[str], str]) -> Converter:
    def convert(value: Any) -> str:
        try:
            return parse(value)
        except (TypeError, ValueError):
            raise BadValue(f"Invalid {kind} string \"{_shown(value)}\"") from None
    return convert


def _decimal_of(kind: str, scale: int, allowed: range, shown: Callable[[int | float], str]) -> Converter:
    """Of text, or of a number that is shown as text; allowed is for the value times 10^scale."""
    def convert(value: Any) -> str:
        text = value if isinstance(value, str) else shown(value) if _is_number(value) else ""
        if not _NUMBER_TEXT.fullmatch(text):
            raise BadValue(f"Invalid {kind} value: {_shown(value)}")
        unscaled = Fraction(text) * 10**scale
        if unscaled.denominator != 1 or unscaled.numerator not in allowed:
            raise BadValue(f"Invalid {kind} value: {_shown(text)}")
        return format(Decimal(text), "f")
    return convert


def _double_text(value: int | float) -> str:
    """With as many digits as distinguish doubles, as googleapis/nodejs-bigquery #1221 shows it."""
    try:
        return f"{float(value):.17g}"
    except OverflowError:
        return str(value)


def numeric(shown: Callable[[int | float], str] = _double_text) -> Converter:
    """29 digits before the point and 9 behind it."""
    return _decimal_of("NUMERIC", 9, range(-10**38 + 1, 10**38), shown)


def bignumeric(shown: Callable[[int | float], str] = _double_text) -> Converter:
    """38 digits behind the point, and 38 before it, a 39th in part."""
    return _decimal_of("BIGNUMERIC", 38, range(-2**255, 2**255), shown)


def json_value(value: Any) -> str:
    """JSON text in a string, or the value itself."""
    if not isinstance(value, str):
        return json.dumps(value, separators=(",", ":"))
    try:
        json.loads(value)
    except ValueError:
        raise BadValue(f"Could not parse as JSON: {_shown(value)}") from None
    return value


STREAMED: dict[str, Converter] = {
    "STRING": string,
    "BYTES": byte_string,
    "INTEGER": integer,
    "FLOAT": floating,
    "BOOLEAN": boolean,
    "TIMESTAMP": timestamp,
    "DATE": _text_of("date", times.date_text),
    "TIME": _text_of("time", times.time_text),
    "DATETIME": _text_of("datetime", times.datetime_text),
    "NUMERIC": numeric(),
    "BIGNUMERIC": bignumeric(),
    "JSON": json_value,
    "GEOGRAPHY": string,
}
LOADED: dict[str, Converter] = {
    **STREAMED,
    "BOOLEAN": loaded_boolean,
    "NUMERIC": numeric(repr),
    "BIGNUMERIC": bignumeric(repr),
    "JSON": lambda value: json.dumps(value, separators=(",", ":")),
}
