# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Live tables: missing ones, new ones, older ones, and those that do not fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

import rows
from bigquery import DATASET, DETAILS, INSERT, PROJECT, BigQueryServer, assert_all_sent, fields, make_tables, sent
from expected_rows import expected_tables
from messages import PAYLOADS, message, numbered
from sender import send
from standin import StandIn
from tables import TABLES

MakeBigQuery = Callable[..., BigQueryServer]
EVERY_KIND = [message(msg_type) for msg_type in PAYLOADS]
#: how long the driver waits for a table that was made just now
NEW_TABLE_SECONDS = 60


@pytest.fixture
def late_standin(empty_standin: StandIn) -> Iterator[StandIn]:
    """Its clock is behind, so that tables seem to have been made almost long enough ago."""
    empty_standin.options.fresh_table_seconds = 1.5
    empty_standin.clock.advance(2 - NEW_TABLE_SECONDS)
    yield empty_standin
    empty_standin.clock.advance(NEW_TABLE_SECONDS - 2)


def test_without_a_table_messages_wait_until_it_is_made(make_bigquery: MakeBigQuery, empty_standin: StandIn) -> None:
    make_tables(empty_standin, set(TABLES) - {"tickets"})
    server = make_bigquery()
    send(server.port, EVERY_KIND)
    server.wait_for_log("jam-etl: cannot write")
    server.wait_for_requests("tables.get", len(TABLES) + 1)
    errors = server.log_lines("jam-etl: cannot write")
    assert len(errors) == 1
    assert "there is no table" in errors[0] and "create-tables(yes)" in errors[0]
    made = re.search(r"bq mk --table --time_partitioning_type=DAY --time_partitioning_field=time "
                     rf"--clustering_fields=team,sender_id {PROJECT}:{DATASET}\.tickets (\S+)/tickets\.json", errors[0])
    assert made and made[1].endswith("/jam-etl/schema/bigquery")
    assert empty_standin.requests(INSERT) == [] and empty_standin.requests("tables.insert") == []
    server.wait_until(lambda: server.counters()["queued"] == len(EVERY_KIND), "the messages wait")
    make_tables(empty_standin, ["tickets"])
    server.assert_sent(EVERY_KIND)
    server.wait_for_log("jam-etl: writing works again")
    server.wait_until_all_written(len(EVERY_KIND))


def test_only_the_tables_that_are_written_must_be_there(make_bigquery: MakeBigQuery, empty_standin: StandIn) -> None:
    empty_standin.create_table(f"{DATASET}.x_cores", fields("corestatistics"), **DETAILS)
    server = make_bigquery('tables("corestatistics") table-name("corestatistics" "cores") table-prefix("x_")')
    send(server.port, EVERY_KIND)
    server.wait_until_all_written(len(EVERY_KIND))
    expected = expected_tables(EVERY_KIND, "bigquery")["corestatistics"]
    rows.assert_same(sent(empty_standin, "x_cores"), expected, "x_cores")
    assert len(empty_standin.store.tables()) == 1


def assert_made_as_described(standin: StandIn) -> None:
    for table in TABLES:
        made = standin.table(f"{DATASET}.{table}")
        there = [{"name": field.name, "type": field.type, "mode": field.mode} for field in made.fields]
        assert there == fields(table), table
        assert {key: made.details[key] for key in DETAILS} == DETAILS, table


def test_create_tables_makes_them_all_and_rows_wait_until_they_can_be_streamed(
        make_bigquery: MakeBigQuery, late_standin: StandIn) -> None:
    server = make_bigquery("create-tables(yes)")
    send(server.port, EVERY_KIND)
    server.wait_for_requests("tables.insert", len(TABLES))
    server.wait_for_log("tables are new")
    server.assert_sent(EVERY_KIND)
    assert_made_as_described(late_standin)
    first_insert = min(entry["started"] for entry in late_standin.requests(INSERT))
    last_made = max(entry["started"] for entry in late_standin.requests("tables.insert"))
    assert first_insert - last_made > 1.5
    assert {entry["status"] for entry in late_standin.requests(INSERT)} == {200}
    assert server.log_lines("jam-etl: cannot write") == []


