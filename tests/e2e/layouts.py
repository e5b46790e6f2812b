# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""header_hash and work_package_hash: prefixes of codec_encoded whose layout the message's own JSON proves."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from json_values import Value, find, find_last, integer

#: the decoded fields that are compared: a number, or bytes
Fields = dict[str, int | bytes]
#: what the JSON has of them, null included
Known = Mapping[str, Value | None]
_HEX = re.compile("0x([0-9a-fA-F]*)")


class DoesNotFit(Exception):
    """The bytes do not have this layout."""


class Reader:
    def __init__(self, data: bytes):
        self.data = data
        self.at = 0

    def take(self, length: int) -> bytes:
        if length > len(self.data) - self.at:
            raise DoesNotFit
        self.at += length
        return self.data[self.at - length:self.at]

    def number(self, length: int) -> int:
        return int.from_bytes(self.take(length), "little")

    def natural(self) -> int:
        first = self.number(1)
        ones = 0
        while ones < 8 and first << ones & 0x80:
            ones += 1
        return ((first & 0x7F >> ones) << 8 * ones) + self.number(ones)

    def blob(self) -> bytes:
        return self.take(self.natural())

    def skip_each(self, length: int) -> int:
        """Passes over a counted list, and says how many there were."""
        count = self.natural()
        self.take(length * count)
        return count

    def has_mark(self) -> bool:
        byte = self.number(1)
        if byte > 1:
            raise DoesNotFit
        return byte == 1


def blake2b256(data: bytes) -> str:
    return "0x" + hashlib.blake2b(data, digest_size=32).hexdigest()


