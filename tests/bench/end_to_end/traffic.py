# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Syslog to be sent: one file for each connection, so that sending costs next to nothing."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

KINDS = {
    "small": "--validators=6 --cores=2",
    "full": "--validators=1023 --cores=341 --services=64",
    "blobs": "--kinds=142,135,131 --blob-size=262144",
}
HEADER = b"<14>1 2025-06-01T00:00:00Z bench jamtart - - - "


@dataclass
class Traffic:
    name: str
    lines: list[bytes]

    @property
    def size(self) -> int:
        """Bytes with the syslog headers."""
        return sum(map(len, self.lines))

    def split(self, folder: Path, connections: int) -> list[Path]:
        """Deals the messages out to so many files."""
        paths = []
        for number in range(connections):
            path = folder / f"{self.name}-{connections}-{number}"
            path.write_bytes(b"".join(self.lines[number::connections]))
            paths.append(path)
        return paths


def generate(generator: Path, kind: str, megabytes: int) -> Traffic:
    """As many slots as make so many megabytes, repeated with other seeds where one run is too short."""
    lines: list[bytes] = []
    size = 0
    seed = 1
    while size < megabytes * 1_000_000:
        command = [str(generator), "--quiet", "--syslog", f"--seed={seed}", "--slots=50", *KINDS[kind].split()]
        more = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines(keepends=True)
        lines += more
        size += sum(map(len, more))
        seed += 1
    return Traffic(kind, lines)


def read(path: Path) -> Traffic:
    """A log of messages, one a line, whatever stands before the JSON."""
    lines = []
    for line in path.read_bytes().splitlines():
        start = line.find(b"{")
        if start >= 0:
            lines.append(HEADER + line[start:] + b"\n")
    if not lines:
        raise SystemExit(f"bench: {path} holds no message")
    return Traffic(path.stem, lines)
