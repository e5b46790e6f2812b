# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Real telemetry of tests/data: the logs, the rows an older converter made of them, its schemas, and one sample a
message kind.
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
from reference import DATA, log_messages, samples, team_map_of
from sender import send
from tables import DIALECTS, LIST, TABLES

MakeServer = Callable[..., Server]
Plain = dict[str, object]
ADDED = {
    "blocks": {"header_hash", "codec_encoded"},
    "validatorstatistics": {"codec_encoded"},
    "corestatistics": {"codec_encoded"},
    "servicestatistics": {"accumulate_transfer_count", "codec_encoded"},
    "preimages": {"codec_encoded"},
    "services": {"deposit_offset", "creation_slot", "last_accumulation_slot", "parent_service", "version"},
    "workreports": {"role", "num_signatures", "anchor_slot", "lookup_anchor_state_root", "erasure_shards"},
    "workpackages": {"work_package_hash", "work_items", "anchor_slot", "lookup_anchor_state_root"},
    "segments": {"work_package_hash", "core"},
}
ADDED_EVERYWHERE = {"time_ns", "row_id"}
OTHER_TYPES = {("dune", "services", "balance"): "uint256", ("bigquery", "services", "balance"): "NUMERIC"}


def fed(make_server: MakeServer, messages: list[bytes], options: str = "") -> Server:
    teams = team_map_of(messages)
    path = make_server(start=False).folder / "teams.csv"
    path.write_text("sender_id,team\n" + "".join(f"{key},{team}\n" for key, team in teams.items()))
    server = make_server(f'team-map("{path}") {options}')
    send(server.port, messages)
    return server


def plain_rows(path: Path) -> list[Plain]:
    return [rows.plain(row) for row in rows.read(path)]


def reference_rows(table: str) -> list[Plain]:
    name = "workpackagebundles" if table == "workpackages" else table
    path = DATA / "reference-rows" / f"{name}.jsonl"
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
    if table == "services":
        assert different == {"balance"} and ours["balance"] == str(theirs["balance"])
        different -= {"balance"}
    for name in {"segments": {"data"}, "workreports": {"segment_root_lookup"}}.get(table, set()) & different:
        assert (theirs[name], ours[name]) == ("null", None)
        different -= {name}
    assert not different, {name: (ours[name], theirs[name]) for name in different}


def test_the_logs_give_the_reference_rows_but_for_the_listed_differences(make_server: MakeServer) -> None:
    messages = log_messages()
    assert len(team_map_of(messages)) == 4
    server = fed(make_server, messages)
    server.assert_holds(messages, team_map=team_map_of(messages))
    assert server.rejected() == []
    seen = set()
    for table in TABLES:
        theirs = reference_rows(table)
        ours = plain_rows(server.table(table))
        assert len(ours) == len(theirs), table
        for our, their in zip(ours, theirs):
            assert_same_but_for_what_is_listed(table, our, their)
        if theirs:
            seen.add(table)
    assert seen == set(TABLES) - {"tickets"}, "the logs have no ticket"


def test_a_block_without_elapsed_gives_a_row_with_null(make_server: MakeServer) -> None:
    """The older converter drops it."""
    without = []
    for text in log_messages():
        message = json.loads(text)
        if message["msg_type"] == "128":
            del message["elapsed"]
            without.append(json.dumps(message, separators=(",", ":")).encode())
    server = fed(make_server, without)
    server.assert_holds(without, team_map=team_map_of(without))
    assert [row["elapsed"] for row in server.rows("blocks")] == [None] * len(without)


def test_the_logs_give_the_specified_rows_for_bigquery(make_server: MakeServer) -> None:
    messages = log_messages()
    server = fed(make_server, messages, "dialect(bigquery)")
    server.assert_holds(messages, "bigquery", team_map=team_map_of(messages))


def test_every_header_hash_is_the_parent_of_the_next_block(make_server: MakeServer) -> None:
    messages = log_messages()
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


def test_every_work_package_hash_is_that_of_its_report_and_its_segments(make_server: MakeServer) -> None:
    messages = log_messages()
    server = fed(make_server, messages)
    server.assert_holds(messages, team_map=team_map_of(messages))
    packages, reports, segments = ([row["work_package_hash"] for row in server.rows(table)]
                                   for table in ("workpackages", "workreports", "segments"))
    assert len(packages) == len(reports) == len(segments) == 11
    assert sorted(map(str, packages)) == sorted(map(str, reports)) == sorted(map(str, segments))


def test_preimage_hashes_are_those_that_the_chain_knows(make_server: MakeServer) -> None:
    messages = [text for text in log_messages() + one_line_samples() if json.loads(text)["msg_type"] == "142"]
    server = fed(make_server, messages)
    server.wait_for_rows("preimages", len(messages))
    for text, row in zip(messages, server.rows("preimages")):
        metadata = dict(pair.split("=") for pair in json.loads(text)["metadata"].split("|"))
        assert row["preimage_hash"] == metadata["h"]


def one_line_samples() -> list[bytes]:
    return [text.replace(b"\n", b" ") for text in samples()]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_nine_samples_give_the_specified_rows(make_server: MakeServer, dialect: str) -> None:
    messages = one_line_samples()
    server = make_server(f"dialect({dialect})")
    send(server.port, messages)
    server.assert_holds(messages, dialect)
    assert set(rows.read_all(server.out)) == set(TABLES)
    assert {row["team"] for there in rows.read_all(server.out).values() for row in there} == {"A-go-cn"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_samples_that_span_lines_go_through_octet_counted(make_server: MakeServer, dialect: str) -> None:
    messages = samples()
    server = make_server(f'transport("framed") dialect({dialect})')
    send(server.port, messages, framing="octet-counted")
    server.assert_holds(messages, dialect)


# the specification's list of tables, ours, and the schemas

def test_the_list_of_tables_is_the_specifications(shared: Path) -> None:
    assert json.loads(LIST.read_text()) == json.loads((shared / "spec" / "tables.json").read_text())


def test_the_list_of_jip3_events_is_the_specifications(shared: Path) -> None:
    ours = LIST.with_name("jip3.json")
    assert json.loads(ours.read_text()) == json.loads((shared / "spec" / "jip3.json").read_text())


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
def test_the_schemas_keep_every_column_of_the_tables_that_exist_today(dialect: str) -> None:
    folder = DATA / "reference-schema" / dialect
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
            theirs = OTHER_TYPES.get((dialect, name, column["name"]), theirs)
            assert ours.get(column["name"]) == theirs, f"{dialect}/{path.stem}: {column}"
            compared += 1
    assert compared > 100
