# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What each type takes of a streamed row, and what is stored of it (apis.md 1.3)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .row_check import RowCheck, RowError
from .schema import parse_fields
from .times import timestamp_text

TYPES = ("STRING", "INTEGER", "FLOAT", "BOOLEAN", "BYTES", "TIMESTAMP", "DATE", "TIME", "DATETIME", "NUMERIC",
         "BIGNUMERIC", "JSON")
BIGNUMERIC_MOST = "578960446186580977117854925043439539266.34992332820282019728792003956564819967"
FIELDS = parse_fields([{"name": kind.lower(), "type": kind} for kind in TYPES] + [
    {"name": "many", "type": "INTEGER", "mode": "REPEATED"},
    {"name": "inner", "type": "RECORD", "fields": [{"name": "n", "type": "INT64", "mode": "REQUIRED"}]}])


def streamed(name: str, value: Any) -> Any:
    return RowCheck(FIELDS).check({name: value}).get(name)


def loaded(name: str, value: Any) -> Any:
    return RowCheck.loaded(FIELDS, False).check({name: value}).get(name)


@pytest.mark.parametrize("name, value, stored", [
    ("string", "ä\0", "ä\0"),
    ("integer", "9223372036854775807", 2**63 - 1),
    ("integer", "-9223372036854775808", -2**63),
    ("integer", 2**53, 2**53),
    ("integer", 5.0, 5),
    ("float", "NaN", None),
    ("float", "-Infinity", -math.inf),
    ("float", "1.5e3", 1500.0),
    ("boolean", True, True),
    ("bytes", "AQI=", "AQI="),
    ("bytes", "", ""),
    ("bytes", "AR==", "AQ=="),
    ("date", "2026-01-02", "2026-01-02"),
    ("time", "1:02:03.5", "01:02:03.500000"),
    ("datetime", "2026-01-02 03:04:05", "2026-01-02T03:04:05"),
    ("numeric", "123.456", "123.456"),
    ("numeric", 1.5, "1.5"),
    ("numeric", "18446744073709551615", "18446744073709551615"),
    ("numeric", "-" + "9" * 29 + "." + "9" * 9, "-" + "9" * 29 + "." + "9" * 9),
    ("numeric", "0.1000000000", "0.1000000000"),
    ("numeric", "1e28", "1" + "0" * 28),
    ("bignumeric", "1e-38", "0." + "0" * 37 + "1"),
    ("bignumeric", "18446744073709551615", "18446744073709551615"),
    ("bignumeric", BIGNUMERIC_MOST, BIGNUMERIC_MOST),
    ("json", '{"a": 1}', '{"a": 1}'),
    ("json", {"a": [1]}, '{"a":[1]}'),
    ("many", ["1", 2], [1, 2]),
    ("many", None, None),
    ("inner", {"n": "3"}, {"n": 3}),
])
def test_taken(name: str, value: Any, stored: Any) -> None:
    found = streamed(name, value)
    assert found == stored or (stored is None and name == "float" and math.isnan(found))


@pytest.mark.parametrize("value, stored", [
    (2**53 + 1, 2**53),
    (-(2**53) - 1, -(2**53)),
    (1748736003123456789, 1748736003123456768),
])
def test_integers_as_numbers_lose_what_doubles_lose(value: int, stored: int) -> None:
    assert streamed("integer", value) == stored
    assert loaded("integer", value) == stored
    assert streamed("integer", str(value)) == value


@pytest.mark.parametrize("name", ["numeric", "bignumeric"])
def test_decimals_as_numbers_lose_what_doubles_lose_unless_they_are_loaded(name: str) -> None:
    assert streamed(name, 2**64 - 1) == "18446744073709552000"
    assert loaded(name, 2**64 - 1) == "18446744073709551615"
    assert loaded(name, 0.1) == "0.1"
    assert loaded(name, "18446744073709551615") == "18446744073709551615"


@pytest.mark.parametrize("value, stored", [
    ("2026-01-02T03:04:05.123456Z", "2026-01-02T03:04:05.123456Z"),
    ("2026-01-02 03:04:05.1", "2026-01-02T03:04:05.100000Z"),
    ("2026/1/2 3:04", "2026-01-02T03:04:00.000000Z"),
    ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05.000000Z"),
    ("2026-01-02 03:04:05-0130", "2026-01-02T04:34:05.000000Z"),
    ("2026-01-02 03:04:05 UTC", "2026-01-02T03:04:05.000000Z"),
    ("2026-01-02", "2026-01-02T00:00:00.000000Z"),
    (1767323045, "2026-01-02T03:04:05.000000Z"),
    (1767323045.5, "2026-01-02T03:04:05.500000Z"),
])
def test_timestamps(value: Any, stored: str) -> None:
    assert timestamp_text(streamed("timestamp", value)) == stored


