# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Time as the stand-in sees it: the machine's, plus what the tests have skipped."""

from __future__ import annotations

import time


class Clock:
    """Seconds since the epoch; advance() lets tokens, windows and waits run out at once."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def now(self) -> float:
        return time.time() + self._skipped

    def advance(self, seconds: float) -> None:
        self._skipped += seconds
