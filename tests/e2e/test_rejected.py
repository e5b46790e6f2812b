# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every way to be bad, and what looks bad but is not."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import rows
from conftest import Server
from expected_rows import Rejected, expected_tables
from messages import HASH, KEY, MISSING, TIME, message, numbered
from sender import HOST, Sender, send
from tables import DIALECTS, TABLES

MakeServer = Callable[..., Server]
RECEIVED = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")
BOTH = DIALECTS


@dataclass(frozen=True)
class Bad:
    what: str
    reason: str
    text: bytes
    table: str | None = None
    column: str | None = None
    dialects: tuple[str, ...] = BOTH
    #: the column is not checked
    any_column: bool = field(default=False)

    def __str__(self) -> str:
        return self.what


def _text(what: str, text: bytes | str, reason: str = "invalid-json") -> Bad:
    return Bad(what, reason, text if isinstance(text, bytes) else text.encode())


def _value(reason: str, msg_type: int, path: str, value: Any, table: str | None = None, column: str | None = None,
           dialects: tuple[str, ...] = BOTH, any_column: bool = False) -> Bad:
    shown = "missing" if value is MISSING else repr(value)
    what = f"{msg_type}: {path} {shown if len(shown) < 60 else shown[:57] + '...'}"
    return Bad(what, reason, message(msg_type, {path: value}), table, column, dialects, any_column)


def _integers(msg_type: int, path: str, table: str | None, column: str) -> list[Bad]:
    """An integer's place takes nothing else."""
    integers = [1.5, 1e300, "1.0", "1e3", "", "abc", "0x10", " 1", "1 ", "+1", "--1", 2**63, -2**63 - 1,
                str(2**63), str(-2**63 - 1), "9" * 40]
    return ([_value("invalid-integer", msg_type, path, value, table, column) for value in integers]
            + [_value("wrong-type", msg_type, path, value, table, column) for value in (True, {}, [], [1])])


def _uint64s(msg_type: int, path: str, table: str, column: str) -> list[Bad]:
    integers = [1.5, 1e300, "1.0", "1e3", "", "abc", "0x10", " 1", "1 ", "+1", "--1", "01", -1, "-1", -2**63, 2**64,
                str(2**64), "9" * 40]
    return ([_value("invalid-integer", msg_type, path, value, table, column) for value in integers]
            + [_value("wrong-type", msg_type, path, value, table, column) for value in (True, {}, [], [1])])


def _hex(msg_type: int, path: str, table: str, column: str, dialects: tuple[str, ...] = BOTH) -> list[Bad]:
    return [_value("invalid-hex", msg_type, path, value, table, column, dialects)
            for value in ("0x0", "0x123", "0xzz", "0x0g", "1234", "", "0", "x00", "0x 0", "0x00 ", "0xé")]


