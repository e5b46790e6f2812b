# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Generated telemetry against an encoder written a second time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Server
from expected_rows import expected_tables
from sender import generate, send
from tables import DIALECTS, TABLES

NETWORKS = {
    "a small network": {"slots": 24, "validators": 6, "cores": 2, "blob_size": 300},
    "nodes of Gray Paper 0.7": {"gray_paper": "0.7", "names": "asn1", "slots": 24, "blob_size": 300},
    "nodes of Gray Paper 0.8": {"gray_paper": "0.8", "names": "jamduna", "slots": 24, "blob_size": 300},
    "a full network": {"slots": 2, "validators": 1023, "cores": 341, "assurances": 20, "seed": 7},
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("network", NETWORKS)
def test_generated_messages_become_exactly_the_rows_of_the_specification(
        make_server: Callable[..., Server], network: str, dialect: str) -> None:
    messages = generate(**NETWORKS[network])
    server = make_server(f"dialect({dialect})")
    send(server.port, messages)
    server.assert_holds(messages, dialect)
    assert server.rejected() == []
    counters = server.counters()
    for table, there in expected_tables(messages, dialect).items():
        assert counters[f"rows_{table}"] == len(there), table
    assert counters["written"] == len(messages)
    assert counters["dropped"] == 0


@pytest.mark.parametrize("network", NETWORKS)
def test_the_hashes_are_those_that_other_messages_of_the_network_have(network: str) -> None:
    tables = expected_tables(generate(**NETWORKS[network]))
    blocks = tables["blocks"]
    assert [block["header_hash"] for block in blocks[:-1]] == [block["parent"] for block in blocks[1:]]
    packages, reports = ([row["work_package_hash"] for row in tables[name]] for name in ("workpackages", "workreports"))
    assert packages == reports


def test_the_small_network_fills_every_table() -> None:
    assert set(expected_tables(generate(**NETWORKS["a small network"]))) == set(TABLES)
