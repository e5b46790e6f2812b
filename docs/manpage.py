# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes jam-etl(5) to standard output: the README's chapters for operators as a manual page.

Knows the Markdown that the README uses: headings, paragraphs, lists, tables, code in
fences or indented, links, `code`, *emphasis*. Arguments: the README, and the version.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

# chapters for those who build, measure or change it
OMITTED = {"How fast", "Build it yourself", "Licence"}

HEAD = r""".TH JAM-ETL 5 "" "jam-etl {version}" "File formats"
.nh
.ad l
.SH NAME
jam-etl \- tables of JAM telemetry, written by syslog-ng
.SH DESCRIPTION
"""

TAIL = r""".SH SEE ALSO
.BR syslog-ng (8),
.BR syslog-ng.conf (5),
.BR syslog-ng-ctl (1)
"""


def escape(text: str) -> str:
    text = text.replace("\\", r"\(rs").replace("-", r"\-").replace("^", r"\(ha").replace("~", r"\(ti").replace("`", r"\(ga")
    return r"\&" + text if text.startswith((".", "'")) else text


def inline(text: str) -> str:
    """One paragraph's text, with its `code` in bold and its *emphasis* in italics."""
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text.replace(r"\|", "|"))
    pieces = re.split(r"(`[^`]*`|\*\*?[^*`]+\*\*?)", text)
    fonts = {"`": "B", "*": "I"}
    return escape_start("".join(
        rf"\f{fonts[piece[0]]}{escape(piece.strip('`*')) or ' '}\fR" if re.fullmatch(r"`.*`|\*.+\*", piece) else escape(piece)
        for piece in pieces))


def escape_start(text: str) -> str:
    return r"\&" + text if text.startswith((".", "'")) else text


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def table(rows: list[str]) -> Iterator[str]:
    """An entry for each row: its first cell is the term, the others tell about it."""
    head = cells(rows[0])
    for row in rows[2:]:
        term, *values = cells(row)
        said = [inline(value) for name, value in zip(head[1:], values) if value and name != "default"]
        defaults = [f"(default: {inline(value)})" for name, value in zip(head[1:], values) if value and name == "default"]
        yield from (".TP", inline(term), " ".join(said + defaults) or r"\&")


def paragraphs(lines: list[str]) -> Iterator[list[str]]:
    """Blocks of lines that belong together: between blank lines, or within a fence."""
    block: list[str] = []
    fenced = False
    for line in [*lines, ""]:
        if line.strip() or fenced:
            block.append(line)
        elif block:
            yield block
            block = []
        if line.startswith("```"):
            fenced = not fenced


def code(lines: list[str]) -> Iterator[str]:
    yield from (".PP", ".RS 4", ".EX", *(escape(line) for line in lines), ".EE", ".RE")


def items(lines: list[str]) -> Iterator[str]:
    for item in re.split(r"\n(?=- |\d+\. )", "\n".join(lines)):
        mark, text = item.split(" ", 1)
        first, *nested = re.split(r"\n(?= +\|)", text)
        yield from (rf".IP {mark if mark != '-' else chr(92) + '(bu'} 4", inline(" ".join(first.split())))
        if nested:
            yield from (".RS 4", *table([row.strip() for row in nested]), ".RE")


def block(lines: list[str]) -> Iterator[str]:
    first = lines[0]
    if first.startswith("## "):
        yield ".SH " + escape(first[3:].upper())
    elif first.startswith("### "):
        yield ".SS " + escape(first[4:])
    elif first.startswith("```"):
        yield from code(lines[1:-1])
    elif first.startswith("    "):
        yield from code([line[4:] for line in lines])
    elif first.lstrip().startswith("|"):
        yield from table([line.strip() for line in lines])
    elif re.match(r"- |\d+\. ", first):
        yield from items(lines)
    else:
        yield from (".PP", inline(" ".join(" ".join(lines).split())))


def page(readme: str, version: str) -> str:
    title, *chapters = re.split(r"^(?=## )", readme, flags=re.MULTILINE)
    names = [chapter.split("\n", 1)[0][3:] for chapter in chapters]
    if not OMITTED <= set(names):
        raise SystemExit(f"not in the README: {OMITTED - set(names)}")
    shown = [title.split("\n", 1)[1], *(chapter for name, chapter in zip(names, chapters) if name not in OMITTED)]
    body = [line for part in shown for lines in paragraphs(part.split("\n")) for line in block(lines)]
    return HEAD.format(version=version) + "\n".join(body) + "\n" + TAIL


if __name__ == "__main__":
    sys.stdout.write(page(Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[2]))