GOOD = message().decode()
TIMES = ["", "yesterday", "2025-04-29", "2025-04-29T00:49:42", "2025-04-29 00:49:42", "2025-04-29T00:49:42.Z",
         "2025-04-29T00:49:42.1234567890Z", "2025-04-29T00:49Z", "2025-13-01T00:00:00Z", "2025-00-10T00:00:00Z",
         "2025-04-31T00:00:00Z", "2025-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2025-04-29T24:00:00Z",
         "2025-04-29T00:60:00Z", "2025-04-29T00:00:00+24:00", "2025-04-29T00:00:00+0100", "2025-04-29T00:00:00+01",
         "2025-04-29T00:00:00Zjunk", " 2025-04-29T00:00:00Z", "20250429T000000Z", "2025-04-29T00:00:00,5Z",
         "2025-01-01T11:59:59.999999999Z", "2025-01-01T13:00:00+01:00:00", "2025-01-01T12:59:59+01:00",
         "1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "2025-04-29T00:00:6٣Z"]
ENVELOPE = [
    _text("nothing but white space", "   "),
    _text("no JSON", "not JSON at all"),
    _text("an array", f"[{GOOD}]", "wrong-type"),
    _text("a string", '"x"', "wrong-type"),
    _text("a number", "12", "wrong-type"),
    _text("null", "null", "wrong-type"),
    _text("a message cut short", GOOD[:-1]),
    _text("a message cut in a string", GOOD[:-60]),
    _text("something behind the message", GOOD + "x"),
    _text("two messages on a line", GOOD + GOOD),
    _text("a comma too many", GOOD[:-1] + ",}"),
    _text("single quotes", GOOD.replace('"', "'")),
    _text("a control character in a string", GOOD.replace("0x5999", "0x59\t99")),
    _text("a bad escape", GOOD.replace("0x5999", r"0x59\x99")),
    _text("half a surrogate pair cut", GOOD.replace("0x5999", r"\ud83")),
    _text("NaN", GOOD.replace("2748", "NaN")),
    _text("a number with a leading zero", GOOD.replace("2748", "02748")),
    _text("a number with a plus", GOOD.replace("2748", "+2748")),
    _text("a hundred thousand brackets", "[" * 100_000),
    _text("brackets without end in an unknown key", GOOD[:-1] + ',"x":' + "[" * 100_000),
    _text("too deep, but closed", GOOD[:-1] + ',"x":' + "[" * 50_000 + "]" * 50_000 + "}"),
    _text("not UTF-8", GOOD.replace("0x5999", "é").encode("latin-1")),
    _text("an overlong UTF-8 form", GOOD.encode().replace(b"0x5999", b"\xc0\xaf")),
    _text("a surrogate in UTF-8", GOOD.encode().replace(b"0x5999", b"\xed\xa0\x80")),
    _text("UTF-8 cut short at the end of a string", GOOD.encode().replace(b"0x5999", b"\xe2\x82")),
    *(_value("unknown-msg-type", 141, "msg_type", value, None, "msg_type")
      for value in (1, 2, 12, 129, 144, 256, 1280, -1, "7", "-128", "", "x", "14l", 141.5, "141.0", "9" * 30,
                    True, [], {}, [141])),
    *(_value("missing-value", 141, key, value, None, key) for key in ("msg_type", "time")
      for value in (MISSING, None)),
    *(_value("invalid-time", 141, "time", value, None, "time") for value in TIMES),
    *(_value("wrong-type", 141, "time", value, None, "time") for value in (1745887782, {}, [TIME], False)),
    *(_value("wrong-type", 141, "sender_id", value, None, "sender_id") for value in (7, {}, [KEY], True)),
    *(_value("wrong-type", 141, "team", value, None, "team") for value in (7, {}, ["x"], True)),
    *(_value("wrong-type", 141, "metadata", value, None, "metadata") for value in (7, {}, ["x=y"], True)),
    *(_value("wrong-type", 141, "codec_encoded", value, None, "codec_encoded") for value in (7, {}, ["0x"], True)),
    *_integers(141, "elapsed", "assurances", "elapsed"),
]
KIND_TABLES = {128: "blocks", 13: "validatorstatistics", 131: "tickets", 133: "workpackages", 135: "segments",
               141: "assurances", 142: "preimages", 143: "services", 255: "workreports"}


def _wrong(msg_type: int, path: str, *wrong: Any) -> list[Bad]:
    table = next((table for part, table in (("cores", "corestatistics"), ("services", "servicestatistics"))
                  if f".{part}" in path), KIND_TABLES[msg_type])
    return [_value("wrong-type", msg_type, path, value, table, any_column=True) for value in wrong]


def _needed(msg_type: int, path: str, *wrong: Any) -> list[Bad]:
    table = _wrong(msg_type, path, 7)[0].table
    return ([_value("missing-value", msg_type, path, value, table, any_column=True) for value in (MISSING, None)]
            + _wrong(msg_type, path, *wrong))


NO_OBJECT = (7, "x", True, [])
NO_ARRAY = (7, "x", True, {})
STRUCTURE = [
    *(bad for msg_type in (128, 13, 131, 133, 141, 142, 143, 255)
      for bad in _needed(msg_type, "json_encoded", *NO_OBJECT)),
    *_wrong(135, "json_encoded", 7, "AAEC", {}, True, [7], [None], ["AAEC", {}]),
    *_needed(128, "json_encoded.header", *NO_OBJECT),
    *_needed(128, "json_encoded.extrinsic", *NO_OBJECT),
    *_needed(128, "json_encoded.header.slot"),
    *_wrong(128, "json_encoded.extrinsic.disputes", *NO_OBJECT),
    *(bad for name in ("tickets", "preimages", "guarantees", "assurances")
      for bad in _wrong(128, f"json_encoded.extrinsic.{name}", *NO_ARRAY)),
    *(bad for name in ("verdicts", "culprits", "faults")
      for bad in _wrong(128, f"json_encoded.extrinsic.disputes.{name}", *NO_ARRAY)),
    *_needed(13, "json_encoded.vals_current", *NO_ARRAY),
    *_needed(13, "json_encoded.cores", *NO_ARRAY),
    *_wrong(13, "json_encoded.vals_last", *NO_ARRAY),
    *_wrong(13, "json_encoded.services", 7, "x", True),
    *_wrong(13, "json_encoded.vals_current.1", *NO_OBJECT),
    *_wrong(13, "json_encoded.vals_last.1", *NO_OBJECT),
    *_wrong(13, "json_encoded.cores.0", *NO_OBJECT),
    *_wrong(13, "json_encoded.services.0", *NO_OBJECT),
    *_wrong(13, "json_encoded.services.0.record", *NO_OBJECT),
    *_wrong(13, "json_encoded.services", *({"9": value} for value in NO_OBJECT)),
    *_needed(13, "json_encoded.services.0.id"),
    *_needed(255, "json_encoded.package_spec", *NO_OBJECT),
    *_needed(255, "json_encoded.context", *NO_OBJECT),
    *_wrong(255, "json_encoded.results", *NO_ARRAY),
    *_needed(133, "json_encoded.work_package", *NO_OBJECT),
    *_needed(133, "json_encoded.work_package.authorizer", *NO_OBJECT),
    *_needed(133, "json_encoded.work_package.context", *NO_OBJECT),
]
VALUES = [
    *_integers(128, "json_encoded.header.slot", "blocks", "slot"),
    *_integers(128, "json_encoded.header.author_index", "blocks", "author_index"),
    *_integers(13, "json_encoded.vals_current.1.blocks", "validatorstatistics", "current_blocks"),
    *_integers(13, "json_encoded.vals_last.0.assurances", "validatorstatistics", "last_assurances"),
    *_integers(13, "json_encoded.cores.0.gas_used", "corestatistics", "gas_used"),
    *_integers(13, "json_encoded.services.0.id", "servicestatistics", "service_id"),
    *_integers(13, "json_encoded.services.0.record.provided_count", "servicestatistics", "provided_count"),
    *_integers(255, "json_encoded.auth_gas_used", "workreports", "auth_gas_used"),
    *_integers(133, "json_encoded.work_package.auth_code_host", "workpackages", "auth_code_host"),
    *_integers(143, "json_encoded.items", "services", "items"),
    *_uint64s(143, "json_encoded.balance", "services", "balance"),
    *_uint64s(143, "json_encoded.deposit_offset", "services", "deposit_offset"),
    *(_value("invalid-integer", 13, "json_encoded.services", {key: {}}, "servicestatistics", "service_id")
      for key in ("", "x", "-1", "-0", "+1", "01", " 1", "1 ", "1.0", "1e3", "0x1", str(2**32), "9" * 40, "\u0661")),
    *(_value("wrong-type", msg_type, f"json_encoded.{path}", value, table, column)
      for msg_type, path, table, column in (
          (128, "header.parent", "blocks", "parent"), (128, "header.seal", "blocks", "seal"),
          (141, "anchor", "assurances", "anchor"), (141, "bitfield", "assurances", "bitfield"),
          (142, "blob", "preimages", "blob"), (131, "signature", "tickets", "signature"),
          (143, "code_hash", "services", "code_hash"),
          (255, "package_spec.hash", "workreports", "work_package_hash"),
          (255, "context.anchor", "workreports", "anchor"),
          (133, "work_package.authorizer.code_hash", "workpackages", "authorizer_code_hash"),
          (133, "work_package.authorization", "workpackages", "authorization"))
      for value in (7, True, {}, ["0x"])),
    *(_value("invalid-integer", 255, "metadata", f"role=x|numSig={value}", "workreports", "num_signatures")
      for value in ("x", "", "1.5", "1e1", " 1", str(2**63))),
    *(_value("invalid-integer", 135, "metadata", f"wph={HASH}|c={value}", "segments", "core")
      for value in ("x", "", "1.5", "0x1", str(2**63))),
    *_hex(142, "json_encoded.blob", "preimages", "blob"),
    *_hex(141, "json_encoded.bitfield", "assurances", "bitfield"),
    *_hex(131, "json_encoded.signature", "tickets", "signature"),
    *_hex(133, "json_encoded.work_package.authorization", "workpackages", "authorization"),
    *_hex(133, "json_encoded.work_package.authorizer.params", "workpackages", "authorizer_params"),
    *(_value("invalid-base64", 135, "json_encoded", ["AAEC", value], "segments", "data", ("bigquery",))
      for value in ("A", "AAE", "AA=E", "A===", "AAEC=", "####", "AAEC\n", "AA-_", "é")),
]


def shown_column(bad: Bad, dialect: str) -> str | None:
    names = {column.name: column.name_in(dialect) for column in TABLES[bad.table].columns} if bad.table else {}
    return names.get(bad.column or "", bad.column)


def assert_rejected(found: dict[str, object], bad: Bad, dialect: str) -> None:
    assert list(found)[:6] == ["received", "host", "reason", "table", "column", "message"]
    assert RECEIVED.fullmatch(str(found["received"]))
    assert found["host"] == HOST
    name, colon, detail = str(found["reason"]).partition(": ")
    assert colon and detail and len(name) < 30, found["reason"]
    assert name == bad.reason, f"{bad}: {found['reason']}"
    original = bad.text.strip(b" \t\r\n")
    try:
        assert str(found["message"]).strip(" ") == original.decode(), bad
        assert "message_base64" not in found
    except UnicodeDecodeError:
        assert "\ufffd" in str(found["message"])
        assert base64.b64decode(str(found["message_base64"])) == bad.text
    assert found["table"] == bad.table
    if not bad.any_column:
        assert found["column"] == shown_column(bad, dialect), f"{bad}: {found['reason']}"


GROUPS = {"envelope": ENVELOPE, "structure": STRUCTURE, "values": VALUES}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("group", GROUPS)
def test_bad_messages_are_rejected_with_their_reason_and_the_good_ones_around_them_are_written(
        make_server: MakeServer, group: str, dialect: str) -> None:
    """One daemon for a group: each bad message stands between two good ones."""
    server = make_server(f"dialect({dialect})")
    bads = [bad for bad in GROUPS[group] if dialect in bad.dialects]
    goods = numbered(len(bads) + 1)
    with Sender(server.port) as sender:
        for good, bad in zip(goods, bads):
            sender.send(good, bad.text)
        sender.send(goods[-1])
    server.wait_for_rows("assurances", len(goods))
    found = server.rejected()
    originals = [str(entry["message"]).strip() for entry in found]
    taken = [str(bad) for bad in bads if bad.text.decode(errors="replace").strip() not in originals
             and "UTF-8" not in bad.what]
    assert not taken, "these were not rejected"
    assert len(found) == len(bads)
    wrong = []
    for entry, bad in zip(found, bads):
        try:
            assert_rejected(entry, bad, dialect)
        except AssertionError as e:
            wrong.append(f"{bad} -> {entry['reason']} ({entry['table']}.{entry['column']})\n    {str(e)[:200]}")
    assert not wrong, "\n".join(wrong)
    server.assert_holds(goods, dialect)
    counters = server.counters()
    for name in {str(entry["reason"]).split(":")[0] for entry in found}:
        assert counters[f"rejected_{name}"] == sum(str(entry["reason"]).startswith(name + ":") for entry in found)
    assert sum(number for name, number in counters.items() if name.startswith("rejected_")) == len(bads)
    assert counters["rows_assurances"] == len(goods)
    assert counters["written"] == len(goods) + len(bads)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_looks_odd_but_is_allowed_is_written(make_server: MakeServer, dialect: str) -> None:
    goods = [
        *(message(141, {"time": time}) for time in
          ("2025-01-01T12:00:00Z", "2025-04-29T00:49:42.1Z", "2025-04-29T00:49:42.123456789+05:30",
           "2025-04-28T20:49:42-04:00", "2028-02-29T23:59:59.999999999Z", "2025-12-31T23:59:59.9999999-00:01",
           "2025-04-29T00:49:42.0000009Z")),
        *(message(141, {"elapsed": value}) for value in (0, -1, 2**63 - 1, -2**63, "12", "-3", 9007199254740993,
                                                        None, MISSING)),
        *(message(141, {"sender_id": value}) for value in (None, MISSING, "node-1", KEY[:-2])),
        *(message(141, {"team": value}) for value in (None, "A-go-cn", "téam ☃ 😀", 'with "quotes" and \\')),
        *(message(141, {"metadata": value}) for value in (None, "", "x", "a=b|c", "team=x|team=y|", "=|==")),
        *(message(141, {"codec_encoded": value}) for value in (None, MISSING, "", "0x", "no hex")),
        *(message(141, {"json_encoded.bitfield": value}) for value in (None, MISSING, "0x", "0xABcd")),
        message(141, {"unknown": {"deep": [[[[{}]]]]}, "json_encoded.more": 1.5e300}),
        *(message(135, {"json_encoded": value}) for value in (None, MISSING, [], [""], ["AAEC"], ["AA==", "AAE="])),
        *(message(135, {"metadata": value}) for value in (None, MISSING, "c=-1", f"len=2|c=7|wph={HASH}")),
        *(message(128, {"json_encoded.extrinsic.disputes": value}) for value in (None, MISSING, {})),
        *(message(128, {f"json_encoded.extrinsic.{name}": value}) for name in ("tickets", "guarantees")
          for value in (None, MISSING, [1, "x", {}])),
        *(message(13, {f"json_encoded.{name}": value}) for name in ("vals_last", "services")
          for value in (None, MISSING, [])),
        message(13, {"json_encoded.vals_current": []}), message(13, {"json_encoded.cores": []}),
        message(13, {"json_encoded.vals_last": [{"blocks": 5}]}),
        message(13, {"json_encoded.services": {}}), message(13, {"json_encoded.services": {"0": None}}),
        message(13, {"json_encoded.services": {str(2**32 - 1): {"imports": 1}, "7": {}}}),
        message(13, {"json_encoded.services.0.record": None}),
        message(13, {"json_encoded.services.0.record": MISSING}),
        *(message(143, {f"json_encoded.{name}": value}) for name in ("balance", "deposit_offset")
          for value in (0, "0", 2**63, 2**64 - 1, str(2**64 - 1), "-0", None, MISSING)),
        message(142, {"json_encoded.blob": None}), message(142, {"json_encoded.blob": "0x"}),
        *(message(255, {"json_encoded.results": value}) for value in (None, MISSING, [])),
        message(255, {"json_encoded.segment_root_lookup": {"any": ["JSON", 1.50, "with \"text\" "]}}),
        message(133, {"json_encoded.extrinsics": 7, "json_encoded.justifications": "text"}),
        b'{ "time" : "2025-04-29T00:49:42Z" ,\t"msg_type":143, "json_encoded": {"items" : 1, "items": 2 } ,'
        b' "msg_type" : 141, "json_encoded" : { "anchor" : "x" , "anchor" : "y" } }',
        message(141, {"json_encoded.anchor": "ä\u2028😀"}),
        message(141).replace(b"0xabab", rb"\ud83d\\ud83d\ude00\ud83d\ud83d\ude00"),
        message(141).replace(b"0xabab", rb"\u00e4\ud83d\ude00\/\"\\\b\f\n\r\t"),
    ]
    server = make_server(f"dialect({dialect})")
    send(server.port, goods)
    try:
        server.assert_holds(goods, dialect)
    finally:
        assert [entry["reason"] for entry in server.rejected()] == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_message_that_is_bad_for_one_table_fills_none(make_server: MakeServer, dialect: str) -> None:
    bad = message(13, {"json_encoded.services.0.record.imports": "x"})
    server = make_server(f"dialect({dialect})")
    send(server.port, [numbered(1, 13)[0], bad, message(13)])
    server.wait_for_rejected(1)
    server.assert_holds([*numbered(1, 13), message(13)], dialect)
    entry, = server.rejected()
    assert (entry["table"], entry["column"], entry["message"]) == ("servicestatistics", "imports", bad.decode())


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_message_of_a_quarter_of_a_million_elements_is_too_large(make_server: MakeServer, dialect: str) -> None:
    """So that no message of 25 MB becomes rows of many gigabytes."""
    server = make_server(f"dialect({dialect})")
    largest = 262_144
    send(server.port, [message(13, {"json_encoded.cores": [{}] * (largest + 1)}),
                       message(13, {"json_encoded.cores": [{}] * largest})])
    server.wait_for_rejected(1)
    entry, = server.rejected()
    assert str(entry["reason"]).startswith("too-large: ")
    server.wait_for_rows("corestatistics", largest)
    assert server.counters()["rejected_too-large"] == 1


def test_a_value_that_is_bad_only_for_a_table_that_is_not_written_is_no_reason(make_server: MakeServer) -> None:
    server = make_server("tables(corestatistics)")
    send(server.port, [message(13, {"json_encoded.services.0.record.imports": "x"})])
    server.wait_for_rows("corestatistics", 1)
    assert server.rejected() == []


def test_a_rejected_message_can_be_mended_and_sent_again_from_its_entry(make_server: MakeServer) -> None:
    server = make_server()
    good = message(141, {"team": 'é "quoted" \\ 😀'})
    send(server.port, [good.replace(b"2748", b"1.5")])
    server.wait_for_rejected(1)
    entry, = server.rejected()
    send(server.port, [str(entry["message"]).replace("1.5", "2748").encode()])
    server.assert_holds([good])


def test_a_flood_of_bad_messages_is_kept_whole_and_logged_once(make_server: MakeServer) -> None:
    server = make_server()
    flood = [b'{"bad":%d' % i for i in range(10_000)]
    good, = numbered(1)
    with Sender(server.port) as sender:
        sender.send(*flood)
        sender.send(good)
    server.wait_for_rejected(len(flood))
    server.assert_holds([good])
    assert [entry["message"] for entry in server.rejected()] == [text.decode() for text in flood]
    logged = server.log_lines("messages rejected")
    assert len(logged) == 1, logged
    assert "reason='invalid-json'" in logged[0] and str(server.reject_file) in logged[0]
    server.stop()
    logged = server.log_lines("messages rejected")
    assert len(logged) == 2, "the rest is told at the end"
    assert sum(int(re.search(r"count='(\d+)'", line)[1]) for line in logged) == len(flood)


def test_each_reason_is_logged(make_server: MakeServer) -> None:
    server = make_server()
    send(server.port, [b"{", message(141, {"time": "x"}), message(141, {"msg_type": 1})])
    server.wait_for_rejected(3)
    server.wait_for_log("messages rejected", 3)
    for reason in ("invalid-json", "invalid-time", "unknown-msg-type"):
        assert len(server.log_lines(f"reason='{reason}'")) == 1, server.tail()


def test_reject_file_takes_the_place_of_the_default(make_server: MakeServer, tmp_path: Path) -> None:
    reject_file = tmp_path / "far" / "away" / "bad.jsonl"
    server = make_server(f'reject-file("{reject_file}")')
    send(server.port, [b"bad"])
    server.wait_until(lambda: rows.count(reject_file) == 1, "the entry in reject-file()")
    assert not server.reject_file.exists()


def test_rejected_entries_are_appended_after_a_restart(make_server: MakeServer) -> None:
    server = make_server()
    for i in range(1, 4):
        send(server.port, [b"bad %d" % i])
        server.wait_for_rejected(i)
        server.stop()
        server.start()
    assert [entry["message"] for entry in server.rejected()] == ["bad 1", "bad 2", "bad 3"]


def test_no_bad_message_is_there_twice() -> None:
    assert len({bad.text for group in GROUPS.values() for bad in group}) == sum(map(len, GROUPS.values()))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_second_implementation_rejects_them_for_the_same_reason(dialect: str) -> None:
    for bad in (bad for group in GROUPS.values() for bad in group if dialect in bad.dialects):
        with pytest.raises(Rejected) as rejected:
            print(bad, expected_tables([bad.text], dialect))
        assert (rejected.value.reason, rejected.value.table) == (bad.reason, bad.table or "-"), bad
        if not bad.any_column:
            assert rejected.value.column == (shown_column(bad, dialect) or "-"), bad
    assert expected_tables(numbered(1))
