-- What was sent: the CI run, the document byte for byte (a zstd delta on its
-- base), and one row for each acceptance of a document in its slot. Upload rows
-- outlive a document's bytes.
CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,
  release_id BIGINT NOT NULL REFERENCES release (id),
  -- provider, its id of the run and the attempt: the same run is never two rows
  key TEXT NOT NULL,
  provider TEXT NOT NULL,
  external_id TEXT NOT NULL,
  attempt BIGINT NOT NULL,
  url TEXT,
  commit_id TEXT,
  branch TEXT,
  committed_at BIGINT,
  started_at BIGINT,
  pull_request TEXT,
  runner TEXT,
  actor TEXT,
  created_at BIGINT NOT NULL,
  UNIQUE (release_id, key)
);
CREATE TABLE document (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,
  slot_id BIGINT NOT NULL REFERENCES slot (id),
  sha256 BLOB NOT NULL,
  size BIGINT NOT NULL,
  base_id BIGINT,
  depth SMALLINT NOT NULL,
  body BLOB NOT NULL,
  format TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  components BIGINT NOT NULL,
  warnings TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (slot_id, sha256)
);
CREATE TABLE upload (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,
  slot_id BIGINT NOT NULL REFERENCES slot (id),
  run_id BIGINT NOT NULL REFERENCES run (id),
  -- NULL where a complete run closed the slot without naming it
  document_id BIGINT,
  state SMALLINT NOT NULL,
  committed_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  components BIGINT NOT NULL,
  added BIGINT NOT NULL,
  removed BIGINT NOT NULL,
  token_id BIGINT
);
CREATE INDEX upload_by_slot ON upload (slot_id, id);
CREATE INDEX upload_by_run ON upload (run_id, slot_id);
