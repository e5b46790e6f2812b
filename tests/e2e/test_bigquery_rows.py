# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What arrives in BigQuery: the rows of the JSONL files, large ones, and those that are refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

import rows
from bigquery import (DATASET, DETAILS, INSERT, PROJECT, SOON, BigQueryServer, assert_all_sent, by_row_id, count,
                      fields, make_tables, one_batch, sent)
from conftest import Server
from expected_rows import expected_rows, expected_tables
from messages import PAYLOADS, message, numbered
from reference import log_messages, team_map_of
from sender import generate, send
from standin import StandIn
from tables import TABLES

MakeBigQuery = Callable[..., BigQueryServer]
MakeServer = Callable[..., Server]
EVERY_KIND = [message(msg_type) for msg_type in PAYLOADS]


def dual_server(make_server: MakeServer, standin: StandIn, tmp_path: Path, options: str = "") -> Server:
    return make_server(f'project("{PROJECT}") dataset("{DATASET}") url("{standin.url}") '
                       f'disk-buffer-options(dir("{tmp_path}")) {options}', block="jam-etl-dual-server", before=SOON)


def assert_same_in_both(server: Server, standin: StandIn, messages: list[bytes]) -> None:
    server.assert_holds(messages, "bigquery", team_map=team_map_of_server(server))
    server.wait_until(lambda: server.counters()["written"] == 2 * len(messages), "all messages are acknowledged")
    files = rows.read_all(server.out)
    assert_all_sent(standin, files)
    counters = server.counters()
    for table, there in files.items():
        assert counters[f"rows_{table}"] == 2 * len(there), table
    assert (counters["dropped"], counters["queued"]) == (0, 0)
    assert server.rejected() == []


def team_map_of_server(server: Server) -> dict[str, str]:
    path = server.folder / "teams.csv"
    lines = path.read_text().splitlines()[1:] if path.exists() else []
    return dict(line.split(",", 1) for line in lines)


def test_both_outputs_of_one_listener_hold_the_same_rows(
        make_server: MakeServer, standin: StandIn, tmp_path: Path) -> None:
    messages = generate(slots=600, blob_size=600)
    server = dual_server(make_server, standin, tmp_path)
    send(server.port, messages)
    assert_same_in_both(server, standin, messages)
    assert set(rows.read_all(server.out)) == set(TABLES)


def test_the_reference_logs_land_in_both_outputs(
        make_server: MakeServer, standin: StandIn, tmp_path: Path) -> None:
    messages = log_messages()
    teams = make_server(start=False).folder / "teams.csv"
    teams.write_text("sender_id,team\n" + "".join(f"{key},{team}\n" for key, team in team_map_of(messages).items()))
    server = dual_server(make_server, standin, tmp_path, f'team-map("{teams}")')
    send(server.port, messages)
    assert_same_in_both(server, standin, messages)


def test_what_cannot_become_rows_is_rejected_by_each_output(
        make_server: MakeServer, standin: StandIn, tmp_path: Path) -> None:
    server = dual_server(make_server, standin, tmp_path)
    bads = [b'{"bad":%d' % i for i in range(50)]
    good = numbered(50)
    send(server.port, [text for pair in zip(bads, good) for text in pair])
    server.assert_holds(good, "bigquery")
    server.wait_for_rejected(2 * len(bads))
    server.wait_until(lambda: server.counters()["written"] == 4 * len(good), "all messages are acknowledged")
    assert_all_sent(standin, expected_tables(good, "bigquery"))
    assert sorted(str(entry["message"]).encode() for entry in server.rejected()) == sorted(2 * bads)


