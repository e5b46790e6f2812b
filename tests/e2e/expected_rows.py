# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The rows of a message, made a second time from the specification alone.

Slow, simple, and sharing nothing with the code under test: it is the oracle for
messages that are valid.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from json.decoder import scanstring

import xxhash

from rows import Integer, Row

DIALECTS = ("dune", "bigquery")
SPACE = re.compile(r"[ \t\n\r]*")
STRING_OR_SPACE = re.compile(r'("(?:[^"\\]|\\.)*")|[ \t\n\r]+')
TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)")
FIRST_SLOT_NS = 1735732800 * 10**9
SLOT_NS = 6 * 10**9


@dataclass(frozen=True)
class Column:
    name: str
    source: str
    dune: str | None
    bigquery: str | None
    required: bool = False
    bigquery_name: str | None = None

    def name_in(self, dialect: str) -> str:
        return self.bigquery_name or self.name if dialect == "bigquery" else self.name

    def type_in(self, dialect: str) -> str | None:
        return self.bigquery if dialect == "bigquery" else self.dune


@dataclass(frozen=True)
class Table:
    name: str
    msg_types: tuple[int, ...]
    columns: tuple[Column, ...]

    def columns_in(self, dialect: str) -> list[Column]:
        return [column for column in self.columns if column.type_in(dialect)]


def _bigint(source: str, *names: str, required: bool = False) -> list[Column]:
    return [Column(name, source.replace("*", name), "bigint", "INTEGER", required) for name in names]


def _varchar(source: str, *names: str, required: bool = False) -> list[Column]:
    return [Column(name, source.replace("*", name), "varchar", "STRING", required) for name in names]


def _bytes(source: str, name: str, bigquery_name: str | None = None) -> list[Column]:
    return [Column(name, source.replace("*", name), "varchar", "BYTES", bigquery_name=bigquery_name)]


def _table(name: str, msg_types: tuple[int, ...], *groups: list[Column], slot: str = "slot(time)") -> Table:
    first = [Column("time", "time", "timestamp", "TIMESTAMP", True), *_bigint(slot, "slot", required=True),
             *_varchar("*", "team", "sender_id", required=True), *_bigint("*", "elapsed")]
    last = [*_bigint("unix_ns(time)", "time_ns", required=True), *_varchar("*", "row_id", required=True),
            *_varchar("*", "codec_encoded")]
    return Table(name, msg_types, tuple(first + [column for group in groups for column in group] + last))


_CONTEXT = ("anchor", "state_root", "beefy_root", "lookup_anchor")
_VALIDATOR = ("blocks", "tickets", "pre_images", "pre_images_size", "guarantees", "assurances")
_CONTEXT_OF_PACKAGE = "json_encoded.work_package.context."

