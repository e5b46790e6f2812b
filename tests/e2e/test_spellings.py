# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The names and forms that nodes of different Gray Papers have for the same fields."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import rows
from conftest import Server
from messages import HASH, KEY, PAYLOADS, message
from sender import send
from tables import DIALECTS, TABLES, Names

MakeServer = Callable[..., Server]
OTHER_HASH = "0x" + "cd" * 32
AUTHORIZER = "json_encoded.work_package.authorizer"
CODE_HASH, PARAMS = "json_encoded.work_package.auth_code_hash", "json_encoded.work_package.authorizer_config"


def names_of(msg_type: int) -> list[Names]:
    """Of each field of several names, all of them."""
    tables = [table for table in TABLES.values() if msg_type in table.msg_types]
    lists = [names for table in tables for names in (table.each, table.paired)]
    lists += [column.sources for table in tables for column in table.columns]
    return [names for names in lists if len(names) > 1]


FIELDS = [(msg_type, names[0], other) for msg_type in PAYLOADS for names in names_of(msg_type) for other in names[1:]]


def rows_of(make_server: MakeServer, messages: list[bytes], dialect: str = "dune",
            folder: str = "server") -> dict[str, list[rows.Row]]:
    server = make_server(f"dialect({dialect})", folder)
    send(server.port, messages)
    try:
        server.assert_holds(messages, dialect)
    finally:
        assert [entry["reason"] for entry in server.rejected()] == []
    return rows.read_all(server.out)


def without_ids(found: dict[str, list[rows.Row]]) -> dict[str, list[rows.Row]]:
    return {table: [{key: value for key, value in row.items() if key != "row_id"} for row in there]
            for table, there in found.items() if there}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_name_of_a_field_gives_the_rows_of_the_first(make_server: MakeServer, dialect: str) -> None:
    assert len(FIELDS) == 12
    firsts = [message(msg_type, {"elapsed": i}) for i, (msg_type, _, _) in enumerate(FIELDS)]
    others = [message(msg_type, {"elapsed": i}, {first: other}) for i, (msg_type, first, other) in enumerate(FIELDS)]
    assert without_ids(rows_of(make_server, others, dialect)) == \
        without_ids(rows_of(make_server, firsts, dialect, "other-server"))


def in_order(text: str, *parts: tuple[str, str]) -> bytes:
    """A message of a text in which each part takes the place of a ?."""
    for name, value in parts:
        text = text.replace("?", f'"{name}":{value}', 1)
    return f'{{"time":"2025-04-29T00:49:42Z","sender_id":"{KEY}",{text}}}'.encode()


def test_of_several_names_the_last_one_counts(make_server: MakeServer) -> None:
    service = '"msg_type":143,"json_encoded":{?,?}'
    package = '"msg_type":133,"json_encoded":{"work_package":{"context":{},?,?}}'
    statistics = '"msg_type":13,"json_encoded":{"cores":[],?,?}'
    old, new = ("authorizer", f'{{"code_hash":"{HASH}"}}'), ("auth_code_hash", f'"{OTHER_HASH}"')
    found = rows_of(make_server, [
        in_order(service, ("code_size", "1"), ("bytes", "2")),
        in_order(service, ("bytes", "2"), ("code_size", "1")),
        in_order(service, ("code_size", "1"), ("bytes", "null")),
        in_order(service, ("bytes", "true"), ("code_size", '"3"')),
        in_order(service, ("code_size", "1"), ("bytes", '2,"code_size":4')),
        in_order(service, ("bytes", "1"), ("by\\u0074es", "5")),
        in_order(package, old, new), in_order(package, new, old),
        in_order(package, new, ("authorizer", "{}")), in_order(package, new, ("authorizer", '{"code_hash":null}')),
        in_order(package, new, ("authorizer", f'{{"code_hash":"{HASH}"}},"authorizer":null')),
        in_order(package, ("authorizer", "{}"), ("auth_code_hash", "null")),
        in_order(statistics, ("vals_current", '[{"blocks":1}]'), ("vals-curr", '[{"blocks":2},{"blocks":3}]')),
        in_order(statistics, ("vals_curr_stats", '[{"blocks":2}]'), ("vals_curr", '[{"blocks":4}]')),
        in_order(statistics, ("vals_curr", "7"), ("vals_current", '[{"blocks":5}],"vals_last":[{"blocks":6}],'
                                                                  '"vals-last":null')),
    ])
    assert [rows.plain(row)["code_size"] for row in found["services"]] == [2, 1, None, 3, 4, 5]
    assert [row["authorizer_code_hash"] for row in found["workpackages"]] == [
        OTHER_HASH, HASH, OTHER_HASH, None, OTHER_HASH, None]
    assert [rows.plain(row)["current_blocks"] for row in found["validatorstatistics"]] == [2, 3, 4, 5]
    assert [row["last_blocks"] for row in found["validatorstatistics"]] == [None] * 4


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_work_package_needs_an_authorizer_under_either_name(make_server: MakeServer, dialect: str) -> None:
    package = {**PAYLOADS[133]["work_package"], "auth_code_hash": OTHER_HASH, "authorizer_config": "0x0102"}
    del package["authorizer"]
    goods = [message(133, {"json_encoded.work_package": {**package, **change}})
             for change in ({}, {"authorizer": None}, {"authorizer": {}}, {"authorizer_config": None})]
    bads = [message(133, {"json_encoded.work_package": {**package, **change}})
            for change in ({"auth_code_hash": None}, {"authorizer": "x"}, {"authorizer": []}, {"auth_code_hash": 7})]
    server = make_server(f"dialect({dialect})")
    send(server.port, [*bads, *goods])
    server.assert_holds(goods, dialect)
    assert [(str(entry["reason"]).split(":")[0], entry["table"], entry["message"]) for entry in server.rejected()] == [
        (reason, "workpackages", text.decode())
        for reason, text in zip(("missing-value", "wrong-type", "wrong-type", "wrong-type"), bads)]


