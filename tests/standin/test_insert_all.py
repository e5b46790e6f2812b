# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""tabledata.insertAll: the three outcomes of a 200, and what the whole request fails for."""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

import pytest

from . import StandIn
from .client_http import Client, failed, insert, table_path
from .conftest import COLUMNS, TIME

GOOD = {"time": TIME, "name": "good"}
UNKNOWN = {"time": TIME, "nome": "bad"}


def names(standin: StandIn, table: str = "jam.t") -> list[Any]:
    return [row["row"].get("name") for row in standin.rows(table)]


def test_all_rows_go_in(standin: StandIn, client: Client) -> None:
    answer = insert(client, "t", [GOOD, {**GOOD, "name": "b"}])
    assert answer.json == {"kind": "bigquery#tableDataInsertAllResponse"}
    assert names(standin) == ["good", "b"]
    assert standin.arrivals("jam.t") == {"0": 1, "1": 1}


def test_a_schema_mismatch_stops_the_others(standin: StandIn, client: Client) -> None:
    answer = insert(client, "t", [GOOD, UNKNOWN, GOOD])
    stopped = {"reason": "stopped", "location": "", "debugInfo": "", "message": ""}
    assert failed(answer) == {
        0: stopped, 2: stopped,
        1: {"reason": "invalid", "location": "nome", "debugInfo": "", "message": "no such field: nome."}}
    assert standin.rows("jam.t") == []


@pytest.mark.parametrize("kind", ["INTEGER", "NUMERIC", "BIGNUMERIC"])
def test_integers_beyond_int64_go_into_columns_of_decimals(standin: StandIn, client: Client, kind: str) -> None:
    standin.create_table("jam.numbers", [{"name": "n", "type": kind}])
    answer = insert(client, "numbers", [{"n": "18446744073709551615"}, {"n": "7"}])
    if kind == "INTEGER":
        assert failed(answer) == {
            0: {"reason": "invalid", "location": "n", "debugInfo": "",
                "message": "Cannot convert value to integer (bad value): 18446744073709551615"},
            1: {"reason": "stopped", "location": "", "debugInfo": "", "message": ""}}
    else:
        assert failed(answer) == {}
        assert [row["row"]["n"] for row in standin.rows("jam.numbers")] == ["18446744073709551615", "7"]


def test_errors_are_out_of_order(standin: StandIn, client: Client) -> None:
    for _ in range(5):
        entries = insert(client, "t", [GOOD, UNKNOWN, GOOD]).json["insertErrors"]
        order = [entry["index"] for entry in entries]
        assert order != sorted(order)


def test_skip_invalid_rows_takes_the_others_in(standin: StandIn, client: Client) -> None:
    assert list(failed(insert(client, "t", [GOOD, UNKNOWN], skipInvalidRows=True))) == [1]
    assert names(standin) == ["good"]


def test_errors_of_other_kinds_leave_the_others_in(standin: StandIn, client: Client) -> None:
    standin.options.row_limit = 1000
    answer = insert(client, "t", [GOOD, {**GOOD, "name": "x" * 1000}, GOOD])
    assert failed(answer)[1]["message"].startswith("Maximum allowed row size exceeded. Allowed: 1000 Row size: 10")
    assert names(standin) == ["good", "good"]


def test_partitions_out_of_range_are_refused(standin: StandIn, client: Client) -> None:
    standin.create_table("jam.days", COLUMNS, timePartitioning={"type": "DAY", "field": "time"})
    answer = insert(client, "days", [{"time": "2015-01-01 00:00:00"}, GOOD, {"time": "2099-01-01 00:00:00"}])
    assert sorted(failed(answer)) == [0, 2]
    assert names(standin, "jam.days") == ["good"]


def test_unknown_values_can_be_ignored(standin: StandIn, client: Client) -> None:
    assert failed(insert(client, "t", [UNKNOWN], ignoreUnknownValues=True)) == {}
    assert standin.rows("jam.t")[0]["row"] == {"time": TIME}


def test_a_missing_required_column_has_no_location(standin: StandIn, client: Client) -> None:
    for row in ({"name": "x"}, {"time": None}):
        error = failed(insert(client, "t", [row]))[0]
        assert error["message"] == "Missing required field: Msg_0_CLOUD_QUERY_TABLE.time."
        assert (error["reason"], error["location"]) == ("invalid", "")


def test_the_same_insert_id_within_a_minute_is_one_row(standin: StandIn, client: Client) -> None:
    for _ in range(3):
        assert failed(insert(client, "t", [("id", GOOD)])) == {}
    assert names(standin) == ["good"]
    assert standin.arrivals("jam.t") == {"id": 3}
    for seconds, rows in ((58, 1), (61, 2)):
        standin.clock.advance(seconds)
        insert(client, "t", [("id", GOOD)])
        assert len(names(standin)) == rows


def test_without_deduplication_each_arrival_is_a_row(standin: StandIn, client: Client) -> None:
    standin.options.dedup = False
    insert(client, "t", [("id", GOOD), ("id", GOOD), (None, GOOD)])
    assert [row["insertId"] for row in standin.rows("jam.t")] == ["id", "id", None]


def test_rejected_rows_do_not_count_as_arrived(standin: StandIn, client: Client) -> None:
    insert(client, "t", [("good", GOOD), ("bad", UNKNOWN)])
    assert standin.arrivals("jam.t") == {}


