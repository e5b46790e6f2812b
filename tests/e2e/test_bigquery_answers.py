# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What BigQuery says, in any language, and what is no answer: neither holds up the rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bigquery import DATASET, INSERT, BigQueryServer, count, one_batch
from messages import message, numbered
from sender import send
from standin import StandIn

MakeBigQuery = Callable[..., BigQueryServer]
LANGUAGES = ["Ungültiger Wert in der Spalte „slot“", "値が無効です", "قيمة غير صالحة", "Неверное значение",
             "अमान्य मान", "no luck 😀👨‍👩‍👧"]
WORDS = " ".join(LANGUAGES)
LARGE = message(142, {"json_encoded.blob": "0x" + "ab" * 30_000})
TROUBLE = "BigQuery takes no rows now"


def test_rows_are_refused_in_any_language_and_their_neighbours_are_in(
        make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    messages = numbered(3 * len(LANGUAGES))
    standin.add_fault(operation=INSERT, times=1, rows=[
        {"index": 3 * i + 1, "reason": "invalid", "message": words} for i, words in enumerate(LANGUAGES)])
    server = make_bigquery(one_batch(len(messages)))
    send(server.port, messages)
    server.wait_for_rejected(len(LANGUAGES))
    rejected = server.rejected()
    assert sorted(str(entry["reason"]) for entry in rejected) == sorted(f"refused: {words}" for words in LANGUAGES)
    refused = {str(entry["message"]).encode() for entry in rejected}
    server.assert_sent([text for text in messages if text not in refused])
    server.wait_until_all_written(len(messages))
    assert set(standin.arrivals(f"{DATASET}.assurances").values()) == {1}
    assert len(standin.requests(INSERT)) == 1
    assert server.log_lines(TROUBLE) == []


def test_a_load_job_fails_in_any_language(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    standin.jobs.fail_next({"reason": "invalid", "message": WORDS})
    server = make_bigquery("bigquery-options(max-request-bytes(20000))")
    send(server.port, [LARGE, *numbered(3)])
    server.wait_for_rejected(1)
    server.assert_sent(numbered(3))
    entry, = server.rejected()
    assert entry["reason"] == f"refused: {WORDS}"
    assert count(standin, "preimages") == 0


def test_a_request_fails_in_any_language(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    standin.add_fault(operation=INSERT, status=503, reason="backendError", message=WORDS, times=1)
    server = make_bigquery()
    send(server.port, numbered(3))
    server.assert_sent(numbered(3))
    told, = server.log_lines(TROUBLE)
    assert f"HTTP 503 backendError: {WORDS}; next try" in told


def test_a_token_is_refused_in_any_language(make_bigquery: MakeBigQuery, guarded: StandIn, keys: Path) -> None:
    answer = {"error": "invalid_grant", "error_description": WORDS}
    guarded.add_fault(operation="oauth.token", status=400, body=json.dumps(answer, ensure_ascii=False), times=1)
    server = make_bigquery(f'credentials-file("{keys}/service.json")')
    send(server.port, numbered(3))
    server.assert_sent(numbered(3))
    told, = server.log_lines("jam-etl: cannot write")
    assert f"invalid_grant: {WORDS}" in told


NO_ANSWERS = {
    "brackets": "[" * 100_000,
    "objects": '{"a":' * 100_000,
    "brackets in an error": '{"error":' + "[" * 100_000,
    "another encoding": '{"insertErrors":[{"index":0,"errors":[{"reason":"invalid","message":"Ung\udcfcltig"}]}]}',
}


@pytest.mark.parametrize("operation", [INSERT, "tables.get", "oauth.token"])
@pytest.mark.parametrize("what", NO_ANSWERS)
def test_what_is_no_json_is_asked_for_again(
        make_bigquery: MakeBigQuery, guarded: StandIn, keys: Path, operation: str, what: str) -> None:
    guarded.add_fault(operation=operation, status=200, body=NO_ANSWERS[what], times=2)
    server = make_bigquery(f'credentials-file("{keys}/service.json") workers(2)')
    send(server.port, numbered(20))
    server.assert_sent(numbered(20))
    assert guarded.faults.state()[0]["hits"] == 2
    assert server.rejected() == []
    assert server.counters()["dropped"] == 0


def test_a_load_job_of_brackets_is_asked_for_again(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    standin.add_fault(operation="jobs.get", status=200, body="[" * 100_000, times=1)
    standin.options.job_running_seconds = 0.3
    server = make_bigquery("bigquery-options(max-request-bytes(20000))")
    send(server.port, [LARGE])
    server.assert_sent([LARGE])
    assert standin.faults.state()[0]["hits"] == 1
