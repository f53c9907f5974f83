#!/bin/sh
# Runs the readers' fuzz program on one target after the other and tells of each
# what was tried and reached. A crash's input is kept below target/fuzz/crashes;
# the others go on, and the end is 1.
#
# TIME=60 seconds for each target, LONG=600 for the ten widest syntaxes, ONLY=name.
set -eu
TIME=${TIME:-60} LONG=${LONG:-600} ONLY=${ONLY:-}
TARGET=$(realpath "${TARGET:-target}")
WIDE=" cyclonedx-json cyclonedx-xml spdx-json spdx-tag-value spdx-yaml cargo-lock npm-package-lock pnpm-lock yarn-lock pip-requirements "
HOST=$(rustc +nightly -vV | sed -n 's/^host: //p')
WORK=$TARGET/fuzz PROGRAM=$TARGET/fuzz/build/$HOST/release/readers

if [ "${BUILD:-1}" = 1 ]; then
    # The very versions that are shipped.
    cp Cargo.lock fuzz/Cargo.lock
    # Without a sanitizer: our code has no unsafe part, and the time goes into inputs.
    cargo +nightly fuzz build --sanitizer none --target-dir "$WORK/build" --target "$HOST" readers
fi
mkdir -p "$WORK/crashes" "$WORK/logs"

# A figure of libFuzzer's final statistics.
figure() { sed -n "s/^stat::$1: *//p" "$2"; }

failed=0
# Fuzzes one target for some seconds.
try() {
    name=$1 seconds=$2
    [ -z "$ONLY" ] || [ "$ONLY" = "$name" ] || return 0
    corpus=$WORK/corpus/$name log=$WORK/logs/$name
    mkdir -p "$corpus"
    [ ! -d "fuzz/seeds/$name" ] || cp fuzz/seeds/"$name"/* "$corpus"
    fixtures=bom/src/lockfile/fixtures/$name
    [ ! -d "$fixtures" ] || find "$fixtures" -type f ! -name '*.read' | while read -r file; do
        cp "$file" "$corpus/$(printf %s "${file#"$fixtures"/}" | tr / -)"
    done
    [ ! -t 1 ] || printf '%s: %s s ...\r' "$name" "$seconds"
    verdict=ok
    # -timeout is wall clock: wide enough for a machine that does other work. -rss_limit_mb: the whole program may take 1 GiB.
    BOMWARDEN_FUZZ=$name "$PROGRAM" -max_total_time="$seconds" -max_len=16384 -timeout=60 -report_slow_units=60 -rss_limit_mb=1024 \
        -print_final_stats=1 -dict=fuzz/words.dict -artifact_prefix="$WORK/crashes/$name-" "$corpus" >"$log" 2>&1 || {
        verdict="CRASHED, see $log" failed=1
    }
    reached=$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$log" | tail -n 1)
    printf '%-20s %4s s %10s inputs, %6s places reached, %5s MiB at most: %s\n' "$name" "$seconds" \
        "$(figure number_of_executed_units "$log")" "$reached" "$(figure peak_rss_mb "$log")" "$verdict"
}

# The narrow ones first: soon there is a word on each.
names=$(BOMWARDEN_FUZZ=list "$PROGRAM" 2>/dev/null)
for name in $names; do
    case $WIDE in *" $name "*) ;; *) try "$name" "$TIME" ;; esac
done
for name in $names; do
    case $WIDE in *" $name "*) try "$name" "$LONG" ;; esac
done
exit $failed
