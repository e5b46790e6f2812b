# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Debian 12 with a telemetry server becomes Debian 13: rows in files, and messages that
# wait in a disk buffer, before; all rows after, and a machine that logs all the time. A
# part of scripts/test --full, after those of both releases. It has lib.sh and chroots.sh
# and gives it these variables:
# shellcheck disable=SC2154 # results

_clean_up_dist_upgrade() {
    end_processes_in "$chroot"
    remove_chroot "$chroot" && rm -rf "$scratch"
}

# _debs CODENAME: what the package part has made there
_debs() {
    echo "$chroots/$1".tests/root/jam-etl/build/test/results/packages/syslog-ng-mod-jam-etl_*.deb
}

_packages_are_there() {
    [ -e "$(_debs bookworm)" ] && [ -e "$(_debs trixie)" ]
}

# _run LOG COMMAND...
_run() {
    quietly "$results/dist-upgrade.$1.log" in_chroot "$chroot" "${@:2}"
}

# Services start and stop there as on a machine; without a rule, some releases would not.
_make_old_system() {
    make_minimal bookworm "$chroot" && enter_chroot "$chroot" &&
        printf '#!/bin/sh\nexit 0\n' >"$chroot/usr/sbin/policy-rc.d" &&
        cp "$(_debs bookworm)" "$chroot/root/old.deb" && cp "$(_debs trixie)" "$chroot/root/new.deb"
}

_old_system_is_there() {
    quietly "$results/dist-upgrade.system.log" _make_old_system && _run install apt-get -q -y install /root/old.deb syslog-ng-core
}

# The second server cannot write: a file is where its folder shall be.
_configure_servers() {
    port=$(free_port)
    waiting=$(free_port)
    touch "$chroot/srv/blocked"
    cat >"$chroot/etc/jam-etl/server.conf" <<CONF
jam-etl-server(ip("127.0.0.1") port($port))
jam-etl-server(ip("127.0.0.1") port($waiting) directory("/srv/blocked/rows") time-reopen(1)
    disk-buffer(reliable(yes) disk-buf-size(10485760) mem-buf-size(1048576)))
CONF
    _restart
}

_restart() {
    _run restart sh -c 'syslog-ng -s && /etc/init.d/syslog-ng restart' && wait_until 20 _listens
}

_listens() {
    port_is_open "$port" && port_is_open "$waiting"
}

# _send PORT ATTEMPT...: a ticket each
_send() {
    local attempt

    for attempt in "${@:2}"; do
        in_chroot "$chroot" logger --tcp --server 127.0.0.1 --port "$1" --rfc5424=notq --tag jamtart \
            '{"time":"2025-06-01T00:00:00.'"$attempt"'Z","msg_type":131,"json_encoded":{"attempt":'"$attempt"',"signature":"0x00"}}' ||
            return
    done
}

# _rows FOLDER NUMBER: so many, and none twice
_rows() {
    [ "$(wc -l <"$chroot$1/tickets.jsonl")" -eq "$2" ] && [ "$(sort -u "$chroot$1/tickets.jsonl" | wc -l)" -eq "$2" ]
}

# _counts NAME VALUE: of some destination
_counts() {
    in_chroot "$chroot" syslog-ng-ctl stats | grep -qE "^dst\\.jam-etl;.*;$1;$2$"
}

_takes_messages() {
    _configure_servers && _send "$port" 1 2 3 4 5 && _send "$waiting" 1 2 3 4 5 &&
        wait_until 20 _rows /var/lib/jam-etl 5 && wait_until 20 _counts queued 5
}

_upgrade_debian() {
    set_release "$chroot" trixie && _run update apt-get -q update &&
        _run full-upgrade apt-get -q -y -o Dpkg::Options::=--force-confold full-upgrade
}

_is_debian_13() {
    grep -q '^VERSION_CODENAME=trixie' "$chroot/etc/os-release" && in_chroot "$chroot" syslog-ng --version | grep -q '^syslog-ng 4 '
}

_dpkg_is_clean() {
    local state

    # shellcheck disable=SC2016 # dpkg's variables
    state=$(in_chroot "$chroot" dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | grep -vE '^(ii|rc)') || true
    [ -z "$state" ] || { say "$state"; return 1; }
}

_is_logged() {
    grep -q "$1" "$chroot/var/log/syslog"
}

# _logs TEXT: what the machine's own programs have to say
_logs() {
    in_chroot "$chroot" syslog-ng-ctl stats >/dev/null && in_chroot "$chroot" logger "$1" && wait_until 10 _is_logged "$1"
}

_install_new() {
    rm "$chroot/srv/blocked"
    _run new apt-get -q -y install /root/new.deb && _restart
}

_goes_on() {
    _send "$port" 4 5 6 && wait_until 20 _rows /var/lib/jam-etl 6 && _counts suppressed 2
}

part_dist_upgrade() {
    scratch=$(mktemp -d /var/tmp/jam-etl-dist-upgrade.XXXXXX)
    chroot=$scratch/debian
    trap _clean_up_dist_upgrade EXIT
    trap 'exit 143' TERM
    require 'there are packages for both' _packages_are_there
    require 'a Debian 12 with the package is there' _old_system_is_there
    require 'rows are in its files, and messages in its disk buffer' _takes_messages
    check 'it logs' _logs before-the-upgrade
    require 'apt makes it a Debian 13' _upgrade_debian
    check 'that it is, with syslog-ng 4' _is_debian_13
    check 'no package is broken' _dpkg_is_clean
    check 'it still logs, without the module' _logs after-the-upgrade
    require 'the package for Debian 13 is installed' _install_new
    check 'what waited in the disk buffer is written, once' wait_until 30 _rows /srv/blocked/rows 5
    check 'the journal knows what was written' _goes_on
}
