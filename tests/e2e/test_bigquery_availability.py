# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""An endpoint that is dead, slow, busy or not to be trusted: messages wait, and nobody waits for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import rows
from bigquery import DATASET, INSERT, PROJECT, SOON, BigQueryServer, assert_all_sent, count, make_tables, one_batch
from conftest import Server
from daemon import DEADLINE, free_port
from expected_rows import expected_tables
from messages import PAYLOADS, message, numbered
from sender import send
from standin import Options, StandIn, Start
from tables import TABLES
from test_restart import in_the_background
from tunnel import make_certificate

MakeBigQuery = Callable[..., BigQueryServer]
MakeServer = Callable[..., Server]
MakeStandIn = Callable[..., StandIn]
EVERY_KIND = [message(msg_type) for msg_type in PAYLOADS]
#: what a reload or stop may take, on a machine that others use as well
A_FEW_SECONDS = DEADLINE / 8
TROUBLE = "BigQuery takes no rows now"
OVER = "BigQuery takes rows again"


@pytest.fixture
def make_standin() -> Iterator[MakeStandIn]:
    """Starts one of the test's own, that others are spared what it still does when the test is over."""
    with ExitStack() as stack:
        def make(**start: Any) -> StandIn:
            options = Options(auth="none", dedup=False)
            standin = stack.enter_context(StandIn(Start(datasets=[DATASET], **start), options))
            make_tables(standin)
            return standin
        yield make


def test_messages_outlive_a_dead_endpoint_and_a_restart(
        make_bigquery: MakeBigQuery, make_standin: MakeStandIn) -> None:
    port = free_port()
    server = make_bigquery(url=f'url("http://127.0.0.1:{port}")')
    send(server.port, numbered(50))
    server.wait_for_log(TROUBLE)
    server.wait_until(lambda: server.counters()["queued"] == 50, "all messages wait")
    server.stop(seconds=A_FEW_SECONDS)
    server.start()
    send(server.port, numbered(50, first=50))
    server.wait_for_log(TROUBLE, times=2)
    server.reload(A_FEW_SECONDS)
    standin = server.standin = make_standin(port=port)
    server.assert_sent(numbered(100))
    server.wait_until_all_written(100)
    standin.stop()
    send(server.port, numbered(50, first=100))
    server.wait_for_log(TROUBLE, times=3)
    assert server.counters()["dropped"] == 0
    server.stop(seconds=A_FEW_SECONDS)
    server.standin = make_standin(port=port)
    server.start()
    server.assert_sent(numbered(50, first=100))


