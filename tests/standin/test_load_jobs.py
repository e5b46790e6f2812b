# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Load jobs: multipart and resumable uploads, states, errors, and that a jobId is good for one job."""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

import pytest

from . import StandIn
from .client_http import Answer, Client, failed, insert, table_path
from .conftest import COLUMNS, TIME

UPLOAD = "/upload/bigquery/v2/projects/test-project/jobs"
JOBS = "/bigquery/v2/projects/test-project/jobs/"
CHUNK = 262_144
GOOD = {"time": TIME, "name": "good"}


def job(job_id: str | None = "one", table: str = "t", dataset: str = "jam", location: str | None = None,
        **load: Any) -> dict[str, Any]:
    reference = {"projectId": "test-project", "jobId": job_id, "location": location}
    return {"jobReference": {key: value for key, value in reference.items() if value},
            "configuration": {"load": {
                "sourceFormat": "NEWLINE_DELIMITED_JSON",
                "destinationTable": {"projectId": "test-project", "datasetId": dataset, "tableId": table}, **load}}}


def ndjson(*rows: Any) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def multipart(client: Client, resource: Any, data: bytes, boundary: str = "B", **options: Any) -> Answer:
    body = (f"--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{json.dumps(resource)}\r\n"
            f"--{boundary}\r\nContent-Type: */*\r\n\r\n").encode() + data + f"\r\n--{boundary}--".encode()
    headers = {"Content-Type": f"multipart/related; boundary={boundary}"}
    return client.post(UPLOAD + "?uploadType=multipart", body, headers=headers, **options)


def done(client: Client, job_id: str = "one", query: str = "") -> Any:
    for _ in range(200):
        answer = client.get(JOBS + job_id + query)
        assert answer.status == 200, answer.body
        if answer.json["status"]["state"] == "DONE":
            return answer.json
        time.sleep(0.01)
    raise AssertionError("the job never ended")


def test_a_multipart_upload(standin: StandIn, client: Client) -> None:
    standin.options.change({"job_pending_seconds": 10, "job_running_seconds": 10})
    answer = multipart(client, job(), ndjson(GOOD, GOOD))
    assert (answer.status, answer.json["id"], answer.json["status"]) == (
        200, "test-project:US.one", {"state": "PENDING"})
    standin.clock.advance(11)
    assert client.get(JOBS + "one").json["status"] == {"state": "RUNNING"}
    assert standin.rows("jam.t") == []
    standin.clock.advance(10)
    ended = client.get(JOBS + "one").json
    assert ended["status"] == {"state": "DONE"}
    assert ended["statistics"]["load"]["outputRows"] == "2"
    assert [(row["row"], row["via"], row["jobId"]) for row in standin.rows("jam.t")] == [(GOOD, "load", "one")] * 2


def test_a_job_id_is_good_for_one_job(standin: StandIn, client: Client) -> None:
    multipart(client, job(), ndjson(GOOD))
    for data in (ndjson(GOOD), b"{"):
        answer = multipart(client, job(), data)
        assert (answer.status, answer.reason) == (409, "duplicate")
        assert answer.json["error"]["message"] == "Already Exists: Job test-project:US.one"
    assert start(client, job()).status == 409
    done(client)
    assert multipart(client, job(), ndjson(GOOD)).status == 409
    assert len(standin.rows("jam.t")) == 1


def test_a_failed_job_burns_its_id_and_loads_nothing(standin: StandIn, client: Client) -> None:
    multipart(client, job(), ndjson(GOOD, {"time": TIME, "nome": "x"}, GOOD))
    status = done(client)["status"]
    assert status["errorResult"]["reason"] == "invalid"
    assert "Rows: 2; errors: 1." in status["errorResult"]["message"]
    assert status["errors"][1]["location"] == "nome"
    assert "No such field: nome." in status["errors"][1]["message"]
    assert standin.rows("jam.t") == []
    assert multipart(client, job(), ndjson(GOOD)).status == 409


@pytest.mark.parametrize("line", [b"{", b"[1]", b'{"time": NaN}', b"\xff", json.dumps({"name": "x"}).encode(),
                                  json.dumps({**GOOD, "count": "x"}).encode(),
                                  json.dumps({**GOOD, "blob": "*"}).encode(),
                                  json.dumps({"time": TIME[:-1] + "789Z"}).encode()])
