# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be set about the stand-in, at start and (all but the addresses) while it runs."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

MIB = 1024 * 1024


@dataclass
class Options:
    """Limits are those of BQ/quotas "Streaming inserts"; the waits are short for the tests' sake."""

    auth: str = "required"
    """required: a valid bearer token; none: as emulators do, what Authorization says is not looked at."""
    token_lifetime: float = 3600
    """Seconds an access token is good for; the answer says one less, as Google's does."""

    request_limit: int = 10 * MIB
    """Bytes of one insertAll body, decompressed: over it 400 "Request payload size exceeds the limit"."""
    front_end_limit: int = 20 * MIB
    """Bytes on the wire of a request that is no upload: over it 413 with an HTML body."""
    row_limit: int = 10_000_000
    """Bytes of one streamed row."""
    rows_limit: int = 50_000
    insert_id_limit: int = 128
    shuffle_errors: bool = True
    """insertErrors entries are out of order."""

    dedup: bool = True
    dedup_seconds: float = 60
    fresh_table_seconds: float = 2
    """insertAll answers 404 so long after a table was created."""
    missed_table_seconds: float = 4
    """The same when an insertAll was tried before the table was there (the 404 is cached)."""
    fresh_loss_seconds: float = 0
    """So long after that, insertAll answers 200 and the rows are lost."""

    job_pending_seconds: float = 0.05
    job_running_seconds: float = 0.1
    job_hidden_seconds: float = 0
    """jobs.get answers 404 so long after jobs.insert."""
    load_row_limit: int = 100 * MIB
    table_update_quota: bool = True
    """5 load jobs per table in 10 s, 50 if partitioned; over it they end with rateLimitExceeded."""
    gzip_uploads: bool = False
    """Whether load data may be gzip; not established of the real API, so it is not by default."""
    session_seconds: float = 7 * 24 * 3600
    bare_range: bool = False
    """Answers 308 with "Range: 0-42" in place of "Range: bytes=0-42"."""

    def change(self, changes: dict[str, Any]) -> None:
        known = {field.name for field in fields(self)}
        unknown = set(changes) - known
        if unknown:
            raise ValueError(f"no such setting: {', '.join(sorted(unknown))}")
        for name, value in changes.items():
            setattr(self, name, value)
