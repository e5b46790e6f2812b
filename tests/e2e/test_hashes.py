# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The hashes of prefixes of codec_encoded, which must agree with the message's own JSON."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from conftest import Server
from layouts import blake2b256
from messages import MISSING, message
from sender import generate, send
from tables import DIALECTS

MakeServer = Callable[..., Server]
Json = dict[str, Any]
HEADER_VERSIONS = ("0.6", "0.7", "0.8")
PACKAGE_VERSIONS = ("0.6", "0.7", "0.8")


# JSON and the bytes that say the same

def natural(number: int) -> bytes:
    """A JAM general natural."""
    for more in range(8):
        if number < 1 << 7 * (more + 1):
            first = 256 - (1 << 8 - more) + (number >> 8 * more)
            return bytes([first]) + (number & (1 << 8 * more) - 1).to_bytes(more, "little")
    return b"\xff" + number.to_bytes(8, "little")


def hex_of(seed: int, length: int = 32) -> str:
    return "0x" + random.Random(seed).randbytes(length).hex()


def unhex(*texts: str) -> bytes:
    return b"".join(bytes.fromhex(text[2:]) for text in texts)


def blob(data: bytes) -> bytes:
    return natural(len(data)) + data


def header(validators: int | None = None, single_keys: bool = False, tickets: int | None = None,
           offenders: int = 0) -> Json:
    made: Json = {"parent": hex_of(1), "parent_state_root": hex_of(2), "extrinsic_hash": hex_of(3), "slot": 1692273,
                  "epoch_mark": None, "tickets_mark": None, "author_index": 258,
                  "entropy_source": hex_of(4, 96), "seal": hex_of(5, 96),
                  "offenders_mark": [hex_of(i) for i in range(offenders)]}
    if validators is not None:
        keys = [hex_of(i) if single_keys else {"bandersnatch": hex_of(i), "ed25519": hex_of(i + 1)}
                for i in range(validators)]
        made["epoch_mark"] = {"entropy": hex_of(6), "tickets_entropy": hex_of(7), "validators": keys}
    if tickets is not None:
        made["tickets_mark"] = [{"id": hex_of(i), "attempt": i % 2} for i in range(tickets)]
    return made


def epoch_mark_bytes(mark: Json | None, version: str) -> bytes:
    if mark is None:
        return b"\0"
    keys = [text for key in mark["validators"] for text in (key.values() if isinstance(key, dict) else [key])]
    count = natural(len(mark["validators"])) if version == "0.8" else b""
    return b"\1" + unhex(mark["entropy"], mark["tickets_entropy"]) + count + unhex(*keys)


def header_bytes(made: Json, version: str) -> bytes:
    tickets = made["tickets_mark"]
    offenders = natural(len(made["offenders_mark"])) + unhex(*made["offenders_mark"])
    return b"".join((
        unhex(made["parent"], made["parent_state_root"], made["extrinsic_hash"]), made["slot"].to_bytes(4, "little"),
        epoch_mark_bytes(made["epoch_mark"], version),
        b"\0" if tickets is None else b"\1" + b"".join(unhex(one["id"]) + bytes([one["attempt"]]) for one in tickets),
        offenders if version == "0.6" else b"",
        made["author_index"].to_bytes(2, "little"), unhex(made["entropy_source"]),
        b"" if version == "0.6" else offenders,
        unhex(made["seal"])))


def work_package(version: str, authorization: int = 2, params: int = 3, prerequisites: int = 0,
                 items: tuple[tuple[int, int, int], ...] = ((5, 0, 0),)) -> tuple[Json, bytes]:
    """One whose lengths are those given; an item has a payload, imported segments and extrinsics."""
    context = {"anchor": hex_of(1), "state_root": hex_of(2), "beefy_root": hex_of(3), "lookup_anchor": hex_of(4),
               "lookup_anchor_slot": 1692399, "prerequisites": [hex_of(i) for i in range(prerequisites)]}
    made = {"authorization": hex_of(5, authorization), "auth_code_host": 67305985, "context": context, "items": []}
    code_hash, config = hex_of(6), hex_of(7, params)
    made |= {"authorizer": {"code_hash": code_hash, "params": config}} if version == "0.6" else \
        {"auth_code_hash": code_hash, "authorizer_config": config}
    if version == "0.8":
        context |= {"anchor_slot": 1692400, "lookup_anchor_state_root": hex_of(8)}
    host_and_code = made["auth_code_host"].to_bytes(4, "little") + unhex(code_hash)
    token, config_bytes = blob(unhex(made["authorization"])), blob(unhex(config))
    start = token + host_and_code + config_bytes + context_bytes(context) if version == "0.6" else \
        host_and_code + context_bytes(context) + token + config_bytes
    return made, start + natural(len(items)) + b"".join(item_bytes(version, *item) for item in items)


