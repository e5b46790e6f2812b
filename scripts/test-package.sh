# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The Debian package of this machine's release: built, then installed, used, upgraded,
# removed and purged where nothing but Debian's minimal system was before. A part of
# scripts/test, which has lib.sh, chroots.sh and package.sh and gives it these variables:
# shellcheck disable=SC2154 # top python results

_clean_up_package() {
    [ -z "$server_pid" ] || stop_process "$server_pid"
    # it has children of its own, and does not take long
    [ -z "$debian_pid" ] || wait "$debian_pid" || true
    remove_chroot "$chroot" && rm -rf "$scratch"
}

# What the unit tests say is known from other parts.
_build_package() {
    DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" quietly "$results/package.build.log" \
        make_package "$scratch/package"
}

_source_package_is_there() {
    [ -s "$scratch/package/jam-etl_$(package_version).dsc" ] && [ -s "$scratch/package/jam-etl_$(package_version).tar.xz" ]
}

# One source is for three releases, each of which has a standard of its own.
standards='newer-standards-version|out-of-date-standards-version|package-uses-old-debhelper-compat-version'
standards+='|redundant-priority-optional-field|redundant-rules-requires-root-no-field'

_lintian() {
    ! lintian --allow-root --display-info --pedantic "$scratch"/package/*.changes 2>&1 |
        grep -vE "^[WIP]: jam-etl source: ($standards) "
}

_debian_is_there() {
    wait "$debian_pid" || {
        debian_pid=
        tail -n 20 "$results/package.debian.log"
        return 1
    }
    debian_pid=
    enter_chroot "$chroot"
}

_apt_in_chroot() {
    quietly "$results/package.$1.log" in_chroot "$chroot" apt-get -q -y "${@:2}"
}

_install_package() {
    cp "$scratch"/package/syslog-ng-mod-jam-etl_*.deb "$chroot/root/" &&
        _apt_in_chroot install --no-install-recommends install "/root/$(cd "$chroot/root" && echo syslog-ng-mod-jam-etl_*.deb)"
}

_no_process_in_chroot() {
    ! processes_in "$chroot" | grep .
}

_schemas_are_json() {
    "$python" - "$chroot/usr/share/jam-etl/schema" <<'PYTHON'
import json
import pathlib
import sys

top = pathlib.Path(sys.argv[1])
for dialect in ("bigquery", "dune"):
    schemas = sorted(top.glob(dialect + "/*.json"))
    assert len(schemas) == 11, "%d schemas for %s" % (len(schemas), dialect)
    for schema in schemas:
        assert json.loads(schema.read_text()), schema
PYTHON
}

# _has_mode "USER:GROUP MODE" PATH
_has_mode() {
    local found

    found=$(in_chroot "$chroot" stat --format '%U:%G %a' "$2")
    [ "$found" = "$1" ] || { say "$2 is $found"; return 1; }
}

# expected_rows FILE-OF-MESSAGES: a line "TABLE ROWS" for each table
_expected_rows() {
    PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$top/tests/e2e "$python" - "$1" <<'PYTHON'
import sys

from expected_rows import expected_tables

messages = open(sys.argv[1], "rb").read().splitlines()
for table, rows in sorted(expected_tables(messages, "dune").items()):
    print(table, len(rows))
PYTHON
}

_found_rows() {
    local file

    for file in "$chroot"/var/lib/jam-etl/*.jsonl; do
        say "$(basename "$file" .jsonl) $(wc -l <"$file")"
    done | LC_ALL=C sort
}

_rows_are_there() {
    _found_rows 2>/dev/null | cmp -s - "$scratch/expected"
}

_server_is_up() {
    port_is_open "$port" || has_ended "$server_pid"
}

# with Debian's own configuration and one line in /etc/jam-etl
_start_server() {
    chroot "$chroot" /usr/sbin/syslog-ng --foreground --stderr --no-caps >>"$results/package.server.log" 2>&1 &
    server_pid=$!
    wait_until 20 _server_is_up && is_running "$server_pid"
}

_stop_server() {
    stop_process "$server_pid"
    server_pid=
}

_run_server() {
    generator=$scratch/package/jam-etl-$(package_version)/debian/build/jamtart-gen
    local telemetry=(--seed 3 --slots 40 --validators 12 --services 7)

    "$generator" --quiet "${telemetry[@]}" >"$scratch/messages" &&
        _expected_rows "$scratch/messages" >"$scratch/expected" || return
    port=$(free_port)
    say "jam-etl-server(ip(\"127.0.0.1\") port($port))" >"$chroot/etc/jam-etl/server.conf"
    _start_server &&
        "$generator" --quiet "${telemetry[@]}" --to "127.0.0.1:$port" --connections 3 --format rfc5424 &&
        wait_until 60 _rows_are_there && return
    cat "$results/package.server.log"
    say 'expected and found rows:'
    _found_rows | diff "$scratch/expected" -
}

# all that was written, in whichever file, and no row twice
_rotated_rows_are_there() {
    [ "$(cat "$chroot"/var/lib/jam-etl/tickets.jsonl* | sort -u | wc -l)" -eq "$1" ] &&
        [ "$(cat "$chroot"/var/lib/jam-etl/tickets.jsonl* | wc -l)" -eq "$1" ]
}

_rotate() {
    in_chroot "$chroot" logrotate --force --state /root/logrotate.state /root/jam-etl.logrotate
}

# The old file is in use until the next batch: what is written last, before and after
# it is moved, must be there.
_rotation_loses_nothing() {
    local tickets

    tickets=$(wc -l <"$chroot/var/lib/jam-etl/tickets.jsonl")
    cp "$top/examples/jam-etl.logrotate" "$chroot/root/" && chmod 644 "$chroot/root/jam-etl.logrotate" &&
        _apt_in_chroot logrotate --no-install-recommends install logrotate && _rotate || return
    [ ! -e "$chroot/var/lib/jam-etl/tickets.jsonl" ] || { say 'the file was not moved'; return 1; }
    "$generator" --quiet --seed 4 --slots 10 --kinds 131 --to "127.0.0.1:$port" --format rfc5424 &&
        tickets=$((tickets + $("$generator" --quiet --seed 4 --slots 10 --kinds 131 | wc -l))) &&
        wait_until 30 _rotated_rows_are_there "$tickets"
}

_nothing_was_rejected() {
    ! find "$chroot/var/lib" -name '*rejected*' -size +0 | grep .
}

_day_is_written() {
    [ -s "$chroot/var/lib/jam-etl/day/tickets.jsonl" ]
}

_group_reads_folders() {
    local day

    day=$(free_port)
    say "jam-etl-server(ip(\"127.0.0.1\") port($day) directory(\"/var/lib/jam-etl/day\") dir-perm(0750))" >"$chroot/etc/jam-etl/day.conf"
    _stop_server && _start_server && "$generator" --quiet --slots 3 --kinds 131 --to "127.0.0.1:$day" &&
        wait_until 20 _day_is_written && rm "$chroot/etc/jam-etl/day.conf" &&
        _has_mode 'root:adm 750' /var/lib/jam-etl/day && _has_mode 'root:adm 640' /var/lib/jam-etl/day/tickets.jsonl
}

# the same under a higher version
_make_upgrade() {
    local unpacked=$scratch/upgrade

    dpkg-deb --raw-extract "$scratch"/package/syslog-ng-mod-jam-etl_*.deb "$unpacked" &&
        sed -i 's/^Version: .*/&+next/' "$unpacked/DEBIAN/control" &&
        dpkg-deb --root-owner-group --build "$unpacked" "$chroot/root/next.deb" >/dev/null
}

