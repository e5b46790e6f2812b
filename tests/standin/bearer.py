# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The Authorization header: access tokens, and self-signed JWTs as BQ/docs/json-web-tokens and AIP-4111."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

from . import jwt_check
from .accounts import Accounts
from .errors import ApiError
from .jwt_check import BadJwt, Jwt
from .oauth import SCOPE_PREFIX, OAuthError, scopes_of
from .tokens import Tokens

GOOGLE_AUDIENCE = "https://bigquery.googleapis.com/"

FULL = frozenset((SCOPE_PREFIX + "bigquery", SCOPE_PREFIX + "cloud-platform"))
INSERT = FULL | {SCOPE_PREFIX + "bigquery.insertdata"}
READ = FULL | {SCOPE_PREFIX + "bigquery.readonly", SCOPE_PREFIX + "cloud-platform.read-only"}
LOAD = FULL | {SCOPE_PREFIX + name for name in ("devstorage.full_control", "devstorage.read_only",
                                                "devstorage.read_write")}


@dataclass(frozen=True)
class Identity:
    """For the request log: kind is "none", "access_token", "self_signed" or "other"; no secrets."""

    kind: str
    subject: str = ""
    serial: int | None = None

    def entry(self) -> dict[str, Any]:
        return asdict(self)


class Bearer:
    def __init__(self, accounts: Accounts, tokens: Tokens, audiences: frozenset[str]):
        self._accounts = accounts
        self._tokens = tokens
        self._audiences = audiences | {GOOGLE_AUDIENCE}

    def unchecked(self, header: str | None) -> Identity:
        """What the header looks like, for where nobody checks it."""
        if header is None:
            return Identity("none")
        token = self._tokens.find(header.removeprefix("Bearer "))
        return Identity("access_token", token.subject, token.serial) if token else Identity("other")

    def check(self, header: str | None, scopes: frozenset[str]) -> Identity:
        """401 authError for a bad token, 403 for one of too little scope."""
        if header is None:
            raise _unauthorized("Request is missing required authentication credential. Expected OAuth 2 access "
                                "token, login cookie or other valid authentication credential.", "required")
        scheme, _, value = header.partition(" ")
        if scheme.lower() != "bearer":
            raise _unauthorized()
        token = self._tokens.find(value)
        if token is None:
            return self._check_jwt(value, scopes)
        if not self._tokens.alive(token):
            raise _unauthorized()
        _check_scopes(token.scopes, scopes)
        return Identity("access_token", token.subject, token.serial)

    def _check_jwt(self, value: str, wanted: frozenset[str]) -> Identity:
        try:
            jwt = jwt_check.parse(value)
            email = self._verify(jwt)
        except BadJwt:
            raise _unauthorized() from None
        serial = self._tokens.see_jwt(value)
        if serial is None:
            raise _unauthorized()
        if "scope" in jwt.claims:
            _check_scopes(_scopes(jwt), wanted)
        return Identity("self_signed", email, serial)

    def _verify(self, jwt: Jwt) -> str:
        """Either aud or scope, never both; iss is sub; exp is iat and an hour, exactly."""
        claims = jwt.claims
        account = self._accounts.service(claims.get("iss"))
        if account is None or jwt.header.get("kid") not in (None, account.key_id):
            raise BadJwt("unknown account or key")
        jwt.verify(account.key)
        jwt.check_times(time.time())
        if claims.get("sub") != account.email or claims["exp"] - claims["iat"] != 3600:
            raise BadJwt("sub or exp")
        if ("aud" in claims) == ("scope" in claims):
            raise BadJwt("aud or scope")
        if "aud" in claims and claims["aud"] not in self._audiences:
            raise BadJwt("aud")
        return account.email


def _scopes(jwt: Jwt) -> frozenset[str]:
    try:
        return scopes_of(jwt.claims["scope"])
    except OAuthError:
        raise _unauthorized() from None


def _check_scopes(there: frozenset[str], wanted: frozenset[str]) -> None:
    if not there & wanted:
        raise ApiError(403, "insufficientPermissions", "Request had insufficient authentication scopes.")


def _unauthorized(message: str = "", reason: str = "authError") -> ApiError:
    return ApiError(401, reason, message or "Request had invalid authentication credentials. Expected OAuth 2 access "
                    "token, login cookie or other valid authentication credential.", "Authorization",
                    {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'})
