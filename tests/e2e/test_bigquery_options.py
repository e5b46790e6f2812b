# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""bigquery()'s options: what is refused, and what can be seen of them on the wire."""

from __future__ import annotations

import stat
from collections.abc import Callable

import pytest

import rows
from bigquery import DATASET, INSERT, PROJECT, BigQueryServer, assert_all_sent, count, one_batch
from daemon import VERSION_LINE, Daemon, free_port
from expected_rows import expected_tables
from messages import PAYLOADS, message, numbered
from sender import send
from standin import StandIn
from test_configuration import DIRECTORY, JSONL, checked, pointed_at

MakeBigQuery = Callable[..., BigQueryServer]
MakeDaemon = Callable[..., Daemon]
NAMES = 'project("p") dataset("d") url("http://127.0.0.1:9")'
#: what stands in jam-etl(), and what the error must name
BAD = {
    "both sinks": (f"{JSONL} bigquery({NAMES})", ["jsonl()", "bigquery()"]),
    "both sinks the other way": (f"bigquery({NAMES}) {JSONL}", ["jsonl()", "bigquery()"]),
    "neither": ("batch-lines(5)", ["jsonl()", "bigquery()"]),
    "no project()": ('bigquery(dataset("d") url("http://h"))', ["project()"]),
    "an empty project()": ('bigquery(project("") dataset("d") url("http://h"))', ["project()"]),
    "a project() with a slash": ('bigquery(project("p/q") dataset("d"))', ["project()", "p/q"]),
    "a project() in capitals": ('bigquery(project("Prod") dataset("d"))', ["project()", "Prod"]),
    "no dataset()": ('bigquery(project("p") url("http://h"))', ["dataset()"]),
    "a dataset() with a dash": ('bigquery(project("p") dataset("d-e"))', ["dataset()", "d-e"]),
    "a dataset() with a dot": ('bigquery(project("p") dataset("p.d"))', ["dataset()", "p.d"]),
    "a url() of another scheme": ('bigquery(url("ftp://h"))', ["url()", "ftp://h"]),
    "a url() without a host": ('bigquery(url("https://"))', ["url()"]),
    "a url() with a password": ('bigquery(url("https://u:secret@h"))', ["url()"]),
    "a url() with a query": ('bigquery(url("https://h/?a=b"))', ["url()"]),
    "max-request-bytes() too small": (f"bigquery({NAMES} max-request-bytes(100))", ["max-request-bytes()", "1024"]),
    "max-request-bytes() too large": (f"bigquery({NAMES} max-request-bytes(10000001))",
                                      ["max-request-bytes()", "10000000"]),
    "max-request-rows() too large": (f"bigquery({NAMES} max-request-rows(60000))", ["max-request-rows()", "50000"]),
    "max-request-rows() of none": (f"bigquery({NAMES} max-request-rows(0))", ["0"]),
    "timeout() of no time": (f"bigquery({NAMES} timeout(0))", ["0"]),
    "timeout() of no number": (f"bigquery({NAMES} timeout(soon))", ["soon"]),
    "compression() of neither yes nor no": (f"bigquery({NAMES} compression(zip))", ["zip"]),
    "create-tables() of neither yes nor no": (f"bigquery({NAMES} create-tables(maybe))", ["maybe"]),
    "self-signed-jwt() of neither yes nor no": (f"bigquery({NAMES} self-signed-jwt(maybe))", ["maybe"]),
    "peer-verify() of neither yes nor no": (f"bigquery({NAMES} peer-verify(optional))", ["optional"]),
    "an unknown ssl-version()": (f"bigquery({NAMES} ssl-version(nonsense))", ["ssl-version()", "nonsense"]),
    "an unknown ssl-version() in tls()": (f"bigquery({NAMES} tls(ssl-version(sslv3)))", ["ssl-version()", "sslv3"]),
    "an unknown option": (f"bigquery({NAMES} colour(red))", ["colour"]),
    "an option of jsonl()": (f"bigquery({NAMES} {DIRECTORY})", ["directory"]),
    "an option of bigquery() in jsonl()": (f'jsonl({DIRECTORY} project("p"))', ["project"]),
    "no worker": (f"bigquery({NAMES}) workers(0)", ["0"]),
    "one name for two tables": (f"bigquery({NAMES}) table-name(blocks x) table-name(tickets x)",
                                ["table-name()", "blocks", "tickets"]),
}
GOOD = {
    "the least": f"bigquery({NAMES})",
    "every option": f"""bigquery({NAMES} self-signed-jwt(no) create-tables(yes) compression(no) timeout(5)
        max-request-bytes(10000000) max-request-rows(50000) proxy("http://h:3128")
        tls(ca-dir("/etc") ca-file("/etc/passwd") cert-file("/etc/passwd") key-file("/etc/passwd")
        cipher-suite(tls12-and-older("ECDHE-RSA-AES256-GCM-SHA384") tls13("TLS_AES_256_GCM_SHA384"))
        ssl-version(tlsv1_2) peer-verify(yes)))""",
    "TLS options without tls()": f'bigquery({NAMES} ca-file("/etc/passwd") cipher-suite("DEFAULT") peer-verify(no))',
    "TLS options without a value": f'bigquery({NAMES} ca-file("") ca-dir("") cert-file("") key-file(""))',
    "the smallest limits": f"bigquery({NAMES} max-request-bytes(1024) max-request-rows(1) timeout(1))",
    "other spellings": f"bigquery({NAMES} max_request_rows(5) create_tables(no) ssl_version(default))",
    "a project of a domain": 'bigquery(project("example.com:my-project") dataset("D_1") url("http://h"))',
    "workers": f"bigquery({NAMES}) workers(4)",
    "dialect(bigquery)": f"jsonl({DIRECTORY} dialect(bigquery))",
    'dialect("bigquery")': f'jsonl({DIRECTORY} dialect("bigquery"))',
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_configuration_stops_the_start_and_names_file_line_and_option(
        make_daemon: MakeDaemon, what: str) -> None:
    inside, named = BAD[what]
    status, said, place = checked(make_daemon, inside)
    assert status != 0, said
    assert place in said, said
    error = said.split(place)[0]
    for name in named:
        assert name in error or name in pointed_at(said, place, inside), f"{name} not in: {said}"
    assert "secret" not in error


@pytest.mark.parametrize("what", GOOD)
def test_a_good_configuration_passes(make_daemon: MakeDaemon, what: str) -> None:
    status, said, _ = checked(make_daemon, GOOD[what])
    assert (status, said) == (0, "")


@pytest.mark.parametrize("block", ["jam-etl-bigquery-server", "jam-etl-dual-server"])
@pytest.mark.parametrize("arguments, named", [
    ('dataset("d")', "project()"), ('project("p") dataset("d-e")', "dataset()"),
    (f"{NAMES} bigquery-options(max-request-rows(60000))", "max-request-rows()"), (f"{NAMES} timeout(x)", "x"),
    (f"{NAMES} tables(none)", "tables()"),
])
def test_a_bad_argument_of_the_one_line_servers_stops_the_start(
        make_daemon: MakeDaemon, block: str, arguments: str, named: str) -> None:
    daemon = make_daemon(f"{block}({arguments})\n")
    result = daemon.check_syntax()
    assert result.returncode != 0
    assert named in result.stdout
    assert f"{daemon.config_file}:3" in result.stdout, result.stdout


def test_a_bad_url_in_the_environment_stops_the_start_and_is_named(make_daemon: MakeDaemon) -> None:
    daemon = make_daemon('destination d { jam-etl(bigquery(project("p") dataset("d"))); };\n')
    daemon.environment["BIGQUERY_EMULATOR_HOST"] = "ftp://h"
    result = daemon.check_syntax()
    assert result.returncode != 0
    for part in (f"{daemon.config_file}:3", "BIGQUERY_EMULATOR_HOST", "ftp://h"):
        assert part in result.stdout, result.stdout


def test_the_reject_file_has_the_permissions_asked_for(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    server = make_bigquery("perm(0604)")
    send(server.port, [b"bad"])
    server.wait_for_rejected(1)
    assert oct(stat.S_IMODE(server.reject_file.stat().st_mode)) == oct(0o604)


def test_bodies_are_gzip_unless_told_otherwise(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    text = message(141, {"codec_encoded": "0x" + "ab" * 2000})
    for options, encoding in (("", "gzip"), ("compression(no)", None)):
        standin.log.clear()
        server = make_bigquery(options, folder=f"server-{encoding}")
        arrived = count(standin, "assurances")
        send(server.port, [text])
        server.wait_for_rows("assurances", arrived + 1)
        server.settle()
        entry, = standin.requests(INSERT)
        assert entry["headers"].get("Content-Encoding") == encoding
        assert (entry["wire_size"] * 4 < entry["size"]) == (encoding == "gzip")
        assert entry["headers"]["Content-Type"] == "application/json"
        assert entry["headers"]["User-Agent"].startswith("jam-etl/")
        assert "Expect" not in entry["headers"]
        server.stop()
    first, second = (row["sent"] for row in standin.rows(f"{DATASET}.assurances"))
    assert first == second


def test_requests_keep_to_the_rows_and_bytes_that_they_may_have(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    messages = numbered(100)
    server = make_bigquery(f"{one_batch(100)} bigquery-options(max-request-rows(7))")
    send(server.port, messages)
    server.assert_sent(messages)
    assert sorted(entry["rows"] for entry in standin.requests(INSERT)) == [2] + [7] * 14
    server.stop()
    standin.log.clear()
    server = make_bigquery(f"{one_batch(100)} bigquery-options(max-request-bytes(4000))", folder="bytes")
    more = numbered(100, first=100)
    send(server.port, more)
    server.assert_sent(messages + more)
    sizes = [entry["size"] for entry in standin.requests(INSERT)]
    assert max(sizes) <= 4000 and sorted(sizes)[1] > 3000, "full, but for the last one"


def test_500_rows_and_9_megabytes_are_the_defaults(
        make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    large = [message(142, {"elapsed": i, "json_encoded.blob": "0x" + "ab" * 3_500_000}) for i in range(2)]
    messages = numbered(1200) + large
    server = make_bigquery(one_batch(len(messages)))
    send(server.port, messages)
    server.assert_sent(messages)
    requests = {table: [entry for entry in standin.requests(INSERT) if entry["table"].endswith(table)]
                for table in ("assurances", "preimages")}
    assert sorted(entry["rows"] for entry in requests["assurances"]) == [200, 500, 500]
    assert [entry["rows"] for entry in requests["preimages"]] == [1, 1], "more than 9 MB together"


def test_connections_are_kept_and_workers_send_side_by_side(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    standin.add_fault(operation=INSERT, delay=0.1)
    server = make_bigquery("workers(3) batch-lines(10)")
    messages = numbered(300)
    send(server.port, messages)
    server.assert_sent(messages)
    requests = standin.requests(INSERT)
    assert max(entry["in_flight"] for entry in requests) == 3
    assert len({entry["connection"] for entry in requests}) == 3
    assert len(standin.requests("tables.get")) == 11, "workers share what they know of the tables"


def test_every_kind_goes_to_its_table_at_once(make_bigquery: MakeBigQuery, standin: StandIn) -> None:
    messages = [message(msg_type) for msg_type in PAYLOADS]
    standin.add_fault(operation=INSERT, delay=0.3)
    server = make_bigquery(one_batch(len(messages)))
    send(server.port, messages)
    server.assert_sent(messages)
    assert len(standin.requests(INSERT)) == 11
    assert max(entry["in_flight"] for entry in standin.requests(INSERT)) == 8


@pytest.mark.parametrize("first", ["ours", "the other"])
def test_another_module_with_json_lives_beside_ours(make_daemon: MakeDaemon, standin: StandIn, first: str) -> None:
    """json-parser() and its library have names of their own for which ours must not be taken, nor theirs for ours."""
    daemon = make_daemon("")
    port, out = free_port(), daemon.folder / "parsed"
    modules = f"""
        destination d_bigquery {{
            jam-etl(bigquery(project("{PROJECT}") dataset("{DATASET}") url("{standin.url}")));
        }};""", """
        parser p { json-parser(prefix("parsed.")); };"""
    daemon.set_config("".join(modules if first == "ours" else reversed(modules)) + f"""
        source s {{ network(ip("127.0.0.1") port({port}) flags(syslog-protocol)); }};
        destination d_file {{
            file("{out}" template("${{parsed.msg_type}} $(format-json a=string(${{parsed.json_encoded.attempt}}))\\n"));
        }};
        log {{ source(s); destination(d_bigquery); }};
        log {{ source(s); parser(p); destination(d_file); }};
        """, head=VERSION_LINE)
    daemon.start()
    messages = [message(131, {"elapsed": i}) for i in range(20)]
    send(port, messages)
    daemon.wait_until(lambda: count(standin, "tickets") == len(messages), "rows of all messages")
    daemon.wait_until(lambda: rows.count(out) == len(messages), "all messages parsed")
    assert_all_sent(standin, expected_tables(messages, "bigquery"))
    assert set(out.read_text().splitlines()) == {'131 {"a":"1"}'}
    daemon.stop()