def context_bytes(context: Json) -> bytes:
    is_08 = "anchor_slot" in context
    return b"".join((
        unhex(context["anchor"]),
        context["anchor_slot"].to_bytes(4, "little") if is_08 else b"",
        unhex(context["state_root"], context["beefy_root"], context["lookup_anchor"]),
        context["lookup_anchor_slot"].to_bytes(4, "little"),
        unhex(context["lookup_anchor_state_root"]) if is_08 else b"",
        natural(len(context["prerequisites"])), unhex(*context["prerequisites"])))


def item_bytes(version: str, payload: int, imported: int, extrinsics: int) -> bytes:
    """Not in the JSON, which nobody compares with it."""
    service_and_code, gas, exports, work = b"\xa5" * 36, b"\xa6" * 16, b"\xa7" * 2, blob(b"\xa8" * payload)
    lists = natural(imported) + b"\xa9" * 34 * imported + natural(extrinsics) + b"\xaa" * 36 * extrinsics
    if version == "0.6":
        return service_and_code + work + gas + lists + exports
    return service_and_code + gas + exports + work + lists


def block(made: Json, data: bytes | str, **changes: Any) -> bytes:
    text = data if isinstance(data, str) else "0x" + data.hex()
    return message(128, {"json_encoded.header": {key: value for key, value in {**made, **changes}.items()
                                                 if value is not MISSING}, "codec_encoded": text})


def package(made: Json, data: bytes | str) -> bytes:
    text = data if isinstance(data, str) else "0x" + data.hex()
    return message(133, {"json_encoded.work_package": made, "codec_encoded": text})


HEADERS = {
    "no mark": header(),
    "an epoch mark": header(validators=6),
    "an epoch mark of as many validators as one byte counts": header(validators=127),
    "an epoch mark of many validators": header(validators=1023),
    "an epoch mark of single keys": header(validators=6, single_keys=True),
    "an epoch mark of no validator": header(validators=0),
    "a tickets mark": header(tickets=12),
    "all marks and offenders": header(validators=6, tickets=600, offenders=150),
}
PACKAGES: dict[str, Json] = {
    "the smallest": {"authorization": 0, "params": 0, "items": ()},
    "lengths of two bytes": {"authorization": 128, "params": 300, "prerequisites": 200,
                             "items": ((1000, 150, 130),) * 3},
    "lengths of three bytes": {"authorization": 16384, "params": 70000, "items": ((20000, 0, 0),)},
    "the largest lengths of one byte": {"authorization": 127, "params": 127, "prerequisites": 127,
                                        "items": ((127, 127, 127),)},
    "two hundred items": {"items": ((0, 0, 0),) * 200},
}


class Expected:
    """Messages of one table, and the hash that each must have."""

    def __init__(self, table: str, column: str):
        self.table = table
        self.column = column
        self.messages: list[bytes] = []
        self.hashes: list[str | None] = []

    def add(self, text: bytes, expected: str | None) -> None:
        """Numbers them, since a message that was there is not written again."""
        self.messages.append(text.replace(b'"elapsed":2748', b'"elapsed":%d' % len(self.messages), 1))
        self.hashes.append(expected)

    def check(self, make_server: MakeServer) -> None:
        server = make_server()
        send(server.port, self.messages)
        server.assert_holds(self.messages)
        assert server.rejected() == []
        assert [row[self.column] for row in server.rows(self.table)] == self.hashes


def headers() -> Expected:
    return Expected("blocks", "header_hash")


def packages() -> Expected:
    return Expected("workpackages", "work_package_hash")


@pytest.mark.parametrize("version", HEADER_VERSIONS)
def test_a_header_of_each_version_is_found_at_the_start(make_server: MakeServer, version: str) -> None:
    expected = headers()
    for made in HEADERS.values():
        data = header_bytes(made, version)
        for behind in (b"", b"\0", b"\xff" * 100):
            expected.add(block(made, data + behind), blake2b256(data))
        expected.add(block(made, data[:-1]), None)
        # what is no hex is none of the header's business if it is behind it
        expected.add(block(made, "0x" + data.hex().upper() + "zz"), blake2b256(data))
        expected.add(block(made, "0x" + data.hex() + "0"), blake2b256(data))
    expected.check(make_server)


