# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""A row's JSON object against the columns: what is stored of it, or the first thing that is wrong.

Messages as seen from the real API (apis.md 1.1 and 1.3). Note that a missing
column is named in the message only: its location is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .schema import Field
from .values import LOADED, STREAMED, BadValue, Converter

Values = dict[str, Any]


class RowError(Exception):
    """A row that does not fit: where, and the API's message."""

    def __init__(self, location: str, message: str):
        super().__init__(message)
        self.location = location
        self.message = message


class RowCheck:
    """Made once for a request; check() is called for each of its rows."""

    def __init__(self, fields: tuple[Field, ...], ignore_unknown: bool = False,
                 converters: Mapping[str, Converter] = STREAMED, prefix: str = ""):
        self._ignore_unknown = ignore_unknown
        self._unknown = "no such field: {}." if converters is STREAMED else "No such field: {}."
        self._prefix = prefix
        self._required = [one.name for one in fields if one.mode == "REQUIRED"]
        self._repeated = {one.name for one in fields if one.mode == "REPEATED"}
        self._converters = {one.name: self._converter(one, converters) for one in fields}

    @classmethod
    def loaded(cls, fields: tuple[Field, ...], ignore_unknown: bool) -> RowCheck:
        return cls(fields, ignore_unknown, LOADED)

    def _converter(self, one: Field, converters: Mapping[str, Converter]) -> Converter:
        if one.type != "RECORD":
            return converters[one.type]
        return RowCheck(one.fields, self._ignore_unknown, converters, f"{self._prefix}{one.name}.").check

    def check(self, row: Any) -> Values:
        if not isinstance(row, dict):
            raise RowError(self._prefix[:-1], f"This field: {self._prefix[:-1]} is not a record.")
        values: Values = {}
        for name, value in row.items():
            if name not in self._converters:
                self._refuse_unknown(name)
            elif value is not None:
                values[name] = self._convert(name, value)
        for name in self._required:
            if name not in values:
                raise RowError("", f"Missing required field: Msg_0_CLOUD_QUERY_TABLE.{self._prefix}{name}.")
        return values

    def _refuse_unknown(self, name: str) -> None:
        if not self._ignore_unknown:
            raise RowError(self._prefix + name, self._unknown.format(self._prefix + name))

    def _convert(self, name: str, value: Any) -> Any:
        try:
            if name in self._repeated:
                return self._convert_each(name, value)
            if isinstance(value, list) and self._converters[name] not in (STREAMED["JSON"], LOADED["JSON"]):
                raise BadValue("Array specified for non-repeated field.")
            return self._converters[name](value)
        except BadValue as error:
            raise RowError(self._prefix + name, str(error)) from None

    def _convert_each(self, name: str, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise BadValue("Repeated field must be imported as a JSON array.")
        if None in value:
            raise BadValue("Only optional fields can be set to NULL.")
        return [self._converters[name](one) for one in value]
