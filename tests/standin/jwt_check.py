# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""JSON Web Tokens with RS256: taken apart, and the signature verified."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from . import json_text

_PART = re.compile(r"[A-Za-z0-9_-]+")


class BadJwt(Exception):
    """Why it is not taken."""


@dataclass(frozen=True)
class Jwt:
    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes

    def verify(self, key: RSAPublicKey) -> None:
        if self.header.get("alg") != "RS256" or self.header.get("typ", "JWT") != "JWT":
            raise BadJwt("Invalid JWT: the algorithm must be RS256.")
        try:
            key.verify(self.signature, self.signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            raise BadJwt("Invalid JWT Signature.") from None

    def check_times(self, now: float, skew: float = 300) -> None:
        """iat and exp are whole seconds, at most an hour apart, and now is between them."""
        issued, expires = self.claims.get("iat"), self.claims.get("exp")
        if not isinstance(issued, int) or not isinstance(expires, int):
            raise BadJwt("Invalid JWT: iat and exp must be numbers.")
        if not 0 < expires - issued <= 3600 or issued > now + skew or expires <= now:
            raise BadJwt("Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
                         "Check your iat and exp values in the JWT claim.")


def parse(text: str) -> Jwt:
    parts = text.split(".")
    if len(parts) != 3 or not all(_PART.fullmatch(part) for part in parts):
        raise BadJwt("Invalid JWT: it must be three parts of unpadded base64url.")
    header, claims, signature = (_decode(part) for part in parts)
    return Jwt(_object(header), _object(claims), f"{parts[0]}.{parts[1]}".encode(), signature)


def _decode(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise BadJwt("Invalid JWT: it must be three parts of unpadded base64url.") from None


def _object(text: bytes) -> dict[str, Any]:
    try:
        value = json_text.parse(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise BadJwt("Invalid JWT: header and claims must be JSON objects.")
    return value