def test_bad_lines(standin: StandIn, client: Client, line: bytes) -> None:
    multipart(client, job(), ndjson(GOOD) + line + b"\n")
    assert done(client)["status"]["errorResult"]["reason"] == "invalid"
    assert standin.rows("jam.t") == []


@pytest.mark.parametrize("kind, says", [
    ("INTEGER", "Cannot convert value to integer (bad value): 18446744073709551615"), ("NUMERIC", None),
    ("BIGNUMERIC", None)])
def test_integers_beyond_int64_load_into_columns_of_decimals(
        standin: StandIn, client: Client, kind: str, says: str | None) -> None:
    standin.create_table("jam.numbers", [{"name": "n", "type": kind}])
    multipart(client, job(table="numbers"), ndjson({"n": "18446744073709551615"}, {"n": "0"}))
    status = done(client)["status"]
    if says is None:
        assert "errorResult" not in status
        assert [row["row"] for row in standin.rows("jam.numbers")] == [{"n": "18446744073709551615"}, {"n": "0"}]
    else:
        error = status["errors"][1]
        assert (error["reason"], error["location"]) == ("invalid", "n") and says in error["message"]
        assert standin.rows("jam.numbers") == []


def test_bad_lines_may_be_allowed(standin: StandIn, client: Client) -> None:
    multipart(client, job(maxBadRecords=1), ndjson(GOOD) + b"{\n" + ndjson(GOOD))
    ended = done(client)
    assert "errorResult" not in ended["status"] and len(ended["status"]["errors"]) == 1
    assert (ended["statistics"]["load"]["badRecords"], len(standin.rows("jam.t"))) == ("1", 2)


def test_unknown_values_can_be_ignored(standin: StandIn, client: Client) -> None:
    multipart(client, job(ignoreUnknownValues=True), ndjson({**GOOD, "x": 1}))
    done(client)
    assert standin.rows("jam.t")[0]["row"] == GOOD


def error_of(client: Client, resource: dict[str, Any], data: bytes = ndjson(GOOD)) -> tuple[str, str]:
    assert multipart(client, resource, data).status == 200
    error = done(client)["status"]["errorResult"]
    return error["reason"], error["message"]


def test_jobs_that_fail_for_their_table(standin: StandIn, client: Client) -> None:
    def fields(**changes: Any) -> dict[str, Any]:
        return {"fields": [{**COLUMNS[0], **changes}]}

    for resource, error in (
            (job(table="no", createDisposition="CREATE_NEVER"), ("notFound", "Not found: Table test-project:jam.no")),
            (job(table="no"), ("invalid", "No schema specified on job or table.")),
            (job(dataset="no"), ("notFound", "Not found: Dataset test-project:no")),
            (job(schema=fields(type="STRING")), (
                "invalid", "Provided Schema does not match Table test-project:jam.t. "
                "Field time has changed type from TIMESTAMP to STRING")),
            (job(schema={"fields": [COLUMNS[0], {"name": "x", "type": "STRING"}]}), (
                "invalid", "Provided Schema does not match Table test-project:jam.t. Cannot add fields (field: x)")),
            (job(location="EU"), ("notFound",
                                  "Not found: Dataset test-project:jam was not found in location EU"))):
        standin.jobs.clear()
        assert error_of(client, resource) == error


def test_the_format_is_csv_unless_said(client: Client) -> None:
    resource = job()
    del resource["configuration"]["load"]["sourceFormat"]
    assert "CSV" in error_of(client, resource)[1]


def test_a_load_can_make_its_table_and_fresh_tables_take_loads(standin: StandIn, client: Client) -> None:
    standin.options.fresh_table_seconds = 30
    for job_id in ("one", "two"):
        multipart(client, job(job_id, "new", schema={"fields": COLUMNS}), ndjson(GOOD))
        assert "errorResult" not in done(client, job_id)["status"]
    assert len(standin.rows("jam.new")) == 2
    assert insert(client, "new", [GOOD]).status == 404
    standin.clock.advance(31)
    assert failed(insert(client, "new", [GOOD])) == {}


