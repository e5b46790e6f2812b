# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reloads and restarts while messages flow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from signal import SIGHUP, SIGKILL, SIGTERM, Signals
from threading import Thread

import pytest

import rows
from conftest import Server
from messages import numbered
from sender import Sender, send

MakeServer = Callable[..., Server]
RELIABLE = 'disk-buffer(reliable(yes) disk-buf-size(200000000) mem-buf-size(10000000) dir("{}"))'
COUNT = 4_000
#: so that there is a load to be interrupted
THROTTLE = 1_000


def in_the_background(port: int, messages: list[bytes]) -> Thread:
    def run() -> None:
        with Sender(port) as sender:
            for start in range(0, len(messages), 100):
                sender.send(*messages[start:start + 100])
    thread = Thread(target=run)
    thread.start()
    return thread


@pytest.mark.parametrize("buffer", ["memory", "reliable disk buffer"])
def test_reloads_under_load_lose_nothing_double_nothing_and_keep_the_order(
        make_server: MakeServer, tmp_path: Path, buffer: str) -> None:
    options = "batch-lines(30)" if buffer == "memory" else f"batch-lines(30) {RELIABLE.format(tmp_path)}"
    server = make_server(options)
    messages = numbered(COUNT)
    thread = in_the_background(server.port, messages)
    reloads, there = 0, -1
    while reloads < 3 or (thread.is_alive() and reloads < 20):
        server.wait_until(lambda: rows.count(server.table("assurances")) > there or not thread.is_alive(), "more rows")
        there = rows.count(server.table("assurances"))
        server.reload()
        reloads += 1
    thread.join()
    server.assert_holds(messages)
    assert server.rejected() == []
    assert reloads >= 3


