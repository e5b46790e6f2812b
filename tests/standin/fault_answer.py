# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The answer that a fault says: Google's form, a page of the front end, or any text."""

from __future__ import annotations

from typing import Any

from .errors import error_body, html_page
from .messages import HTML_TYPE, JSON_TYPE, Response, json_response


def fault_response(spec: dict[str, Any]) -> Response:
    status = spec["status"]
    headers = {name: str(value) for name, value in (spec.get("headers") or {}).items()}
    if "retry_after" in spec:
        headers["Retry-After"] = str(spec["retry_after"])
    if spec.get("html"):
        return Response(status, html_page(status, spec.get("message", "")), HTML_TYPE, headers)
    if "body" in spec:
        return Response(status, spec["body"].encode(errors="surrogateescape"), spec.get("content_type", JSON_TYPE), headers)
    content = error_body(status, spec.get("reason", "backendError"), spec.get("message", "A fault on command."))
    return json_response(content, status, True, headers)
