# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the stand-in holds: datasets, tables, rows. In memory, under one lock."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .errors import duplicate, not_found
from .schema import Field

Values = dict[str, Any]
DEFAULT_LOCATION = "US"


class DatasetId(NamedTuple):
    project: str
    dataset: str

    def __str__(self) -> str:
        return f"{self.project}:{self.dataset}"


class TableId(NamedTuple):
    project: str
    dataset: str
    table: str

    def __str__(self) -> str:
        return f"{self.project}:{self.dataset}.{self.table}"

    @property
    def dataset_id(self) -> DatasetId:
        return DatasetId(self.project, self.dataset)


@dataclass
class Row:
    """values is what the columns hold, sent what the client wrote; via is "insertAll" or "load"."""

    values: Values
    sent: Values
    via: str
    insert_id: str | None = None
    job_id: str | None = None


@dataclass
class Table:
    id: TableId
    fields: tuple[Field, ...]
    created: float
    streamable_at: float
    """insertAll answers 404 before."""
    lossless_at: float
    """insertAll loses rows before, with a 200."""
    details: dict[str, Any] = field(default_factory=dict)
    """timePartitioning, clustering, description and the like, as given."""
    rows: list[Row] = field(default_factory=list)
    arrivals: dict[str, int] = field(default_factory=dict)
    """insertId -> how often a row of that id was accepted, deduplicated and lost ones included."""
    recent_ids: dict[str, float] = field(default_factory=dict)
    """insertId -> when it was last taken in: the window of the best-effort de-duplication."""
    lost: int = 0
    updates: deque[float] = field(default_factory=deque)
    """When its latest load jobs ended, for the rate limit."""

    @property
    def partition_field(self) -> str | None:
        return (self.details.get("timePartitioning") or {}).get("field")


@dataclass
class Dataset:
    id: DatasetId
    location: str = DEFAULT_LOCATION
    created: float = 0
    tables: dict[str, Table] = field(default_factory=dict)


class Store:
    """Take the lock around what must happen at once; each method takes it for itself."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._datasets: dict[DatasetId, Dataset] = {}
        self._missed: set[TableId] = set()

    def datasets(self) -> list[Dataset]:
        with self.lock:
            return list(self._datasets.values())

    def tables(self) -> list[Table]:
        with self.lock:
            return [table for dataset in self._datasets.values() for table in dataset.tables.values()]

    def dataset(self, name: DatasetId) -> Dataset:
        with self.lock:
            if name not in self._datasets:
                raise not_found("Dataset", name)
            return self._datasets[name]

    def add_dataset(self, dataset: Dataset) -> None:
        with self.lock:
            if dataset.id in self._datasets:
                raise duplicate("Dataset", dataset.id)
            self._datasets[dataset.id] = dataset

    def table(self, name: TableId) -> Table:
        with self.lock:
            tables = self.dataset(name.dataset_id).tables
            if name.table not in tables:
                raise not_found("Table", name)
            return tables[name.table]

    def add_table(self, table: Table) -> None:
        with self.lock:
            tables = self.dataset(table.id.dataset_id).tables
            if table.id.table in tables:
                raise duplicate("Table", table.id)
            tables[table.id.table] = table

    def drop_table(self, name: TableId) -> None:
        with self.lock:
            self.table(name)
            del self.dataset(name.dataset_id).tables[name.table]

    def miss(self, name: TableId) -> None:
        """An insertAll found no such table: the API caches that."""
        with self.lock:
            self._missed.add(name)

    def was_missed(self, name: TableId) -> bool:
        with self.lock:
            return name in self._missed

    def clear(self) -> None:
        with self.lock:
            self._datasets.clear()
            self._missed.clear()