def test_write_dispositions(standin: StandIn, client: Client) -> None:
    insert(client, "t", [GOOD])
    multipart(client, job("one", writeDisposition="WRITE_EMPTY"), ndjson(GOOD))
    assert done(client, "one")["status"]["errorResult"]["reason"] == "duplicate"
    multipart(client, job("two", writeDisposition="WRITE_TRUNCATE"), ndjson(GOOD))
    done(client, "two")
    assert [row["via"] for row in standin.rows("jam.t")] == ["load"]


@pytest.mark.parametrize("resource, reason", [
    ({}, "invalid"), ({"configuration": {"query": {}}}, "invalid"),
    (job("a.b"), "invalid"), (job("a" * 1025), "invalid"),
    (job(sourceFormat="JSON"), "invalid"), (job(createDisposition="YES"), "invalid"),
    (job(destinationTable=None), "required"), (job(maxBadRecords="x"), "invalid"),
])
def test_jobs_that_are_refused(client: Client, resource: Any, reason: str) -> None:
    answer = multipart(client, resource, ndjson(GOOD))
    assert (answer.status, answer.reason) == (400, reason)


def test_jobs_outside_the_multi_regions_need_their_location(standin: StandIn, client: Client) -> None:
    standin.create_dataset("far@europe-west1")
    standin.create_table("far.t", COLUMNS)
    assert multipart(client, job(dataset="far"), ndjson(GOOD)).json["jobReference"]["location"] == "europe-west1"
    assert client.get(JOBS + "one").status == 404
    assert client.get(JOBS + "one?location=US").status == 404
    assert "errorResult" not in done(client, query="?location=europe-west1")["status"]


def test_table_updates_are_limited(standin: StandIn, client: Client) -> None:
    reasons = []
    for number in range(6):
        multipart(client, job(str(number)), ndjson(GOOD))
        reasons.append(done(client, str(number))["status"].get("errorResult", {}).get("reason"))
    assert reasons == [None] * 5 + ["rateLimitExceeded"]
    standin.clock.advance(11)
    multipart(client, job("again"), ndjson(GOOD))
    assert "errorResult" not in done(client, "again")["status"]


def test_jobs_fail_on_command(standin: StandIn, client: Client) -> None:
    standin.jobs.fail_next({"reason": "backendError", "message": "Try again."})
    assert error_of(client, job()) == ("backendError", "Try again.")
    assert standin.rows("jam.t") == []


def test_a_new_job_can_be_hidden(standin: StandIn, client: Client) -> None:
    standin.options.job_hidden_seconds = 10
    multipart(client, job(), ndjson(GOOD))
    assert (client.get(JOBS + "one").status, multipart(client, job(), ndjson(GOOD)).status) == (404, 409)
    standin.clock.advance(11)
    assert client.get(JOBS + "one").status == 200


def test_ids_are_given_where_none_was(client: Client) -> None:
    assert multipart(client, job(None), ndjson(GOOD)).json["jobReference"]["jobId"].startswith("job_")


@pytest.mark.parametrize("body, kind", [
    (b"", "multipart/related; boundary=B"), (b"{}", "application/json"),
    (b"--B\r\n\r\n{}\r\n--B--", "multipart/related"),
    (b"--B\r\nContent-Type: application/json\r\n\r\n{}\r\n--B--", "multipart/related; boundary=B"),
    (b"--B\r\n\r\n{}\r\n--B\r\n\r\n{}\r\n--B--", "multipart/related; boundary=B"),
    (b"--B\r\nContent-Type: application/json\r\n\r\n{}\r\n--B\r\n\r\n{}", "multipart/related; boundary=B"),
])
def test_malformed_multipart_bodies(client: Client, body: bytes, kind: str) -> None:
    answer = client.post(UPLOAD + "?uploadType=multipart", body, headers={"Content-Type": kind})
    assert (answer.status, answer.reason) == (400, "badRequest")


def test_gzip_in_uploads_is_off(standin: StandIn, client: Client) -> None:
    assert error_of(client, job(), gzip.compress(ndjson(GOOD)))[0] == "invalid"
    standin.options.gzip_uploads = True
    multipart(client, job("two"), gzip.compress(ndjson(GOOD)))
    done(client, "two")
    assert len(standin.rows("jam.t")) == 1


def test_a_row_of_24_megabytes(standin: StandIn, client: Client) -> None:
    big = {**GOOD, "name": "ab" * 12_000_000}
    assert multipart(client, job(), ndjson(big)).status == 200
    done(client)
    assert standin.rows("jam.t")[0]["row"] == big


