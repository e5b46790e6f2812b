# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages as large as the source takes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import rows
from conftest import Server
from expected_rows import expected_tables
from layouts import blake2b256
from messages import message, numbered
from sender import Sender, frame, generate, send
from tables import DIALECTS

MakeServer = Callable[..., Server]
LIMIT = 25 * 1024 * 1024


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_preimage_of_24_megabytes_goes_through(make_server: MakeServer, dialect: str) -> None:
    messages = generate(kinds=142, blob_size=12_000_000, slots=1)
    assert len(messages) == 1 and 24_000_000 < len(messages[0]) < LIMIT
    server = make_server(f"dialect({dialect})")
    with Sender(server.port) as sender:
        sender.send(*numbered(1), *messages, *numbered(1, first=1))
    server.assert_holds(numbered(1) + messages + numbered(1, first=1), dialect)
    print(f"{dialect}: peak memory of the daemon {server.peak_memory_kib() // 1024} MiB")


@pytest.mark.parametrize("framing", ["newline", "octet-counted"])
def test_a_message_just_under_the_limit_goes_through_whole(make_server: MakeServer, framing: str) -> None:
    server = make_server('transport("framed")' if framing == "octet-counted" else "")
    room = LIMIT - 1024 - len(frame(message(142)))
    blob = bytes(range(256)) * (room // 512)
    text = message(142, {"json_encoded.blob": "0x" + blob.hex()})
    assert LIMIT - 2048 < len(frame(text, framing)) < LIMIT
    send(server.port, [text, *numbered(1)], framing=framing)
    server.wait_for_rows("assurances", 1)
    server.wait_for_rows("preimages", 1)
    row, = server.rows("preimages")
    assert row["blob"] == "0x" + blob.hex()
    assert row["preimage_hash"] == blake2b256(blob)
    print(f"{framing}: peak memory of the daemon {server.peak_memory_kib() // 1024} MiB")


def test_large_messages_in_a_row_are_written_and_their_memory_is_not_kept_for_each(make_server: MakeServer) -> None:
    messages = generate(kinds=142, blob_size=3_000_000, slots=200, validators=6)[:6]
    assert len(messages) > 4
    server = make_server()
    send(server.port, messages)
    server.assert_holds(messages)
    print(f"peak memory of the daemon {server.peak_memory_kib() // 1024} MiB")


def test_a_large_rejected_message_is_kept_whole(make_server: MakeServer) -> None:
    text = message(142, {"json_encoded.blob": "0x" + "ab" * 10_000_000 + "a"})
    server = make_server()
    send(server.port, [text, *numbered(1)])
    server.wait_for_rejected(1)
    server.wait_for_rows("assurances", 1)
    entry, = rows.read(server.reject_file)
    assert str(entry["message"]).encode() == text
    assert str(entry["reason"]).startswith("invalid-hex: ")
    assert expected_tables([]) == {}
