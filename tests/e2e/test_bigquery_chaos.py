# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Much going wrong at once, drawn with a fixed seed: each row arrives, and only lost answers double one.

JAM_ETL_CHAOS_ROWS is how many rows take part, at least; 100000 takes ten minutes.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest

from bigquery import DATASET, INSERT, BigQueryServer
from daemon import wait_until
from expected_rows import expected_tables
from rows import Row
from sender import generate, send
from standin import StandIn
from standin.insert_all import InsertAll
from tables import TABLES

MakeBigQuery = Callable[..., BigQueryServer]
SIZE = int(os.environ.get("JAM_ETL_CHAOS_ROWS", 5_000))
SEED = 2026
#: seconds for the whole of it
PATIENCE = 60 + SIZE / 50
#: seconds that an answer may take, which it does not on the slowest machine but by a fault
TIMEOUT = 20
OPTIONS = (f'workers(3) batch-lines(500) timeout({TIMEOUT}) '
           'bigquery-options(max-request-rows(100))')

#: in these the rows were committed, and nobody was told
LOST: dict[str, dict[str, Any]] = {
    "cut after the commit": {"cut": "after", "probability": 0.03},
    "reset after the commit": {"cut": "after", "reset": True, "probability": 0.02},
    "cut in the middle of the answer": {"cut": "answer", "probability": 0.03},
    "500 after the commit": {"status": 500, "when": "after", "probability": 0.02},
    "answer after the timeout": {"delay": TIMEOUT + 1, "when": "after", "probability": 0.002 if SIZE > 50_000 else 0},
}
OTHERS: dict[str, dict[str, Any]] = {
    "503": {"status": 503, "probability": 0.04},
    "HTML of a proxy": {"status": 502, "html": True, "probability": 0.02},
    "429 with Retry-After": {"status": 429, "reason": "rateLimitExceeded", "retry_after": 1, "probability": 0.03},
    "too large": {"status": 413, "html": True, "probability": 0.03},
    "cut before the body is read": {"cut": "headers", "probability": 0.03},
    "cut before the commit": {"cut": "before", "reset": True, "probability": 0.03},
    "tokens expire": {"expire_tokens": True, "probability": 0.05},
    "slow": {"delay": 0.5, "probability": 0.03},
    "some rows fail": {"rows": {"probability": 0.05, "reason": "backendError"}, "probability": 0.1},
    "some rows are stopped": {"rows": {"probability": 0.3, "reason": "stopped"}, "probability": 0.1},
    "all rows are stopped by one": {"rows": {"index": 0, "reason": "timeout", "schema_mismatch": True},
                                    "probability": 0.05},
}


@pytest.fixture(scope="module")
def traffic() -> tuple[list[bytes], dict[str, list[Row]]]:
    """Messages of all kinds, and their rows."""
    slots = SIZE // 21 + 1
    while True:
        messages = generate(slots=slots, blob_size=200, seed=SEED)
        rows = expected_tables(messages, "bigquery")
        number = sum(map(len, rows.values()))
        if number >= SIZE:
            return messages, rows
        slots = slots * SIZE // number + 1


