-- What the organisation builds: projects owned by one team each, their releases,
-- and the slots whose newest documents make up a release's inventory.
CREATE TABLE project (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,
  team_id BIGINT NOT NULL REFERENCES team (id),
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  supplier TEXT,
  default_release_id BIGINT,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT,
  UNIQUE (team_id, name)
);
CREATE INDEX project_by_name ON project (name, id);
CREATE TABLE release (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,
  project_id BIGINT NOT NULL REFERENCES project (id),
  name TEXT NOT NULL,
  active BOOLEAN NOT NULL,
  expires_at BIGINT,
  created_at BIGINT NOT NULL,
  uploaded_at BIGINT,
  components BIGINT NOT NULL,
  malicious BIGINT NOT NULL,
  critical BIGINT NOT NULL,
  high BIGINT NOT NULL,
  medium BIGINT NOT NULL,
  low BIGINT NOT NULL,
  unknown BIGINT NOT NULL,
  UNIQUE (project_id, name)
);
CREATE TABLE token (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL,
  name TEXT NOT NULL,
  scope TEXT NOT NULL CHECK (scope IN ('upload', 'read')),
  team_id BIGINT NOT NULL REFERENCES team (id),
  project_id BIGINT REFERENCES project (id),
  created_by BIGINT REFERENCES person (id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  used_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX token_by_team ON token (team_id);
CREATE TABLE slot (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,
  release_id BIGINT NOT NULL REFERENCES release (id),
  name TEXT NOT NULL,
  -- Hash of the open inventory; an equal one reads no presence.
  fingerprint BLOB,
  -- The document that opened the current inventory: what later ones are stored against.
  document_id BIGINT,
  -- The newest upload, by (commit time, run start), then arrival.
  upload_id BIGINT,
  committed_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  named_at BIGINT NOT NULL,
  closed_at BIGINT,
  components BIGINT NOT NULL,
  malicious BIGINT NOT NULL,
  critical BIGINT NOT NULL,
  high BIGINT NOT NULL,
  medium BIGINT NOT NULL,
  low BIGINT NOT NULL,
  unknown BIGINT NOT NULL,
  UNIQUE (release_id, name)
);
