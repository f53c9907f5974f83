# What a developer types. `make` alone lists it.
#
# One build profile (dev) serves demo, test and check.

SHELL := /bin/sh
TARGET := $(or $(CARGO_TARGET_DIR),target)
TOOLS := $(abspath $(TARGET))/tools
# Every measurement names the same packages: others would unite other features and build all of it again.
RELEASE := cargo build --locked --release -p bomwarden-server -p bomwarden-cli -p bomwarden-tests
DENY_VERSION := 0.20.2
FUZZ_VERSION := 0.13.2
# The tools' folder first, then whatever the machine has.
export PATH := $(TOOLS)/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help build demo test check fmt clippy licences docs layering mutants deny conformance oracle bench-recheck real bench-ingest bench-idle bench-scan cargo-deny

help: ## what there is to make
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | while IFS='	' read -r name about; do \
		printf '  make %-12s %s\n' "$$name" "$$about"; done

build: ## the server, the command line and the tests' programs
	cargo build --locked --workspace --bins

demo: build ## a server with data to look at; ONCE=1 checks it and ends, DB=postgres, SEED=n, QUIET=1
	@TARGET="$(TARGET)" ONCE="$(ONCE)" DB="$(DB)" SEED="$(SEED)" QUIET="$(QUIET)" sh tests/demo.sh

test: ## everything: unit, SQLite, PostgreSQL, command line, browser
	@sh tests/install.sh || [ "$$CI" != true ]
	cargo build --locked --workspace --all-targets
	@"$(TARGET)/debug/suites"

check: fmt clippy licences docs layering ## what must hold before a change lands

fmt:
	cargo fmt --all --check

clippy:
	cargo clippy --locked --workspace --all-targets -- -D warnings

licences: cargo-deny
	cargo deny --locked --all-features check --hide-inclusion-graph licenses bans sources

docs:
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps --document-private-items

layering:
	cargo test --locked --workspace --test main -- house::

mutants: ## do the tests notice mistakes? each patch of tests/mutants/ must turn one red
	@nice sh tests/mutants.sh $(ONLY)

deny: cargo-deny ## known vulnerabilities of our dependencies; DB=a folder or tar.gz of RustSec's database
	@sh tests/deny.sh "$(DB)"

conformance: ## readers and version orders against a folder of public test suites; DATA=that folder
	@if [ -z "$(DATA)" ] || [ ! -d "$(DATA)" ]; then echo "conformance: skipped, DATA names no folder"; else \
		BOMWARDEN_DATA="$(abspath $(DATA))" cargo test --locked --workspace --lib -- --nocapture conformance; fi

.PHONY: bench-read hostile fuzz cargo-fuzz
fuzz: cargo-fuzz ## every reader under libFuzzer; TIME=60 seconds for each, LONG=600 for the widest, ONLY=name, JOBS=2
	@TIME="$(TIME)" LONG="$(LONG)" ONLY="$(ONLY)" JOBS="$(JOBS)" TARGET="$(TARGET)" nice sh fuzz/run.sh

bench-read: ## readers of SBOMs beside skipping over the same bytes
	$(RELEASE) --bin bench-read
	@"$(TARGET)/release/bench-read"

hostile: ## eighty inputs made to hurt a reader: memory and time beside their bounds
	$(RELEASE) --bin hostile
	@"$(TARGET)/release/hostile"

.PHONY: bench-generate
bench-generate: ## `generate` beside syft and cdxgen, which it installs; DATA=a folder with bench/, RUNS=3
	@if [ -z "$(DATA)" ] || [ ! -d "$(DATA)/bench" ]; then echo "bench-generate: skipped, DATA names no folder with bench"; else \
		$(RELEASE) --bin bomwarden && \
		RUNS="$(or $(RUNS),3)" python3 tests/bench/generate.py "$(TARGET)/release/bomwarden" "$(TOOLS)/bench" "$(DATA)"; fi

