# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""An nginx that says 200 to every insertAll, to measure the sink and not the server."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

_CONFIG = """
{user} daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
    access_log off; client_max_body_size 20m; client_body_buffer_size 16m; keepalive_requests 1000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    default_type application/json;
    server {{
        listen 127.0.0.1:{port};
        location ~ /tables/([a-z]+)$ {{ alias {folder}/tables/$1; }}
        location ~ /insertAll$ {{ return 200 '{{"kind":"bigquery#tableDataInsertAllResponse"}}'; }}
    }}
}}
"""


class Endpoint:
    def __init__(self, folder: Path, schemas: Path, port: int):
        self.url = f"http://127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._config = folder / "nginx.conf"
        self._log = folder / "nginx.out"
        (folder / "tables").mkdir(parents=True)
        for path in schemas.glob("*.json"):
            resource = {"schema": {"fields": json.loads(path.read_text())}, "creationTime": "1700000000000"}
            (folder / "tables" / path.stem).write_text(json.dumps(resource))
        # or its worker may not read what we write
        user = "user root;" if os.geteuid() == 0 else ""
        self._config.write_text(_CONFIG.format(folder=folder, port=port, user=user))

    def __enter__(self) -> "Endpoint":
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(["/usr/sbin/nginx", "-c", str(self._config)], stdout=log, stderr=log)
        time.sleep(0.2)
        if self._process.poll() is not None:
            raise SystemExit(f"bench: nginx did not start: {self._log.read_text()}")
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process
        self._process.terminate()
        self._process.wait()
