# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes Debian's packages from a copy of the tree, which they leave as it is. Needs
# scripts/lib.sh, which sets this variable:
# shellcheck disable=SC2154 # top

# The release that a package is for is part of its version, so that apt takes the one
# of the next release for newer: 0.1.0~deb12u1 < 0.1.0~deb13u1 < 0.1.0
_release_suffix() {
    local VERSION_ID=''

    # shellcheck source=/dev/null
    . /etc/os-release
    [ -z "$VERSION_ID" ] || say "~deb${VERSION_ID%%.*}u1"
}

# The changelog has one version for all.
package_version() {
    say "$(sed -nE '1s/^[^ ]+ \(([^)]+)\).*/\1/p' "$top/debian/changelog")$(_release_suffix)"
}

# make_package FOLDER ARGUMENT...: anew; the arguments are dpkg-buildpackage's
make_package() {
    local dir=$1 version source

    version=$(package_version)
    source=$dir/jam-etl-$version
    rm -rf "$dir"
    copy_sources "$source" &&
        sed -i "1s/ ([^)]*)/ ($version)/" "$source/debian/changelog" &&
        (cd "$source" && dpkg-buildpackage -us -uc "${@:2}")
}
