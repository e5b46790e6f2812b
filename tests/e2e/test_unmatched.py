# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages with an unexpected program name: no rows, but a counter and a log line that names them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import rows
from bigquery import DATASET, PROJECT, SOON, BigQueryServer, count
from conftest import Server
from daemon import SYSLOG_NG_VERSION, Daemon, free_port
from messages import numbered
from sender import HEADERS, Sender, send
from standin import StandIn

MakeServer = Callable[..., Server]
MakeDaemon = Callable[..., Daemon]
MakeBigQuery = Callable[..., BigQueryServer]
LINE = "unexpected program name"
#: what stands before a message, and the program name that the log line shows
NAMES = {
    "no name": (b"<14>1 2025-06-01T00:00:00Z h - - - - ", ""),
    "odd bytes": (b"<14>1 2025-06-01T00:00:00Z h j\xffm\x1b[31m - - - ", r"j\xffm\x1b[31m"),
    "a letter that looks like another": (b"<14>1 2025-06-01T00:00:00Z h j\xd0\xb0mtart - - - ", r"j\xd0\xb0mtart"),
    "quotes and white space": (b"<14>Jun  1 00:00:00 h jam'\\\r\t\x07\x7f\x85: ", r"jam\'\x5c\x0d\x09\x07\x7f\x85"),
    "a long name": (b"<14>Jun  1 00:00:00 h " + b"a" * 100_000 + b": ", "a" * 128 + "..."),
    "no header but a priority": (b"<14>", '{"time"'),
    "no header": (b"", '{"time"'),
    "octets counted": (b"391 <14>1 2025-06-01T00:00:00Z h jamtart - - - ",
                       "391" if SYSLOG_NG_VERSION.startswith("3.") else "<14>1"),
    "encrypted": (b"\x16\x03\x01\x02 ", r"\x16\x03\x01\x02"),
}


def wait_for_unmatched(daemon: Daemon, number: int) -> None:
    daemon.wait_until(lambda: daemon.counters()["unmatched"] == number, f"{number} unmatched messages")


def reports(daemon: Daemon) -> list[dict[str, str]]:
    """The tags of each log line on unmatched messages."""
    return [dict(re.findall(r"(\w+)='((?:[^'\\]|\\.)*)'", line)) for line in daemon.log_lines(LINE)]


def counted(daemon: Daemon) -> list[int]:
    return [int(report["count"]) for report in reports(daemon)]


def assert_ignored_and_named(daemon: Daemon, port: int, rows_there: Callable[[], int]) -> None:
    """Of three messages two become rows; the log line names the third."""
    with Sender(port) as sender:
        sender.send(*numbered(1), program="jametl")
        sender.send(*numbered(1, first=1), program="jam-node")
        sender.send(*numbered(1, first=2), program="jamtart")
    daemon.wait_until(lambda: rows_there() == 2, "the rows of the others")
    wait_for_unmatched(daemon, 1)
    daemon.stop()
    report, = reports(daemon)
    assert (report["program"], report["peer"], report["count"]) == ("jam-node", "127.0.0.1", "1")
    assert rows_there() == 2
    assert daemon.rejected() == []


def test_the_server_names_who_sends_under_another_name(make_server: MakeServer) -> None:
    server = make_server()
    assert_ignored_and_named(server, server.port, lambda: rows.count(server.table("assurances")))


def test_the_bigquery_server_names_who_sends_under_another_name(
        make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    server = make_bigquery()
    assert_ignored_and_named(server, server.port, lambda: count(standin, "assurances"))


def test_the_dual_server_names_who_sends_under_another_name(
        make_server: MakeServer, standin: StandIn, tmp_path: Path) -> None:
    server = make_server(f'project("{PROJECT}") dataset("{DATASET}") url("{standin.url}") '
                         f'disk-buffer-options(dir("{tmp_path}"))', block="jam-etl-dual-server", before=SOON)

    def in_both() -> int:
        numbers = {rows.count(server.table("assurances")), count(standin, "assurances")}
        return numbers.pop() if len(numbers) == 1 else -1

    assert_ignored_and_named(server, server.port, in_both)


def test_further_messages_are_counted_and_reported_at_the_next_reload_and_at_the_end(
        make_server: MakeServer) -> None:
    server = make_server()
    send(server.port, [b"x"], program="first")
    server.wait_for_log(LINE)
    with Sender(server.port) as sender:
        for program in ("second", "third", "fourth"):
            sender.send(b"x", program=program)
    wait_for_unmatched(server, 4)
    assert counted(server) == [1]
    server.reload()
    assert counted(server) == [1, 3]
    assert reports(server)[1]["program"] == "fourth"
    assert server.counters()["unmatched"] == 4

    send(server.port, [b"x"], program="fifth")
    server.wait_for_log(LINE, 3)
    send(server.port, [b"x"], program="sixth")
    wait_for_unmatched(server, 6)
    server.stop()
    assert counted(server) == [1, 3, 1, 1]
    assert reports(server)[3]["program"] == "sixth"


def test_without_further_messages_the_rest_is_reported_after_a_minute(make_server: MakeServer) -> None:
    server = make_server()
    send(server.port, [b"x"], program="first")
    server.wait_for_log(LINE)
    send(server.port, [b"x"] * 2, program="other")
    wait_for_unmatched(server, 3)
    server.wait_for_log(LINE, 2, seconds=120)
    assert counted(server) == [1, 2]
    first, second = (re.search(r"T(\d+):(\d+):([\d.]+)", line) for line in server.log_lines(LINE))
    assert first and second
    seconds = [int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) for match in (first, second)]
    assert (seconds[1] - seconds[0]) % 86400 >= 59.9


