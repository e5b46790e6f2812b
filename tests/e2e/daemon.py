# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The daemon under test: a real syslog-ng in the foreground, with a state folder of its own."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from signal import SIGHUP, SIGKILL, SIGTERM, Signals

import rows

TOP = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("JAM_ETL_BUILD", TOP / "build")).resolve()
SYSLOG_NG = shlex.split(os.environ.get("JAM_ETL_SYSLOG_NG", str(TOP / "scripts" / "syslog-ng")))
LOG_TAIL = 6000
#: how long to wait for what should come at once, in seconds
DEADLINE = float(os.environ.get("JAM_ETL_DEADLINE", 60))
SYSLOG_NG_VERSION = subprocess.run(["pkg-config", "--modversion", "syslog-ng"], check=True, stdout=subprocess.PIPE,
                                   text=True).stdout.strip()
#: of the configuration's format: another than syslog-ng's own is a warning at each start
VERSION_LINE = f"@version: {'.'.join(SYSLOG_NG_VERSION.split('.')[:2])}\n"
HEAD = f'{VERSION_LINE}@include "scl.conf"\n'


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until(condition: Callable[[], object], what: str, seconds: float = DEADLINE,
               context: Callable[[], str] = lambda: "") -> None:
    """Waits for the condition; what says what should have happened, context what was seen instead."""
    deadline = time.monotonic() + seconds
    pause = 0.01
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}\n{context()}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)


class Daemon:
    """One syslog-ng and its folder: FOLDER/syslog-ng.conf, FOLDER/log, FOLDER/state."""

    def __init__(self, folder: Path, config: str, head: str = HEAD):
        self.folder = folder
        self.state = folder / "state"
        self.log_file = folder / "log"
        self.config_file = folder / "syslog-ng.conf"
        self.environment: dict[str, str] = {}
        #: as in most containers; without it syslog-ng gives up the privileges that it does not need
        self.options = ["--no-caps"]
        self.process: subprocess.Popen[bytes] | None = None
        self.state.mkdir(parents=True, exist_ok=True)
        self.set_config(config, head)

    def set_config(self, config: str, head: str = HEAD) -> None:
        self.config_file.write_text(head + config)

    def command(self, *arguments: str) -> list[str]:
        return [*SYSLOG_NG, *self.options,
                f"--persist-file={self.state}/syslog-ng.persist",
                f"--control={self.control}",
                f"--pidfile={self.state}/syslog-ng.pid",
                "-f", str(self.config_file), *arguments]

    @property
    def control(self) -> Path:
        return self.state / "syslog-ng.ctl"

    @property
    def reject_file(self) -> Path:
        """The default place."""
        return self.state / "jam-etl-rejected.jsonl"

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "JAM_ETL_BUILD": str(BUILD), "JAM_ETL_STATE": str(self.state), **self.environment}

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*arguments), env=self._environment(), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)

    def check_syntax(self) -> subprocess.CompletedProcess[str]:
        return self._run("-s")

    def run(self, *arguments: str) -> str:
        """For arguments that make it say something and end."""
        result = self._run(*arguments)
        assert result.returncode == 0, result.stdout
        return result.stdout

    def start(self) -> "Daemon":
        starts = self.log().count("syslog-ng starting up")
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(self.command("-F", "-e"), env=self._environment(), cwd=self.folder,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.wait_until(lambda: self.log().count("syslog-ng starting up") > starts, "the daemon starts")
        self.wait_until(self._answers, "the daemon's control socket answers")
        return self

    def run_to_its_end(self, seconds: float = DEADLINE) -> int:
        """For configurations that must stop the start."""
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(self.command("-F", "-e"), env=self._environment(), cwd=self.folder,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self.process.wait(seconds)

    def send_signal(self, number: Signals) -> None:
        assert self.process
        self.process.send_signal(number)

    def stop(self, number: Signals = SIGTERM, seconds: float = DEADLINE) -> None:
        """Ends the daemon, and sees to it that it ended as it should."""
        if not self.process or self.process.poll() is not None:
            return
        self.process.send_signal(number)
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"not ended within {seconds} s of {number.name}\n{self.tail()}") from None
        expected = -SIGKILL if number == SIGKILL else 0
        assert status == expected, f"the daemon ended with {status}\n{self.tail()}"

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def reload(self, seconds: float = DEADLINE) -> None:
        """Sends SIGHUP and waits until the new configuration runs."""
        before = self.log().count("Configuration reload finished")
        self.send_signal(SIGHUP)
        self.wait_until(lambda: self.log().count("Configuration reload finished") > before,
                        "the reload finishes", seconds)

    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def log_lines(self, part: str) -> list[str]:
        return [line for line in self.log().splitlines() if part in line]

    def tail(self) -> str:
        return f"--- {self.log_file}\n{self.log()[-LOG_TAIL:]}"

    def wait_until(self, condition: Callable[[], object], what: str, seconds: float = DEADLINE) -> None:
        def alive_and_met() -> object:
            met = condition()
            if not met and self.process and self.process.poll() is not None:
                raise AssertionError(f"the daemon ended with {self.process.returncode} before: {what}\n{self.tail()}")
            return met
        wait_until(alive_and_met, what, seconds, self.tail)

    def wait_for_log(self, part: str, times: int = 1, seconds: float = DEADLINE) -> None:
        self.wait_until(lambda: len(self.log_lines(part)) >= times, f"{times} log line(s) with: {part}", seconds)

    def stats(self, form: str = "CSV") -> str:
        """What syslog-ng-ctl stats prints; to start that again and again takes a good part of a processor.

        Without the form, syslog-ng 4.12 aborts."""
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(60)
            control.connect(str(self.control))
            control.sendall(f"STATS {form}\n".encode())
            answer = b""
            while not answer.endswith(b"\n.\n"):
                more = control.recv(65536)
                if not more:
                    raise ConnectionError(f"half an answer: {answer!r}")
                answer += more
        return answer.decode().removesuffix(".\n")

    def _answers(self) -> bool:
        try:
            return bool(self.stats())
        except OSError:
            return False

    def counters(self) -> dict[str, int]:
        """The counters of all jam-etl destinations, added up: {"rows_blocks": 3, "written": 7, ...}."""
        sums: dict[str, int] = {}
        for line in self.stats().splitlines():
            source, _, _, _, kind, number = (line.rsplit(";", 5) + [""] * 6)[:6]
            if source == "dst.jam-etl" or source.startswith("dst.jam-etl"):
                name = kind if kind != "value" else source.split("_", 1)[-1]
                sums[name] = sums.get(name, 0) + int(number)
        return sums

    def rejected(self) -> list[dict[str, object]]:
        return [rows.plain(entry) for entry in rows.read(self.reject_file)]

    def wait_for_rejected(self, number: int, seconds: float = DEADLINE) -> None:
        self.wait_until(lambda: rows.count(self.reject_file) >= number, f"{number} rejected messages", seconds)

    def open_files(self, below: Path) -> list[str]:
        targets = []
        for link in Path(f"/proc/{self.pid}/fd").iterdir():
            try:
                targets.append(os.readlink(link))
            except FileNotFoundError:
                pass
        return [target for target in targets if target.startswith(f"{below}/")]

    def peak_memory_kib(self) -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
        raise AssertionError("no VmHWM")
