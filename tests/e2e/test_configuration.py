# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What syslog-ng -s says of configurations."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import HEAD, TOP, Daemon

MakeDaemon = Callable[..., Daemon]
DIRECTORY = 'directory("/nowhere/out")'
JSONL = f"jsonl({DIRECTORY})"
#: what stands in jam-etl(), and what the error must name
BAD = {
    "nothing at all": ("", ["jsonl()"]),
    "no jsonl()": ("batch-lines(5)", ["jsonl()"]),
    "no directory()": ("jsonl()", ["directory()"]),
    "no directory() among other options": ("jsonl(dialect(dune))", ["directory()"]),
    "a relative directory": ('jsonl(directory("out"))', ["directory()", "out"]),
    "an empty directory": ('jsonl(directory(""))', ["directory()"]),
    "a directory that starts with a macro": ('jsonl(directory("${HOST}/out"))', ["directory()", "${HOST}/out"]),
    "a directory that leads upwards": ('jsonl(directory("/a/../b"))', ["directory()", "/a/../b"]),
    "a directory that ends upwards": ('jsonl(directory("/a/.."))', ["directory()"]),
    "a directory of an unknown template function": ('jsonl(directory("/a/$(no-such-function)"))', ["no-such-function"]),
    "a directory with a brace left open": ('jsonl(directory("/a/${HOST"))', ["/a/${HOST"]),
    "an unknown dialect": (f"jsonl({DIRECTORY} dialect(spice))", ["dialect()", "spice"]),
    "a dialect in capitals": (f'jsonl({DIRECTORY} dialect("DUNE"))', ["dialect()", "DUNE"]),
    "fsync() of neither yes nor no": (f"jsonl({DIRECTORY} fsync(maybe))", ["maybe"]),
    "create-dirs() of neither yes nor no": (f"jsonl({DIRECTORY} create-dirs(2x))", ["2x"]),
    "an unknown option of jsonl()": (f"jsonl({DIRECTORY} colour(red))", ["colour"]),
    "an unknown option": (f"{JSONL} colour(red)", ["colour"]),
    "an unknown table in tables()": (f"{JSONL} tables(blocks bundles)", ["tables()", "bundles"]),
    "no table in tables()": (f"{JSONL} tables()", ["tables"]),
    "an unknown table in table-name()": (f"{JSONL} table-name(workpackagebundles x)",
                                         ["table-name()", "workpackagebundles"]),
    "an empty name": (f'{JSONL} table-name(blocks "")', ["table-name()", "blocks"]),
    "a name with a slash": (f'{JSONL} table-name(blocks "a/b")', ["table-name()", "a/b"]),
    "a name of dots": (f'{JSONL} table-name(blocks "..")', ["table-name()", ".."]),
    "a name with a space": (f'{JSONL} table-name(blocks "a b")', ["table-name()", "a b"]),
    "a name that another table has": (f"{JSONL} table-name(blocks tickets)", ["table-name()", "blocks", "tickets"]),
    "one name for two tables": (f"{JSONL} table-name(blocks x) table-name(tickets x)",
                                ["table-name()", "blocks", "tickets"]),
    "a prefix with a slash": (f'{JSONL} table-prefix("a/")', ["table-prefix()", "a/"]),
    "a prefix with a dot": (f'{JSONL} table-prefix("dataset.")', ["table-prefix()", "dataset."]),
    "an empty team-map()": (f'{JSONL} team-map("")', ["team-map()"]),
    "a relative reject-file()": (f'{JSONL} reject-file("rejected.jsonl")', ["reject-file()", "rejected.jsonl"]),
    "an empty reject-file()": (f'{JSONL} reject-file("")', ["reject-file()"]),
    "a directory as reject-file()": (f'{JSONL} reject-file("/tmp")', ["reject-file()", "/tmp"]),
    "two workers": (f"{JSONL} workers(2)", ["workers()"]),
    "no worker": (f"{JSONL} workers(0)", ["0"]),
    "batch-lines() of no number": (f"{JSONL} batch-lines(many)", ["many"]),
    "perm() of no number": (f"jsonl({DIRECTORY} perm(rw))", ["rw"]),
    **{f"{option}() that nobody knows": (f'jsonl({DIRECTORY} {option}("no-such"))', [f"{option}()", "no-such"])
       for option in ("owner", "group", "dir-owner", "dir-group")},
    "a reject-file() that is a table's file": (f'{JSONL} reject-file("/nowhere/out/blocks.jsonl")', ["reject-file()"]),
    "a name that is too long": (f'{JSONL} table-name(blocks "{"x" * 250}")', ["table-name()"]),
    "directory() outside jsonl()": (f"jsonl() {DIRECTORY}", ["directory"]),
}
GOOD = {
    "the least": JSONL,
    "every option of jsonl()": f"""jsonl({DIRECTORY} dialect(bigquery) fsync(yes) create-dirs(no) owner(root)
        group(root) perm(0600) dir-owner(root) dir-group(root) dir-perm(0700))""",
    "macros behind the fixed part": 'jsonl(directory("/nowhere/${R_YEAR}/${R_MONTH}/${R_DAY}/$(lowercase ${HOST})"))',
    "dots that do not lead upwards": 'jsonl(directory("/nowhere/.../a..b/.hidden"))',
    "quoted words": f'jsonl({DIRECTORY} dialect("dune")) tables("blocks" "tickets")',
    "names": f"{JSONL} table-prefix(p_) table-name(workpackages workpackagebundles) table-name(blocks b-2_X)",
    "names that swap": f"{JSONL} table-name(blocks tickets) table-name(tickets blocks)",
    "other spellings": f"{JSONL} table_prefix(p_) batch_lines(5) reject_file('/nowhere/r') table_name(blocks b)",
    "options of threaded destinations": f"""{JSONL} batch-lines(10) batch-timeout(100) retries(5) time-reopen(10)
        throttle(1000) log-fifo-size(10000) persist-name("x") workers(1)
        disk-buffer(reliable(yes) disk-buf-size(1048576) mem-buf-size(1048576))""",
    "a time zone": f'{JSONL} local-time-zone("Europe/Berlin")',
    "jsonl() behind the rest": f"tables(blocks) {JSONL}",
}


