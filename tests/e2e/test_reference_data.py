# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Real telemetry: the logs, the rows an older converter made of them, its schemas, and one sample a message kind.

All of it lies outside the tree; where it is missing these tests are skipped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import rows
from conftest import Server
from daemon import BUILD
from expected_rows import DIALECTS, TABLES, Column, Table, expected_tables, members
from sender import send

MakeServer = Callable[..., Server]
Plain = dict[str, object]
ADDED = {
    "blocks": {"header_hash", "codec_encoded"},
    "validatorstatistics": {"codec_encoded"},
    "corestatistics": {"codec_encoded"},
    "servicestatistics": {"codec_encoded"},
    "preimages": {"codec_encoded"},
    "workreports": {"role", "num_signatures"},
    "workpackages": {"work_package_hash", "work_items"},
    "segments": {"work_package_hash", "core"},
}
ADDED_EVERYWHERE = {"time_ns", "row_id"}


def log_messages(shared: Path) -> list[bytes]:
    return [line for path in sorted((shared / "data" / "logs").glob("*.log"))
            for line in path.read_bytes().splitlines() if line]


def team_of(sender_id: str) -> str:
    return "Colorful Notion" if int(sender_id[2:4], 16) < 128 else "Jam-Duna"


def team_map_of(messages: list[bytes]) -> dict[str, str]:
    return {key: team_of(key) for key in sorted({json.loads(message)["sender_id"] for message in messages})}


def fed(make_server: MakeServer, messages: list[bytes], options: str = "") -> Server:
    teams = team_map_of(messages)
    path = make_server(start=False).folder / "teams.csv"
    path.write_text("sender_id,team\n" + "".join(f"{key},{team}\n" for key, team in teams.items()))
    server = make_server(f'team-map("{path}") {options}')
    send(server.port, messages)
    return server


def plain_rows(path: Path) -> list[Plain]:
    return [rows.plain(row) for row in rows.read(path)]


def reference_rows(shared: Path, table: str) -> list[Plain]:
    name = "workpackagebundles" if table == "workpackages" else table
    path = shared / "data" / "reference-rows" / f"{name}.jsonl"
    return plain_rows(path) if path.exists() else []


def full_blake2b(blob: str) -> str:
    return "0x" + hashlib.blake2b(bytes.fromhex(blob[2:])).hexdigest()


def assert_same_but_for_what_is_listed(table: str, ours: Plain, theirs: Plain) -> None:
    added = ADDED.get(table, set()) | ADDED_EVERYWHERE
    assert set(ours) - set(theirs) == added, table
    assert set(theirs) <= set(ours), table
    different = {name for name in theirs if ours[name] != theirs[name]}
    if table == "preimages":
        assert ours["codec_encoded"] is None, "the messages have none"
        assert different == {"preimage_hash"}
        assert theirs["preimage_hash"] == full_blake2b(str(ours["blob"]))[:66]
        different -= {"preimage_hash"}
    for name in {"segments": {"data"}, "workreports": {"segment_root_lookup"}}.get(table, set()) & different:
        assert (theirs[name], ours[name]) == ("null", None)
        different -= {name}
    assert not different, {name: (ours[name], theirs[name]) for name in different}


def test_the_logs_give_the_reference_rows_but_for_the_listed_differences(
        make_server: MakeServer, shared: Path) -> None:
    messages = log_messages(shared)
    assert len(team_map_of(messages)) == 4
    server = fed(make_server, messages)
    server.assert_holds(messages, team_map=team_map_of(messages))
    assert server.rejected() == []
    seen = set()
    for table in TABLES:
        theirs = reference_rows(shared, table)
        ours = plain_rows(server.table(table))
        assert len(ours) == len(theirs), table
        for our, their in zip(ours, theirs):
            assert_same_but_for_what_is_listed(table, our, their)
        if theirs:
            seen.add(table)
    assert seen == set(TABLES) - {"tickets"}, "the logs have no ticket"


def test_a_block_without_elapsed_gives_a_row_with_null(make_server: MakeServer, shared: Path) -> None:
    """The older converter drops it."""
    without = []
    for text in log_messages(shared):
        message = json.loads(text)
        if message["msg_type"] == "128":
            del message["elapsed"]
            without.append(json.dumps(message, separators=(",", ":")).encode())
    server = fed(make_server, without)
    server.assert_holds(without, team_map=team_map_of(without))
    assert [row["elapsed"] for row in server.rows("blocks")] == [None] * len(without)


def test_the_logs_give_the_specified_rows_for_bigquery(make_server: MakeServer, shared: Path) -> None:
    messages = log_messages(shared)
    server = fed(make_server, messages, "dialect(bigquery)")
    server.assert_holds(messages, "bigquery", team_map=team_map_of(messages))


