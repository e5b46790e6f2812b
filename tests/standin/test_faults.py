# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Faults on command: which requests they hit, and what then goes wrong."""

from __future__ import annotations

import http.client
import time
from typing import Any

import pytest

from . import StandIn
from .client_http import Answer, Client, connected, failed, insert, table_path
from .conftest import COLUMNS, TIME

ROW = {"time": TIME}
CUT = (http.client.RemoteDisconnected, http.client.IncompleteRead, ConnectionResetError)


def cut(standin: StandIn) -> bool:
    """Whether an insert's connection is cut."""
    with connected(standin.url) as client:
        try:
            insert(client, "t", [("id", ROW)])
        except CUT:
            return True
    return False


@pytest.mark.parametrize("status, reason", [
    (400, "badRequest"), (401, "authError"), (403, "quotaExceeded"), (403, "rateLimitExceeded"), (403, "accessDenied"),
    (404, "notFound"), (409, "duplicate"), (429, "rateLimitExceeded"), (500, "internalError"), (502, "badGateway"),
    (503, "backendError"), (504, "backendError")])
def test_any_status_and_reason(standin: StandIn, client: Client, status: int, reason: str) -> None:
    standin.add_fault(status=status, reason=reason, message="No.", times=1)
    answer = insert(client, "t", [ROW])
    assert (answer.status, answer.reason, answer.json["error"]["message"]) == (status, reason, "No.")
    assert standin.rows("jam.t") == []
    assert failed(insert(client, "t", [ROW])) == {}


def test_html_and_other_bodies_and_headers(standin: StandIn, client: Client) -> None:
    standin.add_fault(status=502, html=True, times=1)
    standin.add_fault(status=503, body="upstream", content_type="text/plain", retry_after=3, headers={"X-A": "b"})
    answer = insert(client, "t", [ROW])
    assert (answer.status, answer.headers["Content-Type"]) == (502, "text/html; charset=UTF-8")
    answer = insert(client, "t", [ROW])
    assert (answer.status, answer.body, answer.headers["Retry-After"], answer.headers["X-A"]) == (
        503, b"upstream", "3", "b")


def test_words_are_in_utf_8_and_bodies_of_any_bytes(standin: StandIn, client: Client) -> None:
    words = "Ungültig 無効 غير صالح 😀"
    standin.add_fault(rows={"index": 0, "reason": "invalid", "message": words}, times=1)
    standin.add_fault(status=503, message=words, skip=1, times=1)
    standin.add_fault(status=200, body="\udcff\udc80ü", skip=2, times=1)
    answer = insert(client, "t", [ROW])
    assert failed(answer)[0]["message"] == words and words.encode() in answer.body
    answer = insert(client, "t", [ROW])
    assert answer.json["error"]["message"] == words and words.encode() in answer.body
    assert insert(client, "t", [ROW]).body == b"\xff\x80" + "ü".encode()


def test_what_requests_are_hit(standin: StandIn, client: Client) -> None:
    standin.create_table("jam.other", COLUMNS)

    def hit(**rule: Any) -> list[bool]:
        standin.faults.remove()
        standin.add_fault(status=503, **rule)
        answers: list[Answer] = [insert(client, "t", [ROW]), insert(client, "other", [ROW]),
                                 client.get(table_path("t")), client.form("/token")]
        return [answer.status == 503 for answer in answers]

    assert hit() == [True] * 4
    assert hit(operation="tabledata.insertAll") == [True, True, False, False]
    assert hit(method="GET") == [False, False, True, False]
    assert hit(table="t") == hit(table="jam.t") == [True, False, True, False]
    assert hit(path="tables/other/") == [False, True, False, False]
    assert hit(skip=1, times=2) == [False, True, True, False]


def test_chance_is_the_same_for_the_same_seed(standin: StandIn, client: Client) -> None:
    def run(seed: int) -> list[int]:
        standin.faults.remove()
        standin.add_fault(status=503, probability=0.5, seed=seed)
        return [insert(client, "t", [ROW]).status for _ in range(20)]

    assert run(1) == run(1) != run(2)
    assert set(run(1)) == {200, 503}


