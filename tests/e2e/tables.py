# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The contract's list of tables, tests/data/tables.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LIST = Path(__file__).resolve().parents[1] / "data" / "tables.json"
DIALECTS = ("dune", "bigquery")
#: of one field, the first one's name is the field's
Names = tuple[str, ...]


@dataclass(frozen=True)
class Column:
    name: str
    sources: Names
    dune: str | None
    bigquery: str | None
    required: bool
    bigquery_name: str

    @property
    def source(self) -> str:
        return self.sources[0]

    def name_in(self, dialect: str) -> str:
        return self.bigquery_name if dialect == "bigquery" else self.name

    def type_in(self, dialect: str) -> str | None:
        return self.bigquery if dialect == "bigquery" else self.dune


@dataclass(frozen=True)
class Table:
    name: str
    msg_types: tuple[int, ...]
    #: the arrays with an element a row, and the one beside it
    each: Names
    paired: Names
    #: each may be an object, with a member a row
    has_members: bool
    columns: tuple[Column, ...]

    def columns_in(self, dialect: str) -> list[Column]:
        return [column for column in self.columns if column.type_in(dialect)]


def _column(listed: dict[str, Any]) -> Column:
    return Column(listed["name"], (listed["from"], *listed.get("or", ())), listed.get("dune"), listed.get("bigquery"),
                  listed.get("required", False), listed.get("bigquery_name", listed["name"]))


def _table(listed: dict[str, Any]) -> Table:
    return Table(listed["table"], tuple(listed["msg_types"]), tuple(listed.get("each", ())),
                 tuple(listed.get("paired", ())), "each_may_be_object" in listed,
                 tuple(_column(column) for column in listed["columns"]))


TABLES = {listed["table"]: _table(listed) for listed in json.loads(LIST.read_text())["tables"]}
