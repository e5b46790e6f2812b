# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Daemons that send rows to the stand-in for BigQuery, and what it must hold then."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import rows
from daemon import BUILD, DEADLINE, Daemon, free_port
from expected_rows import expected_tables
from standin import StandIn
from tables import TABLES

PROJECT = "test-project"
DATASET = "jam"
INSERT = "tabledata.insertAll"
#: so that tests do not wait for what is tried again
SOON = "options { time-reopen(1); };"
#: as the driver makes them
DETAILS = {"timePartitioning": {"type": "DAY", "field": "time"}, "clustering": {"fields": ["team", "sender_id"]}}


def fields(table: str) -> list[dict[str, Any]]:
    """The table's schema as it is installed."""
    schema: list[dict[str, Any]] = json.loads((BUILD / "schema" / "bigquery" / f"{table}.json").read_text())
    return schema


def make_tables(standin: StandIn, names: Iterable[str] = tuple(TABLES)) -> None:
    for name in names:
        standin.create_table(f"{DATASET}.{name}", fields(name), **DETAILS)


def one_batch(messages: int) -> str:
    """So that this many messages are handled together, however slowly they come."""
    return f"batch-lines({messages}) batch-timeout(60000)"


def sent(standin: StandIn, table: str) -> list[rows.Row]:
    """The table's rows as they were sent, in the order in which they came."""
    return [row["sent"] for row in standin.rows(f"{DATASET}.{table}")]


def count(standin: StandIn, table: str) -> int:
    return len(standin.table(f"{DATASET}.{table}").rows)


def by_row_id(table_rows: list[rows.Row]) -> list[rows.Row]:
    """Requests for a table run side by side, so that its rows have no order."""
    return sorted(table_rows, key=lambda row: str(row["row_id"]))


def assert_all_sent(standin: StandIn, expected: dict[str, list[rows.Row]]) -> None:
    """Each of these rows once, and no other row."""
    for table in TABLES:
        rows.assert_same(by_row_id(sent(standin, table)), by_row_id(expected.get(table, [])), table)


class BigQueryServer(Daemon):
    """A daemon with jam-etl-bigquery-server(), or another block with its arguments."""

    def __init__(self, folder: Path, standin: StandIn, options: str = "", before: str = SOON,
                 block: str = "jam-etl-bigquery-server", url: str | None = None):
        self.port = free_port()
        self.standin = standin
        buffers = folder / "buffers"
        buffers.mkdir(parents=True)
        where = f'url("{standin.url}")' if url is None else url
        super().__init__(folder, f'{before}\n{block}(ip("127.0.0.1") port({self.port}) project("{PROJECT}") '
                         f'dataset("{DATASET}") {where} disk-buffer-options(dir("{buffers}")) {options})\n')

    def change_config(self, old: str, new: str) -> None:
        config = self.config_file.read_text()
        assert old in config
        self.config_file.write_text(config.replace(old, new))

    def wait_for_rows(self, table: str, number: int, seconds: float = DEADLINE) -> None:
        self.wait_until(lambda: count(self.standin, table) >= number,
                        f"{number} rows in {table}", seconds)

    def wait_for_requests(self, operation: str, number: int = 1, seconds: float = DEADLINE) -> None:
        self.wait_until(lambda: len(self.standin.requests(operation)) >= number, f"{number} {operation}", seconds)

    def wait_until_all_written(self, number: int, seconds: float = DEADLINE) -> None:
        self.wait_until(lambda: self.counters().get("written", 0) >= number, f"{number} messages written", seconds)

    def settle(self) -> None:
        """Rows are there before their request is in the log: waits for that."""
        self.wait_until(lambda: self.standin.log.in_flight == 0, "the last request is answered")

    def assert_sent(self, messages: list[bytes], settle: bool = True) -> None:
        """Every row of the messages once, and no other row; unless told not to, waits for the request log too."""
        expected = expected_tables(messages, "bigquery")
        for table, there in expected.items():
            self.wait_for_rows(table, len(there))
        if settle:
            self.settle()
        assert_all_sent(self.standin, expected)
