-- What is published (advisory), which packages it names (affected, parsed once
-- and clustered by package), which records speak of the same problem, and what
-- that means for components (match).
CREATE TABLE problem (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,
  -- the id people see: the first by the order CVE, GHSA, then by name
  name TEXT NOT NULL,
  severity SMALLINT NOT NULL,
  merged_into BIGINT,
  created_at BIGINT NOT NULL
);
CREATE TABLE alias (
  name TEXT PRIMARY KEY,
  problem_id BIGINT NOT NULL REFERENCES problem (id)
) WITHOUT ROWID;
CREATE INDEX alias_by_problem ON alias (problem_id);
CREATE TABLE advisory (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  problem_id BIGINT NOT NULL REFERENCES problem (id),
  feed TEXT NOT NULL,
  modified_at BIGINT NOT NULL,
  published_at BIGINT,
  withdrawn_at BIGINT,
  severity SMALLINT NOT NULL,
  summary TEXT NOT NULL,
  -- SHA-256 of the record as published: an equal one changes nothing
  sha256 BLOB NOT NULL
);
CREATE INDEX advisory_by_problem ON advisory (problem_id);
-- The record as published, zstd.
CREATE TABLE advisory_body (
  advisory_id BIGINT PRIMARY KEY REFERENCES advisory (id),
  body BLOB NOT NULL
);
CREATE TABLE affected (
  package_id BIGINT NOT NULL,
  advisory_id BIGINT NOT NULL,
  ordinal SMALLINT NOT NULL,
  -- the release behind an ecosystem's colon (`12` of `Debian:12`), or empty
  release TEXT NOT NULL,
  versions TEXT NOT NULL,
  PRIMARY KEY (package_id, advisory_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX affected_by_advisory ON affected (advisory_id, package_id);
CREATE TABLE matched (
  problem_id BIGINT NOT NULL,
  component_id BIGINT NOT NULL,
  advisory_id BIGINT NOT NULL,
  -- 1 affected, 2 cannot tell
  answer SMALLINT NOT NULL,
  fixed TEXT NOT NULL,
  since_at BIGINT NOT NULL,
  gone_at BIGINT,
  PRIMARY KEY (component_id, problem_id)
) WITHOUT ROWID;
CREATE INDEX matched_by_problem ON matched (problem_id, component_id);
CREATE TABLE triage (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,
  problem_id BIGINT NOT NULL REFERENCES problem (id),
  -- a project, or a package everywhere
  project_id BIGINT REFERENCES project (id),
  package_id BIGINT REFERENCES package (id),
  status TEXT NOT NULL CHECK (status IN ('in_triage', 'affected', 'not_affected', 'fixed', 'false_positive', 'accepted')),
  justification TEXT,
  detail TEXT NOT NULL,
  until_at BIGINT,
  decided_by TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  replaced_by BIGINT
);
CREATE INDEX triage_by_problem ON triage (problem_id);
CREATE INDEX triage_by_until ON triage (until_at);
