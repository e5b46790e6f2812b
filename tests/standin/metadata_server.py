# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The paths of the metadata server that credentials need, as AIP-4115."""

from __future__ import annotations

from typing import Any

from .accounts import Accounts
from .oauth import CLOUD_SCOPES, token_answer
from .tokens import Token, Tokens

FLAVOR = {"Metadata-Flavor": "Google"}
_KEPT_SECONDS = 300


class MetadataServer:
    """Keeps a token until five minutes before its end, as the real one does."""

    def __init__(self, accounts: Accounts, tokens: Tokens, project: str):
        self._accounts = accounts
        self._tokens = tokens
        self._project = project
        self._kept: dict[frozenset[str], Token] = {}

    def answer(self, path: str, headers: Any, scopes: str) -> tuple[int, str | dict[str, Any], str]:
        """Status, text or JSON, and who it is for; path is what follows /computeMetadata/v1."""
        if headers.get("Metadata-Flavor") != "Google" or headers.get("X-Forwarded-For"):
            return 403, "Missing required header: Metadata-Flavor\n", ""
        path = path.strip("/")
        if path in ("", "instance"):
            return 200, "service-accounts/\n", ""
        if path == "project/project-id":
            return 200, self._project, ""
        return self._account(path.removeprefix("instance/service-accounts/"), scopes)

    def _account(self, path: str, scopes: str) -> tuple[int, str | dict[str, Any], str]:
        email = self._accounts.default
        account, _, item = path.partition("/")
        if account not in ("default", email):
            return 404, "Not Found\n", ""
        if item == "token":
            return 200, token_answer(self._tokens, self._token(scopes)), email
        if item == "email":
            return 200, email, email
        return 200, {"aliases": ["default"], "email": email, "scopes": sorted(CLOUD_SCOPES)}, email

    def _token(self, scopes: str) -> Token:
        wanted = frozenset(scopes.split(",")) if scopes else CLOUD_SCOPES
        token = self._kept.get(wanted)
        if token is None or self._tokens.seconds_left(token) < _KEPT_SECONDS:
            token = self._kept[wanted] = self._tokens.issue(self._accounts.default, wanted)
        return token
