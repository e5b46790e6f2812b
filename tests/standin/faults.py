# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
r"""Faults on command: rules that match requests and say what goes wrong with them.

A rule is a JSON object. Which requests:
  operation   one of api.OPERATIONS, such as "tabledata.insertAll"
  method      "POST"
  path        regular expression, searched in the path (with its query)
  table       "table" or "dataset.table"
  skip        leave the first so many matching requests alone
  times       then hit so many, or
  probability hit each with this chance, drawn from a generator with
  seed        this seed (0); with neither, every matching request is hit
What goes wrong with them; several may stand in one rule:
  delay       seconds before it is answered
  expire_tokens true: all bearer tokens given out so far run out, before the request is looked at
  status      the answer's HTTP status, with
    reason, message   in Google's form, or
    html      true: a page of the front end, or
    body      this text, of content_type (application/json); \udc80 to \udcff stand for the
              bytes 0x80 to 0xff, so that it need not be UTF-8
    headers   more headers, e.g. {"Retry-After": "2"}; retry_after: the same in short
  cut         the connection is closed: "headers" (before the body is read), "before" (the
              request is handled), "after" (it was handled: no answer) or "answer" (in its middle)
    reset     true: with a RST
  when        "after": delay and status come after the request was handled and its rows were
              committed; "before" is the default
  rows        insertAll: which rows fail, and how: {"index": 0 | [0, 2], "insert_id": "..." | [...],
              "probability": 0.1, "reason": "backendError", "message": "", "location": "",
              "errors": [ErrorProto, ...], "schema_mismatch": false}; a schema mismatch stops the others
  keep_bytes  jobs.upload: only so many of the sent bytes are kept, the rest is to be sent again
"""

from __future__ import annotations

import random
import re
import threading
from dataclasses import dataclass, field
from typing import Any

from .errors import error_proto

_MATCHING = {"operation", "method", "path", "table", "skip", "times", "probability", "seed"}
_STATUS = {"status", "reason", "message", "html", "body", "content_type", "headers", "retry_after"}
_KNOWN = _MATCHING | _STATUS | {"name", "delay", "expire_tokens", "cut", "reset", "when", "rows", "keep_bytes"}
_ROW_KNOWN = {"index", "insert_id", "probability", "reason", "message", "location", "errors", "schema_mismatch"}
_CUTS = ("headers", "before", "after", "answer")


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class RowFault:
    """Row-level errors of one rule, for the rows of one request."""

    def __init__(self, rule: dict[str, Any], generator: random.Random):
        unknown = set(rule) - _ROW_KNOWN
        if unknown:
            raise ValueError(f"unknown in rows: {', '.join(sorted(unknown))}")
        self._rule = rule
        self._random = generator
        self.schema_mismatch = bool(rule.get("schema_mismatch"))
        self.errors = rule.get("errors") or [
            error_proto(rule.get("reason", "backendError"), rule.get("message", ""), rule.get("location", ""))]

    def hits(self, insert_ids: list[str | None]) -> list[int]:
        rule = self._rule
        if "probability" in rule:
            return [index for index in range(len(insert_ids)) if self._random.random() < rule["probability"]]
        if "insert_id" in rule:
            wanted = set(_as_list(rule["insert_id"]))
            return [index for index, one in enumerate(insert_ids) if one in wanted]
        return [index for index in _as_list(rule.get("index", 0)) if index < len(insert_ids)]


@dataclass
class Rule:
    spec: dict[str, Any]
    number: int
    seen: int = 0
    hits: int = 0
    generator: random.Random = field(init=False)

    def __post_init__(self) -> None:
        unknown = set(self.spec) - _KNOWN
        if unknown:
            raise ValueError(f"unknown in a fault: {', '.join(sorted(unknown))}")
        if self.spec.get("cut", "before") not in _CUTS:
            raise ValueError(f"cut is one of {', '.join(_CUTS)}")
        self.generator = random.Random(self.spec.get("seed", 0))
        re.compile(self.spec.get("path", ""))
        self.row_faults()

    def row_faults(self) -> list[RowFault]:
        return [RowFault(one, self.generator) for one in _as_list(self.spec.get("rows") or [])]

    @property
    def name(self) -> str:
        return self.spec.get("name") or f"fault {self.number}"

    def matches(self, operation: str, method: str, path: str, table: str) -> bool:
        spec = self.spec
        return (spec.get("operation", operation) == operation
                and spec.get("method", method) == method
                and re.search(spec.get("path", ""), path) is not None
                and spec.get("table", table) in (table, table.rpartition(".")[2]))

    def draw(self) -> bool:
        """Whether this matching request is hit."""
        self.seen += 1
        if self.seen <= self.spec.get("skip", 0) or self.hits >= self.spec.get("times", float("inf")):
            return False
        hit = self.generator.random() < self.spec.get("probability", 1)
        self.hits += hit
        return hit

    def state(self) -> dict[str, Any]:
        return {"number": self.number, "seen": self.seen, "hits": self.hits, "fault": self.spec}


@dataclass
class Plan:
    """What goes wrong with one request."""

    names: list[str] = field(default_factory=list)
    delay_before: float = 0
    delay_after: float = 0
    expire_tokens: bool = False
    answer_before: dict[str, Any] | None = None
    answer_after: dict[str, Any] | None = None
    cut: str | None = None
    reset: bool = False
    row_faults: list[RowFault] = field(default_factory=list)
    keep_bytes: int | None = None

    def add(self, rule: Rule) -> None:
        spec = rule.spec
        self.names.append(rule.name)
        late = spec.get("when") == "after"
        if late:
            self.delay_after += spec.get("delay", 0)
        else:
            self.delay_before += spec.get("delay", 0)
        if "status" in spec and late:
            self.answer_after = self.answer_after or spec
        elif "status" in spec:
            self.answer_before = self.answer_before or spec
        self.expire_tokens |= bool(spec.get("expire_tokens"))
        self.cut = self.cut or spec.get("cut")
        self.reset |= bool(spec.get("reset"))
        self.row_faults += rule.row_faults()
        if "keep_bytes" in spec:
            self.keep_bytes = spec["keep_bytes"]


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._count = 0

    def add(self, spec: dict[str, Any]) -> int:
        """ValueError for what is no rule."""
        with self._lock:
            self._count += 1
            self._rules.append(Rule(spec, self._count))
            return self._count

    def remove(self, number: int | None = None) -> None:
        """One rule, or all."""
        with self._lock:
            self._rules = [rule for rule in self._rules if number is not None and rule.number != number]

    def state(self) -> list[dict[str, Any]]:
        with self._lock:
            return [rule.state() for rule in self._rules]

    def plan(self, operation: str, method: str, path: str, table: str) -> Plan:
        plan = Plan()
        with self._lock:
            for rule in self._rules:
                if rule.matches(operation, method, path, table) and rule.draw():
                    plan.add(rule)
        return plan