@pytest.mark.parametrize("bad", [False, True], ids=["rows", "rejected messages"])
@pytest.mark.parametrize("end", [SIGTERM, SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_restarts_under_load_lose_nothing_that_is_in_a_reliable_disk_buffer(
        make_server: MakeServer, tmp_path: Path, record_property: Callable[[str, object], None],
        end: Signals, bad: bool) -> None:
    """What the buffer has taken is written, some of it perhaps twice: at least once is the promise."""
    server = make_server(f"batch-lines(20) throttle({THROTTLE}) {RELIABLE.format(tmp_path)}",
                         before="options { time-reopen(1); };", start=False)
    messages = [b'{"elapsed":%d' % i for i in range(COUNT)] if bad else numbered(COUNT)
    path = server.reject_file if bad else server.table("assurances")
    blocked = path if bad else server.out
    blocked.symlink_to(tmp_path / "nowhere" / "at-all")
    server.start()
    send(server.port, messages)
    server.wait_until(lambda: server.counters()["processed"] == COUNT, "all messages are in the buffer", 120)
    server.stop(end)
    blocked.unlink()
    ends = 0
    while ends < 2:
        start_count = rows.count(path)
        server.start()
        server.wait_until(lambda: rows.count(path) > start_count, "rows are being written")
        server.stop(end)
        ends += 1
        if end == SIGTERM:
            rows.lines(path)
    assert rows.count(path) < COUNT, "the load was over before the last restart"
    server.start()
    server.wait_until(lambda: server.counters()["queued"] == 0, "the buffer is empty", 120)
    found = Counter(str(row["elapsed"] if not bad else str(row["message"]).split(":")[1]) for row in rows.read(path))
    assert set(found) == set(map(str, range(COUNT)))
    twice = sum(found.values()) - COUNT
    record_property("rows twice", twice)
    print(f"{end.name}: {ends} ends under load, {twice} of {COUNT} rows twice")
    assert twice <= 20 * ends, "no more than the batches that were under way"


@pytest.mark.parametrize("buffer", ["memory", "reliable disk buffer"])
def test_a_batch_that_waits_for_more_is_kept_through_a_reload(
        make_server: MakeServer, tmp_path: Path, buffer: str) -> None:
    """It is neither written at once nor twice: the core sends its messages again."""
    more = "" if buffer == "memory" else RELIABLE.format(tmp_path)
    server = make_server(f"batch-lines(1000) batch-timeout(600000) max-connections(10) {more}")
    messages = numbered(1000)
    send(server.port, messages[:500])
    server.wait_until(lambda: server.counters()["processed"] == 500, "500 messages are taken")
    for _ in range(3):
        server.reload()
        assert rows.count(server.table("assurances")) == 0
    send(server.port, messages[500:])
    server.assert_holds(messages)
    assert server.counters()["written"] == len(messages)


@pytest.mark.parametrize("buffer", ["memory", "reliable disk buffer"])
def test_a_batch_that_waits_for_more_is_written_at_the_end(
        make_server: MakeServer, tmp_path: Path, buffer: str) -> None:
    more = "" if buffer == "memory" else RELIABLE.format(tmp_path)
    server = make_server(f"batch-lines(1000) batch-timeout(600000) max-connections(10) {more}")
    messages = numbered(500)
    send(server.port, messages)
    server.wait_until(lambda: server.counters()["processed"] == 500, "500 messages are taken")
    assert rows.count(server.table("assurances")) == 0
    server.stop()
    server.assert_holds(messages)


def test_a_restart_with_messages_in_memory_writes_what_was_taken(make_server: MakeServer) -> None:
    """Without a disk buffer a clean end still writes what has been batched."""
    server = make_server()
    messages = numbered(2000)
    send(server.port, messages)
    server.wait_until(lambda: server.counters()["processed"] == len(messages), "all messages are taken")
    server.stop()
    server.start()
    server.assert_holds(messages)


def test_a_reload_that_changes_the_directory_sends_later_rows_there(make_server: MakeServer) -> None:
    server = make_server()
    send(server.port, numbered(5))
    server.wait_for_rows("assurances", 5)
    server.config_file.write_text(server.config_file.read_text().replace(str(server.out), f"{server.out}-2"))
    server.reload()
    send(server.port, numbered(5, first=5))
    other = Path(f"{server.out}-2") / "assurances.jsonl"
    server.wait_until(lambda: rows.count(other) == 5, "rows in the new directory")
    assert rows.count(server.table("assurances")) == 5
    assert server.open_files(server.out) == []


def test_a_reload_with_a_broken_configuration_changes_nothing(make_server: MakeServer) -> None:
    server = make_server()
    config = server.config_file.read_text()
    server.config_file.write_text(config.replace("directory(", "no-such-option(x) directory("))
    server.send_signal(SIGHUP)
    server.wait_for_log("Error reloading configuration")
    send(server.port, numbered(5))
    server.assert_holds(numbered(5))
    server.config_file.write_text(config)
    server.reload()
    send(server.port, numbered(5, first=5))
    server.assert_holds(numbered(10))


def test_the_old_configuration_runs_again_after_one_that_could_not_be_started(make_server: MakeServer) -> None:
    """It parses, but two of its destinations are one: syslog-ng initialises the old one a second time."""
    server = make_server('table-prefix("p_")')
    send(server.port, [*numbered(5), b"bad"])
    server.wait_for_rows("p_assurances", 5)
    config = server.config_file.read_text()
    twice = f'destination {{ jam-etl(jsonl(directory("{server.out}/x")) persist-name("one")); }};'
    server.config_file.write_text(f"{config}\nlog {{ source {{ internal(); }}; {twice} {twice} }};\n")
    server.send_signal(SIGHUP)
    server.wait_for_log("Error initializing new configuration")
    send(server.port, [*numbered(5, first=5), b"bad"])
    server.wait_for_rows("p_assurances", 10)
    assert server.files() == ["p_assurances.jsonl"]
    server.wait_for_rejected(2)
    server.wait_until(lambda: server.counters()["rows_assurances"] == 10, "the rows are counted")


def test_a_reload_while_nothing_can_be_written_keeps_the_messages(make_server: MakeServer) -> None:
    server = make_server(before="options { time-reopen(1); };", start=False)
    server.out.write_text("in the way")
    server.start()
    send(server.port, numbered(500))
    server.wait_for_log("cannot write")
    server.reload()
    server.reload()
    server.out.unlink()
    server.assert_holds(numbered(500))


def test_counters_of_rows_live_through_a_reload(make_server: MakeServer) -> None:
    server = make_server()
    for turn in (1, 2):
        send(server.port, [*numbered(5, first=5 * turn), b"bad"])
        server.wait_for_rejected(turn)
        server.wait_until(lambda: server.counters()["rows_assurances"] == 5 * turn, "the rows are counted")
        assert server.counters()["rejected_invalid-json"] == turn
        server.reload()
