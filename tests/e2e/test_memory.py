# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The daemon under valgrind's memcheck; only what our module has a hand in counts."""

from __future__ import annotations

import os
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest

from bigquery import DATASET, INSERT, BigQueryServer
from conftest import Server
from daemon import Daemon, free_port
from expected_rows import expected_tables
from messages import PAYLOADS, message, numbered
from sender import generate, send
from standin import StandIn

MakeServer = Callable[..., Server]
WRAPPER = """#!/bin/sh
exec {valgrind} --quiet --leak-check=full --show-leak-kinds=definite,indirect,possible --num-callers=40 \\
    --keep-debuginfo=yes --xml=yes --xml-file={xml} {syslog_ng} "$@"
"""


#: what syslog-ng leaves behind: caches of each thread, and the names of disk buffers' files
NOT_OURS = {"cached_gmtime", "cached_localtime", "cached_mktime", "qdisk_start"}


def our_errors(xml: Path) -> list[str]:
    errors = []
    for error in ElementTree.parse(xml).getroot().iter("error"):
        frames = [(frame.findtext("obj") or "", frame.findtext("fn") or "?", frame.findtext("file") or "",
                   frame.findtext("line") or "") for frame in error.iter("frame")]
        if (any("libjam-etl" in frame[0] for frame in frames)
                and not NOT_OURS.intersection(frame[1] for frame in frames)):
            what = error.findtext("what") or error.findtext("xwhat/text") or ""
            errors.append(f"{error.findtext('kind')}: {what}\n"
                          + "\n".join(f"    {fn} ({file}:{line})" for _, fn, file, line in frames))
    return errors


def under_valgrind(server: Daemon) -> Path:
    """Makes the daemon run under valgrind, by way of a syslog-ng of its own that is first on the PATH."""
    valgrind, syslog_ng = shutil.which("valgrind"), shutil.which("syslog-ng")
    if not valgrind:
        pytest.skip("valgrind is not installed")
    if "JAM_ETL_SYSLOG_NG" in os.environ:
        pytest.skip("JAM_ETL_SYSLOG_NG may call syslog-ng by its path")
    folder, xml = server.folder / "bin", server.folder / "valgrind.xml"
    folder.mkdir()
    wrapper = folder / "syslog-ng"
    wrapper.write_text(WRAPPER.format(valgrind=valgrind, xml=xml, syslog_ng=syslog_ng))
    wrapper.chmod(0o755)
    server.environment = {"PATH": f"{folder}:{os.environ['PATH']}", "G_SLICE": "always-malloc"}
    return xml


def test_valgrind_finds_no_error_and_no_leak_of_ours(make_server: MakeServer, tmp_path: Path) -> None:
    teams = tmp_path / "teams.csv"
    teams.write_text("sender_id,team\n0xab,some team\n")
    second_port, second_out = free_port(), tmp_path / "second"
    second = (f'jam-etl-server(ip("127.0.0.1") port({second_port}) directory("{second_out}/${{HOST}}")'
              ' dialect(bigquery) fsync(yes))')
    server = make_server(f'team-map("{teams}") table-prefix(p_) table-name(blocks b) batch-lines(50)',
                         before="options { time-reopen(1); time-reap(1); };\n" + second, start=False)
    xml = under_valgrind(server)
    server.start()
    messages = generate(slots=12, validators=12, cores=4, blob_size=200)
    assert len(messages) > 200
    odd = [message(kind, {"codec_encoded": "0x" + "ff" * 200}) for kind in PAYLOADS]
    bad = [b"bad", b"\xff", message(13, {"json_encoded.cores": 7}), message(142, {"json_encoded.blob": "0x1"}),
           message(141, {"time": "x"})]
    everything = messages + odd + bad
    send(server.port, everything)
    send(second_port, everything)
    server.wait_until(lambda: server.counters()["written"] == 2 * len(everything), "all is written", 120)
    server.reload()
    server.out.rename(server.folder / "moved")
    server.out.write_text("in the way")
    send(server.port, numbered(20) + bad)
    server.wait_for_log("cannot write", seconds=120)
    server.reload()
    server.out.unlink()
    server.wait_for_rows("p_assurances", 20, 120)
    server.stop(seconds=120)
    assert our_errors(xml) == [], "\n".join(our_errors(xml))


def test_valgrind_finds_no_error_and_no_leak_on_the_way_to_bigquery(
        make_bigquery: Callable[..., BigQueryServer], guarded: StandIn, keys: Path) -> None:
    messages = [message(kind, {"elapsed": i}) for i in range(20) for kind in PAYLOADS]
    guilty = expected_tables(messages, "bigquery")["tickets"][7]["row_id"]
    guarded.add_fault(operation=INSERT, rows={"insert_id": guilty, "reason": "invalid", "message": "no"})
    guarded.add_fault(operation=INSERT, table="services", rows={"index": 0, "reason": "timeout"}, times=1)
    guarded.add_fault(operation=INSERT, table="blocks", status=413, html=True, times=1)
    guarded.add_fault(operation=INSERT, table="segments", cut="after", times=1)
    guarded.add_fault(operation=INSERT, table="assurances", expire_tokens=True, times=1)
    guarded.add_fault(operation=INSERT, table="preimages", status=403, reason="accessDenied", times=1)
    guarded.jobs.fail_next({"reason": "backendError", "message": "not now"})
    server = make_bigquery(f'credentials-file("{keys}/service.json") workers(2) '
                           "bigquery-options(max-request-bytes(20000))", start=False)
    xml = under_valgrind(server)
    server.start()
    large = message(142, {"json_encoded.blob": "0x" + "ab" * 30_000})
    send(server.port, [*messages, large, b"bad"])
    server.wait_until_all_written(len(messages) + 2, 120)
    number = guarded.add_fault(operation=INSERT, status=403, reason="quotaExceeded")
    send(server.port, messages)
    server.wait_for_log("next try in 600 s", seconds=120)
    server.reload(120)
    guarded.faults.remove(number)
    server.stop(seconds=120)
    # the guilty row comes twice, and its second copy may or may not go out before the end
    assert len(server.rejected()) in (2, 3)
    assert len(guarded.table(f"{DATASET}.preimages").rows) >= 21
    assert our_errors(xml) == [], "\n".join(our_errors(xml))
