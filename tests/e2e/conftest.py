# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Fixtures: daemons that end with their test, and a one-line server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

# where the package of BigQuery's stand-in is
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import rows
from bigquery import DATASET, BigQueryServer, make_tables
from daemon import DEADLINE, HEAD, TOP, Daemon, free_port
from expected_rows import expected_tables
from standin import Options, StandIn, Start

SHARED = Path(os.environ.get("JAM_ETL_SHARED", TOP.parent / "shared"))


class Server(Daemon):
    """A daemon with jam-etl-server() that writes to FOLDER/out."""

    def __init__(self, folder: Path, options: str = "", block: str = "jam-etl-server", before: str = "",
                 directory: Path | None = None):
        self.port = free_port()
        self.out = directory or folder / "out"
        config = f'{before}\n{block}(ip("127.0.0.1") port({self.port}) directory("{self.out}") {options})\n'
        super().__init__(folder, config)

    def table(self, name: str) -> Path:
        return self.out / f"{name}.jsonl"

    def files(self) -> list[str]:
        """The names in the folder, but for the journal's."""
        return sorted(path.name for path in self.out.iterdir() if not path.name.startswith(".jam-etl-"))

    def rows(self, table: str) -> list[rows.Row]:
        return rows.read(self.table(table))

    def wait_for_rows(self, table: str, number: int, seconds: float = DEADLINE) -> None:
        path = self.table(table)
        self.wait_until(lambda: rows.count(path) >= number, f"{number} rows in {path} (there: {rows.count(path)})",
                        seconds)

    def wait_for_all(self, expected: dict[str, list[rows.Row]], seconds: float = DEADLINE) -> None:
        for table, there in expected.items():
            self.wait_for_rows(table, len(there), seconds)

    def assert_holds(self, messages: list[bytes], dialect: str = "dune", **options: object) -> None:
        """Every row of the messages once, in order, and no other row."""
        expected = expected_tables(messages, dialect, **options)
        self.wait_for_all(expected)
        found = {table: there for table, there in rows.read_all(self.out).items() if there}
        assert sorted(found) == sorted(expected)
        for table, there in expected.items():
            rows.assert_same(found[table], there, table)


@pytest.fixture
def ends() -> Iterator[Callable[[Daemon], Daemon]]:
    """Ends what it is given when the test is over."""
    daemons: list[Daemon] = []

    def add(daemon: Daemon) -> Daemon:
        daemons.append(daemon)
        return daemon

    yield add
    for daemon in daemons:
        daemon.kill()


@pytest.fixture
def make_server(tmp_path: Path, ends: Callable[[Daemon], Daemon]) -> Callable[..., Server]:
    """Starts a one-line server: make_server("dialect(bigquery)", folder="second")."""
    def make(options: str = "", folder: str = "server", start: bool = True, **rest: object) -> Server:
        server = Server(tmp_path / folder, options, **rest)
        ends(server)
        if start:
            server.start()
        return server
    return make


@pytest.fixture
def make_daemon(tmp_path: Path, ends: Callable[[Daemon], Daemon]) -> Callable[..., Daemon]:
    """A daemon with a configuration of its own, not started."""
    def make(config: str, folder: str = "daemon", head: str = HEAD) -> Daemon:
        daemon = Daemon(tmp_path / folder, config, head)
        ends(daemon)
        return daemon
    return make


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of service.json and user.json, whom the stand-in knows."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="session")
def one_standin(keys: Path) -> Iterator[StandIn]:
    start = Start(datasets=[DATASET], service_account_out=keys / "service.json", user_out=keys / "user.json")
    with StandIn(start) as standin:
        yield standin


@pytest.fixture
def empty_standin(one_standin: StandIn) -> Iterator[StandIn]:
    """The dataset without tables. It asks for no credentials, and keeps rows that come twice."""
    one_standin.reset()
    one_standin.options.change(asdict(Options(auth="none", dedup=False)))
    yield one_standin
    assert one_standin.failures == []


@pytest.fixture
def standin(empty_standin: StandIn) -> StandIn:
    """With all tables."""
    make_tables(empty_standin)
    return empty_standin


@pytest.fixture
def guarded(standin: StandIn) -> StandIn:
    """The same, and it asks for credentials."""
    standin.options.auth = "required"
    return standin


@pytest.fixture
def make_bigquery(tmp_path: Path, empty_standin: StandIn,
                  ends: Callable[[Daemon], Daemon]) -> Callable[..., BigQueryServer]:
    """Starts a one-line server that sends to the stand-in."""
    def make(options: str = "", start: bool = True, folder: str = "bigquery", standin: StandIn = empty_standin,
             environment: dict[str, str] = {}, **rest: str) -> BigQueryServer:
        server = BigQueryServer(tmp_path / folder, standin, options, **rest)
        server.environment.update(environment)
        ends(server)
        if start:
            server.start()
        return server
    return make


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator["SmallDisk"]:
    disk = SmallDisk(tmp_path / "disk")
    yield disk
    disk.unmount()


class SmallDisk:
    """A tmpfs that can fill up, and grow."""

    def __init__(self, path: Path, kib: int = 256):
        self.path = path
        path.mkdir()
        result = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(path)],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if result.returncode != 0:
            pytest.skip(f"a small disk needs mount, which is not permitted here: {result.stdout.strip()}")

    def grow(self, kib: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={kib}k", str(self.path)], check=True)

    def free(self) -> int:
        there = os.statvfs(self.path)
        return there.f_bavail * there.f_frsize

    def unmount(self) -> None:
        subprocess.run(["umount", "-l", str(self.path)], check=True)


@pytest.fixture
def deep_recursion() -> Iterator[None]:
    """For texts that are nested as deeply as the daemon takes them."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(10000)
    yield
    sys.setrecursionlimit(limit)


@pytest.fixture
def shared() -> Path:
    if not (SHARED / "spec").is_dir():
        pytest.skip(f"no shared folder at {SHARED} (JAM_ETL_SHARED)")
    return SHARED
