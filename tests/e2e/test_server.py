# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The one-line server, its arguments, and its pieces."""

from __future__ import annotations

import grp
import pwd
import stat
from collections.abc import Callable
from pathlib import Path
from signal import SIGHUP

import pytest

import rows
from conftest import Server
from daemon import Daemon, free_port
from expected_rows import expected_rows, expected_tables
from messages import KEY, OTHER_KEY, PAYLOADS, message, numbered
from sender import HEADERS, Sender, frame, send
from tables import TABLES

MakeServer = Callable[..., Server]
MakeDaemon = Callable[..., Daemon]
EVERY_KIND = [message(msg_type) for msg_type in PAYLOADS]


def test_one_line_makes_a_server_that_fills_eleven_tables(make_server: MakeServer) -> None:
    server = make_server()
    send(server.port, EVERY_KIND)
    server.assert_holds(EVERY_KIND)
    assert server.files() == sorted(f"{table}.jsonl" for table in TABLES)


def test_the_other_spelling_of_the_names_works(make_server: MakeServer) -> None:
    server = make_server(block="jam_etl_server", options="table_prefix(x_) batch_lines(2)")
    send(server.port, numbered(3))
    server.wait_for_rows("x_assurances", 3)


@pytest.mark.parametrize("driver", ["jam-etl", "jam_etl"])
def test_both_spellings_of_the_driver_work(make_daemon: MakeDaemon, driver: str) -> None:
    daemon = make_daemon("")
    port, out = free_port(), daemon.folder / "out"
    daemon.set_config(f"""
        source s {{ jam-etl-source(ip("127.0.0.1") port({port})); }};
        destination d {{ {driver}(jsonl(directory("{out}"))); }};
        log {{ source(s); destination(d); flags(flow-control); }};""")
    daemon.start()
    send(port, numbered(1))
    daemon.wait_until(lambda: rows.count(out / "assurances.jsonl") == 1, "a row")


def test_headers_of_both_rfcs_come_in_on_one_port_and_on_one_connection(make_server: MakeServer) -> None:
    server = make_server()
    messages = numbered(40)
    with Sender(server.port) as sender:
        for i, text in enumerate(messages):
            sender.send(text, form=HEADERS[i % 2])
    server.assert_holds(messages)


@pytest.mark.parametrize("form", HEADERS)
def test_framed_transport_takes_octet_counted_messages(make_server: MakeServer, form: str) -> None:
    server = make_server('transport("framed")')
    messages = numbered(20)
    with_line_ends = [text.replace(b",", b",\n", 1) for text in messages]
    send(server.port, messages + with_line_ends, framing="octet-counted", form=form)
    server.assert_holds(messages + with_line_ends)


@pytest.mark.parametrize("form", HEADERS)
def test_only_programs_that_start_with_jamtart_or_jametl_are_taken(make_server: MakeServer, form: str) -> None:
    server = make_server()
    taken = ["jamtart", "jametl", "jamtart[123]", "jametl[123]", "jamtart-x", "jametl2"]
    others = ["jam", "xjamtart", "xjametl", "Jamtart", "jam-etl", "sshd[7]", "kernel"]
    messages = numbered(len(taken))
    with Sender(server.port) as sender:
        for other in others:
            sender.send(b"not even JSON", form=form, program=other)
        for program, text in zip(taken, messages):
            sender.send(text, form=form, program=program)
    server.assert_holds(messages)
    assert server.rejected() == []
    assert server.counters()["processed"] == len(taken)
    assert server.counters()["unmatched"] == len(others)


def test_the_program_filter_can_be_changed(make_server: MakeServer) -> None:
    server = make_server('program("^other$")')
    with Sender(server.port) as sender:
        sender.send(*numbered(2))
        sender.send(*numbered(2, first=10), program="other")
    server.assert_holds(numbered(2, first=10))


