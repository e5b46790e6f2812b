# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The control API, for tests that run the stand-in as a process of its own. Bodies and answers are JSON.

  GET    /_control/state                  tables with their counts, jobs, faults, settings, own failures
  GET    /_control/tables/NAME/rows       NDJSON, a row a line: {"insertId", "via", "jobId", "row", "sent"};
                                          ?sent=0 leaves out what the client sent; NAME is [project.]dataset.table
  GET    /_control/tables/NAME/arrivals   {insertId: how often such a row was accepted}
  POST   /_control/datasets               {"name": "[project:]dataset[@LOCATION]"}
  POST   /_control/tables                 {"name": "[project.]dataset.table", "fields": [...], "fresh": false,
                                          and timePartitioning, clustering ... as tables.insert has them}
  DELETE /_control/tables/NAME
  GET    /_control/requests[?since=N]     the request log (no secrets in it)
  DELETE /_control/requests
  GET    /_control/faults                 the rules, how many requests each has seen and hit
  POST   /_control/faults                 a rule (see faults.py), or a list of them -> {"numbers": [...]}
  DELETE /_control/faults[/N]
  POST   /_control/jobs/fail              an ErrorProto: the errorResult of the next load job that runs
  POST   /_control/tokens/expire          all tokens given out so far run out
  POST   /_control/uploads/expire         {"status": 410}: all upload sessions are gone (404 or 410)
  POST   /_control/clock                  {"advance": seconds}: for tokens, windows, waits and jobs (not for JWTs)
  POST   /_control/settings               any of options.py
  POST   /_control/reset                  datasets and tables as at start, all else gone (tokens stay good)
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from .errors import bad_request, not_found
from .json_text import parse
from .messages import Request, Response, json_response

if TYPE_CHECKING:
    from .server import StandIn

_TABLE = "/tables/([^/]+)"


class Control:
    def __init__(self, standin: StandIn):
        self._standin = standin
        self._routes: list[tuple[str, re.Pattern[str], Callable[..., Any]]] = [
            (method, re.compile("/_control" + path), answer) for method, path, answer in (
                ("GET", "/state", self._state),
                ("GET", _TABLE + "/rows", self._rows),
                ("GET", _TABLE + "/arrivals", self._arrivals),
                ("POST", "/datasets", self._create_dataset),
                ("POST", "/tables", self._create_table),
                ("DELETE", _TABLE, self._drop_table),
                ("GET", "/requests", self._requests),
                ("DELETE", "/requests", self._clear_requests),
                ("GET", "/faults", self._faults),
                ("POST", "/faults", self._add_faults),
                ("DELETE", r"/faults(?:/(\d+))?", self._remove_faults),
                ("POST", "/jobs/fail", self._fail_job),
                ("POST", "/tokens/expire", self._expire_tokens),
                ("POST", "/uploads/expire", self._expire_uploads),
                ("POST", "/clock", self._advance),
                ("POST", "/settings", self._change),
                ("POST", "/reset", self._reset),
            )]

    def handle(self, request: Request) -> Response:
        """Raises ApiError: 404 for an unknown path, 400 for a bad body."""
        for method, pattern, answer in self._routes:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                return self._call(request, answer, match.groups())
        raise not_found("Control", f"{request.method} {request.path}")

    @staticmethod
    def _call(request: Request, answer: Callable[..., Any], parts: tuple[str | None, ...]) -> Response:
        try:
            body = parse(request.body) if request.body else {}
            result = answer(request, body, *(part and unquote(part) for part in parts))
        except (KeyError, TypeError, ValueError, re.error) as error:
            raise bad_request(f"{type(error).__name__}: {error}") from None
        return result if isinstance(result, Response) else json_response(result, compact=True)

    def _state(self, _request: Request, _body: Any) -> Any:
        standin = self._standin
        jobs = standin.jobs.list()
        tables = {str(table.id): {"rows": len(table.rows), "insertIds": len(table.arrivals),
                                  "arrivals": sum(table.arrivals.values()), "lost": table.lost}
                  for table in standin.store.tables()}
        return {"tables": tables, "jobs": jobs, "faults": standin.faults.state(),
                "settings": asdict(standin.options), "failures": standin.failures}

    def _rows(self, request: Request, _body: Any, name: str) -> Response:
        rows = self._standin.rows(name)
        if request.query.get("sent") == "0":
            rows = [{key: value for key, value in row.items() if key != "sent"} for row in rows]
        lines = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
        return Response(200, lines.encode(), "application/x-ndjson")

    def _arrivals(self, _request: Request, _body: Any, name: str) -> Any:
        return self._standin.arrivals(name)

    def _create_dataset(self, _request: Request, body: Any) -> Any:
        self._standin.create_dataset(body["name"])
        return {}

    def _create_table(self, _request: Request, body: Any) -> Any:
        self._standin.create_table(**body)
        return {}

    def _drop_table(self, _request: Request, _body: Any, name: str) -> Any:
        self._standin.store.drop_table(self._standin.table_id(name))
        return {}

    def _requests(self, request: Request, _body: Any) -> Any:
        return self._standin.requests(since=int(request.query.get("since", 0)))

    def _clear_requests(self, _request: Request, _body: Any) -> Any:
        self._standin.log.clear()
        return {}

    def _faults(self, _request: Request, _body: Any) -> Any:
        return self._standin.faults.state()

    def _add_faults(self, _request: Request, body: Any) -> Any:
        rules = body if isinstance(body, list) else [body]
        return {"numbers": [self._standin.faults.add(rule) for rule in rules]}

    def _remove_faults(self, _request: Request, _body: Any, number: str | None) -> Any:
        self._standin.faults.remove(int(number) if number else None)
        return {}

    def _fail_job(self, _request: Request, body: Any) -> Any:
        self._standin.jobs.fail_next({"reason": body["reason"], "message": body.get("message", "")})
        return {}

    def _expire_tokens(self, _request: Request, _body: Any) -> Any:
        return {"expired": self._standin.tokens.expire_all()}

    def _expire_uploads(self, _request: Request, body: Any) -> Any:
        self._standin.uploads.expire_all(int(body.get("status", 410)))
        return {}

    def _advance(self, _request: Request, body: Any) -> Any:
        self._standin.clock.advance(float(body["advance"]))
        return {"now": self._standin.clock.now()}

    def _change(self, _request: Request, body: Any) -> Any:
        self._standin.options.change(body)
        return asdict(self._standin.options)

    def _reset(self, _request: Request, _body: Any) -> Any:
        self._standin.reset()
        return {}
