# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Paths to operations: which function answers a request, and which scopes it needs (apis.md 1.6).

Paths are served with /bigquery/v2 before them and without, as the Node client
uses BIGQUERY_EMULATOR_HOST as the whole base URL.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .bearer import FULL, INSERT, LOAD, READ, Bearer, Identity
from .errors import ApiError
from .insert_all import InsertAll
from .json_text import parse_object
from .load_jobs import LoadJobs
from .messages import Request, Response, html_response, json_response, segments
from .metadata_server import FLAVOR, MetadataServer
from .oauth import OAuth, OAuthError
from .options import Options
from .read_rows import ReadRows
from .store import DatasetId, TableId
from .tables import Tables
from .upload_api import UploadApi

_PROJECT = r"(?:/bigquery/v2)?/projects/(?P<project>[^/]+)"
_DATASET = _PROJECT + r"/datasets/(?P<dataset>[^/]+)"
_TABLE = _DATASET + r"/tables/(?P<table>[^/]+)"
_UPLOAD = r"/upload/bigquery/v2/projects/(?P<project>[^/]+)/jobs"

ROUTES = [(method, re.compile(pattern), operation) for method, pattern, operation in (
    ("POST", _TABLE + "/insertAll", "tabledata.insertAll"),
    ("GET", _TABLE + "/data", "tabledata.list"),
    ("GET", _TABLE, "tables.get"),
    ("DELETE", _TABLE, "tables.delete"),
    ("POST", _DATASET + "/tables", "tables.insert"),
    ("GET", _DATASET + "/tables", "tables.list"),
    ("GET", _DATASET, "datasets.get"),
    ("POST", _PROJECT + "/datasets", "datasets.insert"),
    ("GET", _PROJECT + "/datasets", "datasets.list"),
    ("POST", _UPLOAD, "jobs.insert"),
    ("PUT", _UPLOAD, "jobs.upload"),
    ("GET", _PROJECT + "/jobs/(?P<job>[^/]+)", "jobs.get"),
    ("POST", _PROJECT + "/queries", "jobs.query"),
    ("POST", "/token", "oauth.token"),
    ("GET", "/", "metadata.ping"),
    ("GET", r"/computeMetadata/v1(?P<item>/.*)?", "metadata.get"),
)]
OPERATIONS = [operation for _, _, operation in ROUTES]

_SCOPES = {"tabledata.insertAll": INSERT, "tabledata.list": READ, "tables.get": READ, "tables.delete": FULL,
           "tables.insert": FULL, "tables.list": READ, "datasets.get": READ, "datasets.insert": FULL,
           "datasets.list": READ, "jobs.insert": LOAD, "jobs.get": READ, "jobs.query": READ}


@dataclass(frozen=True)
class Route:
    """operation is "" where there is no such path."""

    operation: str
    names: dict[str, str]

    @property
    def table(self) -> str:
        """For the matching of faults: dataset.table."""
        return f"{self.names['dataset']}.{self.names['table']}" if "table" in self.names else ""


def route(method: str, path: str) -> Route:
    for wanted, pattern, operation in ROUTES:
        match = pattern.fullmatch(path)
        if match and wanted == method:
            return Route(operation, segments({name: text for name, text in match.groupdict().items() if text}))
    return Route("", {})


class Api:
    def __init__(self, options: Options, tables: Tables, insert_all: InsertAll, jobs: LoadJobs, uploads: UploadApi,
                 rows: ReadRows, bearer: Bearer, oauth: OAuth, metadata: MetadataServer):
        self._options = options
        self._tables = tables
        self._insert_all = insert_all
        self._jobs = jobs
        self._uploads = uploads
        self._rows = rows
        self._bearer = bearer
        self._oauth = oauth
        self._metadata = metadata
        self._handlers: dict[str, Callable[[Request, dict[str, str]], Response]] = {
            "tabledata.insertAll": self._insert_rows,
            "tabledata.list": lambda request, names: _answer(request, rows.list(TableId(**names), request.query)),
            "tables.get": lambda request, names: _answer(request, tables.get(TableId(**names))),
            "tables.delete": self._delete_table,
            "tables.insert": lambda request, names: _answer(request, tables.insert(DatasetId(**names), _json(request))),
            "tables.list": self._list_tables,
            "datasets.get": lambda request, names: _answer(request, tables.get_dataset(DatasetId(**names))),
            "datasets.insert": lambda request, names: _answer(
                request, tables.insert_dataset(names["project"], _json(request))),
            "datasets.list": lambda request, names: _answer(request, tables.list_datasets(names["project"])),
            "jobs.insert": lambda request, names: uploads.insert(request, names["project"]),
            "jobs.upload": lambda request, names: uploads.put(request),
            "jobs.get": lambda request, names: _answer(
                request, jobs.get(names["project"], names["job"], request.query.get("location"))),
            "jobs.query": lambda request, names: _answer(request, rows.query(names["project"], _json(request))),
            "oauth.token": self._token,
            "metadata.ping": lambda request, names: Response(200, b"computeMetadata/\n", "text/plain", FLAVOR),
            "metadata.get": self._metadata_item,
        }

    def identify(self, request: Request) -> Identity:
        """Who it looks to be from, before anything is checked."""
        return self._bearer.unchecked(request.headers.get("Authorization"))

    def handle(self, request: Request, where: Route) -> Response:
        """The answer, errors included; raises nothing of its own."""
        if not where.operation:
            return html_response(404, "The requested URL was not found on this server.")
        try:
            self._authorize(request, where.operation)
            self._jobs.settle()
            return self._handlers[where.operation](request, where.names)
        except ApiError as error:
            return json_response(error.body(), error.status, request.compact, error.headers)
        except OAuthError as error:
            return json_response(error.body, error.status)

    def _authorize(self, request: Request, operation: str) -> None:
        """A session URI is a secret of its own; tokens are what the token endpoints are for."""
        if self._options.auth != "none" and operation in _SCOPES:
            request.identity = self._bearer.check(request.headers.get("Authorization"), _SCOPES[operation])

    def _insert_rows(self, request: Request, names: dict[str, str]) -> Response:
        _require_json(request)
        return _answer(request, self._insert_all.insert(TableId(**names), request))

    def _delete_table(self, _request: Request, names: dict[str, str]) -> Response:
        self._tables.delete(TableId(**names))
        return Response(204)

    def _list_tables(self, request: Request, names: dict[str, str]) -> Response:
        most = request.query.get("maxResults", "")
        found = self._tables.list(DatasetId(**names), int(most) if most.isdecimal() else None,
                                  request.query.get("pageToken"))
        return _answer(request, found)

    def _token(self, request: Request, _names: dict[str, str]) -> Response:
        answer, subject = self._oauth.token(request.content_type, request.body)
        request.identity = Identity("grant", subject)
        return json_response(answer)

    def _metadata_item(self, request: Request, names: dict[str, str]) -> Response:
        status, content, subject = self._metadata.answer(names.get("item", ""), request.headers,
                                                         request.query.get("scopes", ""))
        request.identity = Identity("grant" if subject else "none", subject)
        if isinstance(content, dict):
            return json_response(content, status, True, FLAVOR)
        return Response(status, content.encode(), "application/text", FLAVOR)


def _answer(request: Request, value: object) -> Response:
    return json_response(value, compact=request.compact)


def _require_json(request: Request) -> None:
    if not request.is_type("application/json"):
        raise ApiError(400, "badRequest", "The content type must be application/json.")


def _json(request: Request) -> dict[str, Any]:
    _require_json(request)
    return parse_object(request.body)
