# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What may happen to the files: full disks, files moved or removed, folders that cannot be made."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import rows
from conftest import Server, SmallDisk
from daemon import Daemon, free_port
from expected_rows import expected_tables
from messages import message, numbered
from sender import Sender, frame, send

MakeServer = Callable[..., Server]
MakeDaemon = Callable[..., Daemon]
SOON = "options { time-reopen(1); };"
CANNOT_WRITE = "jam-etl: cannot write"
#: long enough for time-reopen(1) to pass twice
TWO_REOPENS = 2.5


def wait_for_two_reopens() -> None:
    """Not a wait for something to happen: the time during which nothing more may be logged."""
    time.sleep(TWO_REOPENS)


def assert_whole_and_in_order(path: Path, expected: list[rows.Row]) -> int:
    """What is there is a beginning of what is expected."""
    found = rows.read(path)
    rows.assert_same(found, expected[:len(found)], path.name)
    return len(found)


@pytest.mark.parametrize("batch_lines", [1, 40, 1000])
def test_a_full_disk_in_the_middle_of_a_batch_loses_tears_and_doubles_nothing(
        make_server: MakeServer, small_disk: SmallDisk, batch_lines: int) -> None:
    messages = [message(kind, {"elapsed": i, "codec_encoded": "0x" + "ab" * 300})
                for i in range(300) for kind in (141, 143, 13, 128)]
    expected = expected_tables(messages)
    bads = [b'{"bad":%d' % i for i in range(300)]
    server = make_server(f"batch-lines({batch_lines})", before=SOON, directory=small_disk.path / "out")
    send(server.port, [text for i in range(300) for text in (bads[i], *messages[4 * i:4 * i + 4])])
    server.wait_for_log(CANNOT_WRITE)
    wait_for_two_reopens()
    written = {table: assert_whole_and_in_order(server.table(table), there) for table, there in expected.items()}
    assert sum(written.values()) < sum(map(len, expected.values()))
    assert written["validatorstatistics"] == 2 * written["corestatistics"] == 2 * written["servicestatistics"]
    assert len(server.log_lines(CANNOT_WRITE)) == 1, server.tail()
    assert "No space left on device" in server.log_lines(CANNOT_WRITE)[0]
    counters = server.counters()
    assert counters["dropped"] == 0
    assert {table: counters[f"rows_{table}"] for table in expected} == written
    small_disk.grow(65536)
    server.assert_holds(messages)
    server.wait_for_log("writing works again")
    assert [str(entry["message"]).encode() for entry in server.rejected()] == bads, "taken back with their batch"
    assert server.counters()["written"] == len(messages) + len(bads)


def test_a_full_disk_holds_the_flow_back_instead_of_dropping(make_server: MakeServer, small_disk: SmallDisk) -> None:
    messages = numbered(20_000)
    server = make_server("log-fifo-size(2000)", before=SOON, directory=small_disk.path / "out")
    with Sender(server.port) as sender:
        sender.socket.setblocking(False)
        data = b"".join(map(frame, messages))
        sent = sender.socket.send(data)
        server.wait_for_log(CANNOT_WRITE)
        small_disk.grow(65536)
        sender.socket.settimeout(120)
        sender.send_raw(data[sent:])
    server.assert_holds(messages)
    assert server.counters()["dropped"] == 0


def test_a_disk_that_is_full_for_rejected_messages_only_stops_the_flow_too(
        make_server: MakeServer, small_disk: SmallDisk) -> None:
    reject_file = small_disk.path / "rejected.jsonl"
    goods = numbered(600)
    bads = [b'{"bad":%d,"filler":"%s"}' % (i, b"x" * 2000) for i in range(600)]
    server = make_server(f'batch-lines(50) reject-file("{reject_file}")', before=SOON)
    with Sender(server.port) as sender:
        for good, bad in zip(goods, bads):
            sender.send(good, bad)
    server.wait_for_log(CANNOT_WRITE)
    wait_for_two_reopens()
    assert len(server.log_lines(CANNOT_WRITE)) == 1, server.tail()
    held = rows.count(server.table("assurances"))
    assert held < len(goods)
    # what is there is what was sent first: good, bad, good, bad, ... up to the end of a batch
    assert held - rows.count(reject_file) in (0, 1)
    assert [str(entry["message"]).encode() for entry in rows.read(reject_file)] == bads[:rows.count(reject_file)]
    assert_whole_and_in_order(server.table("assurances"), expected_tables(goods)["assurances"])
    small_disk.grow(65536)
    server.assert_holds(goods)
    server.wait_until(lambda: rows.count(reject_file) >= len(bads), "all rejected messages")
    assert [str(entry["message"]).encode() for entry in rows.read(reject_file)] == bads


