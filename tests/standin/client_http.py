# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the stand-in's own tests speak to it with: requests over http.client, and signed JWTs."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key

SCOPE = "https://www.googleapis.com/auth/bigquery"
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def reason(self) -> str:
        return self.json["error"]["errors"][0]["reason"]


class Client:
    """One kept-alive connection."""

    def __init__(self, url: str, context: ssl.SSLContext | None = None):
        parts = urlsplit(url)
        assert parts.hostname
        if parts.scheme == "https":
            self._connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=10, context=context)
        else:
            self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        self.headers: dict[str, str] = {}

    def close(self) -> None:
        self._connection.close()

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None,
             chunked: bool = False) -> Answer:
        """body: bytes as they are, anything else as JSON."""
        sent = {**self.headers, **(headers or {})}
        if body is not None and not isinstance(body, (bytes, Iterator)):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        self._connection.request(method, path, body, sent, encode_chunked=chunked)
        response = self._connection.getresponse()
        return Answer(response.status, response.headers, response.read())

    def get(self, path: str, **options: Any) -> Answer:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any, **options: Any) -> Answer:
        return self.call("POST", path, body, **options)

    def form(self, path: str, **fields: str) -> Answer:
        return self.post(path, urlencode(fields).encode(),
                         headers={"Content-Type": "application/x-www-form-urlencoded"})


@contextmanager
def connected(url: str, context: ssl.SSLContext | None = None) -> Iterator[Client]:
    client = Client(url, context)
    try:
        yield client
    finally:
        client.close()


def table_path(table: str, rest: str = "", project: str = "test-project", dataset: str = "jam") -> str:
    return f"/bigquery/v2/projects/{project}/datasets/{dataset}/tables/{table}{rest}"


def insert(client: Client, table: str, rows: list[Any], **envelope: Any) -> Answer:
    """rows: objects, which get the insertIds "0", "1" ..., or pairs of insertId and object."""
    pairs = [row if isinstance(row, tuple) else (str(index), row) for index, row in enumerate(rows)]
    entries = [{"json": row} if name is None else {"insertId": name, "json": row} for name, row in pairs]
    return client.post(table_path(table, "/insertAll"), {"rows": entries, **envelope})


def failed(answer: Answer) -> dict[int, dict[str, str]]:
    """index -> the first error of each row that did not go in."""
    assert answer.status == 200, answer.body
    return {entry["index"]: entry["errors"][0] for entry in answer.json.get("insertErrors", [])}


class Signer:
    """Signs with the key of a service account's key file."""

    def __init__(self, path: Path):
        content = json.loads(path.read_text())
        self.email = content["client_email"]
        self.token_uri = content["token_uri"]
        self._header = {"alg": "RS256", "typ": "JWT", "kid": content["private_key_id"]}
        self._key = load_pem_private_key(content["private_key"].encode(), None)

    def jwt(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """iss, iat and exp are given unless claimed otherwise; a claim of None is left out."""
        now = int(time.time())
        content = {"iss": self.email, "iat": now, "exp": now + 3600, **claims}
        parts = [{**self._header, **(header or {})}, {k: v for k, v in content.items() if v is not None}]
        signed = ".".join(base64url(json.dumps(part).encode()) for part in parts)
        signature = self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{base64url(signature)}"

    def grant(self, **claims: Any) -> str:
        return self.jwt(**{"scope": SCOPE, "aud": self.token_uri, **claims})

    def self_signed(self, **claims: Any) -> str:
        return self.jwt(**{"sub": self.email, "scope": SCOPE, **claims})


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
