#!/bin/sh
# Checks our dependencies against a local copy of RustSec's advisory database:
# deny.sh FOLDER|ARCHIVE.tar.gz. Nothing is fetched from outside.
set -eu

copy=${1:-}
if [ -z "$copy" ] || [ ! -e "$copy" ]; then
    echo "deny: DB must name a folder or tar.gz with RustSec's advisory database: make deny DB=../advisory-db" >&2
    exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/db" "$work/home"
if [ -d "$copy" ]; then
    cp -R "$copy/." "$work/db"
else
    tar -xzf "$copy" -C "$work/db"
fi
# The archive may hold the database in a folder of its own.
crates=$(find "$work/db" -maxdepth 3 -type d -name crates | head -n 1)
if [ -z "$crates" ]; then
    echo "deny: $copy has no folder \`crates\` in it; is it RustSec's advisory database?" >&2
    exit 2
fi
database=$(dirname "$crates")
rm -rf "$database/.git"
git -C "$database" init -q -b main
git -C "$database" add -A
git -C "$database" -c user.name=deny -c user.email=deny@example.org -c commit.gpgsign=false commit -q -m "the local copy"

# cargo-deny clones its database with git; git is told that the copy is what it asks for.
export GIT_CONFIG_COUNT=1
export GIT_CONFIG_KEY_0="url.file://$database.insteadOf"
export GIT_CONFIG_VALUE_0="https://github.com/RustSec/advisory-db"
sed "s|^\[advisories\]|[advisories]\ndb-path = \"$work/home\"|" deny.toml >"$work/deny.toml"
cargo deny --locked --all-features --config "$work/deny.toml" check --hide-inclusion-graph advisories
