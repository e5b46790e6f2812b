# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Syslog over TCP, as senders of telemetry use it, and the generator of their messages."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterable

from daemon import BUILD

HOST = "node-1.example"
FRAMINGS = ("newline", "octet-counted")
HEADERS = ("rfc3164", "rfc5424")


def header(form: str = "rfc5424", program: str = "jamtart", host: str = HOST) -> bytes:
    """program may carry a pid, as in jamtart[123]."""
    if form == "rfc3164":
        return f"<14>Jun  1 00:00:00 {host} {program}: ".encode()
    name, _, pid = program.rstrip("]").partition("[")
    return f"<14>1 2025-06-01T00:00:00.000000Z {host} {name} {pid or '-'} - - ".encode()


def frame(message: bytes, framing: str = "newline", **header_options: str) -> bytes:
    record = header(**header_options) + message
    if framing == "octet-counted":
        return b"%d %s" % (len(record), record)
    return record + b"\n"


class Sender:
    """One TCP connection; closing it tells the daemon that all was sent."""

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)

    def send(self, *messages: bytes, **frame_options: str) -> None:
        self.socket.sendall(b"".join(frame(message, **frame_options) for message in messages))

    def send_raw(self, data: bytes) -> None:
        self.socket.sendall(data)

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


def send(port: int, messages: Iterable[bytes], **frame_options: str) -> None:
    with Sender(port) as sender:
        sender.send(*messages, **frame_options)


def generate(**options: object) -> list[bytes]:
    """The generator's messages, without line ends: generate(slots=2, blob_size=10)."""
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    result = subprocess.run([str(BUILD / "jamtart-gen"), "--quiet", *arguments], stdout=subprocess.PIPE, check=True,
                            timeout=120)
    return result.stdout.splitlines()
