# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The stand-in's honesty: Google's own client for Node speaks to it and understands its answers.

The client is pointed at it in two ways. BIGQUERY_EMULATOR_HOST is taken as the
whole base URL (no /bigquery/v2 is added, but uploads do have theirs); the option
apiEndpoint gets /bigquery/v2 added. Neither turns authentication off: without
credentials it goes on without a token, with them it sends one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from . import StandIn
from .conftest import TIME

HERE = Path(__file__).resolve().parent / "client"
BUILD = Path(os.environ.get("JAM_ETL_BUILD", HERE.parents[2] / "build")).resolve() / "tests" / "standin-client"
FILES = ("package.json", "package-lock.json")

ROW = {"time": TIME, "name": "a", "count": "9007199254740993", "blob": "AQI=", "flag": True}
BAD = {"time": TIME, "nome": "b"}

Step = Callable[..., Any]


def install() -> str:
    """Puts the client into the build folder, where it is not yet; why it cannot be, or ""."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "node and npm are not installed"
    wanted = b"".join((HERE / name).read_bytes() for name in FILES)
    stamp = BUILD / "installed"
    if stamp.exists() and stamp.read_bytes() == wanted:
        return ""
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    for name in FILES:
        shutil.copy(HERE / name, BUILD)
    done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=BUILD, text=True,
                          capture_output=True, timeout=300, check=False)
    if done.returncode:
        return f"npm cannot install the client: {done.stderr[-500:]}"
    stamp.write_bytes(wanted)
    return ""


@pytest.fixture(scope="session")
def installed() -> Path:
    problem = install()
    if problem:
        pytest.skip(problem)
    return BUILD


@pytest.fixture
def take(installed: Path, standin: StandIn, tmp_path: Path) -> Step:
    """take("step", option=...): one step of client.js; environment=... adds to the environment."""
    script = installed / "client.js"
    shutil.copy(HERE / "client.js", script)

    def step(name: str, environment: dict[str, str] | None = None, **config: Any) -> Any:
        config = {"url": standin.url, "project": "test-project", "apiEndpoint": standin.url, **config}
        clean = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "METADATA_SERVER_DETECTION": "none"}
        done = subprocess.run(["node", str(script), name, json.dumps(config)], text=True, capture_output=True,
                              timeout=60, check=False, env={**clean, **(environment or {})})
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return step


def test_rows_go_in_and_come_back(standin: StandIn, take: Step) -> None:
    """Numbers over 2^53 come back rounded: that is the client's doing, which reads them as doubles."""
    assert take("insert", rows=[ROW, {"time": TIME}]) == {"ok": [{"kind": "bigquery#tableDataInsertAllResponse"}]}
    assert [row["row"] for row in standin.rows("jam.t")] == [{**ROW, "count": 9007199254740993}, {"time": TIME}]
    assert all(row["insertId"] for row in standin.rows("jam.t"))
    there = {"name": "a", "count": 9007199254740992, "blob": "AQI=", "flag": True, "ratio": None}
    assert take("getRows")["ok"][0] == {**there, "time": "2026-01-02T03:04:05.123456000Z"}
    assert take("query", query="SELECT COUNT(*) AS n FROM `test-project.jam.t`") == {"ok": [{"n": 2}]}
    found = take("query", query="SELECT time, name FROM `test-project.jam.t` ORDER BY name DESC LIMIT 1")
    assert found == {"ok": [{"time": "2026-01-02T03:04:05.123456000Z", "name": "a"}]}


def test_the_emulator_variable_is_the_whole_base_url(standin: StandIn, take: Step, tmp_path: Path) -> None:
    environment = {"BIGQUERY_EMULATOR_HOST": standin.url}
    assert "ok" in take("insert", environment, rows=[ROW], apiEndpoint=None)
    file = tmp_path / "rows.json"
    file.write_text(json.dumps(ROW))
    assert "ok" in take("load", environment, file=str(file), metadata={"format": "JSON"},
                        apiEndpoint=None, auth="passThrough")
    assert [row["via"] for row in standin.rows("jam.t")] == ["insertAll", "load"]
    paths = {entry["operation"]: entry["path"] for entry in standin.requests()}
    assert paths["tabledata.insertAll"] == (
        "/projects/test-project/datasets/jam/tables/t/insertAll?prettyPrint=false")
    assert paths["jobs.insert"] == "/upload/bigquery/v2/projects/test-project/jobs?uploadType=multipart"


def test_a_mismatch_is_a_partial_failure_error(standin: StandIn, take: Step) -> None:
    error = take("insert", rows=[ROW, BAD])["error"]
    assert error["name"] == "PartialFailureError"
    by_row = {json.dumps(one["row"]): one["errors"] for one in error["errors"]}
    assert by_row == {json.dumps(ROW): [{"message": "", "reason": "stopped"}],
                      json.dumps(BAD): [{"message": "no such field: nome.", "reason": "invalid"}]}
    assert standin.rows("jam.t") == []


