# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The stand-in as a whole: what it is made of, its life, and what tests ask of it."""

from __future__ import annotations

import json
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import accounts, schema
from .accounts import Accounts
from .api import Api
from .bearer import Bearer
from .clock import Clock
from .control import Control
from .faults import Faults
from .http_server import HttpServer
from .insert_all import InsertAll
from .load_jobs import LoadJobs
from .load_run import LoadRun
from .metadata_server import MetadataServer
from .oauth import GOOGLE_TOKEN_URI, OAuth
from .options import Options
from .read_rows import ReadRows, readable
from .request_log import RequestLog
from .store import DEFAULT_LOCATION, Dataset, DatasetId, Store, Table, TableId
from .tables import Tables
from .tokens import Tokens
from .upload_api import UploadApi
from .uploads import Uploads

DEFAULT_PROJECT = "test-project"


@dataclass
class Start:
    """What is settled at start. Dataset names are "dataset", "project:dataset" or either with "@LOCATION"."""

    port: int = 0
    project: str = DEFAULT_PROJECT
    datasets: list[str] = field(default_factory=list)
    schema_folders: dict[str, Path] = field(default_factory=dict)
    """dataset -> a folder of NAME.json: its tables, ready to be streamed to."""
    certificate: Path | None = None
    private_key: Path | None = None
    accounts: Accounts = Accounts()
    service_account_out: Path | None = None
    """Where to write the key file of a new service account."""
    user_out: Path | None = None
    """Where to write the application default credentials of a new user."""


class StandIn:
    """with StandIn(Start(datasets=["jam"])) as standin: ... standin.url ..."""

    def __init__(self, start: Start | None = None, options: Options | None = None):
        self.start_options = start or Start()
        self.options = options or Options()
        self.clock = Clock()
        self.store = Store()
        self.faults = Faults()
        self.log = RequestLog()
        self.failures: list[str] = []
        self.tokens = Tokens(self.options, self.clock)
        self.uploads = Uploads(self.options, self.clock)
        self.tables = Tables(self.store, self.options, self.clock)
        self.jobs = LoadJobs(self.store, LoadRun(self.store, self.tables, self.options, self.clock), self.options,
                             self.clock)
        self._server = HttpServer(self, self.start_options.port, self._tls())
        self.accounts = self._accounts()
        self.api = self._api()
        self.control = Control(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._fill()

    def _tls(self) -> ssl.SSLContext | None:
        if self.start_options.certificate is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.start_options.certificate, self.start_options.private_key)
        context.set_alpn_protocols(["http/1.1"])
        return context

    def _accounts(self) -> Accounts:
        start = self.start_options
        services, users = start.accounts.services, start.accounts.users
        if start.service_account_out:
            services += (accounts.write_service_file(start.service_account_out, self.token_uri, start.project),)
        if start.user_out:
            users += (accounts.write_user_file(start.user_out, self.token_uri),)
        return Accounts(services, users, start.accounts.default)

    def _api(self) -> Api:
        audiences = frozenset((self.token_uri, GOOGLE_TOKEN_URI))
        return Api(self.options, self.tables, InsertAll(self.store, self.options, self.clock), self.jobs,
                   UploadApi(self.jobs, self.uploads, self.options, lambda: self.url), ReadRows(self.store),
                   Bearer(self.accounts, self.tokens, frozenset((self.url + "/",))),
                   OAuth(self.accounts, self.tokens, audiences),
                   MetadataServer(self.accounts, self.tokens, self.start_options.project))

    def _fill(self) -> None:
        for name in self.start_options.datasets:
            self.create_dataset(name)
        for dataset, folder in self.start_options.schema_folders.items():
            for path in sorted(folder.glob("*.json")):
                self.create_table(f"{dataset}.{path.stem}", json.loads(path.read_text()))

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        scheme = "https" if self.start_options.certificate else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    @property
    def token_uri(self) -> str:
        return self.url + "/token"

    def start(self) -> StandIn:
        self._thread.start()
        return self

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        self._server.close_connections()

    def __enter__(self) -> StandIn:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def table_id(self, name: str) -> TableId:
        """Of "dataset.table", "project.dataset.table" or "project:dataset.table"."""
        parts = name.replace(":", ".").split(".")
        if len(parts) not in (2, 3):
            raise ValueError(f"no table name: {name}")
        return TableId(*parts) if len(parts) == 3 else TableId(self.start_options.project, *parts)

    def create_dataset(self, name: str) -> None:
        name, _, location = name.partition("@")
        project, _, dataset = name.rpartition(":")
        self.store.add_dataset(Dataset(DatasetId(project or self.start_options.project, dataset),
                                       location or DEFAULT_LOCATION, self.clock.now()))

    def create_table(self, name: str, fields: list[dict[str, Any]], fresh: bool = False, **details: Any) -> None:
        """A table of these columns; unless it is fresh, rows can be streamed to it at once."""
        self.tables.create(self.table_id(name), schema.parse_fields(fields), details, fresh)

    def table(self, name: str) -> Table:
        self.jobs.settle()
        return self.store.table(self.table_id(name))

    def rows(self, name: str) -> list[dict[str, Any]]:
        """A table's rows in the order in which they came, as the control API gives them."""
        table = self.table(name)
        with self.store.lock:
            return [{"insertId": row.insert_id, "via": row.via, "jobId": row.job_id,
                     "row": readable(table.fields, row.values), "sent": row.sent} for row in table.rows]

    def arrivals(self, name: str) -> dict[str, int]:
        """insertId -> how often such a row was accepted, also those that the de-duplication dropped."""
        table = self.table(name)
        with self.store.lock:
            return dict(table.arrivals)

    def add_fault(self, **spec: Any) -> int:
        return self.faults.add(spec)

    def requests(self, operation: str | None = None, since: int = 0) -> list[dict[str, Any]]:
        return [entry for entry in self.log.entries(since) if operation in (None, entry["operation"])]

    def reset(self) -> None:
        """Datasets and tables as at start, all else gone; tokens stay good, settings as they are."""
        self.faults.remove()
        self.log.clear()
        self.failures.clear()
        self.jobs.clear()
        self.uploads.clear()
        self.tokens.clear()
        with self.store.lock:
            self.store.clear()
            self._fill()