class Commits:
    """Which rows were committed in requests whose answer was lost."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.lost: set[tuple[str, str]] = set()
        insert = InsertAll.insert

        def watched(all_inserts: InsertAll, name: Any, http: Any) -> dict[str, Any]:
            answer = insert(all_inserts, name, http)
            if LOST.keys() & set(http.plan.names):
                failed = {error["index"] for error in answer.get("insertErrors", [])}
                rows = json.loads(http.body)["rows"]
                self.lost.update((name.table, row["insertId"]) for i, row in enumerate(rows) if i not in failed)
            return answer

        monkeypatch.setattr(InsertAll, "insert", watched)


def add_faults(standin: StandIn, rules: dict[str, dict[str, Any]]) -> None:
    for i, (name, rule) in enumerate(rules.items()):
        standin.add_fault(operation=INSERT, name=name, seed=SEED + i, **rule)


def arrivals(standin: StandIn) -> Counter[tuple[str, str]]:
    """(table, row_id) -> how often it came; the stand-in keeps all."""
    return Counter((table, row.sent["row_id"]) for table in TABLES
                   for row in list(standin.table(f"{DATASET}.{table}").rows))


def number_of_rows(standin: StandIn) -> int:
    return len(arrivals(standin))


def assert_each_row_arrived(standin: StandIn, expected: dict[str, list[Row]]) -> None:
    """Perhaps more than once, but then with the same insertId and content.

    A row that is alone in a request that is too large goes in by a load job, where there are no insertIds.
    """
    for table in TABLES:
        wanted = {row["row_id"]: row for row in expected.get(table, [])}
        assert len(wanted) == len(expected.get(table, [])), "row_ids are unique"
        there = standin.rows(f"{DATASET}.{table}")
        missing = wanted.keys() - {row["sent"]["row_id"] for row in there}
        assert not missing, f"{len(missing)} rows of {table} are missing"
        for row in there:
            row_id = row["sent"]["row_id"]
            assert row["sent"] == wanted[row_id], table
            assert row["insertId"] == (None if row["via"] == "load" else row_id)


def told(standin: StandIn, doubled: Counter[tuple[str, str]]) -> str:
    hits = {rule["fault"]["name"]: rule["hits"] for rule in standin.faults.state()}
    requests = standin.requests(INSERT)
    loads = len(standin.jobs.list())
    return (f"{number_of_rows(standin)} rows, {len(requests)} requests, {loads} load jobs, "
            f"{sum(hits.values())} faults; {len(doubled)} rows more than once, "
            f"at most {max(doubled.values(), default=1)} times; {hits}")


def test_faults_at_random_lose_nothing_and_double_only_what_was_committed_unheard(
        make_bigquery: MakeBigQuery, guarded: StandIn, keys: Path, monkeypatch: pytest.MonkeyPatch,
        traffic: tuple[list[bytes], dict[str, list[Row]]]) -> None:
    messages, expected = traffic
    commits = Commits(monkeypatch)
    add_faults(guarded, {**LOST, **OTHERS})
    guarded.add_fault(operation="oauth.token", name="no token", status=503, probability=0.2, seed=SEED)
    server = make_bigquery(f'{OPTIONS} credentials-file("{keys}/service.json")')
    send(server.port, messages)
    server.wait_until_all_written(len(messages), PATIENCE)
    wait_until(lambda: guarded.log.in_flight == 0, "the last request ends")
    assert_each_row_arrived(guarded, expected)
    doubled = Counter({row: times for row, times in arrivals(guarded).items() if times > 1})
    print(told(guarded, doubled))
    assert doubled.keys() <= commits.lost
    assert sum(rule["hits"] for rule in guarded.faults.state()) > 30
    counters = server.counters()
    assert (counters["dropped"], counters["queued"]) == (0, 0)
    for table, there in expected.items():
        assert counters[f"rows_{table}"] == len(there), table
    assert server.rejected() == [] and server.log_lines("jam-etl: cannot write") == []


def test_kills_at_random_lose_nothing_that_is_in_a_reliable_disk_buffer(
        make_bigquery: MakeBigQuery, standin: StandIn, traffic: tuple[list[bytes], dict[str, list[Row]]]) -> None:
    messages, expected = traffic
    standin.add_fault(operation="tables.get", name="not yet", status=503)
    server = make_bigquery(OPTIONS)
    send(server.port, messages)
    server.wait_until(lambda: server.counters()["processed"] == len(messages), "all messages are buffered", PATIENCE)
    server.stop(SIGKILL)
    standin.faults.remove()
    add_faults(standin, {**LOST, **OTHERS})
    kills = 4 if SIZE < 50_000 else 20
    number = sum(map(len, expected.values()))
    for threshold in sorted(random.Random(SEED).sample(range(number // 100, number * 9 // 10), kills)):
        server.start()
        server.wait_until(lambda: number_of_rows(standin) > threshold, f"{threshold} rows are in", PATIENCE)
        server.stop(SIGKILL)
    server.start()
    server.wait_until(lambda: number_of_rows(standin) == number, "all rows are in", PATIENCE)
    server.wait_until(lambda: server.counters()["queued"] == 0, "the buffer is empty")
    wait_until(lambda: standin.log.in_flight == 0, "the last request ends")
    assert_each_row_arrived(standin, expected)
    doubled = Counter({row: times for row, times in arrivals(standin).items() if times > 1})
    print(f"{kills} kills; {told(standin, doubled)}")
    assert server.rejected() == []
