# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""JSON as requests carry it: strict, without NaN and Infinity."""

from __future__ import annotations

import json
from typing import Any

from .errors import bad_request


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def parse(text: bytes) -> Any:
    """Raises ValueError for what is no JSON in UTF-8."""
    return json.loads(text.decode("utf-8"), parse_constant=_refuse)


def parse_object(body: bytes, what: str = "JSON payload") -> dict[str, Any]:
    """A request's body; 400 as the API's front end says it if it is no object."""
    try:
        value = parse(body)
    except (ValueError, RecursionError) as error:
        raise bad_request(f"Invalid {what} received. {error}") from None
    if not isinstance(value, dict):
        raise bad_request(f"Invalid {what} received. Root element must be a message.")
    return value


def refuse_unknown_names(value: dict[str, Any], known: frozenset[str]) -> None:
    for name in value:
        if name not in known:
            raise bad_request(f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.')