@pytest.mark.parametrize("envelope, message", [
    ({"rows": []}, "No rows present in the request."),
    ({}, "No rows present in the request."),
    ({"rows": [{"json": GOOD, "insertId": "i" * 129}]}, "The row insert id length 129 is too long."),
    ({"rows": [{"json": GOOD}], "traceId": "t" * 37}, "Invalid trace id."),
    ({"rows": [{"json": GOOD}], "skipInvalid": True},
     'Invalid JSON payload received. Unknown name "skipInvalid": Cannot find field.'),
])
def test_the_whole_request_is_refused(client: Client, envelope: dict[str, Any], message: str) -> None:
    answer = client.post(table_path("t", "/insertAll"), envelope)
    assert (answer.status, answer.json["error"]["message"]) == (400, message)
    assert answer.json["error"]["status"] == "INVALID_ARGUMENT"


def test_too_many_rows_are_refused(standin: StandIn, client: Client) -> None:
    standin.options.rows_limit = 2
    answer = insert(client, "t", [GOOD] * 3)
    assert (answer.status, answer.reason) == (400, "invalid")
    assert answer.json["error"]["message"] == "too many rows present in the request, limit: 2 row count: 3."


def padded(size: int) -> bytes:
    """A request of exactly so many bytes."""
    def body(padding: int) -> bytes:
        return json.dumps({"rows": [{"json": {**GOOD, "name": "x" * padding}}] * 2}).encode()
    even = (size - len(body(0))) // 2
    return body(even) + b" " * (size - len(body(even)))


def test_requests_end_at_ten_megabytes_uncompressed(standin: StandIn, client: Client) -> None:
    limit = 10 * 1024 * 1024
    path, headers = table_path("t", "/insertAll"), {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert client.post(path, gzip.compress(padded(limit), 1), headers=headers).status == 200
    for body, encoding in ((padded(limit + 1), {}), (gzip.compress(padded(limit + 1), 1), headers)):
        answer = client.post(path, body, headers={"Content-Type": "application/json", **encoding})
        assert (answer.status, answer.reason) == (400, "badRequest")
        assert answer.json["error"]["message"] == "Request payload size exceeds the limit: 10485760 bytes."
    assert len(standin.rows("jam.t")) == 2


def test_far_larger_requests_get_a_413_in_html(client: Client) -> None:
    answer = client.post(table_path("t", "/insertAll"), b" " * (21 * 1024 * 1024))
    assert answer.status == 413
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"<html" in answer.body


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"rows": NaN}', b"\xff"])
def test_what_is_no_json_object_is_refused(client: Client, body: bytes) -> None:
    answer = client.post(table_path("t", "/insertAll"), body, headers={"Content-Type": "application/json"})
    assert (answer.status, answer.reason) == (400, "badRequest")


def test_unknown_tables_and_datasets_are_not_found(client: Client) -> None:
    answer = insert(client, "nowhere", [GOOD])
    assert answer.json == {"error": {
        "code": 404, "message": "Not found: Table test-project:jam.nowhere", "status": "NOT_FOUND",
        "errors": [{"message": "Not found: Table test-project:jam.nowhere", "domain": "global",
                    "reason": "notFound"}]}}
    answer = client.post(table_path("t", "/insertAll", dataset="no"), {"rows": [{"json": GOOD}]})
    assert answer.json["error"]["message"] == "Not found: Dataset test-project:no"


def test_fresh_tables_are_not_found_for_a_while(standin: StandIn, client: Client) -> None:
    standin.options.change({"fresh_table_seconds": 30, "missed_table_seconds": 50})
    standin.create_table("jam.fresh", COLUMNS, fresh=True)
    assert client.get(table_path("fresh")).status == 200
    assert insert(client, "fresh", [GOOD]).reason == "notFound"
    standin.clock.advance(31)
    assert failed(insert(client, "fresh", [GOOD])) == {}


def test_a_miss_before_the_table_was_there_makes_it_longer(standin: StandIn, client: Client) -> None:
    standin.options.change({"fresh_table_seconds": 30, "missed_table_seconds": 50})
    assert insert(client, "fresh", [GOOD]).status == 404
    standin.create_table("jam.fresh", COLUMNS, fresh=True)
    standin.clock.advance(31)
    assert insert(client, "fresh", [GOOD]).status == 404
    standin.clock.advance(20)
    assert failed(insert(client, "fresh", [GOOD])) == {}


def test_fresh_tables_can_lose_rows(standin: StandIn, client: Client) -> None:
    standin.options.change({"fresh_table_seconds": 0, "fresh_loss_seconds": 30})
    standin.create_table("jam.fresh", COLUMNS, fresh=True)
    assert failed(insert(client, "fresh", [GOOD])) == {}
    assert (standin.rows("jam.fresh"), standin.table("jam.fresh").lost) == ([], 1)


def test_it_is_fast_enough_for_long_runs(standin: StandIn, client: Client) -> None:
    rows: list[Any] = [{"time": TIME, "name": "n", "count": str(index), "blob": "AAAA"} for index in range(20_000)]
    start = time.monotonic()
    for at in range(0, len(rows), 500):
        insert(client, "t", [(str(at + index), row) for index, row in enumerate(rows[at:at + 500])])
    assert len(standin.rows("jam.t")) == 20_000
    assert time.monotonic() - start < 10
