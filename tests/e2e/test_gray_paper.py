# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages of nodes from Gray Paper 0.6.5 to 0.8.0, in every known spelling, and the values that they must give.

A selection is in tests/data; where the shared folder is there, all of them are tested too.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import rows
from conftest import Server
from expected_rows import Message, expected_rows
from json_values import find
from layouts import header_layouts, work_package_layouts
from reference import DATA, GrayPaperMessage, gray_paper
from sender import send
from tables import DIALECTS, TABLES, Column

HASHES = {"header_hash": "blocks", "work_package_hash": "workpackages", "preimage_hash": "preimages"}


@pytest.fixture(params=["selection", "all"])
def messages(request: pytest.FixtureRequest) -> list[GrayPaperMessage]:
    if request.param == "selection":
        return gray_paper(DATA / "gray-paper")
    shared: Path = request.getfixturevalue("shared")
    return gray_paper(shared / "data" / "gray-paper")


def values_of(message: GrayPaperMessage) -> dict[str, list[dict[str, object]]]:
    """The listed values of some columns, by table, a dict a row."""
    values = {table: [dict(row) for row in there] for table, there in message.expected.get("rows", {}).items()}
    for name, table in HASHES.items():
        if name in message.expected:
            values.setdefault(table, [{}])[0][name] = message.expected[name]
    return values


def encoded(value: object, column: Column, dialect: str) -> object:
    """A listed value as the dialect's rows have it, null included."""
    if isinstance(value, dict):
        value = int(value["u64"])
    if value is None:
        return None
    if dialect == "dune":
        return rows.Integer(value) if column.dune == "bigint" else str(value)
    if column.bigquery == "BYTES":
        return base64.b64encode(bytes.fromhex(str(value)[2:])).decode()
    return str(value)


def assert_has_the_values(found: dict[str, list[rows.Row]], message: GrayPaperMessage, dialect: str) -> int:
    """Says how many values were compared."""
    compared = 0
    for table, there in values_of(message).items():
        columns = {column.name: column for column in TABLES[table].columns}
        made = found.get(table, [])
        assert len(made) == len(there), f"{message.name}: {table}"
        for row, values in zip(made, there):
            for name, value in values.items():
                expected = encoded(value, columns[name], dialect)
                actual = row.get(columns[name].name_in(dialect))
                assert (type(actual), actual) == (type(expected), expected), f"{message.name}: {table}.{name}"
                compared += 1
    for table, there in found.items():
        prefix = message.expected["row_id"].removesuffix("-0")
        assert [row["row_id"] for row in there] == [f"{prefix}-{index}" for index in range(len(there))], message.name
    return compared


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_second_implementation_gives_the_listed_values(messages: list[GrayPaperMessage], dialect: str) -> None:
    compared = sum(assert_has_the_values(expected_rows(one.text, dialect), one, dialect) for one in messages)
    assert compared > 3000


def test_the_layouts_that_fit_are_those_listed(messages: list[GrayPaperMessage]) -> None:
    seen = set()
    for one in messages:
        read = Message(one.text, {})
        if read.msg_type == 128:
            ends = header_layouts(read.codec_encoded or "", find(read.payload, "header"))
        elif read.msg_type == 133:
            ends = work_package_layouts(read.codec_encoded or "", find(read.payload, "work_package"))
        else:
            continue
        assert list(ends) == one.expected["layouts"], one.name
        seen.add((read.msg_type, *ends))
    assert seen == {(128,), (128, "0.6"), (128, "0.7"), (128, "0.8"), (128, "0.7", "0.8"),
                    (133, "0.6"), (133, "0.7"), (133, "0.8")}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_messages_of_every_gray_paper_give_the_listed_values(
        make_server: Callable[..., Server], messages: list[GrayPaperMessage], dialect: str) -> None:
    server = make_server(f"dialect({dialect})")
    texts = [one.text for one in messages]
    send(server.port, texts)
    server.wait_until(lambda: server.counters().get("processed", 0) >= len(texts), "all messages are processed")
    server.wait_until(lambda: server.counters()["queued"] == 0, "no message is pending")
    assert server.rejected() == []
    server.assert_holds(texts, dialect)
    by_message: dict[str, dict[str, list[rows.Row]]] = {}
    for table, there in rows.read_all(server.out).items():
        for row in there:
            by_message.setdefault(str(row["row_id"]).partition("-")[0], {}).setdefault(table, []).append(row)
    for one in messages:
        assert_has_the_values(by_message[one.expected["row_id"].removesuffix("-0")], one, dialect)


def test_header_hashes_are_the_parents_of_the_next_blocks(messages: list[GrayPaperMessage]) -> None:
    """What is listed is proved by the chains themselves."""
    hashes = {one.expected["header_hash"]: one for one in messages if one.expected.get("header_hash")}
    parents = {json.loads(one.text)["json_encoded"]["header"]["parent"] for one in messages
               if one.expected["msg_type"] == 128}
    proved = [one for key, one in hashes.items() if key in parents]
    assert {tuple(one.expected["layouts"]) for one in proved} == {("0.6",), ("0.7",), ("0.8",), ("0.7", "0.8")}
    assert len(proved) >= 10
