# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""A file that the configuration names is missing: syslog-ng runs, says so, and goes on when the file is there."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bigquery import DATASET, PROJECT, BigQueryServer, assert_all_sent, count, make_tables
from conftest import Server
from daemon import HEAD, Daemon, free_port
from expected_rows import expected_tables
from messages import KEY, message, numbered
from sender import send
from standin import Options, StandIn, Start
from tunnel import make_certificate

MakeBigQuery = Callable[..., BigQueryServer]
MakeServer = Callable[..., Server]
MakeDaemon = Callable[..., Daemon]
TEAMS = f"sender_id,team\n{KEY},mapped\n"
MAP_MISSING = "jam-etl: cannot use team-map()"
MAP_IN_USE = "jam-etl: team-map() is in use"
FILE_MISSING = "jam-etl: cannot write, a file that the options name is missing"
FILE_IN_USE = "jam-etl: the file is in use"
NO_FILE = "No such file or directory"
#: time-reopen() is 60 seconds, and a file is looked for more often than that
SOON = 15
#: what a reload or stop may take, on a machine that others use as well
A_FEW_SECONDS = 8


def with_team(first: int, number: int = 3) -> list[bytes]:
    return [message(141, {"elapsed": first + i, "team": "own"}) for i in range(number)]


def teams(server: Server) -> list[Any]:
    return [row["team"] for row in server.rows("assurances")]


def make_nothing(path: Path) -> None:
    pass


def make_link_to_nothing(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def make_loop(path: Path) -> None:
    path.symlink_to(path)


UNREADABLE: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing": (make_nothing, NO_FILE),
    "a link to nothing": (make_link_to_nothing, NO_FILE),
    "a loop of links": (make_loop, "Too many levels of symbolic links"),
    "a directory": (Path.mkdir, "not a regular file"),
}


def remove(path: Path) -> None:
    if path.is_dir():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


# --- the team map


@pytest.mark.parametrize("what", UNREADABLE)
def test_rows_have_the_senders_own_team_until_the_map_is_in_place(
        make_server: MakeServer, tmp_path: Path, what: str) -> None:
    make, why = UNREADABLE[what]
    path = tmp_path / "teams.csv"
    make(path)
    server = make_server(f'team-map("{path}")')
    send(server.port, with_team(0))
    server.wait_for_rows("assurances", 3)
    assert teams(server) == ["own"] * 3
    error, = server.log_lines(MAP_MISSING)
    assert str(path) in error and why in error and "driver=" in error
    remove(path)
    path.write_text(TEAMS)
    server.wait_for_log(MAP_IN_USE, seconds=SOON)
    send(server.port, with_team(3))
    server.wait_for_rows("assurances", 6)
    assert teams(server) == ["own"] * 3 + ["mapped"] * 3
    assert (len(server.log_lines(MAP_MISSING)), len(server.log_lines(MAP_IN_USE))) == (1, 1)


def test_a_map_that_comes_while_messages_flow_is_used_by_every_worker(
        make_bigquery: MakeBigQuery, standin: StandIn, tmp_path: Path) -> None:
    path = tmp_path / "teams.csv"
    server = make_bigquery(f'workers(3) team-map("{path}") batch-lines(10)')
    first = 0

    def newest_teams() -> set[Any]:
        nonlocal first
        send(server.port, with_team(first, 30))
        first += 30
        server.wait_for_rows("assurances", first)
        newest = standin.rows(f"{DATASET}.assurances")
        return {row["sent"]["team"] for row in newest if int(row["sent"]["elapsed"]) >= first - 30}
    assert newest_teams() == {"own"}
    path.write_text(TEAMS)
    server.wait_until(lambda: newest_teams() == {"mapped"}, "every row has the map's team", SOON)
    assert len(server.log_lines(MAP_MISSING)) == len(server.log_lines(MAP_IN_USE)) == 1


def test_a_map_that_was_there_is_read_again_at_a_reload_only(make_server: MakeServer, tmp_path: Path) -> None:
    path = tmp_path / "teams.csv"
    path.write_text(TEAMS)
    server = make_server(f'team-map("{path}")')
    path.unlink()
    send(server.port, with_team(0, 1))
    server.wait_for_rows("assurances", 1)
    server.reload()
    server.wait_for_log(MAP_MISSING)
    send(server.port, with_team(1, 1))
    server.wait_for_rows("assurances", 2)
    assert teams(server) == ["mapped", "own"]