def test_trouble_is_told_once_and_so_is_its_end(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    standin.add_fault(operation=INSERT, status=500, reason="internalError", message="no luck", times=2)
    server = make_bigquery()
    send(server.port, numbered(5))
    server.assert_sent(numbered(5))
    server.wait_for_log(OVER)
    told, = server.log_lines(TROUBLE)
    assert "HTTP 500 internalError: no luck" in told and "next try in 1 s" in told
    assert len(server.log_lines(OVER)) == 1
    assert server.log_lines("jam-etl: cannot write") == []


def test_what_retry_after_asks_for_is_granted(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    standin.add_fault(operation=INSERT, status=429, reason="rateLimitExceeded", retry_after=2, times=1)
    server = make_bigquery(one_batch(5))
    send(server.port, numbered(5))
    server.assert_sent(numbered(5))
    first, second = standin.requests(INSERT)
    assert second["started"] - first["started"] >= 2


def asked_for(standin: StandIn, table: str) -> int:
    return sum(entry["table"].endswith(table) for entry in standin.requests(INSERT))


@pytest.mark.parametrize("fault", [
    {"status": 403, "reason": "quotaExceeded", "message": "over the quota"},
    {"rows": {"index": [0, 1], "reason": "quotaExceeded", "message": "over the quota"}},
], ids=["request", "rows"])
def test_a_quota_is_waited_for_but_not_by_reload_and_stop(
        make_bigquery: MakeBigQuery, standin: StandIn, fault: dict[str, Any]) -> None:
    number = standin.add_fault(operation=INSERT, table="tickets", **fault)
    standin.add_fault(operation=INSERT, table="assurances", status=503, times=1)
    server = make_bigquery(one_batch(len(EVERY_KIND)))
    send(server.port, EVERY_KIND)
    server.wait_for_log(TROUBLE)
    assert "sent again (" in server.log_lines(TROUBLE)[0]
    others = [table for table in TABLES if table != "tickets"]
    for table in others:
        server.wait_for_rows(table, 1)
    server.settle()
    # assurances have been sent twice meanwhile
    assert asked_for(standin, "tickets") == 1
    asked = len(standin.requests(INSERT))
    server.reload(A_FEW_SECONDS)
    # the rows that are in are not sent again, and those that are not are tried once
    server.wait_for_log(TROUBLE, times=2)
    assert "over the quota" in server.log_lines(TROUBLE)[1] and "600 s" in server.log_lines(TROUBLE)[1]
    assert [entry["table"].rpartition(".")[2] for entry in standin.requests(INSERT)[asked:]] == ["tickets"]
    server.stop(seconds=A_FEW_SECONDS)
    assert count(standin, "tickets") == 0
    for table in others:
        assert set(standin.arrivals(f"{DATASET}.{table}").values()) == {1}, table
    standin.faults.remove(number)
    standin.options.dedup = True
    server.start()
    server.assert_sent(EVERY_KIND)


def test_answers_slower_than_the_timeout_are_none(make_bigquery: MakeBigQuery, make_standin: MakeStandIn) -> None:
    standin = make_standin()
    standin.add_fault(operation=INSERT, delay=30, times=1)
    server = make_bigquery("timeout(1)", standin=standin)
    send(server.port, numbered(5))
    server.assert_sent(numbered(5), settle=False)
    assert "no answer" in server.log_lines(TROUBLE)[0]


@pytest.mark.parametrize("operation", ["tables.get", INSERT])
def test_a_reload_or_stop_does_not_wait_for_slow_answers(
        make_bigquery: MakeBigQuery, make_standin: MakeStandIn, operation: str) -> None:
    """Not even for those of eight workers, one after the other."""
    standin = make_standin()
    number = standin.add_fault(operation=operation, delay=60)
    server = make_bigquery("workers(8)", standin=standin)
    send(server.port, numbered(80))
    server.wait_until(lambda: standin.faults.state()[0]["hits"] > 0, "a request is waited for")
    if operation == INSERT:
        server.reload(A_FEW_SECONDS)
    server.stop(seconds=A_FEW_SECONDS)
    standin.faults.remove(number)
    server.start()
    server.assert_sent(numbered(80), settle=False)


def test_a_reload_or_stop_does_not_wait_for_a_slow_token_server(
        make_bigquery: MakeBigQuery, make_standin: MakeStandIn, tmp_path: Path) -> None:
    standin = make_standin(service_account_out=tmp_path / "key.json")
    standin.options.auth = "required"
    number = standin.add_fault(operation="oauth.token", delay=60)
    server = make_bigquery(f'workers(8) credentials-file("{tmp_path}/key.json")', standin=standin)
    send(server.port, numbered(80))
    server.wait_until(lambda: standin.faults.state()[0]["hits"] > 0, "a token is waited for")
    server.stop(seconds=A_FEW_SECONDS)
    standin.faults.remove(number)
    server.start()
    server.assert_sent(numbered(80), settle=False)


def test_a_reload_does_not_wait_for_a_slow_load_job(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    standin.options.job_running_seconds = 3600
    large = message(142, {"json_encoded.blob": "0x" + "ab" * 30_000})
    server = make_bigquery("bigquery-options(max-request-bytes(20000))")
    send(server.port, [large, *numbered(3)])

    def looks() -> int:
        return sum(entry["operation"] == "jobs.get" and entry["status"] == 200 for entry in standin.requests())
    server.wait_until(looks, "the job is there")
    server.reload(A_FEW_SECONDS)
    before = looks()
    server.wait_until(lambda: looks() > before, "the job is found again")
    standin.clock.advance(3600)
    try:
        server.assert_sent([large, *numbered(3)])
        server.wait_until_all_written(4)
        assert len(standin.jobs.list()) == 1
    finally:
        standin.clock.advance(-3600)


def test_reloads_in_the_middle_of_batches_send_no_row_twice(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    """Each time some of a batch's rows are in, and others fail for a while."""
    standin.add_fault(operation=INSERT, rows={"probability": 0.1, "reason": "backendError"}, probability=0.5)
    server = make_bigquery("workers(3) batch-lines(200) bigquery-options(max-request-rows(50))")
    messages = numbered(2000)
    thread = in_the_background(server.port, messages)
    for i in range(1, 5):
        server.wait_until(lambda: count(standin, "assurances") > 100 * i, "more rows")
        server.reload()
    thread.join()
    standin.faults.remove()
    server.assert_sent(messages)
    server.wait_until(lambda: server.counters()["queued"] == 0, "the queue is empty")
    assert set(standin.arrivals(f"{DATASET}.assurances").values()) == {1}
    assert server.counters()["rows_assurances"] == len(messages)


def test_a_load_job_over_the_quota_is_not_repeated_for_a_while(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    """Jobs that fail use up the quota as well."""
    standin.jobs.fail_next({"reason": "quotaExceeded", "message": "too many load jobs"})
    large = message(142, {"json_encoded.blob": "0x" + "ab" * 30_000})
    server = make_bigquery("bigquery-options(max-request-bytes(20000))")
    send(server.port, [large])
    server.wait_for_log(TROUBLE)
    assert "too many load jobs; next try in 600 s" in server.log_lines(TROUBLE)[0]
    server.stop(seconds=A_FEW_SECONDS)
    assert len(standin.jobs.list()) == 1


# --- both outputs of one listener


def dual(make_server: MakeServer, tmp_path: Path, url: str, options: str = "") -> Server:
    return make_server(f'project("{PROJECT}") dataset("{DATASET}") url("{url}") '
                       f'disk-buffer-options(dir("{tmp_path}")) {options}', block="jam-etl-dual-server", before=SOON)


def test_a_dead_endpoint_does_not_hold_up_the_files(
        make_server: MakeServer, make_standin: MakeStandIn, tmp_path: Path) -> None:
    port = free_port()
    server = dual(make_server, tmp_path, f"http://127.0.0.1:{port}")
    messages = numbered(3000)
    send(server.port, messages)
    server.assert_holds(messages, "bigquery")
    assert server.counters()["dropped"] == 0
    standin = make_standin(port=port)
    server.wait_until(lambda: count(standin, "assurances") == len(messages), "the rows are in")
    assert_all_sent(standin, expected_tables(messages, "bigquery"))


def test_a_full_disk_buffer_drops_and_counts_and_the_files_go_on(
        make_server: MakeServer, make_standin: MakeStandIn, tmp_path: Path) -> None:
    port = free_port()
    server = dual(make_server, tmp_path, f"http://127.0.0.1:{port}",
                  "disk-buf-size(2000000) mem-buf-size(500000)")
    messages = [message(141, {"elapsed": i, "codec_encoded": "0x" + "ab" * 1000}) for i in range(3000)]
    send(server.port, messages)
    server.assert_holds(messages, "bigquery")
    server.wait_until(lambda: server.counters()["processed"] >= 2 * len(messages), "all is counted")
    dropped = server.counters()["dropped"]
    assert 0 < dropped < len(messages)
    standin = make_standin(port=port)
    server.wait_until(lambda: count(standin, "assurances") == len(messages) - dropped, "what was not dropped is in")
    there = {row["insertId"] for row in standin.rows(f"{DATASET}.assurances")}
    assert there < {row["row_id"] for row in rows.read(server.table("assurances"))}
    # and when there is room again, nothing more is dropped
    more = numbered(100, first=10_000)
    send(server.port, more)
    server.wait_until(lambda: count(standin, "assurances") == len(messages) - dropped + len(more), "later rows are in")
    assert server.counters()["dropped"] == dropped


# --- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


def test_a_server_of_an_authority_that_is_trusted_is_served(
        make_bigquery: MakeBigQuery, make_standin: MakeStandIn, certificate: Path) -> None:
    standin = make_standin(certificate=certificate)
    tls = f'tls(ca-file("{certificate}") ssl-version(tlsv1_3))'
    server = make_bigquery(f"bigquery-options({tls})", standin=standin)
    send(server.port, numbered(3))
    server.assert_sent(numbered(3))


def test_peer_verify_no_trusts_anybody(
        make_bigquery: MakeBigQuery, make_standin: MakeStandIn, certificate: Path) -> None:
    standin = make_standin(certificate=certificate)
    server = make_bigquery("bigquery-options(peer-verify(no))", standin=standin)
    send(server.port, numbered(3))
    server.assert_sent(numbered(3))


@pytest.mark.parametrize("what", ["no authority", "another authority", "another name"])
def test_a_server_that_cannot_be_trusted_gets_nothing(
        make_bigquery: MakeBigQuery, make_standin: MakeStandIn, certificate: Path, tmp_path: Path, what: str) -> None:
    other = make_certificate(tmp_path, "DNS:elsewhere.example")
    standin = make_standin(certificate=other if what == "another name" else certificate)
    tls = "" if what == "no authority" else f'bigquery-options(ca-file("{other}"))'
    server = make_bigquery(tls, standin=standin)
    send(server.port, numbered(3))
    server.wait_for_log(TROUBLE)
    assert "SSL" in server.log_lines(TROUBLE)[0]
    assert standin.requests() == []
    server.wait_until(lambda: server.counters()["queued"] == 3, "the messages wait")
    server.stop(seconds=A_FEW_SECONDS)
