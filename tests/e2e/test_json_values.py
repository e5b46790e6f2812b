# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The second implementation's own reader of JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from daemon import TOP
from json_values import Number, Value, compact, find, find_last, parse
from reference import DATA, gray_paper, log_messages, samples

CORPUS = TOP / "tests" / "corpus" / "json"


def plain(value: Value) -> object:
    """As json.loads() has it."""
    if isinstance(value.read, dict):
        return {key: plain(there) for key, there in value.read.items()}
    if isinstance(value.read, list):
        return [plain(there) for there in value.read]
    return json.loads(value.read.text) if isinstance(value.read, Number) else value.read


def test_messages_are_read_as_python_reads_them() -> None:
    for text in log_messages() + samples() + [one.text for one in gray_paper(DATA / "gray-paper")]:
        value = parse(text.decode())
        assert plain(value) == json.loads(text)
        assert json.loads(compact(value)) == json.loads(text)


def texts(kind: str) -> list[Path]:
    """Without those above the daemon's own limit of nesting, which JSON does not have."""
    return [path for path in sorted((CORPUS / kind).iterdir()) if "above-the-limit" not in path.name]


def test_it_takes_json_and_no_other_text(deep_recursion: None) -> None:
    for path in texts("accept"):
        parse(path.read_bytes().decode())
    for path in texts("refuse"):
        with pytest.raises(ValueError):
            print(path.name, parse(path.read_bytes().decode()))


@pytest.mark.parametrize("text, mended", [
    (r'"\ud83d"', r'"\ufffd"'),
    (r'"\uDE00\ud83d"', r'"\ufffd\ufffd"'),
    (r'"\ud83d\ud83d\ude00\ude00"', r'"\ufffd\ud83d\ude00\ufffd"'),
    (r'"\\ud83d\"\\\ud83d"', r'"\\ud83d\"\\\ufffd"'),
    (r'"\ud83d\u0041"', r'"\ufffd\u0041"'),
    (r'[ {"\ud800" : "\u00e4 \/ " } ]', r'[{"\ufffd":"\u00e4 \/ "}]'),
])
def test_unpaired_surrogates_become_replacement_characters(text: str, mended: str) -> None:
    assert compact(parse(text)) == mended
    assert plain(parse(text)) == json.loads(mended)


@pytest.mark.parametrize("text, found", [
    ('{"a":1,"b":2}', "2"),
    ('{"b":2,"a":1}', "1"),
    ('{"b":2,"a":null}', "null"),
    ('{"a":1,"b":2,"a":3}', "3"),
    ('{"c":{"d":4},"a":1,"b":2}', "2"),
    ('{"a":1,"c":{"e":[5],"d":4}}', "4"),
    ('{"a":1,"c":{"d":4},"c":{}}', "1"),
    ('{"a":1,"c":{"d":4},"c":null}', "1"),
    ('{"c":[{"d":4}]}', None),
])
def test_of_several_names_the_last_value_counts(text: str, found: str | None) -> None:
    value = find_last(parse(text), ("a", "b", "c.d"))
    assert (value and value.text) == found
    assert find(parse(text), "x.y") is None
