# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The encrypted transports: who gets through, and what configuration is refused."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from certificates import Authority, Identity
from conftest import Server
from daemon import DEADLINE, Daemon
from messages import numbered
from sender import HEADERS, Sender

MakeServer = Callable[..., Server]
MakeDaemon = Callable[..., Daemon]
#: and the framing of each
ENCRYPTED = {"tls": "newline", "framed-tls": "octet-counted"}
PLAIN = ("tcp", "framed")
#: and what it needs besides
BLOCKS = {"jam-etl-server": "", "jam-etl-bigquery-server": 'project("p") dataset("d")',
          "jam-etl-dual-server": 'project("p") dataset("d")'}
TLS = 'tls(key-file("/dev/null") cert-file("/dev/null"))'


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def served(authority: Authority) -> Identity:
    return authority.issue("server")


@pytest.fixture(scope="module")
def client(authority: Authority) -> Identity:
    return authority.issue("client")


def tls(served: Identity, more: str = "peer-verify(optional-untrusted)") -> str:
    return f'tls(key-file("{served.key}") cert-file("{served.certificate}") {more})'


def tls_with_client_certificates(served: Identity, authority: Authority) -> str:
    return tls(served, f'ca-file("{authority.certificate}") peer-verify(required-trusted)')


class EncryptedSender(Sender):
    """Trusts the authority, and shows the client's certificate if there is one."""

    def __init__(self, port: int, authority: Authority, client: Identity | None = None):
        super().__init__(port)
        context = ssl.create_default_context(cafile=str(authority.certificate))
        if client:
            context.load_cert_chain(client.certificate, client.key)
        self.socket = context.wrap_socket(self.socket, server_hostname="localhost")

    def server_certificate(self) -> str:
        there = self.socket.getpeercert(binary_form=True)
        assert there
        return ssl.DER_cert_to_PEM_cert(there)


def wait_until_closed(connection: socket.socket) -> None:
    """By the server; it may say something before."""
    connection.settimeout(DEADLINE)
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        raise AssertionError("the connection stays open") from None
    except OSError:
        pass


def assert_cannot_send(port: int, authority: Authority, client: Identity | None, framing: str) -> None:
    """The server closes the connection, before or after the first message is sent."""
    try:
        with EncryptedSender(port, authority, client) as sender:
            sender.send(*numbered(2), framing=framing)
            wait_until_closed(sender.socket)
    except TimeoutError:
        raise
    except OSError:
        pass


def assert_nothing_came_but(server: Server, messages: list[bytes]) -> None:
    server.assert_holds(messages)
    assert server.rejected() == []
    assert server.counters()["unmatched"] == 0


@pytest.mark.parametrize("form", HEADERS)
@pytest.mark.parametrize("transport", ENCRYPTED)
def test_messages_come_encrypted(make_server: MakeServer, authority: Authority, served: Identity,
                                 transport: str, form: str) -> None:
    server = make_server(f'transport("{transport}") {tls(served)}')
    messages = numbered(40)
    if transport == "framed-tls":
        messages = [text.replace(b",", b",\n", 1) for text in messages]
    with EncryptedSender(server.port, authority) as sender:
        sender.send(*messages, framing=ENCRYPTED[transport], form=form)
    assert_nothing_came_but(server, messages)


@pytest.mark.parametrize("options", [
    'transport("tls") {tls}', 'transport("framed-tls") {tls}',
    'transport("tls") source-options({tls})', 'transport("framed-tls") source-options({tls})',
    'transport("tls") {tls} source-options(transport("tcp"))',
    'transport("framed-tls") {tls} source-options(transport("framed"))',
])
def test_plain_text_does_not_get_through(make_server: MakeServer, authority: Authority, served: Identity,
                                         options: str) -> None:
    server = make_server(options.format(tls=tls(served)))
    framing = ENCRYPTED["framed-tls" if "framed-tls" in options else "tls"]
    for plain in ("newline", "octet-counted"):
        with Sender(server.port) as sender:
            sender.send(*numbered(2), framing=plain)
            wait_until_closed(sender.socket)
    with EncryptedSender(server.port, authority) as sender:
        sender.send(*numbered(1, first=10), framing=framing)
    assert_nothing_came_but(server, numbered(1, first=10))


