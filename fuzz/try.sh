#!/bin/sh
# try.sh NAME SECONDS: fuzzes one target and tells what was tried and reached. A
# crash's input is kept below crashes. run.sh sets WORK and PROGRAM.
set -eu
name=$1 seconds=$2
corpus=$WORK/corpus/$name log=$WORK/logs/$name

# A figure of libFuzzer's final statistics.
figure() { sed -n "s/^stat::$1: *//p" "$log"; }

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
    -print_final_stats=1 -dict=fuzz/words.dict -artifact_prefix="$WORK/crashes/$name-" "$corpus" >"$log" 2>&1 ||
    verdict="CRASHED, see $log"
# The last line: what the children of this shell took of the processor.
times >>"$log"
cpu=$(awk -F '[ms ]+' 'END { printf "%d", 60 * ($1 + $3) + $2 + $4 }' "$log")
reached=$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$log" | tail -n 1)
printf '%-20s %4s s (%4s of cpu) %10s inputs, %6s places reached, %5s MiB at most: %s\n' "$name" "$seconds" "$cpu" \
    "$(figure number_of_executed_units)" "$reached" "$(figure peak_rss_mb)" "$verdict"
[ "$verdict" = ok ]