def without_version_notice(said: str) -> str:
    """What syslog-ng 4 says of @version: current, which is no warning."""
    return re.sub(r"^(\[[^]]*\] )?Setting current version as config version; version='[0-9.]+'\n", "", said)


def checked(make_daemon: MakeDaemon, inside: str, driver: str = "jam-etl") -> tuple[int, str, str]:
    """Returns the exit status, what was said, and FILE:LINE of the driver."""
    daemon = make_daemon(f"# a line\ndestination d_jam {{ {driver}({inside}); }};\n")
    result = daemon.check_syntax()
    return result.returncode, result.stdout, f"{daemon.config_file}:{len(HEAD.splitlines()) + 2}"


def pointed_at(said: str, place: str, inside: str) -> str:
    """The words that syslog-ng's own errors only point at, by their columns."""
    match = re.search(rf"{re.escape(place)}:(\d+)-\d+:(\d+)", said)
    assert match, said
    return f"destination d_jam {{ jam-etl({inside}); }};"[int(match[1]) - 1:int(match[2]) - 1]


@pytest.mark.parametrize("what", BAD)
def test_a_bad_configuration_stops_the_start_and_names_file_line_and_option(
        make_daemon: MakeDaemon, what: str) -> None:
    inside, named = BAD[what]
    status, said, place = checked(make_daemon, inside)
    assert status != 0, said
    assert place in said, said
    error = said.split(place)[0]
    for name in named:
        assert name in error or name in pointed_at(said, place, inside), f"{name} not in: {said}"


@pytest.mark.parametrize("what", GOOD)
def test_a_good_configuration_passes(make_daemon: MakeDaemon, what: str) -> None:
    for driver in ("jam-etl", "jam_etl"):
        status, said, _ = checked(make_daemon, GOOD[what], driver)
        assert (status, said) == (0, "")


@pytest.mark.parametrize("inside", ["", 'instance("x")'])
@pytest.mark.parametrize("driver", ["jam-etl-unmatched", "jam_etl_unmatched"])
def test_unmatched_messages_can_have_a_destination(make_daemon: MakeDaemon, driver: str, inside: str) -> None:
    assert checked(make_daemon, inside, driver)[:2] == (0, "")