def test_every_kind_of_message_arrives_under_its_row_id(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    server = make_bigquery()
    send(server.port, EVERY_KIND)
    server.assert_sent(EVERY_KIND)
    for table in TABLES:
        for row in standin.rows(f"{DATASET}.{table}"):
            assert (row["insertId"], row["via"]) == (row["sent"]["row_id"], "insertAll")


# --- rows that are too large to be streamed


def large_messages() -> tuple[bytes, list[bytes]]:
    large, = generate(kinds=142, blob_size=12_000_000, slots=1)
    return large, [*numbered(1), large, message(142), *numbered(1, first=1)]


def test_a_row_of_16_megabytes_is_loaded_and_the_others_are_streamed(
        make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    large, messages = large_messages()
    server = make_bigquery()
    send(server.port, messages)
    server.wait_until_all_written(len(messages))
    assert_all_sent(standin, expected_tables(messages, "bigquery"))
    preimages = {row["sent"]["row_id"]: row["via"] for row in standin.rows(f"{DATASET}.preimages")}
    row, = expected_rows(large, "bigquery")["preimages"]
    assert preimages.pop(row["row_id"]) == "load"
    assert list(preimages.values()) == ["insertAll"]
    assert max(entry["size"] for entry in standin.requests(INSERT)) < 9_000_000
    assert server.counters()["rows_preimages"] == 2
    # the same message again, and no other job: the first one's id stands for it
    jobs = len(standin.jobs.list())
    send(server.port, [large])
    server.wait_until_all_written(len(messages) + 1)
    assert len(standin.jobs.list()) == jobs == 1
    assert [entry["status"] for entry in standin.requests("jobs.insert")] == [200]
    assert count(standin, "preimages") == 2


def small_limits(make_bigquery: MakeBigQuery, **rest: Any) -> BigQueryServer:
    """Every row of more than 20 kB is large here."""
    return make_bigquery("bigquery-options(max-request-bytes(20000))", **rest)


LARGE = message(142, {"json_encoded.blob": "0x" + "ab" * 30_000})


def test_a_load_job_whose_answer_is_lost_is_repeated_without_harm(
        make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    standin.add_fault(operation="jobs.insert", method="POST", cut="after", times=1)
    standin.options.job_hidden_seconds = 0.3
    server = small_limits(make_bigquery)
    send(server.port, [LARGE])
    server.wait_until_all_written(1)
    assert_all_sent(standin, expected_tables([LARGE], "bigquery"))
    assert [entry["status"] for entry in standin.requests("jobs.insert")] == [None, 409]
    assert len(standin.jobs.list()) == 1


def test_a_load_job_that_failed_for_a_passing_reason_is_repeated_under_another_id(
        make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    standin.jobs.fail_next({"reason": "backendError", "message": "not now"})
    server = small_limits(make_bigquery)
    send(server.port, [LARGE])
    server.wait_until_all_written(1)
    assert_all_sent(standin, expected_tables([LARGE], "bigquery"))
    assert len(standin.jobs.list()) == 2
    assert server.rejected() == []
    assert len(server.log_lines("not now")) == 1
    server.wait_for_log("BigQuery takes rows again")


def test_a_row_whose_load_job_fails_for_good_is_rejected(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    standin.jobs.fail_next({"reason": "invalid", "message": "not this one"})
    server = small_limits(make_bigquery)
    send(server.port, [LARGE, *numbered(1)])
    server.wait_for_rejected(1)
    server.assert_sent(numbered(1))
    assert count(standin, "preimages") == 0
    entry, = server.rejected()
    row, = expected_rows(LARGE, "bigquery")["preimages"]
    assert (entry["reason"], entry["table"], entry["row_id"]) == ("refused: not this one", "preimages", row["row_id"])
    assert entry["message"] == LARGE.decode()


# --- rows that BigQuery refuses


def live_tables_with(standin: StandIn, table: str, column: str, **change: str) -> None:
    """All tables, one with a column that is another than ours."""
    make_tables(standin, set(TABLES) - {table})
    changed = [{**field, **(change if field["name"] == column else {})} for field in fields(table)]
    standin.create_table(f"{DATASET}.{table}", changed, **DETAILS)


def test_a_row_that_the_live_schema_refuses_is_rejected_and_its_neighbours_are_in(
        make_bigquery: MakeBigQuery, empty_standin: StandIn) -> None:
    standin = empty_standin
    live_tables_with(standin, "assurances", "elapsed", mode="REQUIRED")
    good = numbered(30)
    bad = message(141, {"elapsed": None})
    server = make_bigquery(one_batch(32))
    send(server.port, [*good[:17], bad, *good[17:], message(131)])
    server.wait_for_rejected(1)
    server.assert_sent(good + [message(131)])
    entry, = server.rejected()
    row, = expected_rows(bad, "bigquery")["assurances"]
    assert entry["message"] == bad.decode()
    assert (entry["table"], entry["row_id"]) == ("assurances", row["row_id"])
    assert str(entry["reason"]).startswith("refused: Missing required field") and "elapsed" in str(entry["reason"])
    assert entry["host"] == "node-1.example"
    server.wait_until_all_written(32)
    counters = server.counters()
    assert (counters["rejected_refused"], counters["rows_assurances"], counters["rows_tickets"]) == (1, 30, 1)
    arrivals = standin.arrivals(f"{DATASET}.assurances")
    assert len(arrivals) == 30 and set(arrivals.values()) == {1}
    sizes = [entry["rows"] for entry in standin.requests(INSERT) if entry["table"].endswith("assurances")]
    assert sum(sizes) == 31 + 30, "those that were stopped are sent again, without the guilty one"


def test_rows_that_are_listed_are_rejected_and_all_others_are_in_at_once(
        make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    messages = [message(13, {"elapsed": i}) for i in range(20)]
    expected = expected_tables(messages, "bigquery")
    guilty = [str(expected["validatorstatistics"][i]["row_id"]) for i in (0, 7, 39)]
    rule = {"insert_id": guilty, "reason": "invalid", "location": "Last_Blocks", "message": "no such block"}
    standin.add_fault(operation=INSERT, table="validatorstatistics", rows=rule)
    server = make_bigquery()
    send(server.port, messages)
    server.wait_until_all_written(20)
    expected["validatorstatistics"] = [row for row in expected["validatorstatistics"] if row["row_id"] not in guilty]
    assert_all_sent(standin, expected)
    entries = server.rejected()
    assert sorted(str(entry["row_id"]) for entry in entries) == sorted(guilty)
    assert {(entry["table"], entry["column"], entry["reason"]) for entry in entries} == \
        {("validatorstatistics", "last_blocks", "refused: no such block")}
    of_message = {expected_rows(text, "bigquery")["validatorstatistics"][i]["row_id"]: text.decode()
                  for text in messages for i in (0, 1)}
    assert all(entry["message"] == of_message[str(entry["row_id"])] for entry in entries)
    counters = server.counters()
    assert (counters["rejected_refused"], counters["rows_validatorstatistics"]) == (3, 37)
    for table in expected:
        assert set(standin.arrivals(f"{DATASET}.{table}").values()) == {1}, table
    assert len(server.log_lines("jam-etl: messages rejected")) == 1


def test_rows_outside_the_partitions_are_rejected_with_what_bigquery_says(
        make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    far = message(131, {"time": f"{datetime.now(timezone.utc).year + 3}-01-01T00:00:00Z"})
    server = make_bigquery()
    send(server.port, [far, message(131)])
    server.wait_for_rejected(1)
    server.assert_sent([message(131)])
    entry, = server.rejected()
    assert "366 days in the future" in str(entry["reason"])
    assert (entry["table"], entry["column"], entry["message"]) == ("tickets", "time", far.decode())


@pytest.mark.parametrize("reason", ["backendError", "stopped"])
def test_rows_that_fail_for_a_passing_reason_are_sent_again_and_the_others_are_not(
        make_bigquery: MakeBigQuery, standin: StandIn, reason: str) -> None:
    messages = numbered(40)
    standin.add_fault(operation=INSERT, rows={"index": [0, 3, 20], "reason": reason}, times=1)
    server = make_bigquery(one_batch(40))
    send(server.port, messages)
    server.wait_until_all_written(40)
    server.assert_sent(messages)
    assert set(standin.arrivals(f"{DATASET}.assurances").values()) == {1}
    assert [entry["rows"] for entry in standin.requests(INSERT)] == [40, 3]
    assert server.rejected() == []


def test_a_request_that_is_too_large_is_split_until_the_bad_row_is_alone(
        make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    messages = numbered(64)
    standin.options.request_limit = 4000
    server = make_bigquery(one_batch(64))
    send(server.port, messages)
    server.wait_until_all_written(64)
    server.assert_sent(messages)
    requests = standin.requests(INSERT)
    assert {entry["status"] for entry in requests} == {200, 400}
    assert set(standin.arrivals(f"{DATASET}.assurances").values()) == {1}


def test_an_html_413_splits_a_request_too(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    messages = numbered(64)
    standin.add_fault(operation=INSERT, status=413, html=True, times=3)
    server = make_bigquery(one_batch(64))
    send(server.port, messages)
    server.wait_until_all_written(64)
    server.assert_sent(messages)
    assert server.rejected() == [] and server.log_lines("jam-etl: cannot write") == []


def test_a_200_that_makes_no_sense_is_no_success(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    standin.add_fault(operation=INSERT, status=200, html=True, times=1)
    server = make_bigquery()
    send(server.port, numbered(3))
    server.assert_sent(numbered(3))
    server.wait_until_all_written(3)


def test_a_reject_file_that_cannot_be_written_holds_back_and_doubles_no_row(
        make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    messages = numbered(20)
    guilty = str(expected_tables(messages, "bigquery")["assurances"][5]["row_id"])
    standin.add_fault(operation=INSERT, rows={"insert_id": guilty, "reason": "invalid", "message": "no"})
    # all in one batch, however they trickle in: what follows a batch that is held back waits behind it
    server = make_bigquery("batch-lines(20) batch-timeout(60000)", start=False)
    server.reject_file.mkdir(parents=True)
    server.start()
    send(server.port, messages)
    server.wait_for_log("jam-etl: cannot write")
    server.wait_for_rows("assurances", 19)
    server.reload()
    server.reject_file.rmdir()
    server.wait_for_rejected(1)
    server.wait_until_all_written(20)
    assert count(standin, "assurances") == 19
    assert set(standin.arrivals(f"{DATASET}.assurances").values()) == {1}
    assert by_row_id(sent(standin, "assurances")) == by_row_id(
        [row for row in expected_tables(messages, "bigquery")["assurances"] if row["row_id"] != guilty])
