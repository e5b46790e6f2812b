# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""datasets.* and tables.*, as BQ/docs/reference/rest/v2/tables."""

from __future__ import annotations

import re
from typing import Any

from . import schema
from .clock import Clock
from .errors import invalid
from .options import Options
from .schema import Field
from .store import DEFAULT_LOCATION, Dataset, DatasetId, Store, Table, TableId

Resource = dict[str, Any]
_NAME = re.compile(r"\w{1,1024}", re.ASCII)
_TABLE_NAME = re.compile(r"[\w -]{1,1024}")
_PERIODS = ("DAY", "HOUR", "MONTH", "YEAR")
_KEPT = ("timePartitioning", "rangePartitioning", "clustering", "requirePartitionFilter", "description",
         "friendlyName", "labels", "expirationTime")
_MOST_CLUSTERING = 4
_DAY = 24 * 3600


class Tables:
    def __init__(self, store: Store, options: Options, clock: Clock):
        self._store = store
        self._options = options
        self._clock = clock

    def insert_dataset(self, project: str, body: Resource) -> Resource:
        name = (body.get("datasetReference") or {}).get("datasetId", "")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise invalid(f'Invalid dataset ID "{name}". Dataset IDs must be alphanumeric (plus underscores) '
                          "and must be at most 1024 characters long.")
        dataset = Dataset(DatasetId(project, name), body.get("location") or DEFAULT_LOCATION, self._clock.now())
        self._store.add_dataset(dataset)
        return dataset_resource(dataset)

    def get_dataset(self, name: DatasetId) -> Resource:
        return dataset_resource(self._store.dataset(name))

    def list_datasets(self, project: str) -> Resource:
        found = [one for one in self._store.datasets() if one.id.project == project]
        return {"kind": "bigquery#datasetList",
                "datasets": [_pick(dataset_resource(one), "id", "datasetReference", "location") for one in found]}

    def insert(self, name: DatasetId, body: Resource) -> Resource:
        reference = body.get("tableReference") or {}
        if any(reference.get(key, there) != there for key, there in (("projectId", name.project),
                                                                     ("datasetId", name.dataset))):
            raise invalid("The tableReference does not match the request's project and dataset.")
        table = self.create(TableId(*name, reference.get("tableId", "")), schema.parse(body.get("schema")), body)
        return table_resource(table, self._store)

    def create(self, name: TableId, fields: tuple[Field, ...], details: Resource, fresh: bool = True) -> Table:
        """Checks and adds a table; a fresh one is not streamed to for a while, another is a day old."""
        self._store.dataset(name.dataset_id)
        if not isinstance(name.table, str) or not _TABLE_NAME.fullmatch(name.table):
            raise invalid(f'Invalid table ID "{name.table}".')
        check_partitioning(details.get("timePartitioning"), fields)
        check_clustering(details.get("clustering"), fields)
        now = self._clock.now()
        wait = self._wait(name) if fresh else 0
        loss = self._options.fresh_loss_seconds if fresh else 0
        created = now if fresh else now - _DAY
        table = Table(name, fields, created, now + wait, now + wait + loss,
                      {key: details[key] for key in _KEPT if details.get(key) is not None})
        self._store.add_table(table)
        return table

    def _wait(self, name: TableId) -> float:
        options = self._options
        missed = options.missed_table_seconds if self._store.was_missed(name) else 0
        return max(options.fresh_table_seconds, missed)

    def get(self, name: TableId) -> Resource:
        return table_resource(self._store.table(name), self._store)

    def list(self, name: DatasetId, most: int | None, page: str | None) -> Resource:
        with self._store.lock:
            found = sorted(self._store.dataset(name).tables.values(), key=lambda one: one.id.table)
        start = int(page or 0)
        end = len(found) if most is None else start + most
        answer: Resource = {"kind": "bigquery#tableList", "totalItems": len(found)}
        if found[start:end]:
            answer["tables"] = [_pick(table_resource(one, self._store), "kind", "id", "tableReference", "type",
                                      "creationTime", "timePartitioning", "clustering") for one in found[start:end]]
        if end < len(found):
            answer["nextPageToken"] = str(end)
        return answer

    def delete(self, name: TableId) -> None:
        self._store.drop_table(name)


def _pick(resource: Resource, *keys: str) -> Resource:
    return {key: resource[key] for key in keys if key in resource}


def check_partitioning(partitioning: Resource | None, fields: tuple[Field, ...]) -> None:
    if partitioning is None:
        return
    if partitioning.get("type") not in _PERIODS:
        raise invalid("Time partitioning type must be one of DAY, HOUR, MONTH, YEAR.")
    name = partitioning.get("field")
    if name is None:
        return
    column = next((one for one in fields if one.name == name), None)
    if column is None:
        raise invalid(f"The field specified for partitioning cannot be found in the schema: {name}.")
    if column.type not in ("TIMESTAMP", "DATE", "DATETIME") or column.mode == "REPEATED":
        raise invalid(f"The field specified for time partitioning can only be of type TIMESTAMP, DATE or DATETIME. "
                      f"The type found is: {column.type}.")


def check_clustering(clustering: Resource | None, fields: tuple[Field, ...]) -> None:
    names = (clustering or {}).get("fields") or []
    if len(names) > _MOST_CLUSTERING:
        raise invalid("Too many clustering fields.")
    columns = {one.name: one for one in fields}
    for name in names:
        if name not in columns:
            raise invalid("The field specified for clustering cannot be found in the schema. "
                          f"Invalid field: {name}.")
        if columns[name].mode == "REPEATED" or columns[name].type in ("RECORD", "BYTES", "FLOAT", "JSON"):
            raise invalid(f"Field {name} cannot be used for clustering.")


def dataset_resource(dataset: Dataset) -> Resource:
    return {"kind": "bigquery#dataset", "id": str(dataset.id), "location": dataset.location,
            "datasetReference": {"projectId": dataset.id.project, "datasetId": dataset.id.dataset},
            "creationTime": str(int(dataset.created * 1000))}


def table_resource(table: Table, store: Store) -> Resource:
    project, dataset, name = table.id
    with store.lock:
        number = sum(1 for row in table.rows if row.via == "load")
        streamed = len(table.rows) - number
        location = store.dataset(table.id.dataset_id).location
    resource: Resource = {
        "kind": "bigquery#table", "id": str(table.id), "type": "TABLE",
        "tableReference": {"projectId": project, "datasetId": dataset, "tableId": name},
        "schema": schema.resource(table.fields), "numRows": str(number), "numBytes": "0",
        "creationTime": str(int(table.created * 1000)), "lastModifiedTime": str(int(table.created * 1000)),
        "location": location, **table.details,
    }
    if not table.fields:
        del resource["schema"]
    if streamed:
        resource["streamingBuffer"] = {"estimatedRows": str(streamed), "estimatedBytes": "0",
                                       "oldestEntryTime": str(int(table.created * 1000))}
    return resource