@pytest.mark.parametrize("inside", ["disk-buffer(reliable(yes))", "log-fifo-size(10)", "workers(2)", 'persist-name("x")', "colour(red)"])
def test_what_has_no_queue_takes_no_options_of_queues(make_daemon: MakeDaemon, inside: str) -> None:
    status, said, place = checked(make_daemon, inside, "jam-etl-unmatched")
    assert status != 0 and place in said, said


@pytest.mark.parametrize("csv, line", [
    (b"sender_id,team\n0xab\n", 2), (b"sender_id,team\n0xab,a\n\n0xcd,b,c\n", 4), (b"0xab,\n", 1),
    (b"# teams\n,team\n", 2), (b'0xab,"open\n', 1), (b'0xab,"a"b\n', 1), (b"0xab;team\n", 1),
])
def test_a_malformed_team_map_is_refused_with_its_line(
        make_daemon: MakeDaemon, tmp_path: Path, csv: bytes, line: int) -> None:
    path = tmp_path / "teams.csv"
    path.write_bytes(csv)
    status, said, place = checked(make_daemon, f'{JSONL} team-map("{path}")')
    assert status != 0, said
    assert place in said and "team-map()" in said and str(path) in said
    assert re.search(rf"line {line}\b", said), said


def test_a_team_map_that_is_not_utf8_is_refused(make_daemon: MakeDaemon, tmp_path: Path) -> None:
    path = tmp_path / "teams.csv"
    path.write_bytes(b"0xab,t\xe9am\n")
    status, said, place = checked(make_daemon, f'{JSONL} team-map("{path}")')
    assert status != 0 and place in said and "UTF-8" in said and str(path) in said


@pytest.mark.parametrize("csv", [b"", b"sender_id,team\n", b"# comment\n\n0xab,a\r\n0xAB,b\n", b'"0xab","a ""b"", c"\n',
                                 b"0xab,a"])
def test_a_good_team_map_passes(make_daemon: MakeDaemon, tmp_path: Path, csv: bytes) -> None:
    path = tmp_path / "teams.csv"
    path.write_bytes(csv)
    assert checked(make_daemon, f'{JSONL} team-map("{path}")')[:2] == (0, "")


@pytest.mark.parametrize("arguments, named", [
    ("colour(red)", "colour"), ("dialect(spice)", "dialect()"), ('directory("relative")', "directory()"),
    ("workers(2)", "workers()"), ("log-msg-size(x)", "x"), ("tables(none)", "tables()"),
])
def test_a_bad_argument_of_the_one_line_server_stops_the_start(
        make_daemon: MakeDaemon, arguments: str, named: str) -> None:
    daemon = make_daemon(f"jam-etl-server({arguments})\n")
    result = daemon.check_syntax()
    assert result.returncode != 0
    assert named in result.stdout
    assert f"{daemon.config_file}:3" in result.stdout, result.stdout


@pytest.mark.parametrize("config", ["jam-etl-server()", "jam-etl-server(port(5001))", "jam_etl_server()"])
def test_the_one_line_server_needs_no_argument(make_daemon: MakeDaemon, config: str) -> None:
    result = make_daemon(f"{config}\n").check_syntax()
    assert (result.returncode, result.stdout) == (0, "")


def test_a_configuration_that_does_not_mention_us_is_as_before(make_daemon: MakeDaemon) -> None:
    """scl.conf includes our file in every configuration on the host."""
    result = make_daemon("log { source { internal(); }; destination { file('/dev/null'); }; };\n").check_syntax()
    assert (result.returncode, result.stdout) == (0, "")


def test_the_module_says_what_it_is(make_daemon: MakeDaemon) -> None:
    daemon = make_daemon("")
    said = daemon.run("--module-registry")
    ours = said[said.index("Module: jam-etl"):].split("Module:")[1]
    assert "Status: ok" in ours
    for name in ("jam.etl", "jam.etl.unmatched"):
        assert re.search(rf"(dest-drv|destination)\s+{name}\n", ours), ours


@pytest.mark.parametrize("path", sorted((TOP / "examples").glob("*.conf")), ids=lambda path: path.name)
def test_the_examples_pass(make_daemon: MakeDaemon, path: Path) -> None:
    result = make_daemon(path.read_text(), head="").check_syntax()
    assert (result.returncode, without_version_notice(result.stdout)) == (0, "")
