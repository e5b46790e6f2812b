# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Resumable upload sessions, as BQ/docs/reference/api-uploads: 308 with Range until all bytes are there."""

from __future__ import annotations

import re
import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

from .clock import Clock
from .errors import ApiError, bad_request
from .options import Options

CHUNK = 262_144
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


@dataclass
class Session:
    project: str
    metadata: dict[str, Any]
    total: int | None
    expires: float
    number: int
    data: bytearray = field(default_factory=bytearray)
    done: dict[str, Any] | None = None
    """The job resource, once all is there."""
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Chunk:
    """start is None for a status query; a total of None is not known yet."""

    start: int | None
    total: int | None
    data: bytes


class Uploads:
    def __init__(self, options: Options, clock: Clock):
        self._options = options
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self._gone: dict[str, int] = {}

    def start(self, project: str, metadata: dict[str, Any], total: str | None) -> str:
        """The upload id, which is a secret."""
        if total is not None and not total.isdecimal():
            raise bad_request("Invalid X-Upload-Content-Length.")
        name = secrets.token_urlsafe(32)
        self._sessions[name] = Session(project, metadata, None if total is None else int(total),
                                       self._clock.now() + self._options.session_seconds, len(self._sessions) + 1)
        return name

    def find(self, name: str) -> Session:
        if name in self._gone:
            raise ApiError(self._gone[name], "notFound", "The upload session is gone.")
        session = self._sessions.get(name)
        if session is None or self._clock.now() >= session.expires:
            raise ApiError(404, "notFound", "The upload session was not found.")
        return session

    def expire_all(self, status: int = 410) -> None:
        """What a client must start over from: 404 or 410."""
        self._gone |= dict.fromkeys(self._sessions, status)

    def number(self, name: str) -> int | None:
        """What stands for the session in the request log."""
        session = self._sessions.get(name)
        return session.number if session else None

    def clear(self) -> None:
        self._sessions.clear()
        self._gone.clear()


def parse_chunk(content_range: str | None, data: bytes) -> Chunk:
    """What a PUT says of its place; without Content-Range it is all of the data."""
    if content_range is None:
        return Chunk(0, len(data), data)
    match = _RANGE.fullmatch(content_range)
    if not match:
        raise bad_request("Invalid Content-Range.")
    first, last, total = match.groups()
    known = None if total == "*" else int(total)
    if first is None:
        if data:
            raise bad_request("A status query has no body.")
        return Chunk(None, known, b"")
    if int(last) - int(first) + 1 != len(data) or (known is not None and int(last) >= known):
        raise bad_request("The Content-Range does not match the body.")
    return Chunk(int(first), known, data)


def take(session: Session, chunk: Chunk, keep_bytes: int | None = None) -> bool:
    """Adds the bytes that are new; True when all are there. keep_bytes: how many of them at most."""
    _check_total(session, chunk.total)
    if chunk.start is None:
        return session.total is not None and len(session.data) == session.total
    _check_size(session, chunk)
    there = len(session.data)
    if chunk.start <= there:
        session.data += chunk.data[there - chunk.start:][:keep_bytes]
    return session.total is not None and len(session.data) == session.total


def _check_total(session: Session, total: int | None) -> None:
    if total is None:
        return
    if session.total is not None and session.total != total:
        raise bad_request(f"The total size of the upload was {session.total} before.")
    if total < len(session.data):
        raise bad_request("The total size is less than what was received.")
    session.total = total


def _check_size(session: Session, chunk: Chunk) -> None:
    """All but the last chunk are multiples of 256 KiB."""
    is_last = session.total is not None and chunk.start + len(chunk.data) == session.total
    if not is_last and len(chunk.data) % CHUNK:
        raise bad_request(f"The size of a chunk must be a multiple of {CHUNK} bytes.")


def range_header(session: Session, bare: bool) -> dict[str, str]:
    """None as long as nothing was received."""
    if not session.data:
        return {}
    return {"Range": f"{'' if bare else 'bytes='}0-{len(session.data) - 1}"}
