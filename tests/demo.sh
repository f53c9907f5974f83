#!/bin/sh
# `make demo`: the demo of the server just built. ONCE=1 compares what it shows
# with what it claims, by the separate checker, and ends; DB=postgres runs it on
# a PostgreSQL of its own; SEED=n makes it repeatable; QUIET=1 lets
# nothing bad happen to the packages: no takeover, no change of owners.
set -eu

programs=${TARGET:-target}/debug
set -- demo
[ -z "${SEED:-}" ] || set -- "$@" --seed "$SEED"
[ -z "${QUIET:-}" ] || set -- "$@" --quiet
[ -z "${ONCE:-}" ] || set -- "$@" --once --check "$programs/check_demo"

case ${DB:-sqlite} in
sqlite)
    exec "$programs/bomwarden-server" "$@"
    ;;
postgres)
    # Ctrl-C is for the server alone, which then ends in order; the database after it.
    trap '' INT
    # shellcheck disable=SC2016
    exec "$programs/with_postgres" sh -c 'exec "$@" --database "$TEST_DATABASE_URL"' sh "$programs/bomwarden-server" "$@"
    ;;
*)
    echo "demo: DB=$DB is not known; use DB=postgres, or leave it out for SQLite" >&2
    exit 2
    ;;
esac