def test_a_reload_that_fails_goes_on_counting(make_server: MakeServer) -> None:
    server = make_server()
    send(server.port, [b"x"], program="other")
    wait_for_unmatched(server, 1)
    config = server.config_file.read_text()
    # two destinations of one directory(): found when they start
    again = config.split("\n", 2)[2].replace(f"port({server.port})", f"port({free_port()})")
    server.config_file.write_text(config + again)
    server.reload()
    assert server.log_lines("reverting to old config")
    send(server.port, numbered(1) + [b"x"], program="other")
    send(server.port, numbered(1))
    server.wait_for_rows("assurances", 1)
    wait_for_unmatched(server, 3)


@pytest.mark.parametrize("what", NAMES)
def test_the_log_line_shows_any_program_name_in_plain_text(make_server: MakeServer, what: str) -> None:
    head, program = NAMES[what]
    server = make_server()
    with Sender(server.port) as sender:
        sender.send_raw(head + numbered(1)[0] + b"\n")
    server.wait_for_log(LINE)
    assert reports(server)[0]["program"] == program
    line, = (line for line in server.log_file.read_bytes().split(b"\n") if LINE.encode() in line)
    assert line.isascii() and line.decode().isprintable()


def test_what_has_no_readable_header_is_ignored_as_a_message_of_syslog_ng(make_server: MakeServer) -> None:
    server = make_server()
    with Sender(server.port) as sender:
        sender.send_raw(b"<14>1 yesterday h jamtart - - - {}\n")
    server.wait_for_log(LINE)
    assert (reports(server)[0]["program"], reports(server)[0]["peer"]) == ("syslog-ng", "")


@pytest.mark.parametrize("form", HEADERS)
def test_unmatched_messages_never_hold_up_a_connection(make_server: MakeServer, form: str) -> None:
    """Many times more than may be in flight, among others."""
    server = make_server("log-iw-size(100) max-connections(1)")
    with Sender(server.port) as sender:
        for i in range(20):
            sender.send(*[b"x"] * 500, form=form, program="other")
            sender.send(*numbered(20, first=20 * i), form=form)
    server.assert_holds(numbered(400))
    wait_for_unmatched(server, 10_000)
    assert server.counters()["processed"] == 400
    server.stop()
    assert sum(counted(server)) == 10_000


def test_two_servers_count_for_themselves(make_daemon: MakeDaemon) -> None:
    daemon = make_daemon("")
    ports = [free_port(), free_port()]
    daemon.set_config("\n".join(f'jam-etl-server(ip("127.0.0.1") port({port}) directory("{daemon.folder}/{port}"))'
                                for port in ports))
    daemon.start()
    send(ports[0], [b"x"], program="one")
    send(ports[1], [b"x"] * 2, program="two")
    wait_for_unmatched(daemon, 3)
    found = re.findall(r"jam-etl,unmatched,tcp,127\.0\.0\.1:(\d+);a;unmatched;(\d+)$", daemon.stats(), re.MULTILINE)
    assert dict(found) == {str(ports[0]): "1", str(ports[1]): "2"}
    assert {report["program"] for report in reports(daemon)} == {"one", "two"}


def test_a_server_that_is_gone_counts_no_more(make_daemon: MakeDaemon) -> None:
    daemon = make_daemon("")
    servers = [f'jam-etl-server(ip("127.0.0.1") port({free_port()}) directory("{daemon.folder}/{i}"))\n'
               for i in range(2)]
    daemon.set_config("".join(servers))
    daemon.start()
    assert len(re.findall(";a;unmatched;", daemon.stats())) == 2
    daemon.set_config(servers[0])
    daemon.reload()
    assert len(re.findall(";a;unmatched;", daemon.stats())) == 1


def test_two_servers_can_share_a_port(make_daemon: MakeDaemon) -> None:
    """Which of them gets a connection is the kernel's choice."""
    daemon = make_daemon("")
    port = free_port()
    daemon.set_config("\n".join(f"""jam-etl-server(ip("127.0.0.1") port({port}) directory("{daemon.folder}/{name}")
        source-options(so-reuseport(yes) persist-name("{name}")))""" for name in "ab"))
    daemon.start()
    for _ in range(10):
        send(port, [b"x"], program="other")
    wait_for_unmatched(daemon, 10)


@pytest.mark.parametrize("driver, instance", [
    ("jam-etl-unmatched()", "jam-etl,unmatched"),
    ("jam_etl_unmatched(instance('mine'))", "jam-etl,unmatched,mine"),
])
def test_log_paths_of_ones_own_can_have_it(make_daemon: MakeDaemon, driver: str, instance: str) -> None:
    daemon = make_daemon("")
    port, out = free_port(), daemon.folder / "out"
    daemon.set_config(f"""
        source s_jam {{ jam-etl-source(ip("127.0.0.1") port({port})); }};
        destination d_ignored {{ {driver}; }};
        log {{
            source(s_jam);
            if {{
                filter {{ jam-etl-filter(program("^mine$")); }};
                destination {{ jam-etl-jsonl(directory("{out}")); }};
            }} else {{
                destination(d_ignored);
            }};
            flags(flow-control);
        }};""")
    daemon.start()
    with Sender(port) as sender:
        sender.send(*numbered(1))
        sender.send(*numbered(1, first=1), program="mine")
    daemon.wait_until(lambda: rows.count(out / "assurances.jsonl") == 1, "a row")
    wait_for_unmatched(daemon, 1)
    assert f"dst.jam-etl;d_ignored#0;{instance};a;unmatched;1\n" in daemon.stats()
    daemon.wait_for_log(LINE)
    assert reports(daemon)[0]["program"] == "jamtart"
    assert reports(daemon)[0]["driver"] == "d_ignored#0"
