# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""JSON, read so that each value keeps its own text and its place in the message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from json.decoder import scanstring

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_LITERALS = {"true": True, "false": False, "null": None}
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(\\u[dD][89a-fA-F]..)|\\.")
_STRING_OR_SPACE = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\n\r]+')


@dataclass(frozen=True)
class Number:
    text: str


@dataclass(eq=False, slots=True)
class Value:
    """read is None, a bool, a Number, a str, a list of Values or a dict of them.

    Of an object's repeated key the last value counts, at the first one's place among the keys.
    An unpaired surrogate is read as U+FFFD.
    """

    message: str
    start: int
    end: int
    read: object

    @property
    def text(self) -> str:
        return self.message[self.start:self.end]

    @property
    def is_null(self) -> bool:
        return self.read is None


def parse(text: str) -> Value:
    """Raises ValueError if it is no JSON."""
    value = _parse(text, _behind_space(text, 0))
    if _behind_space(text, value.end) != len(text):
        raise ValueError("text behind the value")
    return value


def _behind_space(text: str, at: int) -> int:
    return _SPACE.match(text, at).end()


def _parse(text: str, start: int) -> Value:
    first = text[start:start + 1]
    if first == "{":
        members: dict[str, Value] = {}
        at = _behind_space(text, start + 1)
        while text[at:at + 1] != "}":
            key = _string(text, _token(text, at, ",") if members else at)
            members[str(key.read)] = value = _parse(text, _token(text, _behind_space(text, key.end), ":"))
            at = _behind_space(text, value.end)
        return Value(text, start, at + 1, members)
    if first == "[":
        elements: list[Value] = []
        at = _behind_space(text, start + 1)
        while text[at:at + 1] != "]":
            elements.append(_parse(text, _token(text, at, ",") if elements else at))
            at = _behind_space(text, elements[-1].end)
        return Value(text, start, at + 1, elements)
    return _string(text, start) if first == '"' else _scalar(text, start)


def _token(text: str, at: int, token: str) -> int:
    """The place of what follows the token."""
    if text[at:at + 1] != token:
        raise ValueError(f"no {token} at {at}")
    return _behind_space(text, at + 1)


def _string(text: str, start: int) -> Value:
    if text[start:start + 1] != '"':
        raise ValueError(f"no string at {start}")
    string, end = scanstring(text, start + 1, True)
    return Value(text, start, end, _SURROGATE.sub("\ufffd", string))


def _scalar(text: str, start: int) -> Value:
    for literal, read in _LITERALS.items():
        if text.startswith(literal, start):
            return Value(text, start, start + len(literal), read)
    match = _NUMBER.match(text, start)
    if not match:
        raise ValueError(f"no value at {start}")
    return Value(text, start, match.end(), Number(match[0]))


def find(value: Value | None, path: str) -> Value | None:
    """The value at a.b.c, which may be a null; None where there is none, also for want of an object."""
    for key in path.split(".") if path else ():
        if value is None or not isinstance(value.read, dict):
            return None
        value = value.read.get(key)
    return value


def find_last(value: Value | None, paths: tuple[str, ...]) -> Value | None:
    """Of several names of one field, the value that stands last in the message."""
    found = [there for there in (find(value, path) for path in paths) if there is not None]
    return max(found, key=lambda there: there.start, default=None)


def integer(value: Value) -> int | None:
    """Of a JSON integer, or of a JSON string that holds one; None for all else."""
    text = value.read.text if isinstance(value.read, Number) else value.read
    return int(text) if isinstance(text, str) and _INTEGER.fullmatch(text) else None


def compact(value: Value) -> str:
    """The value's text without insignificant white space, and with \\ufffd for unpaired surrogates."""
    text = _STRING_OR_SPACE.sub(lambda match: match[1] or "", value.text)
    return _ESCAPE.sub(lambda match: r"\ufffd" if match[1] else match[0], text)
