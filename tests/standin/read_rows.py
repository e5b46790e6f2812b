# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows read back: tabledata.list, and jobs.query for the few forms of SELECT that tests need.

  SELECT *|column,... FROM `[project.]dataset.table` [ORDER BY column [DESC]] [LIMIT n]
  SELECT COUNT(*) [AS name] FROM `[project.]dataset.table`
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from . import schema
from .errors import ApiError, invalid
from .schema import Field
from .store import Row, Store, TableId, Values
from .times import timestamp_text

Resource = dict[str, Any]
_QUERY = re.compile(r"\s*SELECT\s+(?P<what>\*|COUNT\(\*\)(?:\s+(?:AS\s+)?(?P<alias>\w+))?|[\w`]+(?:\s*,\s*[\w`]+)*)"
                    r"\s+FROM\s+`?(?P<table>[\w-]+(?:[.:]\w+){1,2})`?"
                    r"(?:\s+ORDER\s+BY\s+(?P<order>\w+)(?:\s+(?P<direction>ASC|DESC))?)?"
                    r"(?:\s+LIMIT\s+(?P<limit>\d+))?\s*;?\s*", re.IGNORECASE)


def readable(fields: tuple[Field, ...], values: Values) -> Values:
    """A row with its columns as JSONL would have them: timestamps in RFC 3339, nulls left out."""
    return {one.name: _readable(one, values[one.name]) for one in fields if one.name in values}


def _readable(field: Field, value: Any) -> Any:
    if isinstance(value, list):
        return [_readable(field, one) for one in value]
    if field.type == "RECORD":
        return readable(field.fields, value)
    return timestamp_text(value) if field.type == "TIMESTAMP" else value


def cells(fields: tuple[Field, ...], values: Values, times: str) -> Resource:
    """A row in the f/v form; times: "float", "int64" or "text" for TIMESTAMP."""
    return {"f": [{"v": _cell(one, values.get(one.name), times)} for one in fields]}


def _cell(field: Field, value: Any, times: str) -> Any:
    if isinstance(value, list):
        return [{"v": _cell(field, one, times)} for one in value]
    if field.mode == "REPEATED" and value is None:
        return []
    if value is None or isinstance(value, str):
        return value
    if field.type == "RECORD":
        return cells(field.fields, value, times)
    if field.type == "BOOLEAN":
        return "true" if value else "false"
    if field.type == "TIMESTAMP":
        return _time_cell(value, times)
    return str(value)


def _time_cell(micros: int, times: str) -> str:
    if times == "int64":
        return str(micros)
    return timestamp_text(micros) if times == "text" else repr(micros / 1_000_000)


def time_form(options: Resource) -> str:
    """Of formatOptions, of which the timestampOutputFormat is the stronger one."""
    wanted = options.get("timestampOutputFormat")
    if wanted == "ISO8601_STRING":
        return "text"
    if wanted == "INT64" or str(options.get("useInt64Timestamp", "")).lower() == "true":
        return "int64"
    return "float"


class ReadRows:
    def __init__(self, store: Store):
        self._store = store

    def list(self, name: TableId, query: dict[str, str]) -> Resource:
        table = self._store.table(name)
        with self._store.lock:
            rows = table.rows[:]
        start = _number(query.get("pageToken") or query.get("startIndex") or "0")
        end = min(len(rows), start + _number(query.get("maxResults") or "100000"))
        fields = _selected(table.fields, query.get("selectedFields"))
        times = time_form({key.removeprefix("formatOptions."): value for key, value in query.items()})
        answer: Resource = {"kind": "bigquery#tableDataList", "totalRows": str(len(rows))}
        if rows[start:end]:
            answer["rows"] = [cells(fields, row.values, times) for row in rows[start:end]]
        if end < len(rows):
            answer["pageToken"] = str(end)
        return answer

    def query(self, project: str, body: Resource) -> Resource:
        match = _QUERY.fullmatch(body.get("query") or "")
        if not match or body.get("useLegacySql", True):
            raise ApiError(400, "invalidQuery", "The stand-in knows a few forms of SELECT in GoogleSQL only.")
        fields, rows = self._select(project, body, match)
        times = time_form(body.get("formatOptions") or {})
        return {"kind": "bigquery#queryResponse", "schema": schema.resource(fields), "jobComplete": True,
                "jobReference": {"projectId": project, "jobId": "job_" + secrets.token_urlsafe(20), "location": "US"},
                "totalRows": str(len(rows)), "rows": [cells(fields, values, times) for values in rows],
                "totalBytesProcessed": "0", "cacheHit": False}

    def _select(self, project: str, body: Resource, match: re.Match[str]) -> tuple[tuple[Field, ...], list[Values]]:
        table = self._store.table(_table_id(project, match["table"]))
        with self._store.lock:
            rows = table.rows[:]
        if match["what"].upper().startswith("COUNT("):
            name = match["alias"] or "f0_"
            return (Field(name, "INTEGER"),), [{name: len(rows)}]
        names = None if match["what"] == "*" else re.sub(r"[`\s]", "", match["what"])
        fields = _selected(table.fields, names)
        return fields, [row.values for row in _ordered(table.fields, rows, match)]


def _ordered(fields: tuple[Field, ...], rows: list[Row], match: re.Match[str]) -> list[Row]:
    """NULLs first, as BigQuery has them."""
    name = match["order"]
    if name:
        _selected(fields, name)
        rows.sort(key=lambda row: (name in row.values, row.values.get(name)),
                  reverse=(match["direction"] or "").upper() == "DESC")
    return rows[:int(match["limit"])] if match["limit"] else rows


def _table_id(project: str, text: str) -> TableId:
    parts = re.split("[.:]", text)
    return TableId(*parts) if len(parts) == 3 else TableId(project, *parts)


def _selected(fields: tuple[Field, ...], names: str | None) -> tuple[Field, ...]:
    if not names:
        return fields
    there = {one.name.lower(): one for one in fields}
    try:
        return tuple(there[name.lower()] for name in names.split(","))
    except KeyError as error:
        raise ApiError(400, "invalidQuery", f"Unrecognized name: {error.args[0]}") from None


def _number(text: str) -> int:
    if not text.isdecimal():
        raise invalid(f"Invalid number: {text}")
    return int(text)
