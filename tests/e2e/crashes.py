# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""kill -9 at random moments, restarts, and what is in the files at the end; scripts/crash-test runs it."""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import xxhash

import rows
from daemon import Daemon, free_port
from messages import message
from sender import Sender, frame

#: messages that one life of the daemon may write: what throttle() lets through at once
PER_LIFE = 300
KINDS = (141, 13, 131)
TABLES = {141: {"assurances": 1}, 131: {"tickets": 1},
          13: {"validatorstatistics": 2, "corestatistics": 1, "servicestatistics": 1}}
#: of lives, seconds: how long after the start, on average
LIFE = 0.08
#: in how many of them the kill comes before the daemon is up, or just then
EARLY = 0.4


class Broken(Exception):
    """What should stand in the files exactly once does not."""


@dataclass
class Scenario:
    """What is sent and how; a daemon is made for it in a folder."""

    name: str
    #: messages a life can finish
    per_life: int
    #: number of sources, whose messages may mix
    sources: int
    config: Callable[["Run"], str]
    prepare: Callable[["Run"], None]


@dataclass
class Run:
    folder: Path
    scenario: Scenario
    kills: int
    seed: int
    options: str = ""
    messages: list[bytes] = field(default_factory=list)
    port: int = field(default_factory=free_port)
    throttled: bool = True

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.out = self.folder / "out"
        self.messages = [numbered(i) for i in range(self.kills * self.scenario.per_life)]
        self.daemon = Daemon(self.folder, "")
        self.startup = 0.3

    def throttle(self, number: int = PER_LIFE) -> str:
        return f"throttle({number})" if self.throttled else ""

    def destination(self, more: str = "") -> str:
        return (f'destination d_jam {{ jam-etl(jsonl(directory("{self.out}") {self.options}) '
                f"batch-lines(40) {self.throttle()} {more}); }};")


def numbered(i: int) -> bytes:
    return message(KINDS[i % len(KINDS)], {"elapsed": i, "codec_encoded": "0x" + "ab" * (i * 7919 % 3000)})


def input_file(run: Run, source: int) -> Path:
    return run.folder / f"input-{source}.log"


def write_inputs(run: Run) -> None:
    for source in range(run.scenario.sources):
        mine = run.messages[source::run.scenario.sources]
        input_file(run, source).write_bytes(b"".join(frame(text, form="rfc3164") for text in mine))


def file_source(run: Run, window: int) -> str:
    files = "".join(f'file("{input_file(run, source)}" log-iw-size({window}) log-fetch-limit(100) log-msg-size(100000) '
                    f"follow-freq(0.05));\n" for source in range(run.scenario.sources))
    return f"source s_files {{\n{files}}};"


def one_file(run: Run) -> str:
    return f"""{file_source(run, 10000)}
        {run.destination()}
        log {{ source(s_files); destination(d_jam); flags(flow-control); }};"""


def with_a_slow_destination(run: Run) -> str:
    """Sources are acknowledged when the slower one has written, so much comes again."""
    return f"""{file_source(run, 400)}
        {run.destination()}
        destination d_slow {{ file("{run.folder}/slow" {run.throttle(run.scenario.per_life)}); }};
        log {{ source(s_files); destination(d_jam); destination(d_slow); flags(flow-control); }};"""


def disk_buffer(run: Run) -> str:
    return f"""options {{ time-reopen(1); }};
        source s_tcp {{ jam-etl-source(ip("127.0.0.1") port({run.port}) max-connections(10)); }};
        {run.destination(f'disk-buffer(reliable(yes) disk-buf-size(2000000000) mem-buf-size(100000000) dir("{run.folder}"))')}
        log {{ source(s_tcp); destination(d_jam); flags(flow-control); }};"""


def fill_disk_buffer(run: Run) -> None:
    """While the folder cannot be made."""
    run.out.symlink_to(run.folder / "nowhere" / "at-all")
    run.daemon.start()
    with Sender(run.port) as sender:
        for start in range(0, len(run.messages), 100):
            sender.send(*run.messages[start:start + 100])
    run.daemon.wait_until(lambda: run.daemon.counters()["processed"] == len(run.messages), "all is in the buffer", 300)
    run.daemon.stop()
    run.out.unlink()


SCENARIOS = {scenario.name: scenario for scenario in (
    Scenario("file", PER_LIFE, 1, one_file, write_inputs),
    Scenario("buffer", PER_LIFE, 1, disk_buffer, fill_disk_buffer),
    Scenario("slow", 150, 2, with_a_slow_destination, write_inputs),
)}


