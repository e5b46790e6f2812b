# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the daemon wrote: JSON lines, read so that nothing is smoothed over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NoReturn

Row = dict[str, object]


class Integer(str):
    """A JSON number as its text, so that 1 and "1" differ, and no digit is lost."""

    def __repr__(self) -> str:
        return f"Integer({str.__repr__(self)})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Integer) and str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


def _refuse(text: str) -> NoReturn:
    raise AssertionError(f"rows hold integers only, not {text}")


def _object(pairs: list[tuple[str, object]]) -> Row:
    row = dict(pairs)
    assert len(row) == len(pairs), f"a key twice in {pairs}"
    return row


def parse(line: bytes | str) -> Row:
    return json.loads(line, parse_int=Integer, parse_float=_refuse, parse_constant=_refuse, object_pairs_hook=_object)


def lines(path: Path) -> list[bytes]:
    """Whole lines only; none if there is no file."""
    if not path.exists():
        return []
    data = path.read_bytes()
    assert data == b"" or data.endswith(b"\n"), f"{path} ends in the middle of a line: {data[-200:]!r}"
    return data.splitlines()


def read(path: Path) -> list[Row]:
    return [parse(line) for line in lines(path)]


def read_all(directory: Path) -> dict[str, list[Row]]:
    """The rows of each table that has a file."""
    return {path.name.removesuffix(".jsonl"): read(path) for path in sorted(directory.glob("*.jsonl"))}


def count(path: Path) -> int:
    """Line ends in the file; cheap enough to wait on."""
    try:
        with path.open("rb") as f:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: f.read(1 << 20), b""))
    except FileNotFoundError:
        return 0


def plain(row: Row) -> Row:
    """The row with numbers as int."""
    return {name: int(value) if isinstance(value, Integer) else value for name, value in row.items()}


def assert_same(found: list[Row], expected: list[Row], where: str) -> None:
    """Equal in number, order, keys, key order and values."""
    for i, (a, b) in enumerate(zip(found, expected)):
        assert list(a) == list(b), f"{where}, row {i}: columns {list(a)}, expected {list(b)}"
        for name in b:
            assert type(a[name]) is type(b[name]) and a[name] == b[name], \
                f"{where}, row {i}, {name}: {str(a[name])[:300]!r}, expected {str(b[name])[:300]!r}"
    assert len(found) == len(expected), f"{where}: {len(found)} rows, expected {len(expected)}"
