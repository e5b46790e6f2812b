# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The unit tests' cases expect what the specification says: both oracles agree."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import rows
from daemon import TOP
from expected_rows import Rejected, expected_rows
from tables import DIALECTS

CASES = TOP / "tests" / "cases"


def _team_map(case: Path) -> dict[str, str]:
    path = case / "team-map.csv"
    if not path.exists():
        return {}
    with path.open(newline="") as lines:
        return {sender_id.lower(): team for sender_id, team in csv.reader(lines) if sender_id != "sender_id"}


def _expected(case: Path, dialect: str) -> dict[str, list[rows.Row]]:
    tables: dict[str, list[rows.Row]] = {}
    for line in (case / f"{dialect}.jsonl").read_text().splitlines():
        entry = json.loads(line, parse_int=rows.Integer)
        tables.setdefault(entry["table"], []).append(entry["row"])
    return tables


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_case_with_rows_has_those_of_the_specification(deep_recursion: None, dialect: str) -> None:
    cases = sorted(path.parent for path in CASES.glob(f"*/{dialect}.jsonl"))
    assert len(cases) > 100
    for case in cases:
        found = expected_rows((case / "message.json").read_bytes(), dialect, _team_map(case))
        expected = _expected(case, dialect)
        assert {table for table, there in found.items() if there} == set(expected), case.name
        for table, there in expected.items():
            rows.assert_same(found[table], there, f"{case.name}: {table}")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_rejected_case_is_against_the_specification(deep_recursion: None, dialect: str) -> None:
    """But for the limit of nesting, which is the module's own."""
    cases = sorted(path.parent for name in ("reject", f"{dialect}.reject") for path in CASES.glob(f"*/{name}"))
    assert len(cases) > 100
    for case in cases:
        if case.name == "message-nested-too-deep":
            continue
        own = case / f"{dialect}.reject"
        expected = tuple((own if own.exists() else case / "reject").read_text().split())
        with pytest.raises(Rejected) as rejected:
            print(case.name, expected_rows((case / "message.json").read_bytes(), dialect, _team_map(case)))
        assert rejected.value.args == expected, case.name
