# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Access tokens given out, and who they speak for."""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass

from .clock import Clock
from .options import Options


@dataclass
class Token:
    """serial stands for it in the request log; the value never does."""

    value: str
    serial: int
    subject: str
    scopes: frozenset[str]
    expires: float


class Tokens:
    def __init__(self, options: Options, clock: Clock):
        self._options = options
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[str, Token] = {}
        self._serials: dict[str, int] = {}
        self._revoked: set[str] = set()
        self._count = 0

    def issue(self, subject: str, scopes: frozenset[str]) -> Token:
        with self._lock:
            self._count += 1
            token = Token("ya29.standin-" + secrets.token_urlsafe(48), self._count, subject, scopes,
                          self._clock.now() + self._options.token_lifetime)
            self._tokens[token.value] = token
            return token

    def find(self, value: str) -> Token | None:
        """Also one that has run out: see alive()."""
        return self._tokens.get(value)

    def alive(self, token: Token) -> bool:
        return self._clock.now() < token.expires

    def seconds_left(self, token: Token) -> int:
        return max(0, int(token.expires - self._clock.now() - 0.5))

    def see_jwt(self, value: str) -> int | None:
        """The serial of a self-signed token; None if it was made to run out."""
        digest = hashlib.sha256(value.encode()).hexdigest()
        with self._lock:
            if digest in self._revoked:
                return None
            if digest not in self._serials:
                self._count += 1
                self._serials[digest] = self._count
            return self._serials[digest]

    def expire_all(self) -> int:
        """All tokens given out or seen so far run out now."""
        with self._lock:
            alive = [one for one in self._tokens.values() if self.alive(one)]
            for token in alive:
                token.expires = 0
            self._revoked |= set(self._serials)
            return len(alive)

    def clear(self) -> None:
        """Forgets what was made to run out; tokens stay good, for their clients live on."""
        with self._lock:
            self._revoked.clear()
