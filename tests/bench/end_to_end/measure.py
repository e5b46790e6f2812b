# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""One contender, one run."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from daemon import Daemon, free_port

from .contenders import Contender

POLL_SECONDS = 0.02
LIMIT_SECONDS = 600


@dataclass
class Run:
    seconds: float
    cpu_seconds: float
    peak_kib: int


def _send(path: Path, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection, path.open("rb") as file:
        connection.sendfile(file)


def _written(daemon: Daemon) -> int:
    return sum(int(number) for number in re.findall(r"^dst\.(?:jam-etl|file);.*;written;(\d+)$", daemon.stats(), re.M))


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _carry(daemon: Daemon, port: int, files: list[Path], messages: int) -> Run:
    cpu = _cpu_seconds(daemon.pid)
    start = time.monotonic()
    senders = [threading.Thread(target=_send, args=(path, port)) for path in files]
    for sender in senders:
        sender.start()
    # to be asked costs the daemon a thread each time, so only at the end
    for sender in senders:
        sender.join(LIMIT_SECONDS)
    while _written(daemon) < messages:
        if time.monotonic() - start > LIMIT_SECONDS:
            raise SystemExit(f"bench: not done in {LIMIT_SECONDS} s\n{daemon.tail()}")
        time.sleep(POLL_SECONDS)
    return Run(time.monotonic() - start, _cpu_seconds(daemon.pid) - cpu, daemon.peak_memory_kib())


def measure(contender: Contender, files: list[Path], messages: int, folder: Path) -> Run:
    """Sends the files, one connection each, and waits until all messages are written."""
    port = free_port()
    out = folder / "out"
    shutil.rmtree(folder, ignore_errors=True)
    out.mkdir(parents=True)
    daemon = Daemon(folder / "daemon", contender.config(port, out))
    daemon.start()
    try:
        return _carry(daemon, port, files, messages)
    finally:
        daemon.stop()
        shutil.rmtree(folder)
