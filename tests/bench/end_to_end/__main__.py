# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""See scripts/bench."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[2] / "e2e"), str(HERE.parents[1])]

from daemon import BUILD, free_port  # noqa: E402
from end_to_end import contenders, measure, report, traffic  # noqa: E402
from end_to_end.endpoint import Endpoint  # noqa: E402


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=200, help="of each traffic (200)")
    parser.add_argument("--traffic", action="append", choices=sorted(traffic.KINDS), help="only this; may be repeated")
    parser.add_argument("--connections", type=int, action="append", help="1 and 4 by default")
    parser.add_argument("--only", action="append", help="only this contender, and raw; may be repeated")
    parser.add_argument("--folder", type=Path, default=Path("/dev/shm"), help="where to write while measuring")
    parser.add_argument("--results", type=Path, default=HERE.parents[1] / "results")
    parser.add_argument("logs", nargs="*", type=Path, metavar="LOG", help="more traffic: files with a message a line")
    return parser.parse_args()


def choose(names: list[str] | None, url: str) -> list[contenders.Contender]:
    all_of_them = contenders.FILES + contenders.bigquery(url)
    return [one for one in all_of_them if not names or one is contenders.RAW or one.name in names]


def run_table(fed: traffic.Traffic, connections: int, chosen: list[contenders.Contender], rounds: int,
              folder: Path) -> report.Table:
    files = fed.split(folder, connections)
    series = [report.Series(one, []) for one in chosen]
    for number in range(rounds):
        for one in series:
            one.runs.append(measure.measure(one.contender, files, len(fed.lines), folder / "run"))
            speed = fed.size / one.runs[-1].seconds / 1e6
            print(f"{fed.name} {connections} round {number + 1}: {one.contender.name:16} {speed:6.0f} MB/s", flush=True)
    for path in files:
        path.unlink()
    return report.Table(fed, connections, series)


def main() -> None:
    arguments = parse_arguments()
    folder = Path(tempfile.mkdtemp(prefix="jam-etl-bench-", dir=arguments.folder))
    tables: list[report.Table] = []
    fed_by = [traffic.generate(BUILD / "jamtart-gen", kind, arguments.megabytes)
              for kind in arguments.traffic or traffic.KINDS] + [traffic.read(path) for path in arguments.logs]
    try:
        with Endpoint(folder / "nginx", BUILD / "schema" / "bigquery", free_port()) as endpoint:
            chosen = choose(arguments.only, endpoint.url)
            for fed in fed_by:
                for connections in arguments.connections or [1, 4]:
                    tables.append(run_table(fed, connections, chosen, arguments.rounds, folder))
    finally:
        shutil.rmtree(folder)
    arguments.results.mkdir(exist_ok=True)
    text = report.markdown(tables, arguments.rounds)
    machine = f"{os.cpu_count()} processors, {os.uname().machine}"
    (arguments.results / "end-to-end.md").write_text(f"{text}\n{machine}; feeder, daemon and server share them.\n")
    (arguments.results / "end-to-end.svg").write_text(report.svg(tables))
    print(text)


main()
