# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The token endpoint, as AIP-4112 (service accounts: JWT bearer grant) and AIP-4113 (refresh token grant)."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qsl

from . import jwt_check
from .accounts import Accounts
from .jwt_check import BadJwt
from .tokens import Token, Tokens

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
GOOGLE_TOKEN_URI = "https://oauth2.googleapis.com/token"
SCOPE_PREFIX = "https://www.googleapis.com/auth/"
CLOUD_SCOPES = frozenset((SCOPE_PREFIX + "cloud-platform",))


class OAuthError(Exception):
    """An error of RFC 6749, which is not of the API's form."""

    def __init__(self, error: str, description: str, status: int = 400):
        super().__init__(description)
        self.status = status
        self.body = {"error": error, "error_description": description}


class OAuth:
    def __init__(self, accounts: Accounts, tokens: Tokens, audiences: frozenset[str]):
        self._accounts = accounts
        self._tokens = tokens
        self._audiences = audiences

    def token(self, content_type: str, body: bytes) -> tuple[dict[str, Any], str]:
        """The answer to a POST of the form, and who it is for."""
        if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
            raise OAuthError("invalid_request", "The content type must be application/x-www-form-urlencoded.")
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        grants = {JWT_GRANT: self._for_jwt, "refresh_token": self._for_refresh_token}
        grant = grants.get(form.get("grant_type", ""))
        if grant is None:
            raise OAuthError("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
        token = grant(form)
        return token_answer(self._tokens, token), token.subject

    def _for_jwt(self, form: dict[str, str]) -> Token:
        try:
            jwt = jwt_check.parse(form.get("assertion", ""))
            account = self._accounts.service(jwt.claims.get("iss"))
            if account is None:
                raise BadJwt("Invalid grant: account not found")
            if jwt.header.get("kid") not in (None, account.key_id):
                raise BadJwt("Invalid JWT Signature.")
            jwt.verify(account.key)
            jwt.check_times(time.time())
        except BadJwt as error:
            raise OAuthError("invalid_grant", str(error)) from None
        if jwt.claims.get("aud") not in self._audiences:
            raise OAuthError("invalid_grant", "Invalid JWT: Failed audience check. The right audience is "
                             + GOOGLE_TOKEN_URI)
        return self._tokens.issue(account.email, scopes_of(jwt.claims.get("scope")))

    def _for_refresh_token(self, form: dict[str, str]) -> Token:
        user = next((one for one in self._accounts.users if one.client_id == form.get("client_id")), None)
        if user is None:
            raise OAuthError("invalid_client", "The OAuth client was not found.", 401)
        if user.client_secret != form.get("client_secret"):
            raise OAuthError("invalid_client", "Unauthorized", 401)
        if user.refresh_token != form.get("refresh_token"):
            raise OAuthError("invalid_grant", "Token has been expired or revoked.")
        return self._tokens.issue(user.email, CLOUD_SCOPES)


def scopes_of(text: object) -> frozenset[str]:
    scopes = frozenset(text.split(" ")) if isinstance(text, str) else frozenset()
    if not scopes or not all(scope.startswith(SCOPE_PREFIX) for scope in scopes):
        raise OAuthError("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    return scopes


def token_answer(tokens: Tokens, token: Token) -> dict[str, Any]:
    return {"access_token": token.value, "expires_in": tokens.seconds_left(token), "token_type": "Bearer"}