def decoded(codec_encoded: str) -> bytes:
    """As many bytes as there are pairs of hex digits in a row."""
    match = _HEX.match(codec_encoded)
    return bytes.fromhex(match[1][:len(match[1]) // 2 * 2]) if match else b""


def _equals(value: Value, there: int | bytes) -> bool:
    if isinstance(there, int):
        return integer(value) == there
    text = value.read
    return isinstance(text, str) and text[:2] == "0x" and text[2:].lower() == there.hex()


def _ends(data: bytes, layouts: Mapping[str, Callable[[Reader], Fields]], known: Known) -> dict[str, int]:
    """By name, where the layouts end that fit."""
    ends = {}
    for name, layout in layouts.items():
        reader = Reader(data)
        try:
            fields = layout(reader)
        except DoesNotFit:
            continue
        if all(_equals(value, fields[key]) for key, value in known.items() if value and not value.is_null):
            ends[name] = reader.at
    return ends


def proved_hash(codec_encoded: str, ends: Mapping[str, int]) -> str | None:
    """Of the prefix, if all layouts that fit agree where it ends."""
    different = set(ends.values())
    return blake2b256(decoded(codec_encoded)[:different.pop()]) if len(different) == 1 else None


# headers

def _count(values: Value | None) -> int:
    if values is None or values.is_null:
        return 0
    if not isinstance(values.read, list):
        raise DoesNotFit
    return len(values.read)


@dataclass
class _Marks:
    """What the JSON says of the header's parts of no fixed length."""

    epoch: Value | None
    tickets: Value | None
    offenders: Value | None

    def skip_epoch(self, reader: Reader, is_counted: bool) -> None:
        if reader.has_mark() != (self.epoch is not None):
            raise DoesNotFit
        if self.epoch is None:
            return
        if not isinstance(self.epoch.read, dict):
            raise DoesNotFit
        validators = self.epoch.read.get("validators")
        count = _count(validators)
        reader.take(32 + 32)
        if is_counted and reader.natural() != count:
            raise DoesNotFit
        for validator in validators.read if validators and count else []:
            reader.take(64 if isinstance(validator.read, dict) else 32)

    def skip_tickets(self, reader: Reader) -> None:
        if reader.has_mark() != (self.tickets is not None):
            raise DoesNotFit
        reader.take(33 * _count(self.tickets))

    def skip_offenders(self, reader: Reader) -> None:
        if reader.skip_each(32) != _count(self.offenders):
            raise DoesNotFit


def _header(reader: Reader, marks: _Marks, offenders_first: bool, validators_counted: bool) -> Fields:
    fields: Fields = {name: reader.take(32) for name in ("parent", "parent_state_root", "extrinsic_hash")}
    fields["slot"] = reader.number(4)
    marks.skip_epoch(reader, validators_counted)
    marks.skip_tickets(reader)
    if offenders_first:
        marks.skip_offenders(reader)
    fields["author_index"] = reader.number(2)
    fields["entropy_source"] = reader.take(96)
    if not offenders_first:
        marks.skip_offenders(reader)
    fields["seal"] = reader.take(96)
    return fields


def _present(value: Value | None) -> Value | None:
    return None if value is None or value.is_null else value


def header_layouts(codec_encoded: str, header: Value) -> dict[str, int]:
    """By Gray Paper version, where the header ends."""
    known = {name: find(header, name) for name in (
        "parent", "parent_state_root", "extrinsic_hash", "slot", "author_index", "entropy_source", "seal")}
    if not _present(known["entropy_source"]) and not _present(known["seal"]):
        return {}
    marks = _Marks(*(_present(find(header, name)) for name in ("epoch_mark", "tickets_mark", "offenders_mark")))
    return _ends(decoded(codec_encoded), {
        "0.6": lambda reader: _header(reader, marks, offenders_first=True, validators_counted=False),
        "0.7": lambda reader: _header(reader, marks, offenders_first=False, validators_counted=False),
        "0.8": lambda reader: _header(reader, marks, offenders_first=False, validators_counted=True),
    }, known)


# work packages

def _context(reader: Reader, is_08: bool) -> Fields:
    fields: Fields = {"anchor": reader.take(32)}
    if is_08:
        reader.take(4)
    reader.take(32 + 32 + 32)
    fields["lookup_anchor_slot"] = reader.number(4)
    if is_08:
        reader.take(32)
    reader.skip_each(32)
    return fields


def _skip_item(reader: Reader, is_06: bool) -> None:
    reader.take(4 + 32)
    if is_06:
        reader.blob()
    reader.take(8 + 8)
    if not is_06:
        reader.take(2)
        reader.blob()
    reader.skip_each(34)
    reader.skip_each(36)
    if is_06:
        reader.take(2)


def _package_06(reader: Reader) -> Fields:
    fields: Fields = {"authorization": reader.blob(), "auth_code_host": reader.number(4), "code_hash": reader.take(32),
                      "params": reader.blob(), **_context(reader, is_08=False)}
    for _ in range(reader.natural()):
        _skip_item(reader, is_06=True)
    return fields


def _package_07(reader: Reader, is_08: bool = False) -> Fields:
    fields: Fields = {"auth_code_host": reader.number(4), "code_hash": reader.take(32), **_context(reader, is_08),
                      "authorization": reader.blob(), "params": reader.blob()}
    for _ in range(reader.natural()):
        _skip_item(reader, is_06=False)
    return fields


def work_package_layouts(codec_encoded: str, package: Value) -> dict[str, int]:
    """By Gray Paper version, where the work package ends."""
    context = find(package, "context")
    known = {
        "auth_code_host": find(package, "auth_code_host"),
        "code_hash": find_last(package, ("authorizer.code_hash", "auth_code_hash")),
        "params": find_last(package, ("authorizer.params", "authorizer_config")),
        "authorization": find(package, "authorization"),
        "anchor": find(context, "anchor"),
        "lookup_anchor_slot": find(context, "lookup_anchor_slot"),
    }
    if not _present(known["code_hash"]) and not _present(known["anchor"]):
        return {}
    if any(_present(find(context, name)) for name in ("anchor_slot", "lookup_anchor_state_root")):
        return _ends(decoded(codec_encoded), {"0.8": lambda reader: _package_07(reader, is_08=True)}, known)
    return _ends(decoded(codec_encoded), {"0.6": _package_06, "0.7": _package_07}, known)
