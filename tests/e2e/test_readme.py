# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every configuration that the README and the examples show is accepted."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import TOP, Daemon
from standin.accounts import write_service_file

README = (TOP / "README.md").read_text()
CONFIGURATIONS = re.findall(r"^```conf\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    """Stands in for /etc/jam-etl, with the files that configurations name."""
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "teams.csv").write_text("sender_id,team\n0x00,A team\n")
    write_service_file(folder / "key.json", "https://oauth2.googleapis.com/token", "my-project")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
                    "-keyout", folder / "server.key", "-out", folder / "server.pem"], check=True, capture_output=True)
    return folder


def test_the_readme_shows_configurations() -> None:
    assert len(CONFIGURATIONS) >= 4


@pytest.mark.parametrize("config", CONFIGURATIONS, ids=lambda config: config.split("\n")[3])
def test_a_configuration_of_the_readme_is_accepted(config: str, etc: Path,
                                                   make_daemon: Callable[..., Daemon]) -> None:
    result = make_daemon(config.replace("/etc/jam-etl", str(etc)), head="").check_syntax()
    assert result.returncode == 0, result.stdout


def test_the_readme_names_every_reason_to_reject() -> None:
    source = (TOP / "modules/jam-etl/core/reject.c").read_text()
    reasons = re.findall(r'\[JAM_REJECT_\w+\] = "([a-z0-9-]+)"', source)
    assert len(reasons) >= 10
    for reason in reasons:
        assert f"`{reason}`" in README, reason


def test_the_readme_names_every_option() -> None:
    source = (TOP / "modules/jam-etl/jam-etl-parser.c").read_text()
    options = [name.replace("_", "-") for name in re.findall(r'\.kw_name = "(\w+)"', source)]
    assert len(options) >= 10
    for option in options:
        assert f"{option}(" in README, option
