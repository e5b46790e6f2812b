# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Each message's rows once: after kills, through reloads, and when a sender repeats itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from signal import SIGKILL
from threading import Thread

import pytest

import rows
from conftest import Server
from crashes import SCENARIOS, Broken, crash_test
from daemon import Daemon, free_port
from expected_rows import expected_tables
from messages import message, numbered
from sender import Sender, send

MakeServer = Callable[..., Server]
MakeDaemon = Callable[..., Daemon]
SOON = "options { time-reopen(1); };"


def journals(folder: Path) -> list[Path]:
    return sorted(folder.glob(".jam-etl-*.journal"))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_kills_at_random_moments_lose_nothing_and_double_nothing(tmp_path: Path, scenario: str) -> None:
    """A short run of scripts/crash-test."""
    print(crash_test(tmp_path, scenario, kills=6, seed=1))


def test_kills_double_rows_where_no_journal_is_kept(tmp_path: Path) -> None:
    """So that the test above proves something."""
    with pytest.raises(Broken, match="twice"):
        crash_test(tmp_path, "slow", kills=4, seed=1, options="exactly-once(no)")


def test_reloads_under_load_from_four_log_paths_lose_nothing_and_double_nothing(make_daemon: MakeDaemon) -> None:
    """Each sender also repeats the last of what it has sent, again and again."""
    daemon = make_daemon("")
    ports, out, count = [free_port() for _ in range(4)], daemon.folder / "out", 3000
    paths = "\n".join(f'log {{ source {{ jam-etl-source(ip("127.0.0.1") port({port}) max-connections(5)); }}; '
                      "destination(d); flags(flow-control); };" for port in ports)
    daemon.set_config(f"""destination d {{ jam-etl(jsonl(directory("{out}")) batch-lines(30) throttle(3000)); }};
        {paths}""")
    daemon.start()

    def feed(number: int) -> None:
        mine = numbered(count, 13, first=number * count)
        with Sender(ports[number]) as sender:
            for start in range(0, count, 300):
                sender.send(*mine[max(0, start - 50):start + 300])

    threads = [Thread(target=feed, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    path, reloads, there = out / "corestatistics.jsonl", 0, 0
    while there < 4 * count:
        daemon.wait_until(lambda: rows.count(path) >= min(there + 1500, 4 * count), "more rows")
        there = rows.count(path)
        daemon.reload()
        reloads += 1
    for thread in threads:
        thread.join()
    daemon.wait_until(lambda: daemon.counters()["queued"] == 0, "nothing waits")
    assert reloads >= 4
    for table, times in (("corestatistics", 1), ("validatorstatistics", 2)):
        found = [int(str(row["elapsed"])) for row in rows.read(out / f"{table}.jsonl")]
        assert sorted(found) == sorted(list(range(4 * count)) * times), table
        for number in range(4):
            mine = [i for i in found if i // count == number]
            assert mine == sorted(mine), "each path's messages are in order"
    assert daemon.counters()["suppressed"] == 4 * 9 * 50


@pytest.mark.parametrize("between", ["nothing", "a reload", "a restart", "a kill"])
def test_what_a_sender_repeats_is_written_once_and_counted(make_server: MakeServer, between: str) -> None:
    server = make_server()
    messages = numbered(100)
    send(server.port, messages)
    server.assert_holds(messages)
    if between == "a reload":
        server.reload()
    elif between != "nothing":
        server.stop(SIGKILL) if between == "a kill" else server.stop()
        server.start()
    send(server.port, messages + numbered(5, first=100))
    server.wait_until(lambda: server.counters()["suppressed"] == 100, "the repeated messages are counted")
    server.assert_holds(numbered(105))


def test_only_as_many_messages_are_known_as_the_window_holds(make_server: MakeServer) -> None:
    server = make_server("dedup-window(10) batch-lines(1)")
    for number in (20, 40):
        send(server.port, numbered(20))
        server.wait_for_rows("assurances", number)
    send(server.port, numbered(10, first=10))
    server.wait_until(lambda: server.counters()["suppressed"] == 10, "the last ten are known")
    assert rows.count(server.table("assurances")) == 40


def test_without_exactly_once_what_is_repeated_is_written_again_and_there_is_no_journal(
        make_server: MakeServer) -> None:
    server = make_server()
    send(server.port, numbered(5))
    server.wait_for_rows("assurances", 5)
    assert len(journals(server.out)) == 1
    server.config_file.write_text(server.config_file.read_text().replace('directory(', 'exactly-once(no) directory('))
    server.reload()
    send(server.port, numbered(5))
    server.wait_for_rows("assurances", 10)
    assert journals(server.out) == []


def test_the_journal_stands_before_the_first_macro_and_survives_the_folders_below(
        make_server: MakeServer, tmp_path: Path) -> None:
    """Old folders may be removed at any time."""
    server = make_server(directory=tmp_path / "data" / "jam-${HOST}" / "x")
    send(server.port, numbered(5), host="old")
    old = tmp_path / "data" / "jam-old" / "x" / "assurances.jsonl"
    server.wait_until(lambda: rows.count(old) == 5, "rows")
    assert len(journals(tmp_path / "data")) == 1
    old.unlink()
    old.parent.rmdir()
    server.stop(SIGKILL)
    server.start()
    send(server.port, numbered(10), host="new")
    new = tmp_path / "data" / "jam-new" / "x" / "assurances.jsonl"
    server.wait_until(lambda: rows.count(new) == 5, "what is not known yet")
    assert server.counters()["suppressed"] == 5
    assert server.log_lines("needed repair") == []


def test_a_host_cannot_take_the_journals_place(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server(directory=tmp_path / "data" / "${HOST}")
    send(server.port, numbered(1), host="good")
    server.wait_until(lambda: journals(tmp_path / "data"), "the journal")
    names = [journals(tmp_path / "data")[0].name + end for end in ("", ".new", ".damaged")]
    for i, name in enumerate(names):
        send(server.port, numbered(1, first=1 + i), host=name)
    send(server.port, numbered(1, first=9), host="good")
    server.wait_for_rejected(len(names))
    server.wait_until(lambda: rows.count(tmp_path / "data" / "good" / "assurances.jsonl") == 2, "the good rows")
    assert all(str(entry["reason"]).startswith("invalid-directory: ") for entry in server.rejected())
    assert server.log_lines("cannot write") == []


def test_a_newer_journal_is_refused_with_a_clear_word_and_messages_wait(make_server: MakeServer) -> None:
    server = make_server(before=SOON)
    send(server.port, numbered(5))
    server.wait_for_rows("assurances", 5)
    journal, = journals(server.out)
    server.stop()
    data = bytearray(journal.read_bytes())
    data[8] = 9
    journal.write_bytes(data)
    server.start()
    send(server.port, numbered(10))
    server.wait_for_log("is of version 9, and this jam-etl knows versions up to 1 only")
    assert rows.count(server.table("assurances")) == 5
    assert journal.read_bytes() == data
    journal.unlink()
    server.wait_for_rows("assurances", 15)


def test_a_damaged_journal_is_set_aside_with_a_warning(make_server: MakeServer) -> None:
    server = make_server()
    send(server.port, numbered(5))
    server.wait_for_rows("assurances", 5)
    journal, = journals(server.out)
    server.stop()
    journal.write_bytes(b"\xff" * 1000)
    server.start()
    send(server.port, [message(141, {"elapsed": 77})])
    server.wait_for_rows("assurances", 6)
    assert len(server.log_lines("this is no journal")) == 1
    assert journal.with_name(journal.name + ".damaged").read_bytes() == b"\xff" * 1000


@pytest.mark.parametrize("option", ["dedup-window(0)", "dedup-window(-1)", "dedup-window(99999999999)",
                                    "dedup-window(x)", "exactly-once(perhaps)"])
def test_bad_values_are_refused_at_their_place(make_daemon: MakeDaemon, option: str) -> None:
    result = make_daemon(f'destination d {{ jam-etl(jsonl(directory("/x") {option})); }};').check_syntax()
    assert result.returncode != 0
    assert "syslog-ng.conf" in result.stdout
    if option.startswith("dedup") and "x" not in option[7:]:
        assert "dedup-window() is a number of messages from 1 to" in result.stdout


def test_a_full_start_is_quick_enough_to_go_unnoticed(make_server: MakeServer) -> None:
    """A journal as large as it becomes is read again; what is in it is known."""
    server = make_server("batch-lines(5000)")
    messages = [b'{"time":"2025-06-01T00:00:00Z","msg_type":131,"elapsed":%d,"json_encoded":{"attempt":1}}' % i
                for i in range(30_000)]
    send(server.port, messages)
    server.wait_for_rows("tickets", len(messages))
    server.stop()
    server.start()
    send(server.port, messages)
    server.wait_until(lambda: server.counters()["suppressed"] == len(messages), "all of them are known")
    assert rows.count(server.table("tickets")) == len(messages)


def test_for_other_tables_what_comes_again_is_written(make_server: MakeServer) -> None:
    """The rows of the tables that were not chosen before were never written."""
    messages = numbered(20, 13)
    server = make_server('tables("corestatistics")')
    send(server.port, messages)
    server.wait_until(lambda: server.counters().get("written") == 20, "the messages are written")
    server.stop()
    config = server.config_file.read_text()
    server.config_file.write_text(config.replace('tables("corestatistics")', 'tables("corestatistics" "validatorstatistics")'))
    server.start()
    send(server.port, messages)
    server.wait_until(lambda: server.counters().get("written") == 20, "the messages are written again")
    assert server.counters()["suppressed"] == 0
    assert rows.count(server.table("validatorstatistics")) == len(
        expected_tables(messages)["validatorstatistics"])


def test_the_dual_server_takes_the_options_of_the_files(make_daemon: MakeDaemon) -> None:
    daemon = make_daemon('jam-etl-dual-server(directory("/tmp/x") project("p") dataset("d") url("http://127.0.0.1:1") '
                         "exactly-once(no) dedup-window(7))")
    result = daemon.check_syntax()
    assert result.returncode == 0, result.stdout
