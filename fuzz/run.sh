#!/bin/sh
# Builds the readers' fuzz program and runs it on one target after the other, or
# on several side by side (try.sh runs it on one). Ends with 1 after a crash.
#
# TIME=60 seconds for each target, LONG=600 for the ten widest syntaxes,
# ONLY="NAME …", JOBS=1 targets side by side.
set -eu
TIME=${TIME:-60} LONG=${LONG:-600} ONLY=${ONLY:-} JOBS=${JOBS:-1}
TARGET=$(realpath "${TARGET:-target}")
WIDE=" cyclonedx-json cyclonedx-xml spdx-json spdx-tag-value spdx-yaml cargo-lock npm-package-lock pnpm-lock yarn-lock pip-requirements "

# A nightly compiler where there is one; else the usual one, told to take a nightly's flags.
if rustc +nightly -vV >/dev/null 2>&1; then export RUSTUP_TOOLCHAIN=nightly; else export RUSTC_BOOTSTRAP=1; fi
HOST=$(rustc -vV | sed -n 's/^host: //p')
export WORK="$TARGET/fuzz"
export PROGRAM="$WORK/build/$HOST/release/readers"

if [ "${BUILD:-1}" = 1 ]; then
    # The very versions that are shipped.
    cp Cargo.lock fuzz/Cargo.lock
    # Without a sanitizer: our code has no unsafe part, and the time goes into inputs.
    cargo fuzz build --sanitizer none --target-dir "$WORK/build" --target "$HOST" readers
fi
mkdir -p "$WORK/crashes" "$WORK/logs"

# The narrow ones first: soon there is a word on each.
names=$(BOMWARDEN_FUZZ=list "$PROGRAM" 2>/dev/null)
narrow="" wide=""
for name in $names; do
    case " ${ONLY:-$name} " in *" $name "*) ;; *) continue ;; esac
    case $WIDE in *" $name "*) wide="$wide $name $LONG" ;; *) narrow="$narrow $name $TIME" ;; esac
done
# One crash does not stop the others; xargs tells of it in the end.
echo "$narrow" "$wide" | xargs -n 2 -P "$JOBS" sh fuzz/try.sh || exit 1