def test_a_reload_or_stop_does_not_wait_for_new_tables(make_bigquery: MakeBigQuery, empty_standin: StandIn) -> None:
    server = make_bigquery("create-tables(yes) workers(3)")
    send(server.port, numbered(10))
    server.wait_for_log("tables are new")
    server.reload(seconds=5)
    server.wait_for_log("tables are new", times=2)
    server.stop(seconds=5)
    assert empty_standin.requests(INSERT) == []
    for table in empty_standin.store.tables():
        empty_standin.store.drop_table(table.id)
    make_tables(empty_standin)
    server.start()
    server.assert_sent(numbered(10))


def test_tables_that_another_collector_makes_at_the_same_time_are_no_error(
        make_bigquery: MakeBigQuery, late_standin: StandIn) -> None:
    late_standin.add_fault(operation="tables.get", status=404, reason="notFound", times=1)
    make_tables(late_standin)
    server = make_bigquery("create-tables(yes)")
    send(server.port, EVERY_KIND)
    server.assert_sent(EVERY_KIND)
    assert [entry["status"] for entry in late_standin.requests("tables.insert")] == [409]
    assert server.log_lines("jam-etl: cannot write") == []


def test_a_new_table_that_still_answers_404_is_tried_again(make_bigquery: MakeBigQuery, late_standin: StandIn) -> None:
    late_standin.options.fresh_table_seconds = 2.5
    server = make_bigquery("create-tables(yes)")
    send(server.port, numbered(3))
    server.wait_for_log("jam-etl: cannot write")
    assert "some minutes" in server.log_lines("jam-etl: cannot write")[0]
    server.assert_sent(numbered(3))


EARLIER = {"preimages": {"codec_encoded", "time_ns", "row_id"}, "assurances": {"row_id", "time_ns"}}


def test_a_table_of_the_earlier_scripts_gets_rows_without_the_columns_that_it_lacks(
        make_bigquery: MakeBigQuery, empty_standin: StandIn) -> None:
    make_tables(empty_standin, set(TABLES) - set(EARLIER))
    for table, lacking in EARLIER.items():
        there = [{"name": field["name"], "type": field["type"]} for field in fields(table)
                 if field["name"] not in lacking]
        empty_standin.create_table(f"{DATASET}.{table}", [*there, {"name": "their_own", "type": "STRING"}])
    # so that the tables are read a second time, of which nothing is to be seen
    empty_standin.add_fault(operation=INSERT, status=403, reason="accessDenied", times=1)
    server = make_bigquery("workers(2)")
    messages = [message(142), *numbered(5), message(131)]
    send(server.port, messages)
    server.wait_until_all_written(len(messages))
    expected = expected_tables(messages, "bigquery")
    for table, lacking in EARLIER.items():
        without = [{name: value for name, value in row.items() if name not in lacking} for row in expected[table]]
        key = str if table == "preimages" else lambda row: str(row["elapsed"])
        rows.assert_same(sorted(sent(empty_standin, table), key=key), sorted(without, key=key), table)
        assert {row["insertId"] for row in empty_standin.rows(f"{DATASET}.{table}")} == \
            {row["row_id"] for row in expected[table]}
        warning, = server.log_lines(f"the table {PROJECT}:{DATASET}.{table} has no ")
        assert all(name in warning for name in lacking) and "rows go in without" in warning
    rows.assert_same(sent(empty_standin, "tickets"), expected["tickets"], "tickets")
    assert len(server.log_lines("rows go in without")) == 2


def test_columns_that_are_added_come_in_after_a_reload(make_bigquery: MakeBigQuery, empty_standin: StandIn) -> None:
    make_tables(empty_standin, set(TABLES) - {"assurances"})
    empty_standin.create_table(f"{DATASET}.assurances",
                               [field for field in fields("assurances") if field["name"] != "elapsed"])
    server = make_bigquery()
    send(server.port, numbered(1))
    server.wait_for_rows("assurances", 1)
    assert "elapsed" not in sent(empty_standin, "assurances")[0]
    empty_standin.store.drop_table(empty_standin.table_id(f"{DATASET}.assurances"))
    make_tables(empty_standin, ["assurances"])
    server.reload()
    send(server.port, numbered(1, first=1))
    server.wait_for_rows("assurances", 1)
    rows.assert_same(sent(empty_standin, "assurances"),
                     expected_tables(numbered(1, first=1), "bigquery")["assurances"], "assurances")


