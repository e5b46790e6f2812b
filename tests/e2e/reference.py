# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What is in tests/data: real telemetry, one sample a message kind, and messages of every Gray Paper."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "data"


def log_messages() -> list[bytes]:
    return [line for path in sorted((DATA / "logs").glob("*.log")) for line in path.read_bytes().splitlines() if line]


def team_of(sender_id: str) -> str:
    return "Colorful Notion" if int(sender_id[2:4], 16) < 128 else "Jam-Duna"


def team_map_of(messages: list[bytes]) -> dict[str, str]:
    return {key: team_of(key) for key in sorted({json.loads(message)["sender_id"] for message in messages})}


def samples() -> list[bytes]:
    """As they are, on several lines."""
    paths = sorted((DATA / "samples").glob("*.json"))
    assert len(paths) == 9
    return [path.read_bytes() for path in paths]


@dataclass(frozen=True)
class GrayPaperMessage:
    text: bytes
    expected: dict[str, Any]

    @property
    def name(self) -> str:
        return "line {line}, {msg_type}, {version}, {style}".format_map(self.expected)


def gray_paper(folder: Path) -> list[GrayPaperMessage]:
    texts = (folder / "messages.jsonl").read_bytes().splitlines()
    lines = (folder / "expected.jsonl").read_bytes().splitlines()
    assert len(texts) == len(lines)
    return [GrayPaperMessage(text, json.loads(line)) for text, line in zip(texts, lines)]
