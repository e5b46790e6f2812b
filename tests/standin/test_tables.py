# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Datasets, tables, and rows read back."""

from __future__ import annotations

from typing import Any

import pytest

from . import StandIn
from .client_http import Client, insert, table_path
from .conftest import COLUMNS, TIME

TABLES = table_path("")[:-1]


def new_table(name: str = "new", **details: Any) -> dict[str, Any]:
    return {"tableReference": {"projectId": "test-project", "datasetId": "jam", "tableId": name},
            "schema": {"fields": COLUMNS}, **details}


def test_a_table_is_made_once(standin: StandIn, client: Client) -> None:
    details = {"timePartitioning": {"type": "DAY", "field": "time"}, "clustering": {"fields": ["name", "count"]}}
    answer = client.post(TABLES, new_table(**details))
    assert (answer.status, answer.json["id"]) == (200, "test-project:jam.new")
    assert {key: answer.json[key] for key in details} == details
    assert client.get(table_path("new")).json["schema"]["fields"][1] == {
        "name": "name", "type": "STRING", "mode": "NULLABLE"}
    answer = client.post(TABLES, new_table())
    assert (answer.status, answer.reason) == (409, "duplicate")
    assert answer.json["error"]["message"] == "Already Exists: Table test-project:jam.new"


@pytest.mark.parametrize("details, message", [
    ({"timePartitioning": {"type": "DAY", "field": "no"}}, "The field specified for partitioning cannot be found"),
    ({"timePartitioning": {"type": "DAY", "field": "name"}}, "The field specified for time partitioning can only"),
    ({"timePartitioning": {"type": "day"}}, "Time partitioning type must be"),
    ({"clustering": {"fields": ["no"]}}, "The field specified for clustering cannot be found"),
    ({"clustering": {"fields": ["name"] * 5}}, "Too many clustering fields."),
    ({"schema": {"fields": [{"name": "1a", "type": "STRING"}]}}, 'Invalid field name "1a".'),
    ({"schema": {"fields": [{"name": "a", "type": "TEXT"}]}}, "Invalid value for type: TEXT"),
    ({"schema": {"fields": [{"name": "a", "type": "STRING", "mode": "NULL"}]}}, "Invalid value for mode: NULL"),
    ({"schema": {"fields": [{"name": "a", "type": "RECORD"}]}}, "Field a is type RECORD but has no schema"),
    ({"schema": {"fields": [{"name": "a", "type": "STRING"}, {"name": "A", "type": "STRING"}]}},
     "Field A already exists in schema"),
    ({"tableReference": {"datasetId": "other"}}, "The tableReference does not match"),
    ({"tableReference": {"tableId": "a.b"}}, 'Invalid table ID "a.b".'),
])
def test_bad_tables_are_refused(client: Client, details: dict[str, Any], message: str) -> None:
    answer = client.post(TABLES, {**new_table(), **details})
    assert (answer.status, answer.reason) == (400, "invalid")
    assert answer.json["error"]["message"].startswith(message)


def test_tables_are_listed_by_pages(standin: StandIn, client: Client) -> None:
    for name in ("a", "b"):
        standin.create_table(f"jam.{name}", COLUMNS)
    first = client.get(TABLES + "?maxResults=2").json
    assert [one["tableReference"]["tableId"] for one in first["tables"]] == ["a", "b"]
    second = client.get(f"{TABLES}?maxResults=2&pageToken={first['nextPageToken']}").json
    assert [one["tableReference"]["tableId"] for one in second["tables"]] == ["t"]
    assert second["totalItems"] == 3 and "nextPageToken" not in second


def test_datasets(standin: StandIn, client: Client) -> None:
    path = "/bigquery/v2/projects/test-project/datasets"
    body = {"datasetReference": {"datasetId": "new"}, "location": "europe-west1"}
    assert client.post(path, body).json["location"] == "europe-west1"
    assert client.post(path, body).reason == "duplicate"
    assert client.get(path + "/new").json["id"] == "test-project:new"
    assert client.get(path + "/no").json["error"]["message"] == "Not found: Dataset test-project:no"
    assert [one["id"] for one in client.get(path).json["datasets"]] == ["test-project:jam", "test-project:new"]


def test_paths_are_served_without_their_prefix_too(client: Client) -> None:
    assert client.get("/projects/test-project/datasets/jam/tables/t").status == 200


def test_rows_are_read_back(standin: StandIn, client: Client) -> None:
    insert(client, "t", [{"time": TIME, "count": "7", "flag": True, "blob": "AA=="}, {"time": TIME, "count": 3}])
    answer = client.get(table_path("t", "/data?maxResults=1&formatOptions.useInt64Timestamp=true")).json
    assert answer["rows"] == [{"f": [{"v": value} for value in (
        "1767323045123456", None, "7", "AA==", None, "true")]}]
    assert (answer["totalRows"], answer["pageToken"]) == ("2", "1")
    answer = client.get(table_path("t", "/data?pageToken=1&selectedFields=time,count")).json
    assert answer["rows"] == [{"f": [{"v": "1767323045.123456"}, {"v": "3"}]}]


def query(client: Client, text: str, **more: Any) -> Any:
    return client.post("/bigquery/v2/projects/test-project/queries", {"query": text, "useLegacySql": False, **more})


def test_simple_queries(standin: StandIn, client: Client) -> None:
    insert(client, "t", [{"time": TIME, "count": count} for count in (2, 3, 1)])
    assert query(client, "SELECT COUNT(*) AS n FROM `test-project.jam.t`").json["rows"] == [{"f": [{"v": "3"}]}]
    answer = query(client, "select count from jam.t order by count desc limit 2").json
    assert [row["f"][0]["v"] for row in answer["rows"]] == ["3", "2"]
    assert (answer["jobComplete"], answer["totalRows"]) == (True, "2")
    assert query(client, "SELECT 1").reason == "invalidQuery"
    assert query(client, "SELECT no FROM jam.t").reason == "invalidQuery"
    assert query(client, "SELECT * FROM jam.no").reason == "notFound"


def test_other_paths_get_a_page(client: Client) -> None:
    answer = client.get("/nowhere")
    assert (answer.status, answer.headers["Content-Type"]) == (404, "text/html; charset=UTF-8")
