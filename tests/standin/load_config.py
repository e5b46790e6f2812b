# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The job resource of a load, as BQ/docs/reference/rest/v2/Job: what the API refuses, and the defaults."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any

from . import schema
from .errors import ApiError, bad_request, invalid
from .schema import Field
from .store import TableId

_JOB_ID = re.compile(r"[A-Za-z0-9_-]{1,1024}")
_CREATE = ("CREATE_IF_NEEDED", "CREATE_NEVER")
_WRITE = ("WRITE_APPEND", "WRITE_TRUNCATE", "WRITE_TRUNCATE_DATA", "WRITE_EMPTY")
_FORMATS = ("CSV", "NEWLINE_DELIMITED_JSON", "AVRO", "PARQUET", "ORC", "DATASTORE_BACKUP")


@dataclass(frozen=True)
class LoadConfig:
    job_id: str
    location: str | None
    table: TableId
    source_format: str
    fields: tuple[Field, ...]
    create: str
    write: str
    most_bad: int
    ignore_unknown: bool
    autodetect: bool
    resource: dict[str, Any]
    """configuration.load as it was given."""


def parse(project: str, job: dict[str, Any]) -> LoadConfig:
    load = (job.get("configuration") or {}).get("load")
    if not isinstance(load, dict):
        raise invalid("Job configuration must contain exactly one job-specific configuration object "
                      "(e.g., query, load, extract, spreadsheetExtract), but there were 0.")
    reference = job.get("jobReference") or {}
    if reference.get("projectId", project) != project:
        raise invalid("The project of the job reference is not the one of the request.")
    if load.get("sourceUris"):
        raise bad_request("Uploads have no sourceUris.")
    return LoadConfig(
        job_id=_job_id(reference.get("jobId")), location=reference.get("location"), table=_table(load),
        source_format=_choice(load, "sourceFormat", _FORMATS), fields=schema.parse(load.get("schema")),
        create=_choice(load, "createDisposition", _CREATE), write=_choice(load, "writeDisposition", _WRITE),
        most_bad=_number(load.get("maxBadRecords", 0)), ignore_unknown=_flag(load, "ignoreUnknownValues"),
        autodetect=_flag(load, "autodetect"), resource=load)


def _job_id(value: Any) -> str:
    if value is None:
        return "job_" + secrets.token_urlsafe(20)
    if not isinstance(value, str) or not _JOB_ID.fullmatch(value):
        raise invalid(f'Invalid job ID "{value}". Job IDs must be alphanumeric (plus underscores and dashes) and '
                      "must be at most 1024 characters long.")
    return value


def _table(load: dict[str, Any]) -> TableId:
    there = load.get("destinationTable")
    names = [there.get(key) for key in ("projectId", "datasetId", "tableId")] if isinstance(there, dict) else []
    if not names or not all(isinstance(name, str) and name for name in names):
        raise ApiError(400, "required", "Required parameter is missing: destinationTable")
    return TableId(*names)


def _choice(load: dict[str, Any], name: str, choices: tuple[str, ...]) -> str:
    """The first is the default."""
    value = load.get(name) or choices[0]
    if value not in choices:
        raise invalid(f"Invalid value for {name}: {value} is not a valid value")
    return value


def _flag(load: dict[str, Any], name: str) -> bool:
    value = load.get(name, False)
    if not isinstance(value, bool):
        raise invalid(f"Invalid value for {name}: {value} is not a valid value")
    return value


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise invalid(f"Invalid value for maxBadRecords: {value} is not a valid value") from None
