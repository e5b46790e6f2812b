# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""A request's body: plain or chunked, after 100-continue, of limited size, gzip or not."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

from .errors import ApiError, bad_request

MOST_INFLATED = 256 * 1024 * 1024
_PIECE = 256 * 1024


class BodyReader:
    def __init__(self, handler: BaseHTTPRequestHandler):
        self._handler = handler
        self._headers = handler.headers

    def read(self, limit: int | None = None) -> bytes:
        """413 for a longer one; without Expect it is read all the same, so that the answer arrives."""
        length = self._content_length()
        if self._headers.get("Expect", "").lower() == "100-continue":
            self._check_size(length, limit)
            self._say_continue()
        chunked = self._headers.get("Transfer-Encoding", "").lower() == "chunked"
        body, size = [], 0
        for piece in self._chunks() if chunked else self._pieces(length):
            size += len(piece)
            if limit is None or size <= limit:
                body.append(piece)
        self._check_size(size, limit)
        return b"".join(body)

    def _content_length(self) -> int:
        length = self._headers.get("Content-Length", "0")
        if not length.isdecimal():
            self._handler.close_connection = True
            raise bad_request("Invalid Content-Length.")
        return int(length)

    def _check_size(self, size: int, limit: int | None) -> None:
        if limit is not None and size > limit:
            self._handler.close_connection = True
            raise ApiError(413, "requestTooLarge", "")

    def _say_continue(self) -> None:
        self._handler.send_response_only(100)
        self._handler.end_headers()
        self._handler.wfile.flush()

    def _pieces(self, length: int) -> Iterator[bytes]:
        while length:
            piece = self._handler.rfile.read(min(length, _PIECE))
            if not piece:
                raise ConnectionResetError("the body ended early")
            length -= len(piece)
            yield piece

    def _chunks(self) -> Iterator[bytes]:
        file = self._handler.rfile
        while size := self._chunk_size(file.readline(1024)):
            yield from self._pieces(size)
            file.readline(8)
        while file.readline(65536).strip():
            pass

    @staticmethod
    def _chunk_size(line: bytes) -> int:
        try:
            return int(line.split(b";")[0], 16)
        except ValueError:
            raise ConnectionResetError("no chunk size") from None


def decoded(body: bytes, encoding: str, gzip_taken: bool, most: int) -> bytes:
    """At most so many bytes of it: over a limit is over a limit."""
    if encoding == "identity":
        return body
    if encoding != "gzip" or not gzip_taken:
        raise bad_request(f"Content-Encoding {encoding} is not supported here.")
    inflater = zlib.decompressobj(31)
    try:
        plain = inflater.decompress(body, most)
    except zlib.error:
        raise bad_request("The body is no gzip data.") from None
    if len(plain) < most and not inflater.eof:
        raise bad_request("The gzip data of the body ends early.")
    return plain
