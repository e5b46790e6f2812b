# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Configurations that do something with the same messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# file() counts from level 1 on
_LOG_PATH = """
options {{ stats-level(1); }};
source s_bench {{ jam-etl-source(ip("127.0.0.1") port({port}) log-msg-size(67108864)); }};
destination d_bench {{ {destination} }};
log {{ source(s_bench); filter {{ jam-etl-filter(); }}; {parser} destination(d_bench); flags(flow-control); }};
"""
_ONE_LINE = """
options {{ stats-level(1); }};
jam-etl-server(ip("127.0.0.1") port({port}) log-msg-size(67108864)
    directory("{out}") {options})
"""


@dataclass(frozen=True)
class Contender:
    name: str
    what: str
    config: Callable[[int, Path], str]
    """port, output folder -> configuration"""


def _path(destination: str, parser: str = "") -> Callable[[int, Path], str]:
    return lambda port, out: _LOG_PATH.format(port=port, destination=destination.replace("OUT", str(out)), parser=parser)


def _server(options: str) -> Callable[[int, Path], str]:
    return lambda port, out: _ONE_LINE.format(port=port, out=out, options=options)


RAW = Contender("raw", "`file()`, the messages as they are", _path('file("OUT/raw.log" template("${MESSAGE}\\n"));'))

FILES = [
    RAW,
    Contender("null", "the same into `/dev/null`", _path('file("/dev/null" template("${MESSAGE}\\n"));')),
    Contender("format-json", "`json-parser()`, `$(format-json)`, a file for each msg_type",
              _path('file("OUT/${.jam.msg_type}.jsonl" template("$(format-json --scope none --key .jam.*)\\n"));',
                    'parser { json-parser(prefix(".jam.")); };')),
    Contender("jsonl", "jam-etl, `jsonl()`", _server("")),
    Contender("jsonl-no-journal", "jam-etl, `jsonl(exactly-once(no))`", _server("exactly-once(no)")),
    Contender("jsonl-bigquery", "jam-etl, `jsonl(dialect(bigquery))`", _server('dialect("bigquery")')),
    Contender("jsonl-fsync", "jam-etl, `jsonl(fsync(yes))`", _server("fsync(yes)")),
]


def bigquery(url: str) -> list[Contender]:
    """Against a server that takes all."""
    def make(workers: int, compression: str) -> Contender:
        destination = (f'jam-etl-bigquery(project("bench") dataset("jam") url("{url}") workers({workers}) '
                       f"compression({compression}));")
        packed = "gzip" if compression == "yes" else "not compressed"
        return Contender(f"bigquery-{workers}-{'gzip' if compression == 'yes' else 'plain'}",
                         f"jam-etl, `bigquery()`, {workers} worker(s), {packed}", _path(destination))
    return [make(workers, compression) for compression in ("no", "yes") for workers in (1, 2)]