def test_every_header_hash_is_the_parent_of_the_next_block(make_server: MakeServer, shared: Path) -> None:
    messages = log_messages(shared)
    server = fed(make_server, messages)
    server.assert_holds(messages, team_map=team_map_of(messages))
    blocks = server.rows("blocks")
    assert all(block["header_hash"] for block in blocks)
    hashes = {block["header_hash"]: int(str(block["slot"])) for block in blocks}
    chained = [block for block in blocks if block["parent"] in hashes]
    assert all(hashes[block["parent"]] < int(str(block["slot"])) for block in chained)
    slots = {int(str(block["slot"])) for block in blocks}
    for block in blocks:
        if int(str(block["slot"])) - 1 in slots:
            assert block in chained, f"slot {block['slot']} has a parent in the logs"
    assert len({block["slot"] for block in chained}) >= 10


def test_every_work_package_hash_is_that_of_its_report_and_its_segments(
        make_server: MakeServer, shared: Path) -> None:
    messages = log_messages(shared)
    server = fed(make_server, messages)
    server.assert_holds(messages, team_map=team_map_of(messages))
    packages, reports, segments = ([row["work_package_hash"] for row in server.rows(table)]
                                   for table in ("workpackages", "workreports", "segments"))
    assert len(packages) == len(reports) == len(segments) == 11
    assert sorted(map(str, packages)) == sorted(map(str, reports)) == sorted(map(str, segments))


def test_preimage_hashes_are_those_that_the_chain_knows(make_server: MakeServer, shared: Path) -> None:
    messages = [text for text in log_messages(shared) + samples(shared) if json.loads(text)["msg_type"] == "142"]
    server = fed(make_server, messages)
    server.wait_for_rows("preimages", len(messages))
    for text, row in zip(messages, server.rows("preimages")):
        metadata = dict(pair.split("=") for pair in json.loads(text)["metadata"].split("|"))
        assert row["preimage_hash"] == metadata["h"]


def samples(shared: Path) -> list[bytes]:
    paths = sorted((shared / "data" / "samples").glob("*.json"))
    assert len(paths) == 9
    return [path.read_bytes().replace(b"\n", b" ") for path in paths]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_nine_samples_give_the_specified_rows(make_server: MakeServer, shared: Path, dialect: str) -> None:
    messages = samples(shared)
    server = make_server(f"dialect({dialect})")
    send(server.port, messages)
    server.assert_holds(messages, dialect)
    assert set(rows.read_all(server.out)) == set(TABLES)
    assert {row["team"] for there in rows.read_all(server.out).values() for row in there} == {"A-go-cn"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_samples_that_span_lines_go_through_octet_counted(make_server: MakeServer, shared: Path, dialect: str) -> None:
    messages = [path.read_bytes() for path in sorted((shared / "data" / "samples").glob("*.json"))]
    server = make_server(f'transport("framed") dialect({dialect})')
    send(server.port, messages, framing="octet-counted")
    server.assert_holds(messages, dialect)


# the specification's list of tables, ours, and the schemas

def test_our_list_of_tables_is_the_specifications(shared: Path) -> None:
    listed = []
    for table in json.loads((shared / "spec" / "tables.json").read_text())["tables"]:
        columns = tuple(Column(c["name"], c["from"], c.get("dune"), c.get("bigquery"), c.get("required", False),
                               c.get("bigquery_name")) for c in table["columns"])
        listed.append(Table(table["table"], tuple(table["msg_types"]), columns))
    assert list(TABLES.values()) == listed


def schema(table: str, dialect: str) -> list[dict[str, object]]:
    return json.loads((BUILD / "schema" / dialect / f"{table}.json").read_text())


@pytest.mark.parametrize("table", TABLES)
def test_the_schemas_are_those_of_the_list_of_tables(table: str) -> None:
    listed = TABLES[table]
    assert schema(table, "dune") == [
        {"name": column.name, "type": column.dune, "nullable": not column.required}
        for column in listed.columns_in("dune")]
    assert schema(table, "bigquery") == [
        {"name": column.name_in("bigquery"), "type": column.bigquery,
         "mode": "REQUIRED" if column.required else "NULLABLE"}
        for column in listed.columns_in("bigquery")]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_schemas_keep_every_column_of_the_tables_that_exist_today(shared: Path, dialect: str) -> None:
    folder = shared / "data" / "reference-schema" / dialect
    compared = 0
    for path in sorted(folder.glob("*.json")):
        # no row of theirs has a value in it, and the specification's list leaves it out
        left_out = {"ticket_id"} if path.stem == "tickets" else set()
        name = "workpackages" if path.stem == "workpackagebundles" else path.stem
        ours = {column["name"]: column["type"] for column in schema(name, dialect)}
        for column in json.loads(path.read_text()):
            if column["name"] in left_out:
                continue
            theirs = "bigint" if (dialect, column["type"]) == ("dune", "integer") else column["type"]
            assert ours.get(column["name"]) == theirs, f"{dialect}/{path.stem}: {column}"
            compared += 1
    assert compared > 100


def test_the_table_of_members_keeps_the_text(shared: Path) -> None:
    """The oracle's own reader agrees with Python's on every message there is."""
    for text in log_messages(shared) + samples(shared):
        found = members(text.decode())
        assert {key: json.loads(value) for key, value in found.items()} == json.loads(text)
    assert expected_tables([]) == {}
