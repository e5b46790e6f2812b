# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""A stand-in for the BigQuery REST API, for tests: it behaves as documented, not as hoped.

In a test:      with StandIn(Start(datasets=["jam"]), Options(dedup=False)) as standin: ...
As a process:   python3 tests/standin --dataset jam    (see cli.py; control.py has its control API)

What it follows is in shared/reference/apis.md, 1.1 to 1.7; "BQ/..." in the modules
is the page docs.cloud.google.com/bigquery/... .
"""

from .options import Options
from .server import StandIn, Start

__all__ = ["Options", "StandIn", "Start"]