@pytest.mark.parametrize("version", PACKAGE_VERSIONS)
def test_a_work_package_of_each_version_is_found_at_the_start(make_server: MakeServer, version: str) -> None:
    expected = packages()
    for lengths in PACKAGES.values():
        made, data = work_package(version, **lengths)
        for behind in (b"", b"\0", b"\xff" * 100):
            expected.add(package(made, data + behind), blake2b256(data))
        expected.add(package(made, data[:-1]), None)
        expected.add(package(made, "0x" + data.hex().upper() + "zz"), blake2b256(data))
        expected.add(package(made, "0x" + data.hex() + "0"), blake2b256(data))
    expected.check(make_server)


def with_another_digit(text: str, at: int) -> str:
    return text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1:]


@pytest.mark.parametrize("version", HEADER_VERSIONS)
def test_one_other_digit_in_the_bytes_or_the_json_of_a_header_gives_null(
        make_server: MakeServer, version: str) -> None:
    expected = headers()
    made = header(validators=2, tickets=2, offenders=1)
    text = "0x" + header_bytes(made, version).hex()
    for field in ("parent", "parent_state_root", "extrinsic_hash", "entropy_source", "seal"):
        at = text.index(made[field][2:])
        expected.add(block(made, with_another_digit(text, at)), None)
        expected.add(block(made, with_another_digit(text, at + len(made[field]) - 3)), None)
        expected.add(block(made, text, **{field: with_another_digit(made[field], 40)}), None)
        expected.add(block(made, text, **{field: made[field][:-2]}), None)
        expected.add(block(made, text, **{field: made[field][2:]}), None)
    for field in ("slot", "author_index"):
        expected.add(block(made, text, **{field: made[field] + 1}), None)
        expected.add(block(made, text, **{field: made[field] + (1 << 32)}), None)
    for changes in ({"epoch_mark": None}, {"tickets_mark": None}, {"tickets_mark": made["tickets_mark"] * 2},
                    {"offenders_mark": []}, {"offenders_mark": "none"}, {"tickets_mark": {}},
                    {"epoch_mark": {**made["epoch_mark"], "validators": []}},
                    {"epoch_mark": {**made["epoch_mark"], "validators": "none"}},
                    {"epoch_mark": {**made["epoch_mark"], "validators": [hex_of(0), hex_of(1)]}}):
        expected.add(block(made, text, **changes), None)
    mark = text.index(made["epoch_mark"]["entropy"][2:]) - 2
    for byte in ("00", "02", "ff"):
        expected.add(block(made, text[:mark] + byte + text[mark + 2:]), None)
    if version == "0.8":
        count = mark + 2 + 128
        assert text[count:count + 2] == "02"
        expected.add(block(made, text[:count] + "03" + text[count + 2:]), None)
    expected.check(make_server)


@pytest.mark.parametrize("version", PACKAGE_VERSIONS)
def test_one_other_digit_in_the_bytes_or_the_json_of_a_work_package_gives_null(
        make_server: MakeServer, version: str) -> None:
    expected = packages()
    made, data = work_package(version, authorization=20, params=30)
    text = "0x" + data.hex()
    authorizer = [(made["authorizer"], "code_hash"), (made["authorizer"], "params")] if version == "0.6" else \
        [(made, "auth_code_hash"), (made, "authorizer_config")]
    for place, field in [(made, "authorization"), *authorizer, (made["context"], "anchor")]:
        right = place[field]
        at = text.index(right[2:])
        expected.add(package(made, with_another_digit(text, at)), None)
        expected.add(package(made, with_another_digit(text, at + len(right) - 3)), None)
        for wrong in (with_another_digit(right, 10), right[:-2], right + "00"):
            place[field] = wrong
            expected.add(package(made, text), None)
        place[field] = right.upper().replace("0X", "0x")
        expected.add(package(made, text), blake2b256(data))
        place[field] = right
    for place, field in ((made, "auth_code_host"), (made["context"], "lookup_anchor_slot")):
        right = place[field]
        place[field] = right + 1
        expected.add(package(made, text), None)
        place[field] = str(right)
        expected.add(package(made, text), blake2b256(data))
        place[field] = right
    expected.check(make_server)


def test_what_the_json_of_a_header_lacks_is_not_compared(make_server: MakeServer) -> None:
    expected = headers()
    made = header(offenders=2)
    for version in HEADER_VERSIONS:
        data = header_bytes(made, version)
        for field in ("parent", "parent_state_root", "extrinsic_hash", "author_index", "entropy_source", "seal"):
            for absent in (None, MISSING):
                expected.add(block(made, data, **{field: absent}), blake2b256(data))
        expected.add(block(made, data, slot=str(made["slot"]), author_index=str(made["author_index"])),
                     blake2b256(data))
        expected.add(block(made, data, entropy_source=None, seal=MISSING), None)
    expected.check(make_server)


