# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""A proxy on 127.0.0.1 that takes every host of the world for one, and a certificate for them."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from pathlib import Path

GOOGLE_HOST = "bigquery.googleapis.com"


def make_certificate(folder: Path, names: str = f"DNS:{GOOGLE_HOST},IP:127.0.0.1") -> Path:
    """Key and certificate in one file, which is its own authority."""
    path = folder / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=stand-in",
                    "-addext", f"subjectAltName={names}", "-keyout", folder / "key.pem", "-out", path],
                   check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (folder / "key.pem").read_bytes())
    return path


class Tunnel:
    """Opens a way to one port for each CONNECT; what is no CONNECT goes there by TLS.

    So a server that speaks TLS only can also be asked in clear text.
    """

    def __init__(self, port: int):
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        #: the first lines of what was asked, up to the empty line
        self.heads: list[str] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def connects(self) -> list[str]:
        """The hosts that were asked for by CONNECT."""
        return [head.split()[1] for head in self.heads if head.startswith("CONNECT ")]

    def __enter__(self) -> "Tunnel":
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._listener, *self._sockets):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            data = client.recv(65536)
            if not data:
                return
            head += data
        self.heads.append(head.decode("latin-1"))
        server = socket.create_connection(("127.0.0.1", self._port))
        if head.startswith(b"CONNECT "):
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            server = context.wrap_socket(server)
            server.sendall(head)
        self._sockets += [client, server]
        threading.Thread(target=_pump, args=(client, server), daemon=True).start()
        _pump(server, client)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass
