# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""tabledata.insertAll, as BQ/docs/streaming-data-into-bigquery "Success HTTP response codes".

A 200 has three outcomes: all rows in; none in because of a schema mismatch in some
(the good rows are "stopped"); or all in but the listed ones, whose errors are of
another kind: a row too large, a partition out of range, and what a fault gives.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any

from .clock import Clock
from .errors import ApiError, bad_request, error_proto, invalid
from .faults import RowFault
from .json_text import parse_object, refuse_unknown_names
from .messages import Request
from .options import Options
from .row_check import RowCheck, RowError, Values
from .store import Row, Store, Table, TableId
from .times import timestamp

_REQUEST_NAMES = frozenset(("kind", "skipInvalidRows", "ignoreUnknownValues", "templateSuffix", "traceId", "rows"))
_ROW_NAMES = frozenset(("insertId", "json"))
_TRACE_ID_LIMIT = 36
_DAY = 24 * 3600
_PAST, _FUTURE = 3650 * _DAY, 366 * _DAY

Errors = dict[int, list[dict[str, str]]]


@dataclass
class Candidate:
    index: int
    insert_id: str | None
    sent: Any
    values: Values


class InsertAll:
    def __init__(self, store: Store, options: Options, clock: Clock):
        self._store = store
        self._options = options
        self._clock = clock
        self._random = random.Random(4)

    def insert(self, name: TableId, http: Request) -> dict[str, Any]:
        body = http.body
        if len(body) > self._options.request_limit:
            raise bad_request(f"Request payload size exceeds the limit: {self._options.request_limit} bytes.")
        request = self._parse(body)
        table = self._find(name)
        rows = request["rows"]
        http.rows = len(rows)
        mismatches, candidates = self._check(table, request)
        others = self._other_errors(table, candidates, len(body))
        self._add_faults(http.plan.row_faults, rows, mismatches, others)
        if mismatches and not request.get("skipInvalidRows"):
            errors = {index: mismatches.get(index, [error_proto("stopped")]) for index in range(len(rows))}
        else:
            errors = {**others, **mismatches}
            self._commit(table, [one for one in candidates if one.index not in errors])
        return self._answer(errors)

    def _parse(self, body: bytes) -> dict[str, Any]:
        request = parse_object(body)
        refuse_unknown_names(request, _REQUEST_NAMES)
        if request.get("templateSuffix"):
            raise ApiError(501, "notImplemented", "The stand-in has no template tables.")
        trace_id = request.get("traceId", "")
        if not isinstance(trace_id, str) or len(trace_id) > _TRACE_ID_LIMIT or not trace_id.isascii():
            raise invalid("Invalid trace id.")
        self._check_rows(request.get("rows"))
        return request

    def _check_rows(self, rows: Any) -> None:
        if not isinstance(rows, list) or not rows:
            raise invalid("No rows present in the request.")
        if len(rows) > self._options.rows_limit:
            raise invalid(f"too many rows present in the request, limit: {self._options.rows_limit} "
                          f"row count: {len(rows)}.")
        for row in rows:
            self._check_envelope(row)

    def _check_envelope(self, row: Any) -> None:
        if not isinstance(row, dict):
            raise bad_request("Invalid JSON payload received. Rows must be objects.")
        refuse_unknown_names(row, _ROW_NAMES)
        insert_id = row.get("insertId")
        if insert_id is not None and not isinstance(insert_id, str):
            raise bad_request("Invalid value at 'rows.insert_id' (TYPE_STRING).")
        if insert_id and len(insert_id) > self._options.insert_id_limit:
            raise invalid(f"The row insert id length {len(insert_id)} is too long.")

    def _find(self, name: TableId) -> Table:
        with self._store.lock:
            try:
                table = self._store.table(name)
            except ApiError:
                self._store.miss(name)
                raise
        if self._clock.now() < table.streamable_at:
            raise ApiError(404, "notFound", f"Not found: Table {name}")
        if not table.fields:
            raise invalid("The destination table has no schema.")
        return table

    @staticmethod
    def _check(table: Table, request: dict[str, Any]) -> tuple[Errors, list[Candidate]]:
        check = RowCheck(table.fields, bool(request.get("ignoreUnknownValues")))
        mismatches: Errors = {}
        candidates = []
        for index, row in enumerate(request["rows"]):
            sent = row.get("json") or {}
            try:
                candidates.append(Candidate(index, row.get("insertId") or None, sent, check.check(sent)))
            except RowError as error:
                mismatches[index] = [error_proto("invalid", error.message, error.location)]
        return mismatches, candidates

    def _other_errors(self, table: Table, candidates: list[Candidate], body_size: int) -> Errors:
        errors: Errors = {}
        for one in candidates:
            size = body_size if body_size <= self._options.row_limit else _size(one.sent)
            if size > self._options.row_limit:
                errors[one.index] = [error_proto("invalid", "Maximum allowed row size exceeded. "
                                                 f"Allowed: {self._options.row_limit} Row size: {size}")]
            elif not self._in_partition_range(table, one.values):
                errors[one.index] = [error_proto(
                    "invalid", "The destination table's partition is outside the allowed bounds. You can only stream "
                    "to partitions within 3650 days in the past and 366 days in the future.", table.partition_field)]
        return errors

    def _in_partition_range(self, table: Table, values: Values) -> bool:
        value = values.get(table.partition_field or "")
        if value is None:
            return True
        seconds = (value if isinstance(value, int) else timestamp(value)) / 1_000_000
        now = self._clock.now()
        return now - _PAST <= seconds <= now + _FUTURE

    @staticmethod
    def _add_faults(faults: list[RowFault], rows: list[Any], mismatches: Errors, others: Errors) -> None:
        for fault in faults:
            kind = mismatches if fault.schema_mismatch else others
            for index in fault.hits([row.get("insertId") for row in rows]):
                kind.setdefault(index, []).extend(fault.errors)

    def _commit(self, table: Table, candidates: list[Candidate]) -> None:
        now = self._clock.now()
        with self._store.lock:
            for one in candidates:
                seen = self._seen(table, one.insert_id, now)
                if now < table.lossless_at:
                    table.lost += 1
                elif not seen:
                    table.rows.append(Row(one.values, one.sent, "insertAll", one.insert_id))

    def _seen(self, table: Table, insert_id: str | None, now: float) -> bool:
        """Counts the arrival; True if the de-duplication drops the row."""
        if insert_id is None:
            return False
        table.arrivals[insert_id] = table.arrivals.get(insert_id, 0) + 1
        before = table.recent_ids.get(insert_id)
        if self._options.dedup and before is not None and now - before < self._options.dedup_seconds:
            return True
        table.recent_ids[insert_id] = now
        return False

    def _answer(self, errors: Errors) -> dict[str, Any]:
        answer: dict[str, Any] = {"kind": "bigquery#tableDataInsertAllResponse"}
        if errors:
            answer["insertErrors"] = [{"index": index, "errors": errors[index]} for index in self._order(errors)]
        return answer

    def _order(self, errors: Errors) -> list[int]:
        """Any order but the rows', if there is one."""
        order = sorted(errors)
        if self._options.shuffle_errors and len(order) > 1:
            mixed = order[:]
            with self._store.lock:
                self._random.shuffle(mixed)
            return mixed if mixed != order else mixed[::-1]
        return order


def _size(row: Any) -> int:
    return len(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