@pytest.mark.parametrize("transport", ENCRYPTED)
def test_only_clients_with_a_certificate_get_through_where_one_is_required(
        make_server: MakeServer, authority: Authority, served: Identity, client: Identity, tmp_path: Path,
        transport: str) -> None:
    server = make_server(f'transport("{transport}") {tls_with_client_certificates(served, authority)}')
    stranger = Authority(tmp_path / "other").issue("client")
    for refused in (None, stranger):
        assert_cannot_send(server.port, authority, refused, ENCRYPTED[transport])
    with EncryptedSender(server.port, authority, client) as sender:
        sender.send(*numbered(1, first=10), framing=ENCRYPTED[transport])
    assert_nothing_came_but(server, numbered(1, first=10))


@pytest.mark.parametrize("transport", ENCRYPTED)
def test_new_certificates_are_in_use_after_a_reload(make_server: MakeServer, tmp_path: Path,
                                                    transport: str) -> None:
    """New files in the same places; a connection that is open goes on."""
    old = Authority(tmp_path / "authority")
    served, old_client = old.issue("server"), old.issue("old-client")
    server = make_server(f'transport("{transport}") {tls_with_client_certificates(served, old)}')
    before = served.certificate.read_text()
    with EncryptedSender(server.port, old, old_client) as sender:
        assert sender.server_certificate() == before
        sender.send(*numbered(1), framing=ENCRYPTED[transport])
        server.wait_for_rows("assurances", 1)
        new = Authority(tmp_path / "authority")
        new.issue("server")
        server.reload()
        sender.send(*numbered(1, first=1), framing=ENCRYPTED[transport])
        server.wait_for_rows("assurances", 2)
    assert_cannot_send(server.port, new, old_client, ENCRYPTED[transport])
    with EncryptedSender(server.port, new, new.issue("client")) as sender:
        assert sender.server_certificate() == served.certificate.read_text() != before
        sender.send(*numbered(1, first=2), framing=ENCRYPTED[transport])
    assert_nothing_came_but(server, numbered(3))


def assert_refused(daemon: Daemon, *named: str) -> None:
    result = daemon.check_syntax()
    assert result.returncode != 0, result.stdout
    error = next(line for line in result.stdout.splitlines() if "jam-etl: " in line)
    for name in named:
        assert name in error, result.stdout
    assert f"{daemon.config_file}:3" in result.stdout, result.stdout


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("transport", PLAIN)
@pytest.mark.parametrize("options", [TLS, f"source-options({TLS})", "source-options(tags(x)\n  tls\t(peer-verify(no)))"])
def test_tls_with_a_plain_transport_is_an_error(make_daemon: MakeDaemon, block: str, transport: str,
                                                options: str) -> None:
    daemon = make_daemon(f'{block}({BLOCKS[block]} transport("{transport}") {options})\n')
    assert_refused(daemon, "tls()", f"'{transport}'", "framed-tls")


@pytest.mark.parametrize("options", [TLS, f"source-options({TLS})"])
def test_so_it_is_in_the_source_alone(make_daemon: MakeDaemon, options: str) -> None:
    daemon = make_daemon(f'log {{ source {{ jam-etl-source(transport("framed") {options}); }}; }};\n')
    assert_refused(daemon, "tls()", "'framed'")


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("transport", ENCRYPTED)
@pytest.mark.parametrize("options", ["", "tls(none)", 'tls("none")', "source-options(tags(tls-1) tags(x-tls (1)))"])
def test_an_encrypted_transport_without_tls_is_an_error(make_daemon: MakeDaemon, block: str, transport: str,
                                                        options: str) -> None:
    daemon = make_daemon(f'{block}({BLOCKS[block]} transport({transport}) {options})\n')
    assert_refused(daemon, "tls()", f"'{transport}'", "key-file()")


@pytest.mark.parametrize("transport", ["udp", "tls2", "", "auto"])
def test_an_unknown_transport_is_an_error(make_daemon: MakeDaemon, transport: str) -> None:
    assert_refused(make_daemon(f"jam-etl-server(transport('{transport}'))\n"), "transport()", f"'{transport}'")


@pytest.mark.parametrize("transport", ["tcp", '"tcp"', "'TCP'", "Framed"])
def test_a_plain_transport_passes_in_each_spelling(make_daemon: MakeDaemon, transport: str) -> None:
    result = make_daemon(f"jam-etl-server(transport({transport}))\n").check_syntax()
    assert (result.returncode, result.stdout) == (0, "")