@pytest.mark.parametrize("how", ["moved", "deleted", "moved with its folder"])
def test_a_file_that_goes_away_under_the_daemon_is_made_anew_and_no_row_is_lost(
        make_server: MakeServer, how: str) -> None:
    server = make_server()
    path = server.table("assurances")
    before, after = numbered(10), numbered(10, first=10)
    with Sender(server.port) as sender:
        sender.send(*before)
        server.wait_for_rows("assurances", 10)
        there = rows.read(path)
        if how == "moved":
            path.rename(server.folder / "moved.jsonl")
        elif how == "deleted":
            path.unlink()
        else:
            server.out.rename(server.folder / "moved")
        sender.send(*after)
        server.wait_for_rows("assurances", 10)
    rows.assert_same(there + server.rows("assurances"), expected_tables(before + after)["assurances"], how)
    if how == "moved":
        assert rows.count(server.folder / "moved.jsonl") == 10
    assert not any("deleted" in name or "moved" in name for name in server.open_files(server.folder))


def test_files_rotated_under_load_hold_every_row_between_them(make_server: MakeServer) -> None:
    server = make_server("batch-lines(10)")
    path = server.table("assurances")
    rotated: list[Path] = []
    messages = numbered(3000)
    with Sender(server.port) as sender:
        for start in range(0, len(messages), 300):
            sender.send(*messages[start:start + 300])
            server.wait_for_rows("assurances", 1)
            rotated.append(server.folder / f"rotated-{start}.jsonl")
            path.rename(rotated[-1])
    total = lambda: sum(map(rows.count, [*rotated, path]))  # noqa: E731
    server.wait_until(lambda: total() >= len(messages), f"{len(messages)} rows in all files")
    found = [row for file in [*rotated, path] for row in rows.read(file)]
    assert sorted(int(str(row["elapsed"])) for row in found) == list(range(len(messages)))


def test_an_unfinished_line_left_by_a_crash_is_cut_off_before_rows_are_added(make_server: MakeServer) -> None:
    server = make_server(start=False)
    server.out.mkdir()
    whole = b'{"an":"older row"}\n'
    server.table("assurances").write_bytes(whole + b'{"torn":"ro')
    server.start()
    send(server.port, numbered(2))
    server.wait_for_rows("assurances", 3)
    assert server.table("assurances").read_bytes().startswith(whole + b'{"time"')
    server.wait_for_log("unfinished")


@pytest.mark.parametrize("obstacle", ["a file where the folder should be", "a folder where the file should be",
                                      "a link to nowhere", "a pipe"])
def test_a_folder_that_cannot_be_made_is_waited_for(make_server: MakeServer, obstacle: str) -> None:
    server = make_server(before=SOON, start=False)
    if obstacle == "a file where the folder should be":
        server.out.write_text("in the way")
        clear = server.out.unlink
    elif obstacle == "a folder where the file should be":
        server.table("assurances").mkdir(parents=True)
        clear = server.table("assurances").rmdir
    elif obstacle == "a pipe":
        server.out.mkdir()
        os.mkfifo(server.table("assurances"))
        clear = server.table("assurances").unlink
    else:
        server.out.symlink_to(server.folder / "nowhere" / "at-all")
        clear = server.out.unlink
    server.start()
    messages = numbered(50)
    send(server.port, messages)
    server.wait_for_log(CANNOT_WRITE)
    wait_for_two_reopens()
    assert len(server.log_lines(CANNOT_WRITE)) == 1, server.tail()
    assert str(server.out) in server.log_lines(CANNOT_WRITE)[0]
    clear()
    server.assert_holds(messages)
    assert server.counters()["dropped"] == 0