def start(client: Client, resource: Any, **headers: str) -> Answer:
    return client.post(UPLOAD + "?uploadType=resumable", resource, headers=headers)


def session(client: Client, total: int | None = None) -> str:
    answer = start(client, job(), **({} if total is None else {"X-Upload-Content-Length": str(total)}))
    assert (answer.status, answer.body) == (200, b"")
    return answer.headers["Location"].removeprefix(client_url(answer.headers["Location"]))


def client_url(uri: str) -> str:
    return uri[:uri.index("/upload")]


def put(client: Client, uri: str, data: bytes, content_range: str | None = None) -> Answer:
    return client.call("PUT", uri, data, headers={"Content-Range": content_range} if content_range else {})


def big_data() -> bytes:
    return ndjson(*[{**GOOD, "name": "x" * 1000}] * 600)


def test_a_resumable_upload_in_one_piece(standin: StandIn, client: Client) -> None:
    answer = put(client, session(client), ndjson(GOOD))
    assert (answer.status, answer.json["jobReference"]["jobId"]) == (200, "one")
    done(client)
    assert len(standin.rows("jam.t")) == 1


def test_a_resumable_upload_in_chunks(standin: StandIn, client: Client) -> None:
    data, uri = big_data(), session(client)
    total = len(data)
    assert put(client, uri, b"", f"bytes */{total}").headers["Range"] is None
    for begin in range(0, total, CHUNK):
        chunk = data[begin:begin + CHUNK]
        answer = put(client, uri, chunk, f"bytes {begin}-{begin + len(chunk) - 1}/{total}")
        if begin + CHUNK < total:
            assert (answer.status, answer.headers["Range"]) == (308, f"bytes=0-{begin + CHUNK - 1}")
            assert put(client, uri, b"", f"bytes */{total}").headers["Range"] == answer.headers["Range"]
    assert answer.status == 200
    assert put(client, uri, b"", f"bytes */{total}").json["id"] == answer.json["id"]
    done(client)
    assert len(standin.rows("jam.t")) == 600


def test_what_range_says_counts(standin: StandIn, client: Client) -> None:
    data, uri = big_data(), session(client)
    total = len(data)
    standin.options.bare_range = True
    standin.add_fault(operation="jobs.upload", keep_bytes=100_000, times=1)
    assert put(client, uri, data[:CHUNK], f"bytes 0-{CHUNK - 1}/{total}").headers["Range"] == "0-99999"
    assert put(client, uri, data[CHUNK:], f"bytes {CHUNK}-{total - 1}/{total}").headers["Range"] == "0-99999"
    assert put(client, uri, data[100_000:], f"bytes 100000-{total - 1}/{total}").status == 200
    done(client)
    assert len(standin.rows("jam.t")) == 600


@pytest.mark.parametrize("content_range", [
    "bytes 0-99/200", "bytes 0-98/1000000", "bytes 0-100/*", "0-99/100", "bytes */100", "bytes 0-99/50"])
def test_bad_chunks(client: Client, content_range: str) -> None:
    assert put(client, session(client), b"x" * 100, content_range).status == 400


def test_the_total_does_not_change(client: Client) -> None:
    assert put(client, session(client, 1000), b"", "bytes */999").status == 400


def test_sessions_end(standin: StandIn, client: Client) -> None:
    uri = session(client)
    assert put(client, uri + "x", ndjson(GOOD)).status == 404
    standin.uploads.expire_all(410)
    assert put(client, uri, ndjson(GOOD)).status == 410
    uri = session(client)
    standin.clock.advance(8 * 24 * 3600)
    assert put(client, uri, ndjson(GOOD)).status == 404


def test_the_job_id_may_be_taken_meanwhile(standin: StandIn, client: Client) -> None:
    uri = session(client)
    multipart(client, job(), ndjson(GOOD))
    assert put(client, uri, ndjson(GOOD)).reason == "duplicate"


def test_the_session_does_not_show_in_the_log(standin: StandIn, client: Client) -> None:
    uri = session(client)
    put(client, uri, ndjson(GOOD))
    assert uri.rpartition("=")[2] not in json.dumps(standin.requests())
    assert standin.requests("jobs.upload")[0]["path"].endswith("upload_id=...")
    assert client.get(table_path("t")).status == 200
