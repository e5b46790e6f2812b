# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The manual page, jam-etl(5), says what the README says to operators."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from daemon import TOP

README = (TOP / "README.md").read_text()


@pytest.fixture(scope="module")
def manual() -> str:
    """The page as a reader sees it, in one long line a paragraph."""
    source = subprocess.run([sys.executable, TOP / "docs/manpage.py", TOP / "README.md", "1.2.3"],
                            check=True, capture_output=True, text=True, encoding="utf-8").stdout
    shown = subprocess.run(["groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-rLL=3000n", "-P-cbou"],
                           input=source, check=True, capture_output=True, text=True, encoding="utf-8")
    assert shown.stderr == ""
    return shown.stdout


def test_it_names_its_version(manual: str) -> None:
    assert "jam-etl 1.2.3" in manual


def test_it_has_every_row_of_the_tables_of_options(manual: str) -> None:
    for_operators = re.sub(r"^## How fast\n.*?(?=^## )", "", README, flags=re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| (`[a-z(][^|]*?) \|", for_operators, re.MULTILINE)
    assert len(rows) >= 40
    for row in rows:
        assert row.replace("`", "") in manual, row


def test_it_has_configurations_as_they_are(manual: str) -> None:
    lines = [line for text in re.findall(r"^```conf\n(.*?)^```$", README, re.MULTILINE | re.DOTALL) for line in text.split("\n")]
    for line in lines:
        assert line.strip() in manual, line


def test_no_markup_is_left(manual: str) -> None:
    assert not re.search(r"\]\(#|^\|--|```|\*\*", manual, re.MULTILINE)
    assert "`" not in manual


def test_it_leaves_out_what_only_developers_need(manual: str) -> None:
    assert "LICENCE" not in manual
    assert "autoreconf" not in manual
