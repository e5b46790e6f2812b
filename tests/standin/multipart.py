# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""multipart/related bodies of exactly two parts, as BQ/docs/reference/api-uploads."""

from __future__ import annotations

import re
from email.message import Message

from .errors import bad_request


def boundary_of(content_type: str) -> bytes:
    message = Message()
    message["Content-Type"] = content_type
    boundary = message.get_boundary()
    if message.get_content_type() != "multipart/related" or not boundary:
        raise bad_request("Multipart uploads need the content type multipart/related with a boundary.")
    return boundary.encode()


def two_parts(content_type: str, body: bytes) -> tuple[bytes, bytes]:
    """The metadata, which must be JSON, and the data, byte for byte."""
    delimiter = re.compile(rb"(?:\A|\r\n)--" + re.escape(boundary_of(content_type)) + rb"(--)?[ \t]*(?:\r\n|\Z)")
    marks = list(delimiter.finditer(body))
    if len(marks) != 3 or [bool(mark[1]) for mark in marks] != [False, False, True]:
        raise bad_request("Malformed multipart body: two parts are needed, the metadata and the data.")
    first, second = (body[before.end():after.start()] for before, after in zip(marks, marks[1:]))
    kind, metadata = _split(first)
    if kind != "application/json":
        raise bad_request("Malformed multipart body: the first part must be application/json.")
    return metadata, _split(second)[1]


def _split(part: bytes) -> tuple[str, bytes]:
    """A part's content type and content."""
    if part.startswith(b"\r\n"):
        return "", part[2:]
    head, blank, content = part.partition(b"\r\n\r\n")
    if not blank:
        raise bad_request("Malformed multipart body: a part has no end of its header.")
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-type":
            return value.partition(";")[0].strip().lower(), content
    return "", content