oracle: ## matching against a second reading of OSV's schema, on all records of a folder; DATA=that folder
	@if [ -z "$(DATA)" ] || [ ! -d "$(DATA)/advisories/osv" ]; then echo "oracle: skipped, DATA names no folder with advisories/osv"; else \
		BOMWARDEN_DATA="$(abspath $(DATA))" cargo test --locked --workspace --lib -- --nocapture oracle; fi

.PHONY: oracle-scan
oracle-scan: build ## a scan of 120,000 purls beside the schema's text in Python; DATA=that folder, PAIRS, SEED
	@if [ -z "$(DATA)" ] || [ ! -d "$(DATA)/advisories/osv" ]; then echo "oracle-scan: skipped, DATA names no folder with advisories/osv"; else \
		python3 -m venv "$(TOOLS)/oracle" && "$(TOOLS)/oracle/bin/pip" install --quiet --disable-pip-version-check -r tests/oracle/requirements.txt && \
		PYTHONDONTWRITEBYTECODE=1 "$(TOOLS)/oracle/bin/python" tests/oracle/check.py --program "$(or $(PROGRAM),$(TARGET)/debug/bomwarden)" \
			--records "$(DATA)/advisories/osv" --work "$(TARGET)/oracle" --pairs $(or $(PAIRS),120000) --seed $(or $(SEED),1); fi

real: ## real lockfiles, SBOMs and advisories through a real server; DATA=a folder with advisories/osv, bench and sboms/real
	@if [ -z "$(DATA)" ] || [ ! -d "$(DATA)/advisories/osv" ]; then echo "real: skipped, DATA names no folder with advisories/osv"; else \
		$(RELEASE) --bin bomwarden --bin bomwarden-server --bin real && "$(TARGET)/release/real" "$(abspath $(DATA))"; fi

bench-ingest: ## uploads beside bare inserts; DB=sqlite|postgres, RELEASES=10,100,1000,10000
	$(RELEASE) --bin bomwarden-server --bin bench-ingest
	@DB="$(DB)" RELEASES="$(or $(RELEASES),10,100,1000,10000)" "$(TARGET)/release/bench-ingest"

bench-idle: ## start and memory of a server that does nothing; DB=sqlite|postgres, RUNS=5, SECONDS=60
	$(RELEASE) --bin bomwarden-server --bin bench-idle
	@DB="$(DB)" RUNS="$(RUNS)" SECONDS="$(SECONDS)" "$(TARGET)/release/bench-idle"

bench-recheck: ## a full re-check and one new record beside an in-memory join; DATA=, DB=postgres, PROJECTS=10,100
	DATA="$(if $(DATA),$(abspath $(DATA)))" DB="$(DB)" PROJECTS="$(PROJECTS)" COMPONENTS="$(COMPONENTS)" RECORDS="$(RECORDS)" \
		cargo bench --locked --workspace --bench recheck

bench-scan: ## a scan beside cargo-audit; DATA=folder of public data, AUDIT=cargo-audit, RUNS=30
	$(RELEASE) --bin bomwarden --bin bench-scan
	@DATA="$(if $(DATA),$(abspath $(DATA)))" AUDIT="$(AUDIT)" RUNS="$(RUNS)" "$(TARGET)/release/bench-scan"

cargo-deny:
	@command -v cargo-deny >/dev/null 2>&1 || { \
		echo "cargo-deny $(DENY_VERSION) is not there; building it into $(TOOLS) (about two minutes, once)"; \
		env -u CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG=0 \
			cargo install --quiet --locked --debug --root "$(TOOLS)" --version $(DENY_VERSION) cargo-deny; }

cargo-fuzz:
	@command -v cargo-fuzz >/dev/null 2>&1 || { \
		echo "cargo-fuzz $(FUZZ_VERSION) is not there; building it into $(TOOLS) (about two minutes, once)"; \
		env -u CARGO_TARGET_DIR cargo install --quiet --locked --root "$(TOOLS)" --version $(FUZZ_VERSION) cargo-fuzz; }
