# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The counters under the names of Prometheus, which syslog-ng has from version 4 on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from conftest import Server
from daemon import SYSLOG_NG_VERSION
from messages import message
from sender import send

MakeServer = Callable[..., Server]
pytestmark = pytest.mark.skipif(SYSLOG_NG_VERSION.startswith("3."), reason="syslog-ng 3 has no metrics")


def metrics(server: Server) -> dict[tuple[str, frozenset[tuple[str, str]]], int]:
    """The value of each metric, by its name and labels, but for the number of an anonymous driver."""
    found = {}
    for line in server.stats("PROMETHEUS").splitlines():
        match = re.fullmatch(r"(\w+)\{(.*)\} (\d+)", line)
        if match:
            labels = dict(re.findall(r'(\w+)="((?:[^"\\\\]|\\\\.)*)"', match[2]))
            labels.pop("id", None)
            found[match[1], frozenset(labels.items())] = int(match[3])
    return found


def test_each_table_and_reason_has_a_metric_that_names_the_destination(make_server: MakeServer) -> None:
    server = make_server()
    send(server.port, [message(131, {"elapsed": 1}), message(131, {"elapsed": 2}), message(141), b"{}"])
    send(server.port, [b"x"], program="other")
    server.wait_for_rows("tickets", 2)
    server.wait_for_rows("assurances", 1)
    server.wait_for_rejected(1)
    server.wait_until(lambda: server.counters()["unmatched"] == 1, "the message of another program is counted")
    destination = {"driver": "jam-etl", "driver_instance": f"jam-etl,jsonl,{server.out}"}
    expected = {
        ("syslogng_jam_etl_rows_total", frozenset({**destination, "table": "tickets"}.items())): 2,
        ("syslogng_jam_etl_rows_total", frozenset({**destination, "table": "assurances"}.items())): 1,
        ("syslogng_jam_etl_rows_total", frozenset({**destination, "table": "blocks"}.items())): 0,
        ("syslogng_jam_etl_rejected_messages_total", frozenset({**destination, "reason": "missing-value"}.items())): 1,
        ("syslogng_jam_etl_suppressed_messages_total", frozenset(destination.items())): 0,
        ("syslogng_output_events_total", frozenset({**destination, "result": "delivered"}.items())): 4,
        ("syslogng_jam_etl_unmatched_messages_total", frozenset({
            "driver": "jam-etl", "driver_instance": f"jam-etl,unmatched,tcp,127.0.0.1:{server.port}"}.items())): 1,
    }
    found = metrics(server)
    assert {key: found.get(key) for key in expected} == expected


def test_the_counters_of_csv_are_those_of_syslog_ng_3(make_server: MakeServer) -> None:
    server = make_server()
    send(server.port, [message(131)])
    server.wait_for_rows("tickets", 1)
    server.wait_until(lambda: server.counters()["written"] == 1, "the message is acknowledged")
    lines = [line for line in server.stats().splitlines() if f"jam-etl,jsonl,{server.out}" in line]
    assert [line for line in lines if re.fullmatch(r"dst\.jam-etl_rows_tickets;[^;]*;[^;]*;a;value;1|"
                                                  r"dst\.jam-etl;[^;]*;[^;]*;a;rows_tickets;1", line)], lines
    assert all(line.split(";")[2] == f"jam-etl,jsonl,{server.out}" for line in lines), lines
