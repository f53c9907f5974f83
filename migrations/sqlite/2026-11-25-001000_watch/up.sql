-- What registries say about packages, when they were asked, and what that means.
-- Version facts are one packed value for each package: nothing is asked across
-- packages of them. Owners are rows, by their stable ids.
CREATE TABLE watched (
  package_id BIGINT PRIMARY KEY REFERENCES package (id),
  registry_id BIGINT NOT NULL REFERENCES registry (id),
  -- NULL until the first answer
  since_at BIGINT,
  next_at BIGINT NOT NULL,
  looked_at BIGINT,
  owners_at BIGINT,
  failures BIGINT NOT NULL,
  last_error TEXT,
  repository TEXT,
  -- owners that the last look did not show, as JSON
  doubt TEXT,
  -- versions and relatives, JSON, zstd
  facts BLOB
) WITHOUT ROWID;
CREATE INDEX watched_by_time ON watched (registry_id, next_at);
CREATE TABLE tenure (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  package_id BIGINT NOT NULL REFERENCES package (id),
  owner_id TEXT NOT NULL,
  login TEXT NOT NULL,
  -- 0 an account, 1 a team
  kind SMALLINT NOT NULL,
  account_at BIGINT,
  from_at BIGINT NOT NULL,
  -- 1 the registry's record, 2 first sight, 3 a look
  from_source SMALLINT NOT NULL,
  until_at BIGINT,
  until_source SMALLINT,
  -- whether later owners are compared with this one
  baseline BOOLEAN NOT NULL
);
CREATE INDEX tenure_by_package ON tenure (package_id);
CREATE INDEX tenure_by_owner ON tenure (owner_id, package_id);
-- What to say that is here already, for each document of a registry.
CREATE TABLE validator (
  registry_id BIGINT NOT NULL REFERENCES registry (id),
  endpoint TEXT NOT NULL,
  path TEXT NOT NULL,
  accept TEXT NOT NULL,
  etag TEXT,
  last_modified TEXT,
  PRIMARY KEY (registry_id, endpoint, path, accept)
) WITHOUT ROWID;
CREATE TABLE verdict (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  package_id BIGINT NOT NULL REFERENCES package (id),
  -- empty for the package as such
  version TEXT NOT NULL,
  score SMALLINT NOT NULL,
  -- 1 digest, 2 ticket, 3 urgent
  urgency SMALLINT NOT NULL,
  unconfirmed BOOLEAN NOT NULL,
  evidence TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  retracted_at BIGINT,
  UNIQUE (package_id, version)
);
CREATE TABLE registry_health (
  registry_id BIGINT PRIMARY KEY REFERENCES registry (id),
  answered_at BIGINT,
  failures BIGINT NOT NULL,
  failing_since BIGINT,
  -- nothing is asked before
  closed_until BIGINT NOT NULL,
  last_error TEXT,
  -- when the operator was told, once in a row of failures
  told_at BIGINT
) WITHOUT ROWID;
-- Milliseconds between two requests, where the operator knows better than the protocol.
ALTER TABLE endpoint ADD COLUMN pace BIGINT;