def test_while_nothing_can_be_written_the_log_has_one_error_line(make_server: MakeServer) -> None:
    """Counting every line, also those of syslog-ng itself."""
    server = make_server(before=SOON, start=False)
    server.out.write_text("in the way")
    server.start()
    send(server.port, numbered(5))
    server.wait_for_log(CANNOT_WRITE)
    wait_for_two_reopens()
    lines = [line for line in server.log().splitlines() if "onnection" not in line and "starting up" not in line]
    ours = [line for line in lines if "jam-etl:" in line]
    assert len(ours) == 1, "\n".join(lines)


def test_create_dirs_no_waits_until_the_folder_is_there(make_server: MakeServer) -> None:
    server = make_server("create-dirs(no)", before=SOON)
    send(server.port, numbered(5))
    server.wait_for_log(CANNOT_WRITE)
    server.out.mkdir()
    server.assert_holds(numbered(5))


def test_two_destinations_of_one_directory_are_refused_at_the_start(make_daemon: MakeDaemon) -> None:
    daemon = make_daemon("")
    out = daemon.folder / "out"
    servers = "\n".join(f'jam-etl-server(ip("127.0.0.1") port({free_port()}) directory("{out}"))' for _ in range(2))
    daemon.set_config(servers)
    assert daemon.run_to_its_end() != 0
    assert "jam-etl(jsonl" in daemon.log() and "persist" in daemon.log(), daemon.tail()


def test_two_destinations_that_write_one_file_all_the_same_say_so_and_spoil_nothing(make_daemon: MakeDaemon) -> None:
    daemon = make_daemon("")
    ports, out = [free_port(), free_port()], daemon.folder / "out"
    daemon.set_config("options { time-reopen(1); time-reap(1); };\n" + "\n".join(
        f'jam-etl-server(ip("127.0.0.1") port({port}) directory("{out}") persist-name("p{port}"))' for port in ports))
    daemon.start()
    for i in range(10):
        for j, port in enumerate(ports):
            send(port, numbered(10, first=1000 * j + 10 * i))
    path = out / "assurances.jsonl"
    daemon.wait_for_log("is being written by another destination")
    daemon.wait_until(lambda: rows.count(path) == 200, "200 rows, when the first writer has let go of the file")
    elapsed = [int(str(row["elapsed"])) for row in rows.read(path)]
    assert sorted(elapsed) == sorted(1000 * j + i for j in range(2) for i in range(100))


def test_a_file_that_another_process_has_locked_is_waited_for(make_server: MakeServer) -> None:
    server = make_server(before=SOON, start=False)
    server.out.mkdir()
    with server.table("assurances").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        server.start()
        send(server.port, numbered(5))
        server.wait_for_log("is being written by another destination or process")
        assert rows.count(server.table("assurances")) == 0
    server.assert_holds(numbered(5))


def test_idle_files_are_closed_and_opened_again_when_needed(make_server: MakeServer) -> None:
    server = make_server(before="options { time-reap(1); };")
    with Sender(server.port) as sender:
        sender.send(message(13), message(141))
        server.wait_for_rows("assurances", 1)
        assert len(server.open_files(server.out)) == 5, "four tables and the journal"
        server.wait_until(lambda: server.open_files(server.out) == [], "the files are closed")
        sender.send(*numbered(1))
        server.assert_holds([message(13), message(141), *numbered(1)])


def test_many_directories_are_written_with_few_files_open(make_server: MakeServer) -> None:
    server = make_server(start=False)
    hosts = [f"host-{i:03d}" for i in range(700)]
    server = make_server("batch-lines(5000)", directory=server.out / "${HOST}")
    most = 0
    with Sender(server.port) as sender:
        for turn in range(3):
            for i, host in enumerate(hosts):
                sender.send(*numbered(1, first=1000 * turn + i), host=host)
                if i % 100 == 0:
                    most = max(most, len(server.open_files(server.folder)))
    paths = [server.out.parent / host / "assurances.jsonl" for host in hosts]
    for path in paths:
        server.wait_until(lambda: rows.count(path) == 3, f"3 rows in {path}")
        most = max(most, len(server.open_files(server.folder)))
    for i, path in enumerate(paths):
        assert [row["elapsed"] for row in rows.read(path)] == [rows.Integer(1000 * turn + i) for turn in range(3)]
    assert 100 < most <= 300, "files open at once"
    assert server.log_lines(CANNOT_WRITE) == []


