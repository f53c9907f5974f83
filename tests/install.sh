#!/bin/sh
# Installs from Debian's packages what the tests need and this machine lacks.
# Says what it does, does nothing when all is there, and fails with the command
# to run when it may not install.
set -eu

missing=""
need() { # need PACKAGE PROGRAM...: the package is missing unless one of the programs is there
    package=$1
    shift
    for program in "$@"; do
        for found in $program; do
            if [ -x "$found" ] || command -v "$found" >/dev/null 2>&1; then
                return 0
            fi
        done
    done
    missing="$missing $package"
}

need postgresql "/usr/lib/postgresql/*/bin/initdb" initdb
need postgresql-client psql
need chromium chromium
need chromium-driver chromedriver
need util-linux setpriv
need git git

if [ -z "$missing" ]; then
    echo "tests: nothing to install"
    exit 0
fi

if ! command -v apt-get >/dev/null 2>&1; then
    echo "tests: missing:$missing; this machine has no apt-get, so install them in its own way" >&2
    exit 1
fi
as_root=""
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null 2>&1 || ! sudo -n true 2>/dev/null; then
        echo "tests: missing:$missing; run as root: apt-get install$missing" >&2
        exit 1
    fi
    as_root="sudo"
fi

echo "tests: installing$missing"
log=$(mktemp)
install() {
    # shellcheck disable=SC2086
    $as_root apt-get -qq update >"$log" 2>&1 &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends $missing >>"$log" 2>&1
}
if ! install; then
    cat "$log" >&2
    echo "tests: could not install$missing; see apt-get's words above" >&2
    rm -f "$log"
    exit 1
fi
rm -f "$log"
