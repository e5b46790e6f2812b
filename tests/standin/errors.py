# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors in the form of BQ/docs/error-messages."""

from __future__ import annotations

from typing import Any

STATUS_NAMES = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
    409: "ALREADY_EXISTS", 410: "NOT_FOUND", 412: "FAILED_PRECONDITION", 413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED", 499: "CANCELLED", 500: "INTERNAL", 501: "UNIMPLEMENTED", 502: "UNAVAILABLE",
    503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
}


class ApiError(Exception):
    """An answer that is no success: HTTP status, Google's reason and message."""

    def __init__(self, status: int, reason: str, message: str, location: str = "",
                 headers: dict[str, str] | None = None):
        super().__init__(f"{status} {reason}: {message}")
        self.status = status
        self.reason = reason
        self.message = message
        self.location = location
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        return error_body(self.status, self.reason, self.message, self.location)


def error_body(status: int, reason: str, message: str, location: str = "") -> dict[str, Any]:
    detail = {"message": message, "domain": "global", "reason": reason}
    if location:
        detail |= {"location": location, "locationType": "header" if location == "Authorization" else "parameter"}
    error: dict[str, Any] = {"code": status, "message": message, "errors": [detail]}
    if status in STATUS_NAMES:
        error["status"] = STATUS_NAMES[status]
    return {"error": error}


def html_page(status: int, text: str) -> bytes:
    """What Google's front end says when no API is asked: no JSON in it."""
    return (f"<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <title>Error {status}</title>\n"
            f"  <p><b>{status}.</b> <ins>That’s an error.</ins>\n  <p>{text}\n").encode()


def invalid(message: str) -> ApiError:
    return ApiError(400, "invalid", message)


def bad_request(message: str) -> ApiError:
    return ApiError(400, "badRequest", message)


def not_found(kind: str, name: object) -> ApiError:
    return ApiError(404, "notFound", f"Not found: {kind} {name}")


def duplicate(kind: str, name: object) -> ApiError:
    return ApiError(409, "duplicate", f"Already Exists: {kind} {name}")


def error_proto(reason: str, message: str = "", location: str = "") -> dict[str, str]:
    """The ErrorProto of insertErrors and of job status."""
    return {"reason": reason, "location": location, "debugInfo": "", "message": message}
