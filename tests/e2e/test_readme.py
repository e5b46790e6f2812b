# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every configuration that the README and the examples show is accepted."""

from __future__ import annotations

import re
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import rows
from daemon import TOP, Daemon, free_port
from standin.accounts import write_service_file

README = (TOP / "README.md").read_text()
CONFIGURATIONS = re.findall(r"^```conf\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
ENCRYPTED = re.search(r"^## Encrypted\n.*?(?=^## )", README, re.MULTILINE | re.DOTALL)
assert ENCRYPTED
MAKE_AUTHORITY, MAKE_CLIENT, TRY = re.findall(r"^```sh\n(.*?)^```$", ENCRYPTED[0], re.MULTILINE | re.DOTALL)


def run(commands: str, etc: Path, port: int = 0) -> subprocess.CompletedProcess[str]:
    """In a shell, where /etc/jam-etl and the server are those of the test."""
    for there, here in (("/etc/jam-etl", str(etc)), ("telemetry.example.org", "localhost"), (":6514", f":{port}")):
        commands = commands.replace(there, here)
    return subprocess.run(["sh", "-c", commands], cwd=etc, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=120)


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    """Stands in for /etc/jam-etl, with the files that configurations name."""
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "teams.csv").write_text("sender_id,team\n0x00,A team\n")
    write_service_file(folder / "key.json", "https://oauth2.googleapis.com/token", "my-project")
    for commands in (MAKE_AUTHORITY, MAKE_CLIENT):
        result = run(commands, folder)
        assert result.returncode == 0, result.stdout
    return folder


def test_the_readme_shows_configurations() -> None:
    assert len(CONFIGURATIONS) >= 4


@pytest.mark.parametrize("config", CONFIGURATIONS, ids=lambda config: config.split("\n")[3])
def test_a_configuration_of_the_readme_is_accepted(config: str, etc: Path,
                                                   make_daemon: Callable[..., Daemon]) -> None:
    result = make_daemon(config.replace("/etc/jam-etl", str(etc)), head="").check_syntax()
    assert result.returncode == 0, result.stdout


def test_the_chapter_on_encryption_leads_to_a_server_for_those_with_its_certificates(
        etc: Path, make_daemon: Callable[..., Daemon], tmp_path: Path) -> None:
    port, out = free_port(), tmp_path / "out"
    config, = (config for config in CONFIGURATIONS if config in ENCRYPTED[0])
    for there, here in (("/etc/jam-etl", str(etc)), ("port(6514)", f'ip("127.0.0.1") port({port})'),
                        ("/var/lib/jam-etl", str(out))):
        assert there in config
        config = config.replace(there, here)
    daemon = make_daemon(config, head="").start()
    for key in etc.glob("*.key"):
        assert oct(stat.S_IMODE(key.stat().st_mode)) == oct(0o600), key

    without = TRY.replace(" -cert node0.pem -key node0.key", "")
    assert without != TRY
    result = run(without, etc, port)
    assert result.returncode == 1, result.stdout
    result = run(TRY, etc, port)
    assert result.returncode == 124, result.stdout
    daemon.wait_until(lambda: rows.count(out / "tickets.jsonl") == 1, "the one row")


def test_the_readme_names_every_reason_to_reject() -> None:
    source = (TOP / "modules/jam-etl/core/tables/reject.c").read_text()
    reasons = re.findall(r'\[JAM_REJECT_\w+\] = "([a-z0-9-]+)"', source)
    assert len(reasons) >= 10
    for reason in reasons:
        assert f"`{reason}`" in README, reason


def test_the_readme_names_every_option() -> None:
    source = (TOP / "modules/jam-etl/driver/jam-etl-parser.c").read_text()
    options = [name.replace("_", "-") for name in re.findall(r'\.kw_name = "(\w+)"', source)]
    assert len(options) >= 10
    for option in options:
        assert f"{option}(" in README, option
