# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What was asked and answered, without secrets: tokens and upload sessions appear as numbers."""

from __future__ import annotations

import re
import threading
from typing import Any

_SECRETS = re.compile(r"(?<=[?&])(upload_id|access_token|key)=[^&]*")


class RequestLog:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[dict[str, Any]] = []
        self._count = 0
        self._in_flight = 0

    def begin(self) -> tuple[int, int]:
        """The request's number, and how many are being answered now."""
        with self._lock:
            self._count += 1
            self._in_flight += 1
            return self._count, self._in_flight

    def end(self, entry: dict[str, Any]) -> None:
        with self._lock:
            self._in_flight -= 1
            self._entries.append(entry)

    @property
    def in_flight(self) -> int:
        """Requests that are being answered now: not among the entries yet."""
        with self._lock:
            return self._in_flight

    def entries(self, since: int = 0) -> list[dict[str, Any]]:
        """Those with a number over since, in the order in which they were answered."""
        with self._lock:
            return [entry for entry in self._entries if entry["number"] > since]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()


def without_secrets(target: str) -> str:
    return _SECRETS.sub(r"\1=...", target)