TABLES = {table.name: table for table in (
    _table("blocks", (128,),
           _varchar("json_encoded.header.*", "parent", "parent_state_root", "extrinsic_hash"),
           [Column("header_slot", "json_encoded.header.slot", "bigint", None)],
           _bigint("json_encoded.header.*", "author_index"),
           _varchar("json_encoded.header.*", "entropy_source", "seal"),
           *(_bigint(f"count(json_encoded.extrinsic.{name})", f"num_{name}")
             for name in ("tickets", "preimages", "guarantees", "assurances")),
           *(_bigint(f"count(json_encoded.extrinsic.disputes.{name})", f"num_{name}")
             for name in ("verdicts", "culprits", "faults")),
           _varchar("header_hash(codec_encoded)", "header_hash"),
           slot="json_encoded.header.slot"),
    _table("validatorstatistics", (13,),
           _bigint("index", "validator_id", required=True),
           *(_bigint(f"vals_current[index].{name}", f"current_{name}") for name in _VALIDATOR),
           *(_bigint(f"vals_last[index].{name}", f"last_{name}") for name in _VALIDATOR)),
    _table("corestatistics", (13,),
           _bigint("index", "core", required=True),
           _bigint("item.*", "da_load", "popularity", "imports", "exports", "extrinsic_size", "extrinsic_count",
                   "bundle_size", "gas_used")),
    _table("servicestatistics", (13,),
           _bigint("item.id", "service_id", required=True),
           _bigint("item.record.*", "provided_count", "provided_size", "refinement_count", "refinement_gas_used",
                   "imports", "exports", "extrinsic_size", "extrinsic_count", "accumulate_count",
                   "accumulate_gas_used", "on_transfers_count", "on_transfers_gas_used")),
    _table("workreports", (255,),
           _varchar("json_encoded.package_spec.hash", "work_package_hash"),
           _bigint("json_encoded.package_spec.length", "bundle_length"),
           _varchar("json_encoded.package_spec.*", "erasure_root", "exports_root"),
           _bigint("json_encoded.package_spec.*", "exports_count"),
           _varchar("json_encoded.context.*", *_CONTEXT),
           _bigint("json_encoded.context.*", "lookup_anchor_slot"),
           _varchar("json(json_encoded.context.*)", "prerequisites"),
           _bigint("json_encoded.*", "core_index"),
           _varchar("json_encoded.*", "authorizer_hash"),
           _varchar("json(json_encoded.*)", "segment_root_lookup", "results"),
           _bigint("json_encoded.*", "auth_gas_used"),
           _bigint("count(json_encoded.results)", "num_results"),
           _varchar("metadata.*", "role"),
           _bigint("metadata.numSig", "num_signatures")),
    _table("preimages", (142,),
           _bigint("json_encoded.*", "requester"),
           _varchar("blake2b256(json_encoded.blob)", "preimage_hash"),
           _bytes("json_encoded.*", "blob")),
    _table("assurances", (141,),
           _varchar("json_encoded.*", "anchor"),
           _bytes("json_encoded.*", "bitfield"),
           _bigint("json_encoded.*", "validator_index"),
           _bytes("json_encoded.*", "signature")),
    _table("tickets", (131,),
           _bigint("json_encoded.*", "attempt"),
           _bytes("json_encoded.*", "signature")),
    _table("workpackages", (133, 0),
           _varchar("work_package_hash(codec_encoded)", "work_package_hash"),
           _bytes("json_encoded.work_package.*", "authorization"),
           _bigint("json_encoded.work_package.*", "auth_code_host"),
           [Column("authorizer_code_hash", "json_encoded.work_package.authorizer.code_hash", "varchar", "STRING",
                   bigquery_name="authorization_code_hash")],
           _bytes("json_encoded.work_package.authorizer.params", "authorizer_params", "parameterization_blob"),
           _varchar(f"{_CONTEXT_OF_PACKAGE}*", *_CONTEXT),
           _bigint(f"{_CONTEXT_OF_PACKAGE}*", "lookup_anchor_slot"),
           _varchar(f"json({_CONTEXT_OF_PACKAGE}*)", "prerequisites"),
           _varchar("json(json_encoded.work_package.items)", "work_items"),
           _varchar("json(json_encoded.*)", "extrinsics", "import_segments", "justifications")),
    _table("services", (143,),
           _bigint("json_encoded.*", "service_index"),
           _varchar("json_encoded.*", "code_hash"),
           _bigint("json_encoded.*", "balance", "min_item_gas", "min_memo_gas", "code_size", "items")),
    _table("segments", (135, 3),
           _varchar("metadata.wph", "work_package_hash"),
           _bigint("metadata.c", "core"),
           [Column("segment_length", "count(json_encoded)", "bigint", None),
            Column("index", "index", None, "INTEGER"),
            Column("data", "dune: json(json_encoded); bigquery: item (already base64)", "varchar", "BYTES")]),
)}


# JSON, keeping the text of every value

def _skip_space(text: str, at: int) -> int:
    return SPACE.match(text, at).end()


@lru_cache(maxsize=32)
def members(text: str) -> dict[str, str]:
    """The members of an object's text, each value as its own text; of a key that is there twice, the last."""
    found: dict[str, str] = {}
    at = _skip_space(text, 0) + 1
    while True:
        at = _skip_space(text, at)
        if text[at] == "}":
            return found
        if text[at] == ",":
            at = _skip_space(text, at + 1)
        key, at = scanstring(text, at + 1, True)
        at = _skip_space(text, _skip_space(text, at) + 1)
        _, end = json.JSONDecoder().raw_decode(text, at)
        found[key] = text[at:end]
        at = end


@lru_cache(maxsize=32)
def elements(text: str) -> list[str]:
    found: list[str] = []
    at = _skip_space(text, 0) + 1
    while True:
        at = _skip_space(text, at)
        if text[at] == "]":
            return found
        if text[at] == ",":
            at = _skip_space(text, at + 1)
        _, end = json.JSONDecoder().raw_decode(text, at)
        found.append(text[at:end])
        at = end


def walk(text: str | None, path: str) -> str | None:
    """The text at a.b.c; None where it is missing or null."""
    for key in path.split("."):
        if text is None or text == "null":
            return None
        text = members(text).get(key)
    return None if text == "null" else text


def compact(text: str) -> str:
    return STRING_OR_SPACE.sub(lambda match: match[1] or "", text)


