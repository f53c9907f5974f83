#!/bin/sh
# `make mutants`: do the tests notice? Each patch of tests/mutants/ is one mistake;
# with it, at least one of the tests that it names must fail. The first line of a
# patch says what the mistake is, the second which tests: `tests: FILTER`.
# Names of patches choose some of them. Everything happens in a copy of what git knows,
# new by its times: what was built of the last copy, with a mistake in it, is built again.
set -eu

cd "$(dirname "$0")/.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
copy=$target/mutants
rm -rf "$copy"
mkdir -p "$copy"
git ls-files -z | tar -c --null -T - | tar -x -m -C "$copy"
[ $# -gt 0 ] || set -- $(cd tests/mutants && ls ./*.patch | sed 's,^\./,,; s,\.patch$,,')
cd "$copy"
# The crates that are not ours are built once for both.
export CARGO_TARGET_DIR="$target"

run() { # run PATCH HOW...: the tests that a patch names
    spec=$(sed -n 's/^tests: //p' "tests/mutants/$1.patch")
    shift
    cargo test --quiet --locked --workspace --lib "$@" -- "$spec" 2>&1
}

missed=0
for name; do
    run "$name" > "$copy/log" || { cat "$copy/log"; echo "mutants: the tests of $name fail without it, too"; exit 2; }
done
for name; do
    what=$(head -1 "tests/mutants/$name.patch")
    patch --quiet -p1 < "tests/mutants/$name.patch" || { echo "mutants: $name fits no more; make it anew"; exit 2; }
    run "$name" --no-run > "$copy/log" || { cat "$copy/log"; echo "mutants: $name does not compile"; exit 2; }
    if run "$name" > "$copy/log"; then
        missed=$((missed + 1))
        echo "MISSED   $name: $what"
    else
        red=$(sed -n 's/^\(.*\) --- FAILED$/\1/p' "$copy/log" | head -1)
        echo "noticed  $name: $what ($red)"
    fi
    patch --quiet -R -p1 < "tests/mutants/$name.patch"
done
rm -rf "$copy"
echo "mutants: $# mistakes, $missed missed"
[ "$missed" -eq 0 ]