def test_white_space_and_carriage_returns_around_a_message_do_not_change_its_rows(make_server: MakeServer) -> None:
    server = make_server("exactly-once(no)")
    text, = numbered(1)
    with Sender(server.port) as sender:
        sender.send(text, b"  " + text + b" \t", text + b"\r")
    server.wait_for_rows("assurances", 3)
    rows.assert_same(server.rows("assurances"), expected_rows(text)["assurances"] * 3, "assurances")


def test_the_rows_of_a_message_sent_again_have_the_same_ids(make_server: MakeServer) -> None:
    server = make_server("exactly-once(no)")
    text = message(13)
    send(server.port, [text])
    send(server.port, [text], form="rfc3164")
    server.wait_for_rows("validatorstatistics", 4)
    ids = [row["row_id"] for row in server.rows("validatorstatistics")]
    assert ids[:2] == ids[2:] and ids[0] != ids[1]


def test_old_numbers_and_both_forms_of_msg_type_are_taken(make_server: MakeServer) -> None:
    server = make_server()
    messages = [message(133, {"msg_type": msg_type}) for msg_type in ("0", 0, 133, "133")]
    messages += [message(135, {"msg_type": msg_type}) for msg_type in ("3", 3, 135, "135")]
    send(server.port, messages)
    server.assert_holds(messages)


def test_tables_limits_what_is_written_and_the_rest_is_no_error(make_server: MakeServer) -> None:
    server = make_server("tables(corestatistics assurances)")
    send(server.port, EVERY_KIND)
    server.wait_for_rows("assurances", 1)
    server.wait_for_rows("corestatistics", 1)
    expected = expected_tables(EVERY_KIND)
    found = rows.read_all(server.out)
    assert sorted(found) == ["assurances", "corestatistics"]
    for table, there in found.items():
        rows.assert_same(there, expected[table], table)
    assert server.rejected() == []
    assert server.counters()["written"] == len(EVERY_KIND)


def assert_named(server: Server, names: dict[str, str]) -> None:
    """All tables are there, under their names or those given."""
    names = {table: names.get(table, f"jam_{table}") for table in TABLES}
    send(server.port, EVERY_KIND)
    for table, there in expected_tables(EVERY_KIND).items():
        server.wait_for_rows(names[table], len(there), seconds=30)
        rows.assert_same(server.rows(names[table]), there, table)
    assert server.files() == sorted(f"{name}.jsonl" for name in names.values())


def test_table_name_and_table_prefix_name_the_files(make_server: MakeServer) -> None:
    server = make_server('table-name("workpackages" "workpackagebundles") table-prefix("jam_")')
    assert_named(server, {"workpackages": "jam_workpackagebundles"})


def test_the_driver_takes_table_name_several_times(make_server: MakeServer) -> None:
    server = make_server(start=False)
    server.set_config(f"""
        source s {{ jam-etl-source(ip("127.0.0.1") port({server.port})); }};
        destination d {{ jam-etl(jsonl(directory("{server.out}")) table-prefix("jam_") table-name(workpackages w)
                                 table-name("blocks" "b")); }};
        log {{ source(s); destination(d); flags(flow-control); }};""")
    assert_named(server.start(), {"workpackages": "jam_w", "blocks": "jam_b"})


def test_several_tables_can_be_named_in_the_one_line_server(make_server: MakeServer) -> None:
    """A block keeps only the last of arguments of one name, so one table-name() must do for all."""
    server = make_server('table-name("workpackages" "w" "blocks" "b") table-prefix("jam_")')
    assert_named(server, {"workpackages": "jam_w", "blocks": "jam_b"})


def test_names_are_the_same_after_a_reload(make_server: MakeServer) -> None:
    server = make_server('table-prefix("jam_")')
    send(server.port, numbered(1))
    server.wait_for_rows("jam_assurances", 1)
    server.reload()
    send(server.port, numbered(1, first=1))
    server.wait_for_rows("jam_assurances", 2)
    assert server.files() == ["jam_assurances.jsonl"]


