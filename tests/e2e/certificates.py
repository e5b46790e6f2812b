# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""An authority that signs certificates, as an operator has one of his own."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]


@dataclass(frozen=True)
class Identity:
    certificate: Path
    key: Path


class Authority:
    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._own = Identity(folder / "ca.pem", folder / "ca.key")
        self._make(self._own, "authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    @property
    def certificate(self) -> Path:
        return self._own.certificate

    def issue(self, name: str) -> Identity:
        """A certificate for localhost; name is that of its owner and of its files."""
        identity = Identity(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        self._make(identity, name, "-CA", str(self._own.certificate), "-CAkey", str(self._own.key),
                   "-extensions", "usr_cert", "-addext", "subjectAltName=DNS:localhost")
        return identity

    def _make(self, identity: Identity, name: str, *arguments: str) -> None:
        subprocess.run(["openssl", "req", "-x509", *KEY, "-days", "2", "-subj", f"/CN={name}", *arguments,
                        "-keyout", identity.key, "-out", identity.certificate], check=True, capture_output=True)