def test_what_the_json_of_a_work_package_lacks_is_not_compared(make_server: MakeServer) -> None:
    expected = packages()
    for version in PACKAGE_VERSIONS:
        made, data = work_package(version)
        for field in ("authorization", "auth_code_host"):
            expected.add(package({**made, field: None}, data), blake2b256(data))
        without_anchor = {**made, "context": {**made["context"], "anchor": None}}
        expected.add(package(without_anchor, data), blake2b256(data))
        nothing = {"code_hash": None, "params": None}
        without_code = {key: value for key, value in made.items() if key not in ("auth_code_hash", "authorizer_config")}
        expected.add(package({**without_code, "authorizer": nothing}, data), blake2b256(data))
        expected.add(package({**without_anchor, "authorizer": nothing, "auth_code_hash": None}, data), None)
    expected.check(make_server)


def test_bytes_of_another_version_than_the_json_are_not_taken(make_server: MakeServer) -> None:
    """A context of 0.8 goes with no other layout, and one that is older not with that of 0.8."""
    expected = packages()
    old, old_data = work_package("0.7")
    new, new_data = work_package("0.8")
    expected.add(package(new, old_data), None)
    expected.add(package(old, new_data), None)
    for field in ("anchor_slot", "lookup_anchor_state_root"):
        for value, found in ((None, blake2b256(new_data)), (MISSING, blake2b256(new_data))):
            context = {key: there for key, there in {**new["context"], field: value}.items() if there is not MISSING}
            expected.add(package({**new, "context": context}, new_data), found)
    neither = {**new["context"], "anchor_slot": None, "lookup_anchor_state_root": None}
    expected.add(package({**new, "context": neither}, new_data), None)
    expected.add(package({**old, "context": {**old["context"], "anchor_slot": None}}, old_data), blake2b256(old_data))
    expected.check(make_server)


def test_two_layouts_that_end_at_different_bytes_give_null(make_server: MakeServer) -> None:
    """Where the same bytes are an entropy source under 0.6 and 0.7, and their offenders' counts differ in length."""
    expected = headers()
    made = {**header(), "author_index": None, "entropy_source": "0x" + "80" * 96}
    start = unhex(made["parent"], made["parent_state_root"], made["extrinsic_hash"]) + \
        made["slot"].to_bytes(4, "little") + b"\0\0"
    data = start + b"\0" + b"\x80" * 98 + b"\0" + unhex(made["seal"])
    expected.add(block(made, data + b"\0" * 10, seal=None), None)
    expected.add(block(made, data + b"\0" * 10), blake2b256(data))
    of_06 = "0x" + data[-97:-1].hex()
    expected.add(block(made, data + b"\0" * 10, seal=of_06), blake2b256(data[:-1]))
    expected.check(make_server)


def test_naturals_need_not_be_in_their_shortest_form(make_server: MakeServer) -> None:
    expected = headers()
    made = header()
    data = header_bytes(made, "0.7")
    for zero in (b"\x80\0", b"\xc0\0\0", b"\xfe" + bytes(7), b"\xff" + bytes(8)):
        longer = data[:-97] + zero + data[-96:]
        expected.add(block(made, longer), blake2b256(longer))
    expected.add(block(made, data[:-97] + b"\xff" * 9 + data[-96:]), None)
    expected.check(make_server)


def test_what_is_no_hex_has_no_hash(make_server: MakeServer) -> None:
    expected = headers()
    made = header()
    text = "0x" + header_bytes(made, "0.7").hex()
    for data in ("", "0", "0x", "zz", text[2:], "0X" + text[2:], text[:-2] + "zz", text[:-1], " " + text):
        expected.add(block(made, data), None)
    expected.check(make_server)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_hashes_of_generated_traffic_chain(make_server: MakeServer, dialect: str) -> None:
    messages = generate(slots=40, validators=6, cores=2, blob_size=10, seed=3)
    server = make_server(f"dialect({dialect})")
    send(server.port, messages)
    server.assert_holds(messages, dialect)
    blocks = server.rows("blocks")
    assert len(blocks) > 30
    for one, child in zip(blocks, blocks[1:]):
        assert one["header_hash"] == child["parent"]
    found, reports = ([row["work_package_hash"] for row in server.rows(table)]
                      for table in ("workpackages", "workreports"))
    assert len(found) > 20 and sorted(map(str, found)) == sorted(map(str, reports))
    assert {row["work_package_hash"] for row in server.rows("segments")} == set(found)