def test_bigquery_rows_are_asked_for_by_dialect(make_server: MakeServer) -> None:
    server = make_server("dialect(bigquery)")
    large = message(143, {"json_encoded.balance": 9007199254740993, "json_encoded.code_size": "-5"})
    send(server.port, EVERY_KIND + [large])
    server.assert_holds(EVERY_KIND + [large], "bigquery")
    assert server.rows("services")[1]["balance"] == "9007199254740993"


def test_the_team_map_beats_the_senders_word_and_is_read_again_at_reload(make_server: MakeServer) -> None:
    server = make_server(start=False)
    team_map = server.folder / "teams.csv"
    team_map.write_text(f'sender_id,team\n{KEY},"Colorful, Notion"\n')
    server = make_server(f'team-map("{team_map}")')
    changes = [{"team": "claimed"}, {"team": "claimed", "sender_id": OTHER_KEY},
               {"sender_id": OTHER_KEY, "metadata": "x=1|team=told"}, {"sender_id": OTHER_KEY}, {"sender_id": None}]

    def teams(sent: int) -> list[object]:
        messages = [message(141, {**change, "elapsed": sent}) for change in changes]
        send(server.port, messages)
        server.wait_for_rows("assurances", sent)
        return [row["team"] for row in server.rows("assurances")[-len(messages):]]

    assert teams(5) == ["Colorful, Notion", "claimed", "told", "unknown", "unknown"]
    team_map.write_text(f"sender_id,team\n{OTHER_KEY},Jam-Duna\n")
    server.reload()
    assert teams(10) == ["claimed", "Jam-Duna", "Jam-Duna", "Jam-Duna", "unknown"]


def test_a_reload_with_a_bad_team_map_keeps_the_running_one(make_server: MakeServer) -> None:
    folder_of_map = make_server(start=False).folder
    team_map = folder_of_map / "teams.csv"
    team_map.write_text(f"sender_id,team\n{KEY},mapped\n")
    server = make_server(f'team-map("{team_map}")')
    team_map.write_text("sender_id,team\nonly one field\n")
    server.send_signal(SIGHUP)
    server.wait_for_log("teams.csv")
    send(server.port, numbered(1))
    server.wait_for_rows("assurances", 1)
    assert server.rows("assurances")[0]["team"] == "mapped"


def test_files_and_directories_get_the_owner_group_and_permissions_asked_for(make_server: MakeServer) -> None:
    server = make_server('owner("nobody") group("nogroup") perm(0604) dir-owner("nobody") dir-group("nogroup")'
                         ' dir-perm(0711)', directory=None)
    send(server.port, numbered(1))
    server.wait_for_rows("assurances", 1)
    nobody, nogroup = pwd.getpwnam("nobody").pw_uid, grp.getgrnam("nogroup").gr_gid
    for path, mode in ((server.table("assurances"), 0o604), (server.out, 0o711)):
        there = path.stat()
        assert (there.st_uid, there.st_gid, oct(stat.S_IMODE(there.st_mode))) == (nobody, nogroup, oct(mode)), path


def test_without_a_word_on_it_files_and_directories_are_as_the_global_options_say(make_server: MakeServer) -> None:
    server = make_server(before="""options { owner("nobody"); group("nogroup"); perm(0640);
                                    dir-owner("nobody"); dir-group("nogroup"); dir-perm(0750); };""")
    send(server.port, numbered(1) + [b"bad"])
    server.wait_for_rows("assurances", 1)
    server.wait_for_rejected(1)
    nobody, nogroup = pwd.getpwnam("nobody").pw_uid, grp.getgrnam("nogroup").gr_gid
    for path, mode in ((server.table("assurances"), 0o640), (server.reject_file, 0o640), (server.out, 0o750)):
        there = path.stat()
        assert (there.st_uid, there.st_gid, oct(stat.S_IMODE(there.st_mode))) == (nobody, nogroup, oct(mode)), path


