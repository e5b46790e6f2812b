# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Systems of Debian in folders, for tests and packages: minimal ones are kept in
# JAM_ETL_CHROOTS and copied for each use. Needs root, and what scripts/lib.sh defines.

chroots=${JAM_ETL_CHROOTS:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/jam-etl/chroots}

# the releases of Debian that packages are made for, and tested on
# shellcheck disable=SC2034
releases='bookworm trixie sid'

need_chroots() {
    [ "$(id -u)" -eq 0 ] || die 'chroots need root'
    command -v debootstrap >/dev/null || die 'debootstrap is missing: apt-get install debootstrap'
}

# the release of Debian that this machine has; what comes after the newest has no number
host_codename() {
    local VERSION_ID='' VERSION_CODENAME=''

    # shellcheck source=/dev/null
    . /etc/os-release
    if [ -n "$VERSION_ID" ]; then say "$VERSION_CODENAME"; else say sid; fi
}

# _mirror CODENAME: where the host gets that from
_mirror() {
    # shellcheck disable=SC2016 # apt's variable
    apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 'Origin: Debian' "Codename: $1" | head -n 1
}

_debian_mirror() {
    local mirror

    mirror=$(_mirror "$(host_codename)")
    say "${mirror:-http://deb.debian.org/debian}"
}

# _sources_list CODENAME
_sources_list() {
    local mirror security

    mirror=$(_debian_mirror)
    security=$(_mirror "$(host_codename)-security")
    say "deb $mirror $1 main"
    [ "$1" = sid ] && return
    say "deb $mirror $1-updates main"
    say "deb ${security:-http://deb.debian.org/debian-security} $1-security main"
}

# set_release ROOT CODENAME: where its packages come from
set_release() {
    _sources_list "$2" >"$1/etc/apt/sources.list"
    # a mirror that was frozen has a sid whose date is over
    printf '%s;\n' 'APT::Install-Recommends "false"' 'Acquire::Languages "none"' 'Acquire::Retries "3"' \
        "Acquire::Check-Valid-Until \"$([ "$2" = sid ] && echo false || echo true)\"" \
        >"$1/etc/apt/apt.conf.d/90jam-etl"
}

# in_chroot ROOT COMMAND...
in_chroot() {
    chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        ${http_proxy+"http_proxy=$http_proxy"} "${@:2}"
}

_debootstrap() {
    local new="$1.new"

    remove_chroot "$new" && mkdir -p "$new" &&
        debootstrap --variant=minbase "$2" "$new" "$(_debian_mirror)" &&
        set_release "$new" "$2" &&
        printf '#!/bin/sh\nexit 101\n' >"$new/usr/sbin/policy-rc.d" &&
        chmod 755 "$new/usr/sbin/policy-rc.d" &&
        mv "$new" "$1"
}

# update_system ROOT
update_system() {
    # an upgrade that was interrupted comes first
    in_chroot "$1" dpkg --configure -a && in_chroot "$1" apt-get -q update &&
        in_chroot "$1" apt-get -q -y dist-upgrade && in_chroot "$1" apt-get clean
}

# _with_lock NAME COMMAND...: one process at a time makes or copies it
_with_lock() (
    mkdir -p "$chroots"
    exec 7>"$chroots/$1.lock"
    flock 7
    "${@:2}" 7>&-
)

_make_minimal() {
    local kept=$chroots/$1

    [ -d "$kept" ] || _debootstrap "$kept" "$1" || return
    update_system "$kept" || say "the update of $kept failed; it is used as it is"
    remove_chroot "$2" && cp --archive --reflink=auto "$kept" "$2"
}

# make_minimal CODENAME ROOT: nothing but Debian's minimal system of today
make_minimal() {
    _with_lock "$1" _make_minimal "$@"
}

# enter_chroot ROOT: makes it fit for programs to run in
# what the kernel has to say is for the logger of the machine itself
enter_chroot() {
    mount -t proc proc "$1/proc" && mount --bind /dev/null "$1/proc/kmsg" &&
        mkdir -p "$1/dev/shm" && mount -t tmpfs tmpfs "$1/dev/shm"
}

_mounts_below() {
    awk -v below="$1/" 'index($2, below) == 1 { print $2 }' /proc/mounts | sort -r
}

# leave_chroot ROOT: undoes enter_chroot
leave_chroot() {
    local mounted

    for mounted in $(_mounts_below "$1"); do
        umount "$mounted" || umount --lazy "$mounted"
    done
}

# remove_chroot ROOT: never through a mount that would not go
remove_chroot() {
    [ -n "${1%/}" ] || die 'the system of this machine is no chroot'
    leave_chroot "$1" && [ -z "$(_mounts_below "$1")" ] && rm -rf --one-file-system "$1"
}

# processes_in ROOT: their numbers
processes_in() {
    [ -n "${1%/}" ] || die 'the system of this machine is no chroot'
    find /proc -maxdepth 2 -name root \( -lname "$1" -o -lname "$1/*" \) -print 2>/dev/null | cut -d / -f 3
}

# end_processes_in ROOT
end_processes_in() {
    local pid

    for pid in $(processes_in "$1"); do
        kill -KILL "$pid" 2>/dev/null || true
    done
}