@pytest.mark.parametrize("name, value, message", [
    ("string", 1, "Conversion from int64 to string is unsupported."),
    ("string", True, "Conversion from bool to string is unsupported."),
    ("string", ["a"], "Array specified for non-repeated field."),
    ("integer", "9223372036854775808", "Cannot convert value to integer (bad value): 9223372036854775808"),
    ("integer", 2**63 - 1, "Cannot convert value to integer (bad value): 9223372036854775807"),
    ("integer", "", "Cannot convert value to integer (bad value): "),
    ("integer", "1.0", "Cannot convert value to integer (bad value): 1.0"),
    ("integer", "0x10", "Cannot convert value to integer (bad value): 0x10"),
    ("integer", 1.5, "Cannot convert value to integer (bad value): 1.5"),
    ("integer", True, "Cannot convert value to integer (bad value): true"),
    ("float", "x", "Cannot convert value to float (bad value): x"),
    ("boolean", "true", "Cannot convert value to boolean (bad value): true"),
    ("boolean", 1, "Cannot convert value to boolean (bad value): 1"),
    ("bytes", "AQI", "Could not decode base64"),
    ("bytes", "AQ I", "Could not decode base64"),
    ("bytes", "A-_/", "Could not decode base64"),
    ("bytes", "AQI=\n", "Could not decode base64"),
    ("timestamp", "2026-01-02T03:04:05.1234567Z", "Could not parse '2026-01-02T03:04:05.1234567Z' as a timestamp."),
    ("timestamp", "2026-01-02T03:04:05.123456789Z", "Could not parse"),
    ("timestamp", "2026-01-02T03:04:05.0000001Z", "Could not parse"),
    ("timestamp", "2026-02-30T00:00:00Z", "Could not parse"),
    ("timestamp", "now", "Could not parse"),
    ("timestamp", 1767323045000, "Could not parse '1767323045000' as a timestamp."),
    ("timestamp", True, "Could not parse"),
    ("date", "2026-13-01", "Invalid date string"),
    ("integer", "18446744073709551615", "Cannot convert value to integer (bad value): 18446744073709551615"),
    ("numeric", "1.0000000001", "Invalid NUMERIC value: 1.0000000001"),
    ("numeric", 1255139.628052805, "Invalid NUMERIC value: 1255139.6280528051"),
    ("numeric", "1" + "0" * 29, "Invalid NUMERIC value: 1000"),
    ("numeric", "x", "Invalid NUMERIC value: x"),
    ("numeric", "", "Invalid NUMERIC value: "),
    ("numeric", "NaN", "Invalid NUMERIC value: NaN"),
    ("numeric", True, "Invalid NUMERIC value: true"),
    ("bignumeric", "1e-39", "Invalid BIGNUMERIC value: 1e-39"),
    ("bignumeric", BIGNUMERIC_MOST[:-1] + "8", "Invalid BIGNUMERIC value: 5789"),
    ("bignumeric", 1e300, "Invalid BIGNUMERIC value: 1.0"),
    ("json", "{", "Could not parse as JSON"),
    ("many", "1", "Repeated field must be imported as a JSON array."),
    ("many", [1, None], "Only optional fields can be set to NULL."),
    ("inner", "x", "This field: inner is not a record."),
])
def test_refused(name: str, value: Any, message: str) -> None:
    with pytest.raises(RowError) as error:
        streamed(name, value)
    assert error.value.message.startswith(message)
    assert error.value.location == name


def test_errors_inside_records_name_the_path() -> None:
    for value, location in (({"n": "x"}, "inner.n"), ({"n": 1, "m": 1}, "inner.m")):
        with pytest.raises(RowError) as error:
            streamed("inner", value)
        assert error.value.location == location
    with pytest.raises(RowError, match=r"Missing required field: Msg_0_CLOUD_QUERY_TABLE\.inner\.n\."):
        streamed("inner", {})


@pytest.mark.parametrize("value", [True, 1, "t", "Yes", "y", "TRUE"])
def test_loads_take_more_forms_of_true(value: Any) -> None:
    assert loaded("boolean", value) is True


def test_loads_take_json_as_it_is() -> None:
    assert loaded("json", "text") == '"text"'
