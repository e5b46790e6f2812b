# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""HTTP/1.1 on 127.0.0.1: a thread a connection, keep-alive, TLS if wanted.

Also carries out what faults say about the connection: delays, cuts, answers that
take the place of the API's.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import sys
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from .api import Route, route
from .errors import ApiError, error_body
from .fault_answer import fault_response
from .http_body import MOST_INFLATED, BodyReader, decoded
from .messages import Request, Response, html_response, json_response
from .request_log import without_secrets

if TYPE_CHECKING:
    from .server import StandIn

CONTROL = "/_control"


class ConnectionCut(Exception):
    """A fault closes the connection here."""


class HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, standin: StandIn, port: int, tls: ssl.SSLContext | None):
        self.standin = standin
        self._tls = tls
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """In the connection's own thread: so is the TLS handshake."""
        if self._tls is not None:
            request = self._tls.wrap_socket(request, server_side=True)
        self._connections.add(request)
        try:
            self.RequestHandlerClass(request, client_address, self)
        finally:
            self._connections.discard(request)
            if self._tls is not None:
                self.shutdown_request(request)

    def close_connections(self) -> None:
        """The kept-alive ones too, so that a stopped stand-in is a dead endpoint."""
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients may hang up; anything else is a mistake of the stand-in's own."""
        if not isinstance(sys.exc_info()[1], OSError):
            self.standin.failures.append(traceback.format_exc())


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "ESF"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    server: HttpServer

    def log_message(self, format: str, *args: object) -> None:
        pass

    def handle_expect_100(self) -> bool:
        """100 Continue is sent where the body is read, so that an answer can come in its place."""
        return True

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError, ssl.SSLError):
            self.close_connection = True

    def handle_any(self) -> None:
        request = Request(self.command, self.path, self.headers)
        if request.path.startswith(CONTROL):
            self._control(request)
        else:
            self._api(request)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = handle_any

    def _control(self, request: Request) -> None:
        try:
            request.body = BodyReader(self).read()
            response = self.server.standin.control.handle(request)
        except ApiError as error:
            response = json_response(error.body(), error.status)
        self._send(response)

    def _api(self, request: Request) -> None:
        standin = self.server.standin
        where = route(request.method, request.path)
        entry = self._log_entry(request, where)
        response: Response | None = None
        try:
            response = self._answer(request, where)
        except ConnectionCut:
            pass
        finally:  # before the client can know
            self._complete(entry, request, response)
            standin.log.end(entry)
        if response is not None:
            self._send(response, request.plan.cut == "answer")
        if response is None or request.plan.cut == "answer":
            self._cut(request.plan.reset)

    def _answer(self, request: Request, where: Route) -> Response:
        """Reads the body, and does what the plan says before and after the API's part."""
        standin = self.server.standin
        request.identity = standin.api.identify(request)
        request.plan = plan = standin.faults.plan(where.operation, request.method, request.target, where.table)
        if plan.cut == "headers":
            raise ConnectionCut
        refused = self._receive(request, where)
        if plan.expire_tokens:
            standin.tokens.expire_all()
        time.sleep(plan.delay_before)
        if plan.cut == "before":
            raise ConnectionCut
        if plan.answer_before:
            return fault_response(plan.answer_before)
        response = refused or self._call(request, where)
        time.sleep(plan.delay_after)
        if plan.cut == "after":
            raise ConnectionCut
        return fault_response(plan.answer_after) if plan.answer_after else response

    def _call(self, request: Request, where: Route) -> Response:
        standin = self.server.standin
        try:
            return standin.api.handle(request, where)
        except Exception:  # a mistake of the stand-in's own: tests ask for these
            standin.failures.append(traceback.format_exc())
            return json_response(error_body(500, "internalError", "The stand-in failed."), 500)

    def _receive(self, request: Request, where: Route) -> Response | None:
        """Reads the body into the request; an answer if it is refused."""
        options = self.server.standin.options
        is_upload = where.operation in ("jobs.insert", "jobs.upload")
        limit = None if is_upload else options.front_end_limit
        try:
            body = BodyReader(self).read(limit)
            request.wire_size = len(body)
            request.body = decoded(body, self.headers.get("Content-Encoding", "identity").lower(),
                                   not is_upload or options.gzip_uploads,
                                   MOST_INFLATED if is_upload else options.request_limit + 1)
        except ApiError as error:
            if error.status == 413:
                return html_response(413, "Your client issued a request that was too large.")
            return json_response(error.body(), error.status, request.compact)
        return None

    def _send(self, response: Response, half: bool = False) -> None:
        body = self._compressed(response)
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.content_type:
            self.send_header("Content-Type", response.content_type)
        if response.status != 204:
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[:len(body) // 2] if half else body)
        self.wfile.flush()

    def _compressed(self, response: Response) -> bytes:
        """BQ/docs/api-performance: both headers must say gzip."""
        wanted = all("gzip" in self.headers.get(name, "") for name in ("Accept-Encoding", "User-Agent"))
        if not wanted or not response.body:
            return response.body
        response.headers["Content-Encoding"] = "gzip"
        return gzip.compress(response.body, 1)

    def _cut(self, reset: bool) -> None:
        self.close_connection = True
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def _log_entry(self, request: Request, where: Route) -> dict[str, Any]:
        number, in_flight = self.server.standin.log.begin()
        names = ("User-Agent", "Content-Type", "Content-Encoding", "Content-Range", "Expect", "X-Goog-User-Project")
        return {"number": number, "in_flight": in_flight, "started": time.time(), "connection": self.client_address[1],
                "method": request.method, "path": without_secrets(request.target), "operation": where.operation,
                "table": where.table, "headers": {name: self.headers[name] for name in names if name in self.headers}}

    def _complete(self, entry: dict[str, Any], request: Request, response: Response | None) -> None:
        """A status of None: the connection was cut, by a fault or by the client."""
        seconds = time.time() - entry["started"]
        entry |= {"status": response.status if response else None, "seconds": round(seconds, 6),
                  "wire_size": request.wire_size, "size": len(request.body), "rows": request.rows,
                  "auth": request.identity.entry(), "faults": request.plan.names}