def test_a_rejected_message_names_the_first_name(make_server: MakeServer) -> None:
    bads = {
        message(13, {"json_encoded.vals_current": 7}, {"json_encoded.vals_current": "json_encoded.vals-curr"}):
            "json_encoded.vals_current",
        message(13, {"json_encoded.vals_last": 7}, {"json_encoded.vals_last": "json_encoded.vals_last_stats"}):
            "json_encoded.vals_last",
        message(143, {"json_encoded.code_size": "x"}, {"json_encoded.code_size": "json_encoded.bytes"}):
            "json_encoded.code_size",
        message(133, {f"{AUTHORIZER}.params": "x"}, {f"{AUTHORIZER}.params": PARAMS}): f"{AUTHORIZER}.params",
    }
    server = make_server()
    send(server.port, list(bads))
    server.wait_for_rejected(len(bads))
    for entry, name in zip(server.rejected(), bads.values()):
        assert name in str(entry["reason"])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_services_may_be_an_object(make_server: MakeServer, dialect: str) -> None:
    services = {"4294967295": {"imports": 1}, "7": None, "0": {"imports": "2", "accumulate_transfer_count": 3}}
    repeated = message(13).replace(b'"services":[{"id":9,"record":{"provided_count":1,"refinement_count":2}}]',
                                   b'"services":{"5":{"imports":1},"6":{},"\\u0035":{"imports":8}}')
    assert b'"6":{}' in repeated
    messages = [message(13, {"json_encoded.services": services}), message(13, {"json_encoded.services": {}}), repeated]
    found = [rows.plain(row) for row in rows_of(make_server, messages, dialect)["servicestatistics"]]
    values = [tuple(None if row.get(name) is None else int(str(row[name]))
                    for name in ("service_id", "imports", "accumulate_transfer_count")) for row in found]
    assert values == [(4294967295, 1, None), (7, None, None), (0, 2, 3), (5, 8, None), (6, None, None)]
    assert [bool(row.get("codec_encoded")) for row in found] == [True, False, False, True, False]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_balances_are_decimal_strings(make_server: MakeServer, dialect: str) -> None:
    texts = {"0": "0", "-0": "0", '"-0"': "0", '"12"': "12", "9223372036854775808": "9223372036854775808",
             "18446744073709551615": "18446744073709551615", '"18446744073709551615"': "18446744073709551615",
             '"\\u0031"': "1"}
    for column in ("balance", "deposit_offset"):
        messages = [message(143, {f"json_encoded.{column}": "HERE"}).replace(b'"HERE"', text.encode())
                    for text in texts]
        found = rows_of(make_server, messages, dialect, column)["services"]
        assert [row[column] for row in found] == list(texts.values())
        assert not any(isinstance(row[column], rows.Integer) for row in found)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_unpaired_surrogates_are_replaced_wherever_text_goes(make_server: MakeServer, dialect: str) -> None:
    """Strict readers refuse them, and a file with one of them whole."""
    bad, mended = rb"\ud83d_\\\uDE00\ud83d\ude00", "\ufffd_\\\ufffd\U0001f600"
    messages = [text.replace(b"HERE", bad) for text in (
        message(141, {"team": "HERE", "json_encoded.anchor": "HERE", "sender_id": "HERE", "codec_encoded": "HERE"}),
        message(141, {"metadata": "team=HERE|"}),
        message(135, {"metadata": "wph=HERE|c=1"}),
        message(255, {"json_encoded.results": [{"HERE": "HERE"}], "metadata": "role=HERE"}),
    )]
    found = rows_of(make_server, messages, dialect)
    first, second = found["assurances"]
    assert [first[name] for name in ("team", "sender_id", "anchor", "codec_encoded")] == [mended] * 4
    assert second["team"] == mended
    assert {row["work_package_hash"] for row in found["segments"]} == {mended}
    report, = found["workreports"]
    assert report["role"] == mended
    as_received = rb"\ufffd_\\\ufffd\ud83d\ude00".decode()
    assert report["results"] == f'[{{"{as_received}":"{as_received}"}}]'
    for table in found:
        str(found[table]).encode()
