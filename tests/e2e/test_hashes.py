# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The hashes that are found by walking codec_encoded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conftest import Server
from expected_rows import blake2b256
from messages import message
from sender import generate, send

MakeServer = Callable[..., Server]
SPAN = b"\xa5"


def natural(number: int) -> bytes:
    """A JAM general natural."""
    for more in range(8):
        if number < 1 << 7 * (more + 1):
            first = 256 - (1 << 8 - more) + (number >> 8 * more)
            return bytes([first]) + (number & (1 << 8 * more) - 1).to_bytes(more, "little")
    return b"\xff" + number.to_bytes(8, "little")


def work_package(authorization: int = 2, params: int = 0, prerequisites: int = 0,
                 items: tuple[tuple[int, int, int], ...] = ((5, 0, 0),)) -> bytes:
    """One whose lengths are those given; an item has a payload, imported segments and extrinsics."""
    data = natural(authorization) + SPAN * (authorization + 4 + 32) + natural(params) + SPAN * (params + 4 * 32 + 4)
    data += natural(prerequisites) + SPAN * 32 * prerequisites + natural(len(items))
    for payload, imported, extrinsics in items:
        data += SPAN * (4 + 32) + natural(payload) + SPAN * (payload + 8 + 8)
        data += natural(imported) + SPAN * 34 * imported + natural(extrinsics) + SPAN * 36 * extrinsics + SPAN * 2
    return data


def header(epoch_mark: int | None = None, single_keys: bool = False, tickets: int | None = None,
           offenders: int = 0) -> tuple[bytes, dict[str, Any]]:
    """An encoded header and what the JSON says of it."""
    data = SPAN * (32 + 32 + 32 + 4)
    changes: dict[str, Any] = {}
    if epoch_mark is None:
        data += b"\0"
    else:
        data += b"\1" + SPAN * (64 + epoch_mark * (32 if single_keys else 64))
        key: Any = "0x00" if single_keys else {"bandersnatch": "0x00", "ed25519": "0x00"}
        changes["json_encoded.header.epoch_mark"] = {"entropy": "0x00", "tickets_entropy": "0x00",
                                                     "validators": [key] * epoch_mark}
    if tickets is None:
        data += b"\0"
    else:
        data += b"\1" + SPAN * 33 * tickets
        changes["json_encoded.header.tickets_mark"] = [{"id": "0x00", "attempt": 0}] * tickets
    return data + natural(offenders) + SPAN * (32 * offenders + 2 + 96 + 96), changes


PACKAGES = {
    "the least": work_package(0, 0, 0, ()),
    "lengths of two bytes": work_package(128, 300, 200, ((1000, 150, 130),) * 3),
    "lengths of three bytes": work_package(16384, 70000, 1, ((20000, 0, 0),)),
    "a length of four bytes": work_package(1 << 21, 0, 0, ()),
    "the largest one-byte length": work_package(127, 127, 127, ((127, 127, 127),)),
    "two hundred items": work_package(2, 0, 0, ((0, 0, 0),) * 200),
}
HEADERS = {
    "no mark": header(),
    "an epoch mark": header(epoch_mark=6),
    "an epoch mark of many validators": header(epoch_mark=1023),
    "an epoch mark of single keys": header(epoch_mark=6, single_keys=True),
    "an epoch mark of no validator": header(epoch_mark=0),
    "a tickets mark": header(tickets=12),
    "all marks and offenders": header(epoch_mark=6, tickets=600, offenders=150),
}


def hashes(make_server: MakeServer, messages: list[bytes], table: str, column: str) -> list[object]:
    server = make_server()
    send(server.port, messages)
    server.wait_for_rows(table, len(messages))
    assert server.rejected() == []
    return [row[column] for row in server.rows(table)]


def test_a_work_package_is_found_at_the_start_of_codec_encoded(make_server: MakeServer) -> None:
    messages, expected = [], []
    for data in PACKAGES.values():
        for behind in (b"", b"\0", b"\xff" * 100):
            messages.append(message(133, {"codec_encoded": "0x" + (data + behind).hex()}))
            expected.append(blake2b256(data))
    messages.append(messages[3].replace(b"a5a5", b"A5a5"))
    expected.append(expected[3])
    assert hashes(make_server, messages, "workpackages", "work_package_hash") == expected


def test_a_work_package_that_does_not_fit_has_no_hash(make_server: MakeServer) -> None:
    whole = work_package()
    texts = ["0x" + whole[:length].hex() for length in range(len(whole))]
    texts += ["0x" + whole.hex()[:-1], whole.hex(), "", "0", "0x", "0x" + whole.hex()[:-2] + "zz",
              "0xff" + "ff" * 8 + whole.hex(), "0x" + (natural(1 << 62) + whole).hex(),
              "0x" + (whole[:-2 - 2] + natural((1 << 64) // 34 + 1) + bytes(300)).hex()]
    messages = [message(133, {"codec_encoded": text, "elapsed": i}) for i, text in enumerate([*texts, None])]
    assert hashes(make_server, messages, "workpackages", "work_package_hash") == [None] * len(messages)


def test_a_header_is_found_at_the_start_of_codec_encoded(make_server: MakeServer) -> None:
    messages, expected = [], []
    for data, changes in HEADERS.values():
        for behind in (b"", b"\0", b"\xff" * 100):
            messages.append(message(128, {**changes, "codec_encoded": "0x" + (data + behind).hex()}))
            expected.append(blake2b256(data))
    assert hashes(make_server, messages, "blocks", "header_hash") == expected


def test_a_header_that_does_not_fit_has_no_hash(make_server: MakeServer) -> None:
    marked, changes = HEADERS["all marks and offenders"]
    texts = ["0x" + marked[:length].hex() for length in range(0, len(marked), 97)] + ["", "0x", "zz", marked.hex()]
    messages = [message(128, {**changes, "codec_encoded": text, "elapsed": i}) for i, text in enumerate(texts)]
    # the JSON has no mark, or the mark's byte is neither 0 nor 1
    messages.append(message(128, {"codec_encoded": "0x" + HEADERS["an epoch mark"][0].hex()}))
    messages.append(message(128, {"codec_encoded": "0x" + HEADERS["a tickets mark"][0].hex()}))
    plain = bytearray(HEADERS["no mark"][0])
    plain[100] = 2
    messages.append(message(128, {"codec_encoded": "0x" + plain.hex()}))
    assert hashes(make_server, messages, "blocks", "header_hash") == [None] * len(messages)


@pytest.mark.parametrize("dialect", ["dune", "bigquery"])
def test_the_hashes_of_generated_traffic_chain(make_server: MakeServer, dialect: str) -> None:
    messages = generate(slots=40, validators=6, cores=2, blob_size=10, seed=3)
    server = make_server(f"dialect({dialect})")
    send(server.port, messages)
    server.assert_holds(messages, dialect)
    blocks = server.rows("blocks")
    assert len(blocks) > 30
    for block, child in zip(blocks, blocks[1:]):
        assert block["header_hash"] == child["parent"]
    packages, reports = ([row["work_package_hash"] for row in server.rows(table)]
                         for table in ("workpackages", "workreports"))
    assert len(packages) > 20 and sorted(map(str, packages)) == sorted(map(str, reports))
    assert {row["work_package_hash"] for row in server.rows("segments")} == set(packages)