def test_an_error_is_told_once_a_minute_and_a_file_may_be_wrong_in_turn(
        make_bigquery: MakeBigQuery, standin: StandIn, keys: Path, tmp_path: Path) -> None:
    """The one test that waits for that minute."""
    path, key = tmp_path / "teams.csv", tmp_path / "key.json"
    server = make_bigquery(f'workers(3) team-map("{path}") credentials-file("{key}")', before="")
    server.wait_for_log(MAP_MISSING)
    server.wait_for_log(FILE_MISSING)
    path.write_text(f"{TEAMS}0xab;team\n")
    key.write_text("half a key")
    server.wait_for_log(MAP_MISSING, times=2, seconds=120)
    server.wait_for_log(FILE_MISSING, times=2, seconds=120)
    first, second = server.log_lines(MAP_MISSING)
    assert NO_FILE in first and f"{path}: line 3: expected sender_id,team" in second
    first, second = server.log_lines(FILE_MISSING)
    assert NO_FILE in first and f"{key}: not a JSON object" in second
    path.write_text(TEAMS)
    shutil.copy(keys / "service.json", key)
    server.wait_for_log(MAP_IN_USE, seconds=SOON)
    send(server.port, with_team(0))
    server.wait_for_rows("assurances", 3, SOON)
    assert {row["sent"]["team"] for row in standin.rows(f"{DATASET}.assurances")} == {"mapped"}
    assert len(server.log_lines(MAP_MISSING)) == len(server.log_lines(FILE_MISSING)) == 2


# --- the key file


def test_a_missing_key_stops_neither_syslog_ng_nor_another_destination(
        make_server: MakeServer, guarded: StandIn, keys: Path, tmp_path: Path) -> None:
    key = tmp_path / "key.json"
    server = make_server(f'project("{PROJECT}") dataset("{DATASET}") url("{guarded.url}") workers(3) '
                         f'disk-buffer-options(dir("{tmp_path}")) credentials-file("{key}")',
                         block="jam-etl-dual-server")
    messages = numbered(50)
    send(server.port, messages)
    server.assert_holds(messages, "bigquery")
    server.wait_until(lambda: server.counters()["queued"] == 50, "the messages wait")
    error, = server.log_lines(FILE_MISSING)
    assert f"credentials-file(): cannot read {key}: {NO_FILE}" in error and "driver=" in error
    assert guarded.requests() == []
    shutil.copy(keys / "service.json", key)
    server.wait_until(lambda: count(guarded, "assurances") == 50, "the rows are in", SOON)
    server.wait_for_log(FILE_IN_USE)
    assert_all_sent(guarded, expected_tables(messages, "bigquery"))
    assert len(server.log_lines(FILE_MISSING)) == 1
    assert server.counters()["dropped"] == 0


def test_a_key_that_is_gone_at_a_restart_or_reload_is_waited_for(
        make_bigquery: MakeBigQuery, guarded: StandIn, keys: Path, tmp_path: Path) -> None:
    key = tmp_path / "key.json"
    shutil.copy(keys / "service.json", key)
    server = make_bigquery(f'credentials-file("{key}")', before="")
    send(server.port, numbered(5))
    server.assert_sent(numbered(5))
    key.unlink()
    server.stop()
    server.start()
    send(server.port, numbered(5, first=5))
    server.wait_for_log(FILE_MISSING)
    server.reload(A_FEW_SECONDS)
    server.wait_for_log(FILE_MISSING, times=2)
    server.wait_until(lambda: server.counters()["queued"] == 5, "the messages wait")
    server.stop(seconds=A_FEW_SECONDS)
    server.start()
    shutil.copy(keys / "service.json", key)
    server.wait_for_rows("assurances", 10, SOON)
    server.assert_sent(numbered(10))


def test_a_file_is_looked_for_no_more_than_once_a_second(make_bigquery: MakeBigQuery, tmp_path: Path) -> None:
    server = make_bigquery(f'credentials-file("{tmp_path}/key.json")', before="", start=False)
    server.options += ["-d"]
    start = time.monotonic()
    server.start()
    server.wait_for_log("Error establishing connection to server", times=4)
    assert time.monotonic() - start >= 3
    assert len(server.log_lines("Error establishing connection to server")) <= 2 + time.monotonic() - start


