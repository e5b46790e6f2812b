# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The rows of a message, made a second time from the specification alone.

Slow, simple, and sharing nothing with the code under test.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

import xxhash

from json_values import Number, Value, compact, find, find_last, integer, parse
from layouts import blake2b256, header_layouts, proved_hash, work_package_layouts
from rows import Integer, Row
from tables import TABLES, Column, Names, Table

#: from Python 3.14 on, datetime takes hour 24
TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt]((?:[01]\d|2[0-3]):\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
HEX = re.compile("0x([0-9a-fA-F]*)")
U32_KEY = re.compile("0|[1-9][0-9]*")
FIRST_SLOT_NS = 1735732800 * 10**9
SLOT_NS = 6 * 10**9
INT64 = range(-2**63, 2**63)
UINT64 = range(2**64)
#: what must be there as an object, beside the payload itself
REQUIRED_OBJECTS: Mapping[str, Names] = {
    "blocks": ("header", "extrinsic"),
    "workreports": ("package_spec", "context"),
    "workpackages": ("work_package", "work_package.context"),
}
#: what may be missing among the arrays that make rows
OPTIONAL_ARRAYS = {"servicestatistics"}
AUTHORIZER = "work_package.authorizer"
AUTH_CODE_HASH = "work_package.auth_code_hash"
MEMBER_KEY, MEMBER_VALUE = "id", "record"


class Rejected(Exception):
    """The message makes no row: the reason's name, and the table and column if it is about one."""

    def __init__(self, reason: str, table: str = "-", column: str = "-"):
        super().__init__(reason, table, column)
        self.reason = reason
        self.table = table
        self.column = column


def present(value: Value | None) -> Value | None:
    return None if value is None or value.is_null else value


# time

def unix_ns(time: str) -> int:
    """Raises ValueError."""
    match = TIME.fullmatch(time)
    if not match:
        raise ValueError(time)
    offset = "+00:00" if match[4] in "Zz" else match[4]
    is_leap = match[2].endswith(":60")
    time_of_day = match[2].replace(":60", ":59") if is_leap else match[2]
    seconds = int(datetime.fromisoformat(f"{match[1]}T{time_of_day}{offset}").timestamp()) + is_leap
    if is_leap and seconds % 86400:
        raise ValueError("a leap second is the last one of a day")
    return seconds * 10**9 + int((match[3] or "0").ljust(9, "0"))


def bigquery_time(ns: int) -> str:
    second = datetime.fromtimestamp(ns // 10**9, timezone.utc)
    return f"{second:%Y-%m-%dT%H:%M:%S}.{ns % 10**9 // 1000:06d}Z"


# a message

class Message:
    def __init__(self, message: bytes, team_map: Mapping[str, str]):
        self.id = xxhash.xxh3_128_hexdigest(message.strip(b" \t\r\n"))
        self.envelope = self._parse(message)
        self.msg_type = self._msg_type()
        self.time, self.ns = self._time()
        self.payload = find(self.envelope, "json_encoded")
        self.codec_encoded = self._string("codec_encoded")
        pairs = (self._string("metadata") or "").split("|")
        self.metadata = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
        self.sender_id = self._first(self._string("sender_id"), "unknown")
        self.team = self._first(team_map.get(self.sender_id.lower()), self._string("team"), self.metadata.get("team"),
                                "unknown")

    @staticmethod
    def _parse(message: bytes) -> Value:
        try:
            envelope = parse(message.decode())
        except (ValueError, RecursionError):
            raise Rejected("invalid-json") from None
        if not isinstance(envelope.read, dict):
            raise Rejected("wrong-type")
        return envelope

    @staticmethod
    def _first(*texts: str | None) -> str:
        return next(text for text in texts if text is not None)

    def _string(self, key: str) -> str | None:
        value = present(find(self.envelope, key))
        if value is None:
            return None
        if not isinstance(value.read, str):
            raise Rejected("wrong-type", column=key)
        return value.read

    def _msg_type(self) -> int:
        value = present(find(self.envelope, "msg_type"))
        if value is None:
            raise Rejected("missing-value", column="msg_type")
        text = value.read.text if isinstance(value.read, Number) else value.read
        if not isinstance(text, str) or not re.fullmatch("[0-9]+", text) or not tables_of(int(text)):
            raise Rejected("unknown-msg-type", column="msg_type")
        return int(text)

    def _time(self) -> tuple[str, int]:
        time = self._string("time")
        if time is None:
            raise Rejected("missing-value", column="time")
        try:
            ns = unix_ns(time)
        except ValueError:
            ns = -1
        if ns < FIRST_SLOT_NS or ns not in INT64:
            raise Rejected("invalid-time", column="time")
        return time, ns


def tables_of(msg_type: int) -> list[Table]:
    return [table for table in TABLES.values() if msg_type in table.msg_types]


# what rows a message makes

@dataclass(frozen=True)
class Place:
    """A row's index, and the values that its columns' paths start from."""

    index: int
    roots: Mapping[str, Value | None]

    def find(self, path: str) -> Value | None:
        root, _, rest = path.partition(".")
        return find(self.roots[root], rest)


class TablePlaces:
    """Checks what must be there for a table's rows, and finds their places."""

    def __init__(self, message: Message, table: Table, dialect: str):
        self.message = message
        self.table = table
        self.dialect = dialect

    def _rejected(self, reason: str, column: str = "-") -> Rejected:
        return Rejected(reason, self.table.name, column)

    def _checked(self, value: Value | None, *kinds: type) -> Value | None:
        if present(value) and not isinstance(value.read, kinds):
            raise self._rejected("wrong-type")
        return present(value)

    def _required(self, value: Value | None, *kinds: type) -> Value:
        value = self._checked(value, *kinds)
        if value is None:
            raise self._rejected("missing-value")
        return value

    def all(self) -> list[Place]:
        if self.table.name == "segments":
            return self._segments()
        payload = self._required(self.message.payload, dict)
        for path in REQUIRED_OBJECTS.get(self.table.name, ()):
            self._required(find(payload, path), dict)
        if self.table.name == "workpackages" and not self._checked(find(payload, AUTHORIZER), dict) \
                and not present(find(payload, AUTH_CODE_HASH)):
            raise self._rejected("missing-value")
        if self.table.each:
            return self._each()
        return [Place(0, {"json_encoded": payload})]

    def _segments(self) -> list[Place]:
        payload = self._checked(self.message.payload, list)
        items = payload.read if payload else []
        for item in items:
            if not isinstance(item.read, str):
                raise self._rejected("wrong-type")
        if self.dialect == "dune" or not items:
            return [Place(0, {"json_encoded": payload, "item": None})]
        return [Place(index, {"json_encoded": payload, "item": item}) for index, item in enumerate(items)]

    def _each(self) -> list[Place]:
        items = self._elements(self.table.each, self.table.name not in OPTIONAL_ARRAYS)
        pairs = self._elements(self.table.paired, False)
        places = []
        for index, item in enumerate(items):
            pair = pairs[index] if index < len(pairs) else None
            roots = {"item": self._checked(item, dict), self._root(self.table.each): item}
            if self.table.paired:
                roots[self._root(self.table.paired)] = self._checked(pair, dict)
            if self.table.has_members:
                self._checked(find(item, MEMBER_VALUE), dict)
            places.append(Place(index, roots))
        return places

    @staticmethod
    def _root(names: Names) -> str:
        return names[0].removeprefix("json_encoded.") + "[index]"

    def _elements(self, names: Names, is_required: bool) -> list[Value]:
        value = find_last(self.message.payload, tuple(name.removeprefix("json_encoded.") for name in names))
        kinds = (list, dict) if self.table.has_members else (list,)
        value = self._required(value, *kinds) if is_required else self._checked(value, *kinds)
        if value is None:
            return []
        if isinstance(value.read, dict):
            return [self._member(value, key, there) for key, there in value.read.items()]
        return list(value.read)

    def _member(self, within: Value, key: str, value: Value) -> Value:
        """As the element of an array would have it."""
        if not U32_KEY.fullmatch(key) or int(key) >= 2**32:
            raise self._rejected("invalid-integer", "service_id")
        read = {MEMBER_KEY: Value(key, 0, len(key), Number(key)), MEMBER_VALUE: value}
        return Value(within.message, within.start, within.end, read)


# a row's columns

class Cells:
    """The values of a row's columns: None, an int where the column is one of integers, or a str."""

    def __init__(self, message: Message, table: Table, dialect: str, place: Place):
        self.message = message
        self.table = table
        self.dialect = dialect
        self.place = place

    def row(self) -> Row:
        row: Row = {}
        for column in self.table.columns_in(self.dialect):
            value = self._value(column)
            if value is None and column.required:
                raise self._rejected("missing-value", column)
            if self.dialect == "dune":
                row[column.name] = Integer(value) if isinstance(value, int) else value
            elif value is not None:
                row[column.name_in(self.dialect)] = str(value)
        return row

    def _rejected(self, reason: str, column: Column | None) -> Rejected:
        return Rejected(reason, self.table.name, column.name_in(self.dialect) if column else "-")

    def _value(self, column: Column) -> str | int | None:
        source = column.source
        message = self.message
        function, _, argument = source.rstrip(")").partition("(")
        if column.name == "data":
            return self._json(self._find(("json_encoded",))) if self.dialect == "dune" else self._base64(column)
        if source == "index":
            return None if column.name == "index" and self.place.roots["item"] is None else self.place.index
        if source == "time":
            return message.time if self.dialect == "dune" else bigquery_time(message.ns)
        if source == "slot(time)":
            return (message.ns - FIRST_SLOT_NS) // SLOT_NS
        if source == "unix_ns(time)":
            return message.ns
        if source in ("team", "sender_id"):
            return str(getattr(message, source))
        if source == "row_id":
            return f"{message.id}-{self.place.index}"
        if source == "elapsed":
            return self.elapsed(column)
        if source == "codec_encoded":
            return message.codec_encoded if self.place.index == 0 else None
        if source.startswith("metadata."):
            return self._metadata(column)
        if function == "count":
            return self._count(argument, column)
        if function == "json":
            return self._json(self._find((argument,)))
        if function == "blake2b256":
            return self._blake2b256(argument)
        if source == "header_hash(codec_encoded)":
            return self._header_hash()
        if source == "work_package_hash(codec_encoded)":
            return self._work_package_hash()
        return self._typed(self._find(column.sources), column)

    def _find(self, paths: Names) -> Value | None:
        """Refuses what should be an object and is none."""
        for path in paths:
            parent = present(self.place.find(path.rpartition(".")[0])) if "." in path else None
            if parent and not isinstance(parent.read, dict):
                raise self._rejected("wrong-type", None)
        root = paths[0].partition(".")[0]
        return present(find_last(self.place.roots[root], tuple(path.partition(".")[2] for path in paths)))

    def elapsed(self, column: Column) -> str | int | None:
        return self._typed(present(find(self.message.envelope, "elapsed")), column)

    def _typed(self, value: Value | None, column: Column) -> str | int | None:
        if value is None:
            return None
        if column.dune == "bigint":
            return self._integer(value, column, INT64)
        if column.dune == "uint256":
            return str(self._integer(value, column, UINT64))
        if not isinstance(value.read, str):
            raise self._rejected("wrong-type", column)
        if column.bigquery == "BYTES":
            decoded = self._hex(value, column)
            return value.read if self.dialect == "dune" else base64.b64encode(decoded).decode()
        return value.read

    def _integer(self, value: Value, column: Column, allowed: range) -> int:
        if not isinstance(value.read, (Number, str)):
            raise self._rejected("wrong-type", column)
        number = integer(value)
        if number is None or number not in allowed:
            raise self._rejected("invalid-integer", column)
        return number

    def _hex(self, value: Value, column: Column) -> bytes:
        if not isinstance(value.read, str):
            raise self._rejected("wrong-type", column)
        match = HEX.fullmatch(value.read)
        if not match or len(match[1]) % 2:
            raise self._rejected("invalid-hex", column)
        return bytes.fromhex(match[1])

    def _blake2b256(self, path: str) -> str | None:
        """A bad value is a fault of the column that has the value itself."""
        value = self._find((path,))
        column = next(column for column in self.table.columns if column.source == path)
        return blake2b256(self._hex(value, column)) if value else None

    def _base64(self, column: Column) -> str | None:
        item = self.place.roots["item"]
        if item is None:
            return None
        text = str(item.read)
        try:
            if base64.b64encode(base64.b64decode(text, validate=True)).decode() == text:
                return text
        except (binascii.Error, ValueError):
            pass
        raise self._rejected("invalid-base64", column)

    def _metadata(self, column: Column) -> str | int | None:
        text = self.message.metadata.get(column.source.removeprefix("metadata."))
        if text is None or column.dune != "bigint":
            return text
        return self._integer(Value(text, 0, len(text), text), column, INT64)

    def _count(self, path: str, column: Column) -> int:
        value = self._find((path,))
        if value and not isinstance(value.read, list):
            raise self._rejected("wrong-type", column)
        return len(value.read) if value else 0

    @staticmethod
    def _json(value: Value | None) -> str | None:
        return compact(value) if value else None

    def _header_hash(self) -> str | None:
        encoded = self.message.codec_encoded or ""
        return proved_hash(encoded, header_layouts(encoded, self.place.find("json_encoded.header")))

    def _work_package_hash(self) -> str | None:
        encoded = self.message.codec_encoded or ""
        return proved_hash(encoded, work_package_layouts(encoded, self.place.find("json_encoded.work_package")))


def expected_rows(message: bytes, dialect: str = "dune", team_map: Mapping[str, str] = {}) -> dict[str, list[Row]]:
    """The rows of each table that a message fills, as rows.parse() reads them; raises Rejected."""
    read = Message(message, team_map)
    tables = tables_of(read.msg_type)
    first = tables[0]
    Cells(read, first, dialect, Place(0, {})).elapsed(next(one for one in first.columns if one.name == "elapsed"))
    return {table.name: [Cells(read, table, dialect, place).row()
                         for place in TablePlaces(read, table, dialect).all()]
            for table in tables}


def expected_tables(messages: list[bytes], dialect: str = "dune",
                    team_map: Mapping[str, str] = {}) -> dict[str, list[Row]]:
    """The rows of each table with at least one, in the messages' order."""
    tables: dict[str, list[Row]] = {}
    for message in messages:
        for name, found in expected_rows(message, dialect, team_map).items():
            if found:
                tables.setdefault(name, []).extend(found)
    return tables