def test_folders_of_another_user_are_written_with_the_privileges_that_syslog_ng_keeps(
        make_server: MakeServer) -> None:
    """Without --no-caps root has no more than anybody, but where it asks for it."""
    server = make_server('dir-owner("nobody") dir-perm(0700) fsync(yes) reject-file("{out}/rejected/x.jsonl")',
                         start=False)
    server.config_file.write_text(server.config_file.read_text().replace("{out}", str(server.out)))
    server.options = []
    server.start()
    for i in range(3):
        send(server.port, numbered(1, first=i) + [b"bad"])
        server.wait_for_rows("assurances", i + 1)
    server.wait_until(lambda: rows.count(server.out / "rejected" / "x.jsonl") == 3, "the rejected messages")
    assert server.log_lines("cannot write") == []
    server.wait_until(lambda: len(server.open_files(server.out)) == 2, "all but the table and the journal is closed")


def test_without_a_word_on_it_files_are_not_for_everyone(make_server: MakeServer) -> None:
    server = make_server()
    send(server.port, numbered(1) + [b"bad"])
    server.wait_for_rows("assurances", 1)
    server.wait_for_rejected(1)
    for path in (server.table("assurances"), server.out, server.reject_file):
        assert path.stat().st_mode & 0o007 == 0, path


