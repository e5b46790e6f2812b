# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""How requests travel: keep-alive, chunked and gzip bodies, 100-continue, TLS; and the process and its control API."""

from __future__ import annotations

import gzip
import json
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from . import StandIn, Start
from .client_http import Client, connected, failed, insert, table_path
from .conftest import COLUMNS, TIME

ROW = {"time": TIME}
JSON = {"Content-Type": "application/json"}


def test_connections_are_kept(standin: StandIn, client: Client) -> None:
    for _ in range(3):
        insert(client, "t", [ROW])
    assert len({entry["connection"] for entry in standin.requests()}) == 1


def test_requests_run_at_once(standin: StandIn) -> None:
    standin.add_fault(delay=0.3)

    def one(_: int) -> int:
        with connected(standin.url) as client:
            return insert(client, "t", [ROW]).status

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, range(4))) == [200] * 4
    assert max(entry["in_flight"] for entry in standin.requests()) == 4


def test_chunked_bodies(standin: StandIn, client: Client) -> None:
    body = json.dumps({"rows": [{"json": ROW}]}).encode()
    answer = client.call("POST", table_path("t", "/insertAll"), iter([body[:10], body[10:]]),
                         {**JSON, "Transfer-Encoding": "chunked"}, chunked=True)
    assert failed(answer) == {}


def test_bad_encodings(client: Client) -> None:
    path = table_path("t", "/insertAll")
    good = gzip.compress(json.dumps({"rows": [{"json": ROW}]}).encode())
    for body, encoding in ((b"x", "gzip"), (good[:-4], "gzip"), (good, "br")):
        assert client.post(path, body, headers={**JSON, "Content-Encoding": encoding}).status == 400


def test_answers_are_gzip_where_both_headers_ask(standin: StandIn, client: Client) -> None:
    headers = {"Accept-Encoding": "gzip"}
    assert client.get(table_path("t"), headers=headers).headers["Content-Encoding"] is None
    answer = client.get(table_path("t"), headers={**headers, "User-Agent": "x (gzip)"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.body))["id"] == "test-project:jam.t"


def raw(standin: StandIn, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", standin.port), timeout=5) as connection:
        connection.sendall(request)
        return connection.recv(65536)


def test_continue_is_said_and_refused(standin: StandIn) -> None:
    head = f"POST {table_path('t', '/insertAll')} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
    assert raw(standin, f"{head}Content-Length: 10\r\n\r\n".encode()) == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert raw(standin, f"{head}Content-Length: 30000000\r\n\r\n".encode()).startswith(b"HTTP/1.1 413 ")


def test_answers_are_compact_on_demand(client: Client) -> None:
    assert b"\n" in client.get(table_path("t")).body
    assert b"\n" not in client.get(table_path("t") + "?prettyPrint=false").body


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_https(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
                    "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
                   check=True, capture_output=True)
    context = ssl.create_default_context(cafile=str(certificate))
    start = Start(datasets=["jam"], certificate=certificate, private_key=key)
    with StandIn(start) as standin, connected(standin.url, context) as client:
        assert standin.url.startswith("https://")
        assert [client.get(table_path("t")).status for _ in range(2)] == [401, 401]
        assert standin.failures == []


def test_a_stopped_one_is_a_dead_endpoint() -> None:
    standin = StandIn().start()
    with connected(standin.url) as client:
        assert client.get("/").status == 200
        standin.stop()
        with pytest.raises(ConnectionError):
            client.get("/")
        client.close()
        with pytest.raises(ConnectionRefusedError):
            client.get("/")


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[dict[str, Any], Client]]:
    """The stand-in as a process, and a connection to it."""
    folder = tmp_path / "schemas"
    folder.mkdir()
    (folder / "t.json").write_text(json.dumps(COLUMNS))
    command = [sys.executable, str(Path(__file__).parent), "--dataset", "jam", "--schemas", f"jam={folder}",
               "--no-auth", "--write-service-account", str(tmp_path / "key.json"), "--set", "dedup=false",
               "--ready-file", str(tmp_path / "ready")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
        try:
            assert running.stdout
            ready = json.loads(running.stdout.readline())
            assert json.loads((tmp_path / "ready").read_text()) == ready
            with connected(ready["url"]) as client:
                yield ready, client
        finally:
            running.terminate()
        assert running.wait(5) == 0


def test_the_process_and_its_control_api(process: tuple[dict[str, Any], Client], tmp_path: Path) -> None:
    ready, client = process
    assert ready["ready"] and json.loads((tmp_path / "key.json").read_text())["token_uri"] == ready["token_uri"]
    assert client.post("/_control/faults", {"status": 503, "times": 1}).json == {"numbers": [1]}
    assert insert(client, "t", [("a", ROW)]).status == 503
    for _ in range(2):
        assert failed(insert(client, "t", [("a", {**ROW, "count": "5"})])) == {}
    rows = [json.loads(line) for line in client.get("/_control/tables/jam.t/rows").body.splitlines()]
    assert rows == [{"insertId": "a", "via": "insertAll", "jobId": None, "row": {"time": TIME, "count": 5},
                     "sent": {"time": TIME, "count": "5"}}] * 2
    assert client.get("/_control/tables/jam.t/arrivals").json == {"a": 2}
    assert [entry["status"] for entry in client.get("/_control/requests").json] == [503, 200, 200]
    assert [entry["number"] for entry in client.get("/_control/requests?since=2").json] == [3]
    state = client.get("/_control/state").json
    assert state["tables"] == {"test-project:jam.t": {"rows": 2, "insertIds": 1, "arrivals": 2, "lost": 0}}
    assert (state["faults"][0]["hits"], state["failures"]) == (1, [])
    client.post("/_control/reset", {})
    assert client.get("/_control/tables/jam.t/rows").body == b""
    assert client.get("/_control/faults").json == []


def test_control_of_all_the_rest(standin: StandIn, client: Client) -> None:
    def post(path: str, body: Any) -> int:
        return client.post("/_control" + path, body).status

    assert post("/datasets", {"name": "more@EU"}) == 200
    table = {"name": "more.t", "fields": COLUMNS, "clustering": {"fields": ["name"]}}
    assert [post("/tables", table), post("/tables", table)] == [200, 409]
    assert client.call("DELETE", "/_control/tables/more.t").status == 200
    assert post("/settings", {"dedup": False}) == 200 and not standin.options.dedup
    assert post("/clock", {"advance": 1}) == post("/tokens/expire", {}) == 200
    assert post("/uploads/expire", {"status": 404}) == 200
    assert post("/jobs/fail", {"reason": "backendError"}) == 200
    first, _ = client.post("/_control/faults", [{"status": 500}, {"status": 503}]).json["numbers"]
    assert client.call("DELETE", f"/_control/faults/{first}").status == 200
    assert [rule["fault"]["status"] for rule in client.get("/_control/faults").json] == [503]
    assert client.call("DELETE", "/_control/faults").status == client.call("DELETE", "/_control/requests").status == 200
    assert post("/settings", {"no": 1}) == post("/faults", {"no": 1}) == post("/tables", {}) == 400
    assert post("/nowhere", {}) == 404
