# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# scripts/test --full: the tests in a system of each release of Debian, and an upgrade
# from one release to the next. It has lib.sh and chroots.sh and gives these variables:
# shellcheck disable=SC2154 # part results

release_parts='unit e2e package'

_clean_up_release() {
    end_processes_in "$root"
    leave_chroot "$root"
}

# The system with what the build needs is kept, and so are its build and its copies.
_make_release() {
    local kept=$root/root/.cache/jam-etl/chroots

    if [ -d "$root" ]; then
        leave_chroot "$root" && { update_system "$root" || say "apt-get update failed; $root as it is may do"; }
    else
        make_minimal "$1" "$root.new" && mkdir -p "$root.new/root/.cache/jam-etl/chroots" && mv "$root.new" "$root" &&
            make_minimal "$1" "$kept/$1"
    fi
}

_copy_to_release() {
    mkdir -p "$root/root/jam-etl" &&
        find "$root/root/jam-etl" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} + &&
        copy_sources "$root/root/jam-etl"
}

# tally_line: adds what the last line of a run of scripts/test says
_tally_line() {
    local passed failed skipped

    [[ $1 =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]] || { tally 0 1 0; return; }
    passed=${BASH_REMATCH[1]}
    failed=${BASH_REMATCH[2]}
    skipped=${BASH_REMATCH[4]:-0}
    tally "$passed" "$failed" "$skipped"
}

_demo_shows_eleven_tables() {
    quietly "$results/$part.demo.log" in_chroot "$root" /root/jam-etl/scripts/demo &&
        [ "$(grep -cE '^  [a-z]+ +[1-9][0-9]* rows' "$results/$part.demo.log")" -eq 11 ]
}

# _test_release CODENAME
_test_release() {
    root=$chroots/$1.tests
    mkdir -p "$chroots"
    exec 6>"$root.lock"
    flock -n 6 || die "another run of the tests is in $root"
    trap _clean_up_release EXIT
    trap 'exit 143' TERM
    require "a system of $1 is there" quietly "$results/$part.system.log" _make_release "$1"
    require 'programs run there' enter_chroot "$root"
    require 'the sources are there' _copy_to_release
    # shellcheck disable=SC2086 # several parts
    in_chroot "$root" /root/jam-etl/scripts/test --yes $release_parts 6>&- 2>&1 | tee "$results/$part.run.log" || true
    check 'scripts/demo shows eleven tables' _demo_shows_eleven_tables
    _tally_line "$(tail -n 1 "$results/$part.run.log")"
}

part_bookworm() { _test_release bookworm; }
part_trixie() { _test_release trixie; }
part_sid() { _test_release sid; }