_upgrade() {
    _make_upgrade && _apt_in_chroot upgrade install /root/next.deb &&
        grep -q 'keeps the old module until it is restarted' "$results/package.upgrade.log" &&
        is_running "$server_pid" && port_is_open "$port"
}

# what was written is known after the restart: the same messages give no second row
_serves_after_the_upgrade() {
    _stop_server && _start_server &&
        "$generator" --quiet --seed 3 --slots 40 --validators 12 --services 7 --to "127.0.0.1:$port" --format rfc5424 &&
        wait_until 60 _counter_is suppressed "$(wc -l <"$scratch/messages")" && _rows_are_there
}

# _counter_is NAME VALUE
_counter_is() {
    in_chroot "$chroot" syslog-ng-ctl stats | grep -qE "^dst\\.jam-etl;.*;$1;$2$"
}

# _syslog_ng_accepts CONFIGURATION
_syslog_ng_accepts() {
    in_chroot "$chroot" syslog-ng -s --no-caps -f "$1"
}

_remove() {
    mkdir -p "$chroot/etc/syslog-ng/conf.d"
    say '# no jam-etl here' >"$chroot/etc/syslog-ng/conf.d/other.conf"
    _apt_in_chroot remove remove syslog-ng-mod-jam-etl && ! grep 'will not start' "$results/package.remove.log"
}

_install_again() {
    _apt_in_chroot install-again install /root/next.deb
}

_answers() {
    in_chroot "$chroot" syslog-ng-ctl stats >/dev/null 2>&1
}

# A file is where its folder shall be. Another destination has a disk buffer, too.
_messages_wait() {
    local buffer='disk-buffer(reliable(yes) disk-buf-size(10485760) mem-buf-size(1048576))'

    port=$(free_port)
    touch "$chroot/srv/blocked"
    say "jam-etl-server(ip(\"127.0.0.1\") port($port) directory(\"/srv/blocked/rows\") time-reopen(1) $buffer)" \
        "log { source(s_src); destination { network(\"127.0.0.1\" port(9) $buffer); }; };" \
        >"$chroot/etc/jam-etl/server.conf"
    _start_server && "$generator" --quiet --slots 5 --kinds 131 --to "127.0.0.1:$port" --format rfc5424 &&
        wait_until 20 _counter_is queued "$("$generator" --quiet --slots 5 --kinds 131 | wc -l)" && _stop_server
}