# --- the files of connections


@pytest.fixture
def tls_standin(tmp_path: Path) -> Iterator[tuple[StandIn, Path]]:
    """It and its certificate, with key and authority in one."""
    certificate = make_certificate(tmp_path)
    with StandIn(Start(datasets=[DATASET], certificate=certificate), Options(auth="none", dedup=False)) as standin:
        make_tables(standin)
        yield standin, certificate


def copy_file(certificate: Path, path: Path) -> None:
    shutil.copy(certificate, path)


def make_ca_dir(certificate: Path, path: Path) -> None:
    path.mkdir()
    shutil.copy(certificate, path / "ca.pem")
    subprocess.run(["openssl", "rehash", path], check=True)


@pytest.mark.parametrize("option, others, make", [
    ("ca-file", "", copy_file), ("ca-dir", "", make_ca_dir), ("cert-file", 'peer-verify(no) key-file("{}")', copy_file),
    ("key-file", 'peer-verify(no) cert-file("{}")', copy_file),
])
def test_a_file_of_tls_is_waited_for(
        make_bigquery: MakeBigQuery, tls_standin: tuple[StandIn, Path], tmp_path: Path, option: str, others: str,
        make: Callable[[Path, Path], None]) -> None:
    standin, certificate = tls_standin
    path = tmp_path / "late"
    server = make_bigquery(f'bigquery-options(tls({option}("{path}") {others.format(certificate)}))', before="",
                           standin=standin)
    send(server.port, numbered(3))
    server.wait_for_log(FILE_MISSING)
    assert f"{option}(): cannot read {path}: {NO_FILE}" in server.log_lines(FILE_MISSING)[0]
    server.wait_until(lambda: server.counters()["queued"] == 3, "the messages wait")
    make(certificate, path)
    server.wait_for_rows("assurances", 3, SOON)
    server.assert_sent(numbered(3))


def test_an_authority_that_is_gone_later_is_told_when_it_is_missed(
        make_bigquery: MakeBigQuery, tmp_path: Path) -> None:
    certificate, port = make_certificate(tmp_path), free_port()
    authority = tmp_path / "ca.pem"
    shutil.copy(certificate, authority)
    start = Start(datasets=[DATASET], certificate=certificate, port=port)
    with StandIn(start, Options(auth="none", dedup=False)) as standin:
        make_tables(standin)
        server = make_bigquery(f'bigquery-options(ca-file("{authority}"))', before="", standin=standin)
        send(server.port, numbered(3))
        server.assert_sent(numbered(3))
        authority.unlink()
        send(server.port, numbered(3, first=3))
        # the connection is there
        server.assert_sent(numbered(6))
    send(server.port, numbered(3, first=6))
    server.wait_for_log(FILE_MISSING)
    assert str(authority) in server.log_lines(FILE_MISSING)[0]
    with StandIn(start, Options(auth="none", dedup=False)) as standin:
        make_tables(standin)
        server.standin = standin
        shutil.copy(certificate, authority)
        server.wait_for_rows("assurances", 3, SOON)
        server.assert_sent(numbered(3, first=6))
        server.kill()


# --- what is said before the start


def test_the_check_of_the_syntax_warns_of_each_file(make_daemon: MakeDaemon, tmp_path: Path) -> None:
    options = {option: tmp_path / option for option in ("ca-file", "ca-dir", "cert-file", "key-file", "credentials-file")}
    inside = " ".join(f'{option}("{path}")' for option, path in options.items())
    daemon = make_daemon("# a line\ndestination d_jam {\n"
                         f'  jam-etl(team-map("{tmp_path}/teams.csv")\n'
                         f'    bigquery(project("p") dataset("d") url("https://h") {inside}));\n}};\n')
    result = daemon.check_syntax()
    assert result.returncode == 0, result.stdout
    for option, path in {**options, "team-map": tmp_path / "teams.csv"}.items():
        assert f"{option}(): cannot read {path}: {NO_FILE}" in result.stdout, result.stdout
    warnings = [line for line in result.stdout.splitlines() if "jam-etl: a file cannot be used" in line]
    place = f"{daemon.config_file}:{len(HEAD.splitlines()) + 3}:"
    assert len(warnings) == 2 and all(place in warning for warning in warnings), result.stdout
