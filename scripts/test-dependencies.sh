# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the scripts do to a machine that has another system logger. A part of
# scripts/test, which has lib.sh and chroots.sh and gives it these variables:
# shellcheck disable=SC2154 # results

_clean_up_dependencies() {
    end_processes_in "$chroot"
    remove_chroot "$chroot" && rm -rf "$scratch"
}

_make_machine() {
    make_minimal "$(host_codename)" "$chroot" && enter_chroot "$chroot" &&
        in_chroot "$chroot" apt-get -q -y install rsyslog && copy_sources "$chroot/root/jam-etl"
}

_machine_is_there() {
    quietly "$results/dependencies.machine.log" _make_machine
}

# without what belongs to the kernel, and to the machine under it
_start_rsyslog() {
    printf '%s\n' 'module(load="imuxsock")' '*.* /var/log/all' >"$chroot/etc/rsyslog.conf" &&
        in_chroot "$chroot" rsyslogd && wait_until 10 test -s "$chroot/run/rsyslogd.pid"
}

_rsyslog_runs() {
    is_running "$(cat "$chroot/run/rsyslogd.pid")" && in_chroot "$chroot" dpkg --status rsyslog | grep -q '^Status: install ok installed'
}

# _refuses SCRIPT
_refuses() {
    local said status=0

    said=$(in_chroot "$chroot" "/root/jam-etl/scripts/$1" 2>&1) || status=$?
    [ "$status" -ne 0 ] && [ "$(grep -c rsyslog <<<"$said")" -eq 1 ] && grep -q -- 'rsyslog.*--yes' <<<"$said" &&
        _rsyslog_runs && [ "$(cat "$chroot/usr/sbin/policy-rc.d")" = "$policy" ] && return
    say "$said"
    return 1
}

# The dependencies alone, and few of them: what they are is tested elsewhere.
_replaces() {
    rm "$chroot/usr/sbin/policy-rc.d"
    sed -i '/^Build-Depends:/,/^Standards-Version:/c Build-Depends: syslog-ng-dev' "$chroot/root/jam-etl/debian/control"
    quietly "$results/dependencies.replace.log" in_chroot "$chroot" bash -euc '
        . /root/jam-etl/scripts/lib.sh
        take_yes --yes
        install_dependencies nocheck'
}

# what it replaces is stopped by systemd, which is not in there
_syslog_ng_runs() {
    in_chroot "$chroot" syslog-ng-ctl stats >/dev/null && [ ! -e "$chroot/usr/sbin/policy-rc.d" ]
}

_autoremove_keeps() {
    in_chroot "$chroot" apt-get -s autoremove >"$results/dependencies.autoremove.log" &&
        grep -q '^Remv syslog-ng-dev ' "$results/dependencies.autoremove.log" &&
        ! grep '^Remv syslog-ng-core ' "$results/dependencies.autoremove.log"
}

part_dependencies() {
    local policy script

    scratch=$(mktemp -d /var/tmp/jam-etl-dependencies.XXXXXX)
    chroot=$scratch/debian
    trap _clean_up_dependencies EXIT
    trap 'exit 143' TERM
    require 'a machine with rsyslog is there' _machine_is_there
    policy=$(cat "$chroot/usr/sbin/policy-rc.d")
    require 'rsyslog runs' _start_rsyslog
    for script in build demo bench fuzz; do
        check "scripts/$script does not replace rsyslog, and says why" _refuses "$script"
    done
    require 'with --yes it is replaced' _replaces
    check 'then syslog-ng runs, and the services are held no more' _syslog_ng_runs
    check 'apt autoremove takes what came for the build, and leaves the logger' _autoremove_keeps
}
