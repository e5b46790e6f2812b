# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the scripts share. A function fails as a whole when one of its steps does,
# also where it is called as a condition and `set -e` is off.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(realpath -m "${JAM_ETL_BUILD:-$top/build}")

# the first python3 on the PATH may not be Debian's, whose pytest is the one installed
python=/usr/bin/python3

say() {
    printf '%s\n' "$*"
}

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# quietly LOG COMMAND...: shows the end of what the command said only if it fails
quietly() {
    local log=$1

    shift
    mkdir -p "$(dirname "$log")"
    "$@" >"$log" 2>&1 && return
    tail -n 40 "$log" >&2
    printf '%s: failed: %s (all of it: %s)\n' "${0##*/}" "$*" "$log" >&2
    return 1
}

# wait_until SECONDS COMMAND...: at first it looks often
wait_until() {
    local start=$SECONDS deadline=$((SECONDS + $1))

    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        if [ $((SECONDS - start)) -lt 10 ]; then sleep 0.2; else sleep 2; fi
    done
}

free_port() {
    "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

port_is_open() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

have_dependencies() {
    command -v dpkg-checkbuilddeps >/dev/null && (cd "$top" && dpkg-checkbuilddeps -P "$1" 2>/dev/null)
}

_apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# take_yes ARGUMENT...: sets yes to whether --yes is among them, which lets apt remove
# packages, and arguments to the others
take_yes() {
    local argument

    yes=no
    arguments=()
    for argument; do
        if [ "$argument" = --yes ]; then yes=yes; else arguments+=("$argument"); fi
    done
}

_build_dep() {
    (cd "$top" && _apt --no-install-recommends -o APT::Get::Build-Dep-Automatic=true build-dep --build-profiles "$1" "${@:2}" ./)
}

# _removed_by LOG: the packages that a simulation of apt-get's would remove
_removed_by() {
    sed -n 's/^\(Remv\|Purg\) \([^ ]*\).*/\2/p' "$1"
}

# _services_of PACKAGE...: the names that policy-rc.d gets
_services_of() {
    { dpkg -L "$@" | sed -nE 's,^.*/(init\.d|systemd/system)/([^/]+)$,\2,p'; } 2>/dev/null
}

# _hold_services SERVICE...: none starts, stops or restarts but these, until it is
# undone. A machine that has a rule of its own keeps it.
_hold_services() {
    local rule=/usr/sbin/policy-rc.d

    [ ! -e "$rule" ] || grep -q "^$policy_mark" "$rule" || return 0
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    trap 'exit 130' INT TERM
    {
        printf '#!/bin/sh\n%s\n' "$policy_mark"
        # shellcheck disable=SC2016 # of the script that is written
        [ $# -eq 0 ] || printf 'case $1 in %s) exit 0 ;; esac\n' "$(printf '%s | ' "$@")no-service"
        printf 'exit 101\n'
    } >"$rule"
    chmod 755 "$rule"
}

policy_mark='# jam-etl: while its scripts install packages'

# install_dependencies PROFILES: what debian/control asks for with these build profiles.
# Nothing is removed for that unless --yes was given: syslog-ng-dev brings syslog-ng, which
# takes the place of another system logger. No service starts, stops or restarts; where a
# logger is replaced, the new one starts.
install_dependencies() (
    have_dependencies "$1" && return
    [ "$(id -u)" -eq 0 ] || die "packages are missing; as root: apt-get build-dep -P '$1' ./"
    exec 8>/run/jam-etl-apt.lock
    flock 8
    say 'Installing the build dependencies of debian/control ...'
    quietly "$build/apt-update.log" _apt update || say 'apt-get update failed; the lists at hand may do'
    quietly "$build/apt-simulation.log" _build_dep "$1" --simulate || return
    mapfile -t removed < <(_removed_by "$build/apt-simulation.log")
    services=()
    if [ ${#removed[@]} -gt 0 ]; then
        [ "${yes-}" = yes ] || die "nothing was done: for the build dependencies apt would remove ${removed[*]}; to let it, use --yes"
        say "Replacing ${removed[*]}"
        mapfile -t services < <(_services_of "${removed[@]}" && say syslog-ng && say syslog-ng.service)
    fi
    _hold_services "${services[@]}"
    quietly "$build/apt.log" _build_dep "$1" || return
    # what came for the build is for apt autoremove to take, but not this machine's logger
    [ ${#removed[@]} -eq 0 ] || quietly "$build/apt.log" apt-mark manual syslog-ng-core
)

# Several trees are built at a time: none of them must find these out of date.
prepare_sources() {
    local outdated

    outdated=$(find "$top" -path "$top/build" -prune -o \
        \( -name Makefile.am -o -name configure.ac \) -newer "$top/Makefile.in" -print -quit 2>/dev/null) &&
        [ -e "$top/configure" ] && [ -e "$top/Makefile.in" ] && [ -z "$outdated" ] && return
    quietly "$build/autoreconf.log" autoreconf --install "$top" &&
        touch "$top/aclocal.m4" "$top/configure" "$top/Makefile.in"
}

# libtool is a shell script, and under bash it takes longer than the compiler
_configure() {
    cd "$1" && shift && CONFIG_SHELL=/bin/sh /bin/sh "$top/configure" --quiet "$@"
}

# configure_tree FOLDER ARGUMENT...: anew only where something has changed
configure_tree() {
    local dir=$1 wanted

    shift
    set -- "PYTHON=$python" "$@"
    wanted="$* syslog-ng $(pkg-config --modversion syslog-ng) criterion $(pkg-config --modversion criterion 2>/dev/null)"
    mkdir -p "$dir"
    [ -e "$dir/config.status" ] && [ "$(cat "$dir/configured-for" 2>/dev/null)" = "$wanted" ] && return
    # objects of other flags would stay: make does not look at them
    quietly "$dir/configure.log" _configure "$dir" "$@" &&
        quietly "$dir/clean.log" make -C "$dir" clean &&
        printf '%s\n' "$wanted" >"$dir/configured-for"
}

# build_tree FOLDER ARGUMENT...
build_tree() {
    configure_tree "$@" && quietly "$1/make.log" make -C "$1" -j "$(nproc)"
}

is_running() {
    kill -0 "$1" 2>/dev/null
}

has_ended() {
    ! is_running "$1"
}

# stop_process PID: a child of this shell
stop_process() {
    kill "$1" 2>/dev/null || return 0
    wait_until 30 has_ended "$1" || kill -KILL "$1"
    wait "$1" 2>/dev/null || true
}

# The files of this tree, relative to it, each ended by a NUL: those that
# .gitignore does not name, also where the tree has come without its repository.
list_sources() (
    cd "$top" || return
    if ! command -v git >/dev/null; then
        # the packages of a build need no git
        find . \( -path ./build -o -path ./.git \) -prune -o -type f -printf '%P\0' -o -type l -printf '%P\0'
        return
    fi
    repository=$top/.git
    if [ ! -e "$repository" ]; then
        repository=$(mktemp -d)
        trap 'rm -rf "$repository"' EXIT
        git init -q --bare "$repository"
    fi
    # whoever the tree belongs to
    git -c safe.directory='*' --git-dir="$repository" --work-tree="$top" \
        ls-files -z --cached --others --exclude-standard --deduplicate |
        while IFS= read -r -d '' file; do
            # removed, and not yet from the index
            [ ! -e "$file" ] || printf '%s\0' "$file"
        done
)

# copy_sources FOLDER
copy_sources() {
    mkdir -p "$1" && (cd "$top" && list_sources | tar --null --files-from=- -cf -) | tar -C "$1" --no-same-owner -xf -
}
