# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The Debian package, built and then run where nothing but Debian's minimal system
# was before. A part of scripts/test, which has lib.sh and gives it these variables:
# shellcheck disable=SC2154 # top python results

_mounts() {
    awk -v below="$scratch/" 'index($2, below) == 1 { print $2 }' /proc/mounts | sort -r
}

_clean_up_package() {
    local mounted

    [ -z "$server_pid" ] || stop_process "$server_pid"
    # it has children of its own, and does not take long
    [ -z "$debootstrap_pid" ] || wait "$debootstrap_pid" || true
    for mounted in $(_mounts); do
        umount "$mounted" || true
    done
    # never through a mount that would not go
    [ -n "$(_mounts)" ] || rm -rf --one-file-system "$scratch"
}

_copy_sources() {
    mkdir -p "$1" && cd "$top" && list_sources | tar --null --files-from=- -cf - | tar -C "$1" -xf -
}

# What the unit tests say is known from other parts.
_build_package() {
    quietly "$results/package.build.log" env --chdir="$scratch/source" \
        DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" dpkg-buildpackage -us -uc -b
}

_lintian() {
    lintian --allow-root --fail-on error,warning "$scratch"/*.changes
}

# _mirrors FORMAT FILTER...: the host's own
_mirrors() {
    apt-get indextargets --format "$1" 'Identifier: Packages' 'Origin: Debian' "${@:2}"
}

_make_debian() {
    local mirror codename

    # shellcheck disable=SC2016 # apt's variables
    mirror=$(_mirrors '$(REPO_URI)' 'Codename: bookworm' | head -n 1)
    debootstrap --variant=minbase bookworm "$chroot" "${mirror:-http://deb.debian.org/debian}" || return
    # shellcheck disable=SC2016
    for codename in bookworm bookworm-updates bookworm-security; do
        _mirrors 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' "Codename: $codename"
    done >"$scratch/sources.list"
    [ ! -s "$scratch/sources.list" ] || cp "$scratch/sources.list" "$chroot/etc/apt/sources.list"
}

_in_chroot() {
    chroot "$chroot" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive \
        ${http_proxy+"http_proxy=$http_proxy"} "$@"
}

_debian_is_there() {
    wait "$debootstrap_pid" || {
        debootstrap_pid=
        tail -n 20 "$results/package.debootstrap.log"
        return 1
    }
    debootstrap_pid=
    printf '#!/bin/sh\nexit 101\n' >"$chroot/usr/sbin/policy-rc.d" &&
        chmod 755 "$chroot/usr/sbin/policy-rc.d" &&
        mount -t proc proc "$chroot/proc"
}

_install_package() {
    cp "$scratch"/syslog-ng-mod-jam-etl_*.deb "$chroot/root/" &&
        quietly "$results/package.update.log" _in_chroot apt-get -o Acquire::Retries=3 update &&
        quietly "$results/package.install.log" _in_chroot sh -c \
            'apt-get -y -o Acquire::Retries=3 --no-install-recommends install /root/syslog-ng-mod-jam-etl_*.deb'
}

_no_process_in_chroot() {
    ! find /proc -maxdepth 2 -name root -lname "$chroot*" -print 2>/dev/null | grep .
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

_run_server() {
    local generator="$scratch/source/debian/build/jamtart-gen"
    local telemetry=(--seed 3 --slots 40 --validators 12 --services 7)

    "$generator" --quiet "${telemetry[@]}" >"$scratch/messages" &&
        _expected_rows "$scratch/messages" >"$scratch/expected" || return
    port=$(free_port)
    printf '%s\n' '@version: 3.38' '@include "scl.conf"' "jam-etl-server(ip(\"127.0.0.1\") port($port))" \
        >"$chroot/root/server.conf"
    chroot "$chroot" /usr/sbin/syslog-ng --foreground --stderr --no-caps --cfgfile=/root/server.conf \
        >"$results/package.server.log" 2>&1 &
    server_pid=$!
    wait_until 20 _server_is_up && is_running "$server_pid" &&
        "$generator" --quiet "${telemetry[@]}" --to "127.0.0.1:$port" --connections 3 --format rfc5424 &&
        wait_until 60 _rows_are_there && return
    cat "$results/package.server.log"
    say 'expected and found rows:'
    _found_rows | diff "$scratch/expected" -
}

_nothing_was_rejected() {
    ! find "$chroot/var/lib" -name '*rejected*' -size +0 | grep .
}

part_package() {
    local example

    scratch=$(mktemp -d /var/tmp/jam-etl-package.XXXXXX)
    chroot=$scratch/debian
    server_pid=
    debootstrap_pid=
    trap _clean_up_package EXIT
    trap 'exit 143' TERM

    _make_debian >"$results/package.debootstrap.log" 2>&1 &
    debootstrap_pid=$!
    _copy_sources "$scratch/source"
    require 'dpkg-buildpackage makes the package' _build_package
    check 'lintian finds no error and nothing to warn of' _lintian
    require 'debootstrap makes a minimal Debian 12' _debian_is_there
    require 'apt installs the package there' _install_package
    check 'nothing was started by that' _no_process_in_chroot
    check 'the schemas of eleven tables are JSON, for BigQuery and for Dune' _schemas_are_json
    check "syslog-ng's own configuration is right, with the SCL there" _in_chroot syslog-ng -s --no-caps
    for example in "$top"/examples/*.conf; do
        example=/usr/share/doc/syslog-ng-mod-jam-etl/examples/$(basename "$example")
        check "$example is right" _in_chroot syslog-ng -s --no-caps -f "$example"
    done
    check 'the one-line server writes every row' _run_server
    check 'no message was rejected' _nothing_was_rejected
}
