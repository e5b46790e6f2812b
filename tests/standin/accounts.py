# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Who may ask for tokens: service accounts with their keys, users with their refresh tokens."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding, NoEncryption, PrivateFormat, load_pem_private_key, load_pem_public_key)


@dataclass(frozen=True)
class ServiceAccount:
    email: str
    key: RSAPublicKey
    key_id: str | None = None


@dataclass(frozen=True)
class User:
    client_id: str
    client_secret: str
    refresh_token: str
    email: str = "user@standin.invalid"


@dataclass(frozen=True)
class Accounts:
    services: tuple[ServiceAccount, ...] = ()
    users: tuple[User, ...] = ()
    default: str = "default@standin.iam.gserviceaccount.com"
    """The account of the metadata server."""

    def service(self, email: object) -> ServiceAccount | None:
        return next((one for one in self.services if one.email == email), None)


def service_from_pem(email: str, pem: bytes, key_id: str | None = None) -> ServiceAccount:
    key = load_pem_public_key(pem)
    assert isinstance(key, RSAPublicKey), "an RSA key is needed"
    return ServiceAccount(email, key, key_id)


def service_from_file(path: Path) -> ServiceAccount:
    """Of a service account's key file, what Google's side has of it: the public half."""
    content = json.loads(path.read_text())
    key = load_pem_private_key(content["private_key"].encode(), None).public_key()
    assert isinstance(key, RSAPublicKey), "an RSA key is needed"
    return ServiceAccount(content["client_email"], key, content.get("private_key_id"))


def write_service_file(path: Path, token_uri: str, project: str,
                       email: str = "jam-etl@standin.iam.gserviceaccount.com") -> ServiceAccount:
    """A new key pair in a new key file (AIP-4112), which only its owner can read."""
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    key_id = secrets.token_hex(20)
    _write_secret(path, {
        "type": "service_account", "project_id": project, "private_key_id": key_id, "private_key": pem,
        "client_email": email, "client_id": "100000000000000000001",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth", "token_uri": token_uri,
        "universe_domain": "googleapis.com"})
    return ServiceAccount(email, key.public_key(), key_id)


def user_from_file(path: Path) -> User:
    content = json.loads(path.read_text())
    return User(content["client_id"], content["client_secret"], content["refresh_token"])


def write_user_file(path: Path, token_uri: str) -> User:
    """A new user's application default credentials (AIP-4113); token_uri is no part of gcloud's file."""
    user = User("standin.apps.googleusercontent.com", secrets.token_hex(12), "1//" + secrets.token_hex(24))
    _write_secret(path, {"type": "authorized_user", "client_id": user.client_id, "client_secret": user.client_secret,
                         "refresh_token": user.refresh_token, "token_uri": token_uri,
                         "universe_domain": "googleapis.com"})
    return user


def _write_secret(path: Path, content: dict[str, str]) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=2)
