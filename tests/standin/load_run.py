# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a load job does with its data once it runs: checks, then one atomic update of the table."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass

from . import ndjson
from .clock import Clock
from .errors import ApiError, error_proto
from .load_config import LoadConfig
from .ndjson import Parsed
from .options import Options
from .row_check import RowCheck
from .schema import Field
from .store import Dataset, Row, Store, Table
from .tables import Tables

_QUOTA_SECONDS = 10
_UPDATES, _PARTITIONED_UPDATES = 5, 50


class LoadFailed(Exception):
    """error is the job's errorResult, errors the collection beside it."""

    def __init__(self, error: dict[str, str], errors: list[dict[str, str]] | None = None):
        super().__init__(error["message"])
        self.error = error
        self.errors = errors or []


@dataclass(frozen=True)
class Loaded:
    rows: int
    errors: list[dict[str, str]]


def _invalid(message: str) -> LoadFailed:
    return LoadFailed(error_proto("invalid", message))


class LoadRun:
    def __init__(self, store: Store, tables: Tables, options: Options, clock: Clock):
        self._store = store
        self._tables = tables
        self._options = options
        self._clock = clock

    def run(self, config: LoadConfig, data: bytes) -> Loaded:
        """Raises LoadFailed, and then nothing has changed."""
        try:
            with self._store.lock:
                return self._run(config, data)
        except ApiError as error:
            raise LoadFailed(error_proto(error.reason, error.message)) from None

    def _run(self, config: LoadConfig, data: bytes) -> Loaded:
        self._check_location(self._store.dataset(config.table.dataset_id), config)
        table = self._existing(config)
        self._check_quota(table)
        fields = self._fields(config, table)
        parsed = self._parse(config, fields, table, data)
        if table is None:
            table = self._tables.create(config.table, config.fields, config.resource)
        if config.write in ("WRITE_TRUNCATE", "WRITE_TRUNCATE_DATA"):
            table.rows.clear()
        table.rows += [Row(values, sent, "load", job_id=config.job_id) for values, sent in parsed.rows]
        return Loaded(len(parsed.rows), parsed.errors)

    @staticmethod
    def _check_location(dataset: Dataset, config: LoadConfig) -> None:
        if config.location and config.location.upper() != dataset.location.upper():
            raise LoadFailed(error_proto("notFound", f"Not found: Dataset {dataset.id} was not found in location "
                                         f"{config.location}"))

    def _existing(self, config: LoadConfig) -> Table | None:
        try:
            table = self._store.table(config.table)
        except ApiError:
            if config.create == "CREATE_NEVER":
                raise
            return None
        if config.write == "WRITE_EMPTY" and table.rows:
            raise LoadFailed(error_proto("duplicate", f"Already Exists: Table {table.id}"))
        return table

    def _check_quota(self, table: Table | None) -> None:
        """BQ/quotas: table update operations; failed ones count."""
        if table is None or not self._options.table_update_quota:
            return
        now = self._clock.now()
        while table.updates and table.updates[0] <= now - _QUOTA_SECONDS:
            table.updates.popleft()
        most = _PARTITIONED_UPDATES if "timePartitioning" in table.details else _UPDATES
        if len(table.updates) >= most:
            raise LoadFailed(error_proto("rateLimitExceeded", "Exceeded rate limits: too many table update "
                                         "operations for this table."))
        table.updates.append(now)

    @staticmethod
    def _fields(config: LoadConfig, table: Table | None) -> tuple[Field, ...]:
        if table is None or not table.fields:
            if not config.fields:
                raise _invalid("No schema specified on job or table.")
            return config.fields
        if not config.fields:
            return table.fields
        _check_schema(config.fields, table)
        return config.fields

    def _parse(self, config: LoadConfig, fields: tuple[Field, ...], table: Table | None, data: bytes) -> Parsed:
        if config.source_format == "CSV":
            raise _invalid("Error while reading data, error message: CSV table encountered too many errors, "
                           "giving up. Rows: 1; errors: 1.")
        if config.source_format != "NEWLINE_DELIMITED_JSON":
            raise LoadFailed(error_proto("notImplemented", f"The stand-in does not read {config.source_format}."))
        check = RowCheck.loaded(fields, config.ignore_unknown)
        parsed = ndjson.parse(self._plain(data), check, config.most_bad, self._options.load_row_limit)
        if parsed.fatal:
            raise LoadFailed(parsed.error_result(), parsed.errors)
        return parsed

    def _plain(self, data: bytes) -> bytes:
        if not self._options.gzip_uploads or not data.startswith(b"\x1f\x8b"):
            return data
        try:
            return gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise _invalid(f"Error while reading data, error message: {error}") from None


def _check_schema(fields: tuple[Field, ...], table: Table) -> None:
    """schemaUpdateOptions are not there: a load must fit the table as it is."""
    there = {one.name: one for one in table.fields}
    start = f"Provided Schema does not match Table {table.id}. "
    for one in fields:
        if one.name not in there:
            raise _invalid(f"{start}Cannot add fields (field: {one.name})")
        if one.type != there[one.name].type:
            raise _invalid(f"{start}Field {one.name} has changed type from {there[one.name].type} to {one.type}")
        if one.mode != there[one.name].mode:
            raise _invalid(f"{start}Field {one.name} has changed mode from {there[one.name].mode} to {one.mode}")
    missing = [name for name, one in there.items()
               if one.mode == "REQUIRED" and name not in {given.name for given in fields}]
    if missing:
        raise _invalid(f"{start}Field {missing[0]} is missing in new schema")
