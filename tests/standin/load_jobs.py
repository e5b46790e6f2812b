# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""jobs.insert with the data in the request, and jobs.get (BQ/docs/reference/rest/v2/jobs).

A job is PENDING, then RUNNING, then DONE; its work is done at once in the moment it
gets DONE. A jobId is good for one job: a second insert is 409 duplicate. DONE is no
success: it failed if there is an errorResult.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from . import load_config
from .clock import Clock
from .errors import duplicate, not_found
from .load_config import LoadConfig
from .load_run import Loaded, LoadFailed, LoadRun
from .options import Options
from .store import DEFAULT_LOCATION, Store

Resource = dict[str, Any]
_MULTI_REGIONS = ("US", "EU")


@dataclass
class Job:
    project: str
    config: LoadConfig
    location: str
    user: str
    created: float
    starts: float
    ends: float
    size: int
    data: bytes | None
    """None once it is DONE."""
    loaded: Loaded | None = None
    error: Resource | None = None
    errors: list[Resource] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.project}:{self.location}.{self.config.job_id}"

    def state(self, now: float) -> str:
        if self.data is None:
            return "DONE"
        return "RUNNING" if now >= self.starts else "PENDING"


class LoadJobs:
    def __init__(self, store: Store, run: LoadRun, options: Options, clock: Clock):
        self._store = store
        self._run = run
        self._options = options
        self._clock = clock
        self._lock = threading.RLock()
        self._jobs: dict[tuple[str, str], Job] = {}
        self._faults: list[Resource] = []

    def check_new(self, project: str, resource: Resource) -> LoadConfig:
        """What can be refused before the data is there."""
        config = load_config.parse(project, resource)
        with self._lock:
            there = self._jobs.get((project, config.job_id))
        if there:
            raise duplicate("Job", there)
        return config

    def insert(self, project: str, resource: Resource, data: bytes, user: str) -> Resource:
        with self._lock:
            config = self.check_new(project, resource)
            now = self._clock.now()
            starts = now + self._options.job_pending_seconds
            job = Job(project, config, self._location(config), user, now, starts,
                      starts + self._options.job_running_seconds, len(data), data)
            self._jobs[project, config.job_id] = job
            return self._resource(job)

    def _location(self, config: LoadConfig) -> str:
        dataset = next((one for one in self._store.datasets() if one.id == config.table.dataset_id), None)
        return config.location or (dataset.location if dataset else DEFAULT_LOCATION)

    def get(self, project: str, job_id: str, location: str | None) -> Resource:
        """location may be left out only for the multi-regions."""
        self.settle()
        with self._lock:
            job = self._jobs.get((project, job_id))
            hidden = job is None or self._clock.now() < job.created + self._options.job_hidden_seconds
            if hidden or not _is_at(job, location):
                raise not_found("Job", f"{project}:{location + '.' if location else ''}{job_id}")
            return self._resource(job)

    def list(self) -> list[Resource]:
        self.settle()
        with self._lock:
            return [self._resource(job) for job in self._jobs.values()]

    def fail_next(self, error: Resource) -> None:
        """The next job that runs ends with this errorResult."""
        self._faults.append(error)

    def settle(self) -> None:
        """Ends the jobs whose time has come, in the order of their ends."""
        with self._lock:
            now = self._clock.now()
            due = [job for job in self._jobs.values() if job.data is not None and job.ends <= now]
            for job in sorted(due, key=lambda one: one.ends):
                self._end(job)

    def _end(self, job: Job) -> None:
        data, job.data = job.data or b"", None
        try:
            if self._faults:
                raise LoadFailed(self._faults.pop(0))
            job.loaded = self._run.run(job.config, data)
            job.errors = job.loaded.errors
        except LoadFailed as failure:
            job.error = failure.error
            job.errors = [failure.error, *failure.errors]

    def _resource(self, job: Job) -> Resource:
        return {
            "kind": "bigquery#job", "id": str(job), "user_email": job.user,
            "jobReference": {"projectId": job.project, "jobId": job.config.job_id, "location": job.location},
            "configuration": {"load": job.config.resource, "jobType": "LOAD"},
            "status": self._status(job), "statistics": self._statistics(job),
        }

    def _status(self, job: Job) -> Resource:
        status: Resource = {"state": job.state(self._clock.now())}
        if job.error:
            status["errorResult"] = _plain(job.error)
        if job.errors:
            status["errors"] = [_plain(one) for one in job.errors]
        return status

    @staticmethod
    def _statistics(job: Job) -> Resource:
        """Numbers are strings."""
        answer: Resource = {"creationTime": str(int(job.created * 1000))}
        if job.data is None:
            answer |= {"startTime": str(int(job.starts * 1000)), "endTime": str(int(job.ends * 1000))}
        if job.loaded:
            answer["load"] = {"inputFiles": "1", "inputFileBytes": str(job.size), "outputBytes": str(job.size),
                              "outputRows": str(job.loaded.rows), "badRecords": str(len(job.loaded.errors))}
        return answer

    def clear(self) -> None:
        with self._lock:
            self._jobs.clear()
            self._faults.clear()


def _is_at(job: Job, location: str | None) -> bool:
    if location is None:
        return job.location.upper() in _MULTI_REGIONS
    return location.upper() == job.location.upper()


def _plain(error: Resource) -> Resource:
    return {key: value for key, value in error.items() if value}
