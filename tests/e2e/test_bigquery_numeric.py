# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Balances beyond int64, in live tables with a column of integers or of decimals for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import rows
from bigquery import DATASET, DETAILS, BigQueryServer, by_row_id, fields, make_tables, one_batch, sent
from expected_rows import expected_tables
from messages import message
from sender import send
from standin import StandIn
from tables import TABLES

MakeBigQuery = Callable[..., BigQueryServer]
BEYOND = 2**64 - 1


def services(balance: int) -> bytes:
    """The other column of its kind has a value that fits all of them."""
    return message(143, {"json_encoded.balance": balance, "json_encoded.deposit_offset": 5})


def make_tables_with(standin: StandIn, kind: str) -> None:
    make_tables(standin, set(TABLES) - {"services"})
    changed = [{**field, "type": kind} if field["name"] in ("balance", "deposit_offset") else field
               for field in fields("services")]
    standin.create_table(f"{DATASET}.services", changed, **DETAILS)


def stored(standin: StandIn) -> list[str]:
    return sorted((str(row["row"]["balance"]) for row in standin.rows(f"{DATASET}.services")), key=int)


@pytest.mark.parametrize("kind, largest", [
    ("INTEGER", 2**63 - 1), ("INT64", 2**63 - 1), ("NUMERIC", BEYOND), ("BIGNUMERIC", BEYOND)])
def test_a_live_column_of_integers_or_of_decimals_fits(
        make_bigquery: MakeBigQuery, empty_standin: StandIn, kind: str, largest: int) -> None:
    make_tables_with(empty_standin, kind)
    messages = [services(balance) for balance in (0, 508476, 9007199254740993, largest)]
    server = make_bigquery()
    send(server.port, messages)
    server.wait_until_all_written(len(messages))
    server.assert_sent(messages)
    assert stored(empty_standin) == ["0", "508476", "9007199254740993", str(largest)]
    assert server.rejected() == [] and server.log_lines("jam-etl: cannot write") == []


@pytest.mark.parametrize("kind", ["STRING", "FLOAT"])
def test_a_live_column_of_another_type_does_not_fit(
        make_bigquery: MakeBigQuery, empty_standin: StandIn, kind: str) -> None:
    make_tables_with(empty_standin, kind)
    server = make_bigquery()
    send(server.port, [services(1)])
    server.wait_for_log("jam-etl: cannot write")
    error = server.log_lines("jam-etl: cannot write")[0]
    assert "services does not fit" in error and f"balance is {kind}, where rows have NUMERIC" in error
    assert stored(empty_standin) == []


def test_a_balance_that_a_live_column_of_integers_refuses_is_rejected_and_its_neighbours_are_in(
        make_bigquery: MakeBigQuery, empty_standin: StandIn) -> None:
    make_tables_with(empty_standin, "INTEGER")
    goods = [services(balance) for balance in range(20)]
    bad = services(BEYOND)
    server = make_bigquery(one_batch(21))
    send(server.port, [*goods[:7], bad, *goods[7:]])
    server.wait_for_rejected(1)
    server.assert_sent(goods)
    entry, = server.rejected()
    row, = expected_tables([bad], "bigquery")["services"]
    assert row["balance"] == str(BEYOND)
    assert (entry["table"], entry["column"], entry["row_id"]) == ("services", "balance", row["row_id"])
    assert entry["reason"] == f"refused: Cannot convert value to integer (bad value): {BEYOND}"
    assert entry["message"] == bad.decode()
    server.wait_until_all_written(21)
    counters = server.counters()
    assert (counters["rejected_refused"], counters["rows_services"]) == (1, 20)
    assert set(empty_standin.arrivals(f"{DATASET}.services").values()) == {1}


@pytest.mark.parametrize("kind", ["INTEGER", "NUMERIC"])
def test_a_large_row_is_loaded_or_refused_as_a_streamed_one_is(
        make_bigquery: MakeBigQuery, empty_standin: StandIn, kind: str) -> None:
    make_tables_with(empty_standin, kind)
    large = message(143, {"json_encoded.balance": BEYOND, "json_encoded.deposit_offset": 5,
                          "codec_encoded": "0x" + "ab" * 30_000})
    server = make_bigquery("bigquery-options(max-request-bytes(20000))")
    messages = [services(3), large] if kind == "NUMERIC" else [services(3)]
    send(server.port, [services(3), large])
    server.wait_until_all_written(2)
    rows.assert_same(by_row_id(sent(empty_standin, "services")),
                     by_row_id(expected_tables(messages, "bigquery")["services"]), "services")
    assert [row["via"] for row in empty_standin.rows(f"{DATASET}.services")].count("load") == len(messages) - 1
    assert [(entry["table"], entry["message"]) for entry in server.rejected()] == \
        [("services", large.decode())] * (2 - len(messages))