def live_and_die(run: Run) -> None:
    """Kills the daemon at a moment of its start or of the time thereafter."""
    daemon = run.daemon
    starts = daemon.log().count("syslog-ng starting up")
    begin = time.monotonic()
    early = run.random.random() < EARLY
    life = run.random.uniform(0, 1.3 * run.startup) if early else run.random.expovariate(1 / LIFE)
    process = daemon.process = spawn(daemon)
    while not early and daemon.log().count("syslog-ng starting up") == starts and process.poll() is None:
        time.sleep(0.005)
    if not early:
        run.startup = 0.8 * run.startup + 0.2 * (time.monotonic() - begin)
    time.sleep(life)
    if process.poll() is not None:
        raise Broken(f"the daemon ended with {process.returncode}\n{daemon.tail()}")
    process.kill()
    process.wait()


def spawn(daemon: Daemon) -> subprocess.Popen[bytes]:
    with daemon.log_file.open("ab") as log:
        return subprocess.Popen(daemon.command("-F", "-e"), env=daemon._environment(), cwd=daemon.folder,
                                stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def finish(run: Run) -> int:
    """Lets the daemon write what is left. Returns how many messages it knew."""
    run.throttled = False
    run.daemon.set_config(run.scenario.config(run))
    run.daemon.start()
    last = expected_ids(run)
    try:
        run.daemon.wait_until(lambda: all(rows.count(run.out / f"{table}.jsonl") >= len(ids)
                                          for table, ids in last.items())
                              and run.daemon.counters()["queued"] == 0, "all is written", 120)
        suppressed = run.daemon.counters().get("suppressed", 0)
        run.daemon.stop()
    finally:
        run.daemon.kill()
    return suppressed


def expected_ids(run: Run) -> dict[str, list[str]]:
    """The row_ids of each table, in order."""
    ids: dict[str, list[str]] = {}
    for i, text in enumerate(run.messages):
        digest = xxhash.xxh3_128_hexdigest(text)
        for table, number in TABLES[KINDS[i % len(KINDS)]].items():
            ids.setdefault(table, []).extend(f"{digest}-{k}" for k in range(number))
    return ids


def check_table(run: Run, table: str, expected: list[str]) -> None:
    found = [(str(row["row_id"]), int(str(row["elapsed"]))) for row in rows.read(run.out / f"{table}.jsonl")]
    ids = [row_id for row_id, _ in found]
    missing, twice = set(expected) - set(ids), len(ids) - len(set(ids))
    if missing or twice or len(ids) != len(expected):
        raise Broken(f"{table}: {len(ids)} rows, {len(expected)} expected; {len(missing)} missing, {twice} twice")
    for source in range(run.scenario.sources):
        numbers = [number for _, number in found if number % run.scenario.sources == source]
        if numbers != sorted(numbers):
            raise Broken(f"{table}: the rows of source {source} are not in order")


def crash_test(folder: Path, scenario: str, kills: int, seed: int, options: str = "") -> str:
    """Raises Broken, or AssertionError for a line that is not whole; returns what was done, in words."""
    run = Run(folder, SCENARIOS[scenario], kills, seed, options)
    run.daemon.set_config(run.scenario.config(run))
    run.scenario.prepare(run)
    try:
        for _ in range(kills):
            live_and_die(run)
    finally:
        run.daemon.kill()
    before = rows_so_far(run)
    suppressed = finish(run)
    for table, expected in expected_ids(run).items():
        check_table(run, table, expected)
    return (f"{scenario}, seed {seed}: {kills} kills, {len(run.messages)} messages, each exactly once; "
            f"{before} rows were there after the last kill, and {suppressed} messages known at the end")


def rows_so_far(run: Run) -> int:
    return sum(rows.count(path) for path in run.out.glob("*.jsonl"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="crash-test", description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="in each scenario")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scenario", choices=SCENARIOS, action="append", help="only this one; default: all")
    parser.add_argument("--options", default="", help='more options of jsonl(), such as "fsync(yes)"')
    arguments = parser.parse_args()
    failed = 0
    for scenario in arguments.scenario or SCENARIOS:
        with tempfile.TemporaryDirectory(prefix="crash-test-", dir=os.environ.get("TMPDIR")) as folder:
            try:
                said = crash_test(Path(folder), scenario, arguments.kills, arguments.seed, arguments.options)
            except (Broken, AssertionError) as e:
                said = f"{scenario}, seed {arguments.seed}: BROKEN: {e}"
                failed += 1
        print(said, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