# time

def unix_ns(time: str) -> int:
    match = TIME.fullmatch(time)
    assert match, time
    offset = "+00:00" if match[4] in "Zz" else match[4]
    # a leap second counts as the one behind it
    is_leap = match[2].endswith(":60")
    time_of_day = match[2].replace(":60", ":59") if is_leap else match[2]
    seconds = int(datetime.fromisoformat(f"{match[1]}T{time_of_day}{offset}").timestamp()) + is_leap
    return seconds * 10**9 + int((match[3] or "0").ljust(9, "0"))


def bigquery_time(time: str) -> str:
    ns = unix_ns(time)
    second = datetime.fromtimestamp(ns // 10**9, timezone.utc)
    return f"{second:%Y-%m-%dT%H:%M:%S}.{ns % 10**9 // 1000:06d}Z"


# JAM codec

class DoesNotFit(Exception):
    """The bytes are not what the walk expects."""


class Walker:
    def __init__(self, data: bytes):
        self.data = data
        self.at = 0

    def skip(self, length: int) -> None:
        self.at += length
        if self.at > len(self.data):
            raise DoesNotFit

    def natural(self) -> int:
        first = self.data[self.at:self.at + 1]
        self.skip(1)
        ones = 0
        while ones < 8 and first[0] << ones & 0x80:
            ones += 1
        low = self.data[self.at:self.at + ones]
        self.skip(ones)
        high = first[0] & (0x7F >> ones)
        return (high << 8 * ones) + int.from_bytes(low, "little")

    def flag(self) -> bool:
        byte = self.data[self.at:self.at + 1]
        self.skip(1)
        if byte not in (b"\0", b"\1"):
            raise DoesNotFit
        return byte == b"\1"

    def hash(self) -> str:
        return blake2b256(self.data[:self.at])


def blake2b256(data: bytes) -> str:
    return "0x" + hashlib.blake2b(data, digest_size=32).hexdigest()


def hex_bytes(text: str) -> bytes:
    assert text.startswith("0x"), text
    return bytes.fromhex(text[2:])


def _key_bytes(entry: str) -> int:
    """An entry of the epoch mark: a pair of keys, or a single one."""
    return 64 if entry.startswith("{") and len(members(entry)) > 1 else 32


def header_hash(codec_encoded: str, header: str) -> str:
    walker = Walker(hex_bytes(codec_encoded))
    walker.skip(32 + 32 + 32 + 4)
    epoch_mark = walk(header, "epoch_mark")
    if walker.flag() != (epoch_mark is not None):
        raise DoesNotFit
    if epoch_mark is not None:
        walker.skip(64 + sum(_key_bytes(entry) for entry in elements(walk(epoch_mark, "validators") or "[]")))
    tickets_mark = walk(header, "tickets_mark")
    if walker.flag() != (tickets_mark is not None):
        raise DoesNotFit
    if tickets_mark is not None:
        walker.skip(33 * len(elements(tickets_mark)))
    walker.skip(32 * walker.natural())
    walker.skip(2 + 96 + 96)
    return walker.hash()


def work_package_hash(codec_encoded: str) -> str:
    walker = Walker(hex_bytes(codec_encoded))
    walker.skip(walker.natural())
    walker.skip(4 + 32)
    walker.skip(walker.natural())
    walker.skip(4 * 32 + 4)
    walker.skip(32 * walker.natural())
    for _ in range(walker.natural()):
        walker.skip(4 + 32)
        walker.skip(walker.natural())
        walker.skip(8 + 8)
        walker.skip(34 * walker.natural())
        walker.skip(36 * walker.natural())
        walker.skip(2)
    return walker.hash()


# a message and its rows

class Message:
    def __init__(self, message: bytes, team_map: Mapping[str, str]):
        text = message.decode().strip(" \t\r\n")
        self.envelope = members(text)
        self.id = xxhash.xxh3_128_hexdigest(message.strip(b" \t\r\n"))
        self.time = self.string("time")
        self.payload = self.envelope.get("json_encoded", "null")
        pairs = (self.string("metadata") or "").split("|")
        self.metadata = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
        self.sender_id = self.first(self.string("sender_id"), "unknown")
        self.team = self.first(team_map.get(self.sender_id.lower()), self.string("team"), self.metadata.get("team"),
                               "unknown")
        self.msg_type = int(self.string("msg_type"))

    @staticmethod
    def first(*texts: str | None) -> str:
        return next(text for text in texts if text is not None)

    def string(self, key: str) -> str | None:
        text = self.envelope.get(key, "null")
        return None if text == "null" else str(json.loads(text))

    def at(self, path: str, item: str | None, index: int) -> str | None:
        """The text of the value at a path of tables.md."""
        root, _, rest = path.partition(".")
        if root == "item":
            return walk(item, rest) if rest else item
        if root.endswith("[index]"):
            values = walk(self.payload, root.removesuffix("[index]"))
            there = elements(values)[index:index + 1] if values else []
            return walk(there[0], rest) if there else None
        assert root == "json_encoded", path
        return walk(self.payload, rest) if rest else None if self.payload == "null" else self.payload


def _items(message: Message, table: Table, dialect: str) -> list[str | None]:
    """What each row of the table is about; [None] for a table of one row a message."""
    lists = {"validatorstatistics": "vals_current", "corestatistics": "cores", "servicestatistics": "services"}
    if table.name in lists:
        text = walk(message.payload, lists[table.name])
        return list(elements(text)) if text else []
    if table.name == "segments" and dialect == "bigquery":
        return (elements(message.payload) if message.payload != "null" else []) or [None]
    return [None]


def _number(text: str | None) -> int | None:
    return None if text is None else int(json.loads(text))


def _value(message: Message, column: Column, dialect: str, item: str | None, index: int) -> str | int | None:
    source = column.source
    function, _, argument = source.rstrip(")").partition("(")
    if column.name == "data":
        if dialect == "dune":
            function, argument = "json", "json_encoded"
        else:
            return None if item is None else json.loads(item)
    if source == "index":
        return None if column.name == "index" and item is None else index
    if source == "time":
        return message.time if dialect == "dune" else bigquery_time(message.time)
    if source == "slot(time)":
        return (unix_ns(message.time) - FIRST_SLOT_NS) // SLOT_NS
    if source == "unix_ns(time)":
        return unix_ns(message.time)
    if source in ("team", "sender_id"):
        return getattr(message, source)
    if source == "row_id":
        return f"{message.id}-{index}"
    if source == "elapsed":
        return _number(message.envelope.get("elapsed", "null").replace("null", '""').strip('"') or None)
    if source == "codec_encoded":
        return message.string("codec_encoded") if index == 0 else None
    if source.startswith("metadata."):
        text = message.metadata.get(source.removeprefix("metadata."))
        return int(text) if text is not None and column.dune == "bigint" else text
    if function == "count":
        text = message.at(argument, item, index)
        return len(elements(text)) if text else 0
    if function == "json":
        text = message.at(argument, item, index)
        return None if text is None else compact(text)
    if function == "blake2b256":
        text = message.at(argument, item, index)
        return None if text is None else blake2b256(hex_bytes(json.loads(text)))
    if function in ("header_hash", "work_package_hash"):
        encoded = message.string("codec_encoded")
        try:
            if encoded is None:
                return None
            if function == "header_hash":
                return header_hash(encoded, members(message.payload)["header"])
            return work_package_hash(encoded)
        except (DoesNotFit, ValueError, AssertionError):
            return None
    text = message.at(source, item, index)
    if text is None:
        return None
    if column.dune == "bigint":
        return _number(text)
    string = json.loads(text)
    if dialect == "bigquery" and column.bigquery == "BYTES":
        return base64.b64encode(hex_bytes(string)).decode()
    return string


def _row(message: Message, table: Table, dialect: str, item: str | None, index: int) -> Row:
    row: Row = {}
    for column in table.columns_in(dialect):
        value = _value(message, column, dialect, item, index)
        if dialect == "bigquery":
            if value is not None:
                row[column.name_in(dialect)] = str(value)
        else:
            row[column.name] = Integer(value) if isinstance(value, int) else value
    return row


def expected_rows(message: bytes, dialect: str = "dune", team_map: Mapping[str, str] = {}) -> dict[str, list[Row]]:
    """The rows of each table that a valid message fills, as rows.parse() reads them."""
    read = Message(message, team_map)
    return {table.name: [_row(read, table, dialect, item, index)
                         for index, item in enumerate(_items(read, table, dialect))]
            for table in TABLES.values() if read.msg_type in table.msg_types}


def expected_tables(messages: list[bytes], dialect: str = "dune",
                    team_map: Mapping[str, str] = {}) -> dict[str, list[Row]]:
    """The rows of each table with at least one, in the messages' order."""
    tables: dict[str, list[Row]] = {}
    for message in messages:
        for name, found in expected_rows(message, dialect, team_map).items():
            if found:
                tables.setdefault(name, []).extend(found)
    return tables