@pytest.mark.parametrize("change, said", [
    ({"type": "STRING"}, "elapsed is STRING, where rows have INTEGER"),
    ({"type": "INTEGER", "mode": "REPEATED"}, "elapsed is REPEATED INTEGER, where rows have INTEGER"),
])
def test_a_column_of_another_type_is_an_error_that_names_both(
        make_bigquery: MakeBigQuery, empty_standin: StandIn, change: dict[str, str], said: str) -> None:
    make_tables(empty_standin, set(TABLES) - {"assurances"})
    changed = [{**field, **(change if field["name"] == "elapsed" else {})} for field in fields("assurances")]
    empty_standin.create_table(f"{DATASET}.assurances", changed)
    server = make_bigquery()
    send(server.port, numbered(1))
    server.wait_for_log("jam-etl: cannot write")
    error = server.log_lines("jam-etl: cannot write")[0]
    assert f"the table {PROJECT}:{DATASET}.assurances does not fit" in error and said in error
    assert empty_standin.requests(INSERT) == []
    server.wait_until(lambda: server.counters()["queued"] == 1, "the message waits")


def test_other_names_of_types_and_wider_modes_fit(make_bigquery: MakeBigQuery, empty_standin: StandIn) -> None:
    other = {"INTEGER": "INT64"}
    for table in TABLES:
        there = [{"name": field["name"], "type": other.get(field["type"], field["type"])}
                 for field in reversed(fields(table))]
        empty_standin.create_table(f"{DATASET}.{table}", there)
    server = make_bigquery()
    send(server.port, EVERY_KIND)
    server.assert_sent(EVERY_KIND)


def test_what_the_operator_must_mend_is_said_once_and_tried_again(
        make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    number = standin.add_fault(operation="tables.get", status=403, reason="accessDenied",
                               message="no permission bigquery.tables.get")
    server = make_bigquery()
    send(server.port, numbered(2))
    server.wait_for_requests("tables.get", 2)
    error, = server.log_lines("jam-etl: cannot write")
    assert all(part in error for part in ("accessDenied", "bigquery.tables.get", "BigQuery Data Editor")), error
    standin.faults.remove(number)
    server.assert_sent(numbered(2))
    server.wait_for_log("jam-etl: writing works again")


def test_a_dataset_that_is_missing_is_named_and_waited_for(
        make_bigquery: MakeBigQuery, empty_standin: StandIn) -> None:
    server = make_bigquery("create-tables(yes)", start=False)
    server.change_config(f'dataset("{DATASET}")', 'dataset("elsewhere")')
    server.start()
    server.wait_for_log("jam-etl: cannot write")
    error, = server.log_lines("jam-etl: cannot write")
    assert f"{PROJECT}:elsewhere" in error and "Not found: Dataset" in error and "check project(), dataset()" in error
    empty_standin.create_dataset("elsewhere")
    server.wait_until(lambda: len(empty_standin.store.tables()) == len(TABLES), "all tables are made")


def test_a_permission_that_inserts_lack_is_named_and_the_rest_of_the_batch_is_not_sent_twice(
        make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    number = standin.add_fault(operation=INSERT, table="tickets", status=403, reason="accessDenied",
                               message="needs bigquery.tables.updateData")
    server = make_bigquery()
    messages = EVERY_KIND + numbered(10)
    send(server.port, messages)
    server.wait_for_log("jam-etl: cannot write")
    server.wait_until(lambda: len([entry for entry in standin.requests(INSERT) if entry["status"] == 403]) > 1,
                      "it is tried again")
    error, = server.log_lines("jam-etl: cannot write")
    assert "needs bigquery.tables.updateData" in error and f"{PROJECT}:{DATASET}.tickets" in error
    assert "credentials of nobody" in error
    standin.faults.remove(number)
    server.wait_until_all_written(len(messages))
    assert_all_sent(standin, expected_tables(messages, "bigquery"))
    for table in TABLES:
        assert set(standin.arrivals(f"{DATASET}.{table}").values()) == {1}, table
