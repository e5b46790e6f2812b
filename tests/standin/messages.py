# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""A request and its answer, apart from how they travel."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from .bearer import Identity
from .errors import html_page
from .faults import Plan

JSON_TYPE = "application/json; charset=UTF-8"
HTML_TYPE = "text/html; charset=UTF-8"


@dataclass
class Request:
    """body is decompressed; wire_size is what came over the wire of it; rows counts those of an insertAll."""

    method: str
    target: str
    headers: Message
    body: bytes = b""
    wire_size: int = 0
    identity: Identity = Identity("none")
    rows: int | None = None
    plan: Plan = field(default_factory=Plan)

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")

    def is_type(self, wanted: str) -> bool:
        return self.content_type.partition(";")[0].strip().lower() == wanted

    @property
    def compact(self) -> bool:
        return self.query.get("prettyPrint", "true").lower() == "false"


@dataclass
class Response:
    status: int = 200
    body: bytes = b""
    content_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


def json_response(value: Any, status: int = 200, compact: bool = False,
                  headers: dict[str, str] | None = None) -> Response:
    """Letters beyond ASCII are themselves, as in Google's answers; what is no letter, half a surrogate pair, is a "?"."""
    layout: dict[str, Any] = {"separators": (",", ":")} if compact else {"indent": 2}
    text = json.dumps(value, ensure_ascii=False, **layout) + ("" if compact else "\n")
    return Response(status, text.encode(errors="replace"), JSON_TYPE, headers or {})


def html_response(status: int, text: str) -> Response:
    return Response(status, html_page(status, text), HTML_TYPE)


def segments(groups: dict[str, str]) -> dict[str, str]:
    return {name: unquote(value) for name, value in groups.items()}