def test_a_partial_failure_names_the_rows_that_failed(standin: StandIn, take: Step) -> None:
    for options in ({"skipInvalidRows": True}, {}):
        if not options:
            standin.add_fault(rows={"index": 1, "reason": "backendError", "message": "later"}, times=1)
        error = take("insert", rows=[ROW, BAD if options else {"time": TIME}], options=options)["error"]
        assert (error["name"], len(error["errors"])) == ("PartialFailureError", 1)
    assert len(standin.rows("jam.t")) == 2


def test_the_client_sends_failed_rows_again(standin: StandIn, take: Step) -> None:
    standin.add_fault(rows={"index": 0, "reason": "backendError"}, times=1)
    assert "ok" in take("insert", rows=[ROW, ROW], options={"partialRetries": 1})
    assert len(standin.rows("jam.t")) == 2


def test_the_client_retries_a_503(standin: StandIn, take: Step) -> None:
    standin.add_fault(status=503, times=1)
    assert "ok" in take("insert", rows=[ROW])
    assert [entry["status"] for entry in standin.requests("tabledata.insertAll")] == [503, 200]


def test_raw_rows_keep_their_insert_ids(standin: StandIn, take: Step) -> None:
    for _ in range(2):
        assert "ok" in take("insertRaw", rows=[{"insertId": "id", "json": ROW}])
    assert (standin.arrivals("jam.t"), len(standin.rows("jam.t"))) == ({"id": 2}, 1)


def test_tables_are_made_and_found(standin: StandIn, take: Step) -> None:
    details = {"schema": [{"name": "time", "type": "TIMESTAMP", "mode": "REQUIRED"}, "team"],
               "timePartitioning": {"type": "DAY", "field": "time"}, "clustering": {"fields": ["team"]}}
    details["schema"][1] = {"name": "team", "type": "STRING"}
    answer = take("createTable", details=details)
    assert answer["first"]["ok"]["timePartitioning"] == details["timePartitioning"]
    second = answer["second"]["error"]
    assert (second["code"], second["errors"][0]["reason"]) == (409, "duplicate")
    assert answer["got"]["ok"]["schema"]["fields"][1] == {"name": "team", "type": "STRING", "mode": "NULLABLE"}
    assert (answer["exists"], answer["missing"], answer["listed"]) == ([True], [False], {"ok": ["made", "t"]})
    assert take("createDataset")["ok"]["id"] == "test-project:made"


def test_files_are_loaded(standin: StandIn, take: Step, tmp_path: Path) -> None:
    file = tmp_path / "rows.json"
    file.write_text((json.dumps(ROW) + "\n") * 1000)
    metadata = {"sourceFormat": "NEWLINE_DELIMITED_JSON", "jobId": "one"}
    job = take("load", file=str(file), metadata=metadata, auth="passThrough")["ok"]
    assert (job["status"], job["statistics"]["load"]["outputRows"]) == ({"state": "DONE"}, "1000")
    assert len(standin.rows("jam.t")) == 1000
    got = take("getJob", jobId="one")["ok"]
    assert (got["id"], got["jobReference"]["location"]) == ("test-project:US.one", "US")
    assert take("getJob", jobId="two")["error"]["code"] == 404
    kinds = {entry["headers"]["Content-Type"].partition(";")[0] for entry in standin.requests("jobs.insert")}
    assert kinds == {"multipart/related"}


def test_failed_loads_are_errors(standin: StandIn, take: Step, tmp_path: Path) -> None:
    file = tmp_path / "rows.json"
    file.write_text(json.dumps(ROW) + "\n" + json.dumps(BAD))
    error = take("load", file=str(file), metadata={"sourceFormat": "NEWLINE_DELIMITED_JSON"},
                 auth="passThrough")["error"]
    assert any("No such field: nome." in one["message"] for one in error["errors"])
    assert standin.rows("jam.t") == []


@pytest.mark.parametrize("way, kind", [
    ("selfSigned", "self_signed"), ("grant", "access_token"), ("refreshToken", "access_token"),
    ("metadata", "access_token")])
def test_the_client_authenticates(guarded: StandIn, take: Step, secrets: Path, way: str, kind: str) -> None:
    address = guarded.url.removeprefix("http://")
    environment = {"GCE_METADATA_HOST": address, "METADATA_SERVER_DETECTION": "assume-present"}
    answer = take("insert", environment if way == "metadata" else {}, rows=[ROW], auth=way,
                  key=str(secrets / "service.json"), user=str(secrets / "user.json"))
    assert "ok" in answer, answer
    assert guarded.requests("tabledata.insertAll")[0]["auth"]["kind"] == kind


def test_the_client_is_refused_without_credentials(guarded: StandIn, take: Step) -> None:
    error = take("insert", rows=[ROW])["error"]
    assert "credential" in error["message"]
    assert guarded.rows("jam.t") == []
