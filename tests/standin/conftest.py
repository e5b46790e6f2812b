# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Fixtures: one stand-in for the session, as it was at start before each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from . import Options, StandIn, Start
from .client_http import Client, Signer, connected

COLUMNS = [
    {"name": "time", "type": "TIMESTAMP", "mode": "REQUIRED"},
    {"name": "name", "type": "STRING"},
    {"name": "count", "type": "INTEGER"},
    {"name": "blob", "type": "BYTES"},
    {"name": "ratio", "type": "FLOAT"},
    {"name": "flag", "type": "BOOLEAN"},
]
TIME = "2026-01-02T03:04:05.123456Z"


@pytest.fixture(scope="session")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of service.json and user.json."""
    return tmp_path_factory.mktemp("secrets")


@pytest.fixture(scope="session")
def server(secrets: Path) -> Iterator[StandIn]:
    start = Start(datasets=["jam"], service_account_out=secrets / "service.json", user_out=secrets / "user.json")
    with StandIn(start) as standin:
        yield standin


@pytest.fixture
def standin(server: StandIn) -> Iterator[StandIn]:
    """Without authentication; jam.t has COLUMNS and takes rows at once."""
    server.reset()
    server.options.change(asdict(Options(auth="none")))
    server.create_table("jam.t", COLUMNS)
    yield server
    assert server.failures == []


@pytest.fixture
def guarded(standin: StandIn) -> StandIn:
    """The same with authentication."""
    standin.options.auth = "required"
    return standin


@pytest.fixture
def client(standin: StandIn) -> Iterator[Client]:
    with connected(standin.url) as client:
        yield client


@pytest.fixture(scope="session")
def signer(server: StandIn, secrets: Path) -> Signer:
    return Signer(secrets / "service.json")