def test_directory_takes_macros_of_the_message(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server(directory=tmp_path / "by-date" / "${YEAR}" / "${MONTH}-${DAY}" / "${HOST}")
    send(server.port, numbered(2), host="a")
    send(server.port, numbered(2, first=2), host="b")
    for host in "ab":
        path = tmp_path / "by-date" / "2025" / "06-01" / host / "assurances.jsonl"
        server.wait_until(lambda: rows.count(path) == 2, f"2 rows in {path}")


def test_further_arguments_reach_the_driver(make_server: MakeServer, tmp_path: Path) -> None:
    buffers = tmp_path / "buffers"
    buffers.mkdir()
    reject_file = tmp_path / "elsewhere" / "rejected.jsonl"
    server = make_server(f"""batch-lines(7) log-fifo-size(50000) persist-name("mine") reject-file("{reject_file}")
        batch-timeout(1000) local-time-zone("UTC") retries(5)
        disk-buffer(reliable(yes) disk-buf-size(2000000) mem-buf-size(1000000) dir("{buffers}"))""")
    messages = numbered(100)
    send(server.port, messages + [b"bad"])
    server.assert_holds(messages)
    server.wait_until(lambda: rows.count(reject_file) == 1, "the rejected message in reject-file()")
    assert [path.suffix for path in buffers.iterdir() if path.stat().st_size] == [".rqf"]
    assert not server.reject_file.exists()


def test_options_of_the_source_are_passed_on(make_server: MakeServer) -> None:
    server = make_server("source-options(tags(seen) keep-alive(yes)) source-flags(no-hostname) max-connections(3)")
    send(server.port, numbered(2))
    server.assert_holds(numbered(2))


def test_the_pieces_can_be_composed(make_daemon: MakeDaemon) -> None:
    daemon = make_daemon("")
    port, out = free_port(), daemon.folder / "out"
    daemon.set_config(f"""
        source s_jam {{ jam-etl-source(ip("127.0.0.1") port({port})); }};
        filter f_jam {{ jam-etl-filter(); }};
        destination d_dune {{ jam-etl-jsonl(directory("{out}/dune")); }};
        destination d_bigquery {{ jam-etl-jsonl(directory("{out}/bigquery") dialect("bigquery") batch-lines(3)); }};
        log {{
            source(s_jam); filter(f_jam); destination(d_dune); destination(d_bigquery); flags(flow-control);
        }};
        log {{ source(s_jam); filter {{ jam-etl-filter(program("^other")); }};
              destination {{ jam-etl-jsonl(directory("{out}/other")); }}; }};""")
    daemon.start()
    with Sender(port) as sender:
        sender.send(*EVERY_KIND)
        sender.send(*numbered(1), program="other")
    for folder, dialect, messages in (("dune", "dune", EVERY_KIND), ("bigquery", "bigquery", EVERY_KIND),
                                      ("other", "dune", numbered(1))):
        for table, there in expected_tables(messages, dialect).items():
            path = out / folder / f"{table}.jsonl"
            daemon.wait_until(lambda: rows.count(path) >= len(there), f"{len(there)} rows in {path}")
            rows.assert_same(rows.read(path), there, f"{folder}/{table}")


def test_two_servers_live_in_one_configuration(make_daemon: MakeDaemon) -> None:
    daemon = make_daemon("")
    ports, outs = [free_port(), free_port()], [daemon.folder / "one", daemon.folder / "two"]
    daemon.set_config("\n".join(f'jam-etl-server(ip("127.0.0.1") port({port}) directory("{out}"))'
                                for port, out in zip(ports, outs)))
    daemon.start()
    for i, (port, out) in enumerate(zip(ports, outs)):
        messages = numbered(3, first=i * 10)
        send(port, messages)
        path = out / "assurances.jsonl"
        daemon.wait_until(lambda: rows.count(path) == 3, f"3 rows in {path}")
        rows.assert_same(rows.read(path), expected_tables(messages)["assurances"], str(path))
    send(ports[0], [b"bad"])
    send(ports[1], [b"bad"])
    daemon.wait_until(lambda: rows.count(daemon.reject_file) == 2, "both servers' rejected messages in one file")


def test_destinations_that_need_the_same_new_directory_do_not_hinder_each_other(make_daemon: MakeDaemon) -> None:
    """Each worker makes the directories it needs; that another was faster is no error."""
    daemon = make_daemon("")
    port, out = free_port(), daemon.folder / "out"
    count = 12
    drivers = "\n".join(f"""destination {{ jam-etl(jsonl(directory("{out}/${{PROGRAM}}/a/b/c/d/{i}"))); }};"""
                        for i in range(count))
    daemon.set_config(f"""log {{ source {{ jam-etl-source(ip("127.0.0.1") port({port})); }};
        {drivers} flags(flow-control); }};""")
    daemon.start()
    programs = [f"jamtart-{i}" for i in range(40)]
    paths = []
    for i, program in enumerate(programs):
        send(port, numbered(1, first=i), program=program)
        new = [out / program / "a/b/c/d" / str(k) / "assurances.jsonl" for k in range(count)]
        daemon.wait_until(lambda: daemon.log_lines("cannot write") or all(rows.count(path) for path in new),
                          f"{count} rows of {program}")
        assert daemon.log_lines("cannot write") == []
        paths += new
    assert [rows.count(path) for path in paths] == [1] * len(paths)


def test_many_connections_are_served_at_once(make_server: MakeServer) -> None:
    server = make_server()
    senders = [Sender(server.port) for _ in range(50)]
    for i, sender in enumerate(senders):
        sender.send(*numbered(20, first=100 * i))
    server.wait_for_rows("assurances", 1000)
    elapsed = [int(row["elapsed"]) for row in server.rows("assurances")]
    assert sorted(elapsed) == sorted(100 * i + j for i in range(50) for j in range(20))
    for i in range(50):
        of_one = [number for number in elapsed if number // 100 == i]
        assert of_one == sorted(of_one), "the order of a connection is kept"
    for sender in senders:
        sender.socket.close()


def test_a_message_sent_byte_by_byte_is_one_message(make_server: MakeServer) -> None:
    server = make_server()
    text, = numbered(1)
    with Sender(server.port) as sender:
        for byte in frame(text):
            sender.send_raw(bytes([byte]))
    server.assert_holds([text])
