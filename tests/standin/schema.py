# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""A table's columns, as the schema of BQ/docs/reference/rest/v2/tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from .errors import invalid
from .values import STREAMED

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,299}")
_MODES = ("NULLABLE", "REQUIRED", "REPEATED")
_OTHER_NAMES = {"INT64": "INTEGER", "FLOAT64": "FLOAT", "BOOL": "BOOLEAN", "STRUCT": "RECORD"}
_MOST_COLUMNS = 10_000


@dataclass(frozen=True)
class Field:
    name: str
    type: str
    mode: str = "NULLABLE"
    fields: tuple[Field, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict, compare=False)

    def resource(self) -> dict[str, Any]:
        inner = {"fields": [one.resource() for one in self.fields]} if self.fields else {}
        return {"name": self.name, "type": self.type, "mode": self.mode, **inner, **self.extra}


def parse(resource: dict[str, Any] | None) -> tuple[Field, ...]:
    """The fields of a TableSchema; 400 for what the API would not take."""
    return parse_fields((resource or {}).get("fields") or [])


def parse_fields(resources: Any) -> tuple[Field, ...]:
    if not isinstance(resources, list) or len(resources) > _MOST_COLUMNS:
        raise invalid("Invalid schema")
    fields = tuple(_parse_field(one) for one in resources)
    seen: set[str] = set()
    for one in fields:
        if one.name.lower() in seen:
            raise invalid(f"Field {one.name} already exists in schema")
        seen.add(one.name.lower())
    return fields


def _parse_field(resource: Any) -> Field:
    name = resource.get("name", "") if isinstance(resource, dict) else ""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise invalid(f'Invalid field name "{name}". Fields must contain only letters, numbers, and underscores, '
                      "start with a letter or underscore, and be at most 300 characters long.")
    kind = str(resource.get("type", "")).upper()
    kind = _OTHER_NAMES.get(kind, kind)
    if kind not in STREAMED and kind != "RECORD":
        raise invalid(f"Invalid value for type: {resource.get('type')} is not a valid value")
    mode = str(resource.get("mode") or "NULLABLE").upper()
    if mode not in _MODES:
        raise invalid(f"Invalid value for mode: {resource.get('mode')} is not a valid value")
    fields = parse_fields(resource.get("fields") or [])
    if (kind == "RECORD") != bool(fields):
        raise invalid(f"Field {name} is type {kind} but has {'no' if kind == 'RECORD' else 'a'} schema")
    known = {"name", "type", "mode", "fields"}
    return Field(name, kind, mode, fields, {key: value for key, value in resource.items() if key not in known})


def resource(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {"fields": [one.resource() for one in fields]}