def test_row_errors_leave_the_others_in(standin: StandIn, client: Client) -> None:
    standin.add_fault(rows={"index": [0, 2, 9], "reason": "backendError", "message": "later"}, times=1)
    answer = insert(client, "t", [ROW, ROW, ROW])
    assert {index: (error["reason"], error["message"]) for index, error in failed(answer).items()} == {
        0: ("backendError", "later"), 2: ("backendError", "later")}
    assert [row["insertId"] for row in standin.rows("jam.t")] == ["1"]


def test_row_errors_by_insert_id_and_of_several_kinds(standin: StandIn, client: Client) -> None:
    errors = [{"reason": "timeout", "location": "", "debugInfo": "", "message": ""},
              {"reason": "invalid", "location": "x", "debugInfo": "", "message": "bad"}]
    standin.add_fault(rows=[{"insert_id": "b", "errors": errors}, {"insert_id": ["c"], "reason": "internalError"}])
    answer = insert(client, "t", [("a", ROW), ("b", ROW), ("c", ROW)])
    there = {entry["index"]: entry["errors"] for entry in answer.json["insertErrors"]}
    assert there[1] == errors and there[2][0]["reason"] == "internalError" and 0 not in there


def test_a_schema_mismatch_on_command_stops_the_others(standin: StandIn, client: Client) -> None:
    standin.add_fault(rows={"index": 1, "reason": "invalid", "message": "no such field: x.", "schema_mismatch": True})
    assert [error["reason"] for _, error in sorted(failed(insert(client, "t", [ROW, ROW])).items())] == [
        "stopped", "invalid"]
    assert standin.rows("jam.t") == []


def test_row_errors_by_chance(standin: StandIn, client: Client) -> None:
    standin.add_fault(rows={"probability": 0.5, "reason": "timeout"})
    bad = failed(insert(client, "t", [ROW] * 100))
    assert 20 < len(bad) < 80
    assert len(standin.rows("jam.t")) == 100 - len(bad)


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize("where, rows", [("headers", 0), ("before", 0), ("after", 1), ("answer", 1)])
def test_cuts(standin: StandIn, where: str, rows: int, reset: bool) -> None:
    standin.add_fault(operation="tabledata.insertAll", cut=where, reset=reset, times=1)
    assert cut(standin)
    assert len(standin.rows("jam.t")) == rows
    assert standin.requests()[0]["status"] == (200 if where == "answer" else None)
    assert not cut(standin)
    assert len(standin.rows("jam.t")) == 1


def test_errors_after_the_commit(standin: StandIn, client: Client) -> None:
    standin.add_fault(status=503, when="after", times=1)
    assert insert(client, "t", [("id", ROW)]).status == 503
    assert len(standin.rows("jam.t")) == 1
    insert(client, "t", [("id", ROW)])
    assert (len(standin.rows("jam.t")), standin.arrivals("jam.t")) == (1, {"id": 2})


def test_delays(standin: StandIn, client: Client) -> None:
    standin.add_fault(delay=0.2, times=1)
    standin.add_fault(delay=0.2, when="after", times=1)
    start = time.monotonic()
    assert insert(client, "t", [ROW]).status == 200
    assert time.monotonic() - start > 0.39
    assert standin.requests()[0]["seconds"] > 0.39


def test_tokens_run_out_at_a_request(guarded: StandIn, client: Client, signer: Any) -> None:
    client.headers = {"Authorization": "Bearer " + signer.self_signed()}
    guarded.add_fault(expire_tokens=True, skip=1, times=1)
    assert [insert(client, "t", [ROW]).status for _ in range(3)] == [200, 401, 401]


def test_rules_are_checked(standin: StandIn) -> None:
    for rule in ({"statsu": 1}, {"cut": "x"}, {"path": "("}, {"rows": {"idx": 1}}):
        with pytest.raises(Exception):
            standin.add_fault(**rule)


def test_rules_are_named_in_the_log(standin: StandIn, client: Client) -> None:
    standin.add_fault(name="busy", status=503, times=1)
    insert(client, "t", [ROW])
    insert(client, "t", [ROW])
    assert [entry["faults"] for entry in standin.requests()] == [["busy"], []]
    assert [(rule["seen"], rule["hits"]) for rule in standin.faults.state()] == [(2, 1)]