#: a value is a folder's name, or part of one: it adds no level
HOSTS_OUT = ["..", "../../x", "a/../../../x", "../" * 50 + "etc", "/etc/x", "./x", "a/b/c", "a//b", "a/", ".", "/"]
HOSTS_IN = ["x" * 255, "~", "$HOME", "${HOST}", "%n", "*", "...", "..x", "x.."]


def test_a_host_name_cannot_lead_out_of_the_directory(make_server: MakeServer, tmp_path: Path) -> None:
    fixed = tmp_path / "fixed"
    server = make_server(directory=fixed / "${HOST}" / "rows")
    hosts = HOSTS_OUT + HOSTS_IN
    before = set(tmp_path.rglob("*"))
    with Sender(server.port) as sender:
        for i, host in enumerate([*hosts, "good"]):
            sender.send(*numbered(1, first=i), host=host)
    good = fixed / "good" / "rows" / "assurances.jsonl"
    server.wait_until(lambda: rows.count(good) == 1, "the good row")
    new = {path for path in set(tmp_path.rglob("*")) - before if path.is_file()}
    assert {path for path in new if fixed not in path.parents} == {server.reject_file}
    assert not Path("/etc/x").exists()
    written = {path: rows.read(path) for path in new if path.suffix == ".jsonl" and fixed in path.parents}
    expected = {Path(os.path.normpath(f"{fixed}/{host}/rows/assurances.jsonl")): i
                for i, host in enumerate([*hosts, "good"]) if host not in HOSTS_OUT}
    assert set(written) == set(expected)
    for path, i in expected.items():
        rows.assert_same(written[path], expected_tables(numbered(1, first=i))["assurances"], str(path))
    rejected = server.rejected()
    assert [str(entry["message"]).encode() for entry in rejected] == numbered(len(HOSTS_OUT))
    assert [entry["host"] for entry in rejected] == HOSTS_OUT
    assert all(str(entry["reason"]).startswith("invalid-directory: ") for entry in rejected)
    assert server.counters()["rejected_invalid-directory"] == len(HOSTS_OUT)


@pytest.mark.parametrize("length", [127, 128, 200])
def test_a_folder_whose_name_is_too_long_rejects_the_message(make_server: MakeServer, length: int) -> None:
    """255 bytes are as many as a name can have; a HOST alone cannot have more."""
    server = make_server(start=False)
    server = make_server(directory=server.out / "${HOST}-${HOST}")
    host = "x" * length
    with Sender(server.port) as sender:
        sender.send(*numbered(1), host=host)
        sender.send(*numbered(1, first=1), host="good")
    server.wait_until(lambda: rows.count(server.out.parent / "good-good" / "assurances.jsonl") == 1, "the good row")
    if length == 127:
        assert rows.count(server.out.parent / f"{host}-{host}" / "assurances.jsonl") == 1
    else:
        entry, = server.rejected()
        assert str(entry["reason"]).startswith("invalid-directory: ")
    assert server.log_lines(CANNOT_WRITE) == []


def test_a_path_that_is_too_long_rejects_the_message(make_server: MakeServer) -> None:
    server = make_server(start=False)
    server = make_server(directory=server.out / "/".join(["${HOST}"] * 18))
    send(server.port, numbered(1), host="x" * 250)
    send(server.port, numbered(1), host="short")
    server.wait_until(lambda: list(server.out.parents[17].rglob("*.jsonl")), "the good row")
    entry, = server.rejected()
    assert str(entry["reason"]).startswith("invalid-directory: ")
    assert server.log_lines(CANNOT_WRITE) == []