_own_queues_are_saved() {
    local saved=$chroot/var/lib/syslog-ng/jam-etl-queues.saved

    grep -q '^afsocket' < <(in_chroot "$chroot" persist-tool dump /var/lib/syslog-ng/syslog-ng.persist) &&
        grep -q '^jam-etl(' "$saved" && ! grep -v '^jam-etl(' "$saved"
}

_runs_without_the_module() {
    _syslog_ng_accepts /etc/syslog-ng/syslog-ng.conf || return
    chroot "$chroot" /usr/sbin/syslog-ng --foreground --no-caps >>"$results/package.server.log" 2>&1 &
    server_pid=$!
    wait_until 20 _answers && _stop_server
}

_what_waited_is_there() {
    [ "$(wc -l <"$chroot/srv/blocked/rows/tickets.jsonl")" -eq "$("$generator" --quiet --slots 5 --kinds 131 | wc -l)" ]
}

_messages_wait_no_more() {
    rm "$chroot/srv/blocked" && _start_server && wait_until 20 _what_waited_is_there 2>/dev/null && _stop_server
}

_remove_with_other_uses() {
    say 'jam-etl-server(port(5999));' >"$chroot/etc/syslog-ng/conf.d/jam.conf"
    _apt_in_chroot remove-used remove syslog-ng-mod-jam-etl &&
        grep -A 1 'will not start' "$results/package.remove-used.log" | grep -qx '  /etc/syslog-ng/conf.d/jam.conf'
}

_purge() {
    rm "$chroot/etc/syslog-ng/conf.d/jam.conf"
    _apt_in_chroot purge purge syslog-ng-mod-jam-etl &&
        grep -q '/var/lib/jam-etl is left' "$results/package.purge.log" &&
        grep -q '/etc/jam-etl is left' "$results/package.purge.log" &&
        [ "$(ls "$chroot/etc/jam-etl")" = server.conf ] && grep -q . "$chroot"/var/lib/jam-etl/blocks.jsonl*
}

_package_is_used() {
    local example

    check 'nothing was started by that' _no_process_in_chroot
    check 'the schemas of eleven tables are JSON, for BigQuery and for Dune' _schemas_are_json
    check 'the folder for keys is for root alone' _has_mode 'root:root 750' /etc/jam-etl
    check 'the folder for rows is for the group adm to read' _has_mode 'root:adm 2750' /var/lib/jam-etl
    check "syslog-ng's own configuration is right, with the SCL there" _syslog_ng_accepts /etc/syslog-ng/syslog-ng.conf
    for example in "$top"/examples/*.conf; do
        grep -q '^@version' "$example" || continue
        example=/usr/share/doc/syslog-ng-mod-jam-etl/examples/$(basename "$example")
        check "$example is right" _syslog_ng_accepts "$example"
    done
    cp "$top/debian/tests/one-line" "$chroot/root/"
    check "the package's own test passes" in_chroot "$chroot" /root/one-line
    cp "$chroot/etc/jam-etl/server.conf.sample" "$chroot/etc/jam-etl/server.conf"
    check 'the sample is right' _syslog_ng_accepts /etc/syslog-ng/syslog-ng.conf
    check 'the one-line server writes every row' _run_server
    check 'no message was rejected' _nothing_was_rejected
    check 'the group adm can read the rows' _has_mode 'root:adm 640' /var/lib/jam-etl/blocks.jsonl
    check 'a folder of its own for each day, too' _group_reads_folders
}

_package_goes() {
    check 'an upgrade leaves the server running, and says what to do' _upgrade
    check 'after that, a restart finds the rows and knows the messages' _serves_after_the_upgrade
    check "a rotation as in the examples loses no row" _rotation_loses_nothing
    _stop_server
    check 'messages wait in a disk buffer' _messages_wait
    check 'it is removed without a warning' _remove
    check 'of all disk buffers, its own are saved' _own_queues_are_saved
    check "then syslog-ng runs with the operator's line still there" _runs_without_the_module
    check 'it is installed again' _install_again
    check 'then what waited is written' _messages_wait_no_more
    check 'removing it names other uses' _remove_with_other_uses
    check 'purging it leaves rows and configuration, and says so' _purge
}

part_package() {
    scratch=$(mktemp -d /var/tmp/jam-etl-package.XXXXXX)
    chroot=$scratch/debian
    server_pid=
    trap _clean_up_package EXIT
    trap 'exit 143' TERM

    make_minimal "$(host_codename)" "$chroot" >"$results/package.debian.log" 2>&1 &
    debian_pid=$!
    require 'dpkg-buildpackage makes the packages' _build_package
    mkdir -p "$results/packages" && cp "$scratch"/package/*.deb "$results/packages/"
    check 'the source package, too' _source_package_is_there
    check 'lintian has nothing to say' _lintian
    require "a minimal Debian $(host_codename) is there" _debian_is_there
    require 'apt installs the package there' _install_package
    _package_is_used
    _package_goes
}
