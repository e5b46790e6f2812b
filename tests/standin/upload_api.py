# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The /upload paths: multipart in one request, resumable in several (BQ/docs/reference/api-uploads)."""

from __future__ import annotations

from collections.abc import Callable

from . import multipart
from .errors import bad_request
from .json_text import parse_object
from .load_jobs import LoadJobs
from .messages import Request, Response, json_response
from .options import Options
from .uploads import Session, Uploads, parse_chunk, range_header, take


class UploadApi:
    def __init__(self, jobs: LoadJobs, uploads: Uploads, options: Options, base_url: Callable[[], str]):
        self._jobs = jobs
        self._uploads = uploads
        self._options = options
        self._base_url = base_url

    def insert(self, request: Request, project: str) -> Response:
        kind = request.query.get("uploadType")
        if kind == "multipart":
            return self._multipart(request, project)
        if kind == "resumable":
            return self._start(request, project)
        raise bad_request("uploadType must be multipart or resumable.")

    def _multipart(self, request: Request, project: str) -> Response:
        metadata, data = multipart.two_parts(request.content_type, request.body)
        job = self._jobs.insert(project, parse_object(metadata), data, request.identity.subject)
        return json_response(job, compact=request.compact)

    def _start(self, request: Request, project: str) -> Response:
        if not request.is_type("application/json"):
            raise bad_request("The content type must be application/json.")
        metadata = parse_object(request.body)
        self._jobs.check_new(project, metadata)
        name = self._uploads.start(project, metadata, request.headers.get("X-Upload-Content-Length"))
        uri = f"{self._base_url()}/upload/bigquery/v2/projects/{project}/jobs?uploadType=resumable&upload_id={name}"
        return Response(200, headers={"Location": uri, "X-GUploader-UploadID": f"session-{self._uploads.number(name)}"})

    def put(self, request: Request) -> Response:
        session = self._uploads.find(request.query.get("upload_id", ""))
        with session.lock:
            if session.done is None:
                chunk = parse_chunk(request.headers.get("Content-Range"), request.body)
                if not take(session, chunk, request.plan.keep_bytes):
                    return Response(308, headers=range_header(session, self._options.bare_range))
                session.done = self._finish(session, request)
            return json_response(session.done, compact=request.compact)

    def _finish(self, session: Session, request: Request) -> dict[str, object]:
        return self._jobs.insert(session.project, session.metadata, bytes(session.data), request.identity.subject)
