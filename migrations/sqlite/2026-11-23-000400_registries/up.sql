-- Registry addresses are data. Each has three decisions, undecided (0) at first:
-- resolve and contact: 1 yes, 2 no; believe: 1 authority, 2 mirror, 3 no.
CREATE TABLE registry (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,
  ecosystem SMALLINT NOT NULL,
  address TEXT NOT NULL,
  protocol TEXT,
  resolve SMALLINT NOT NULL,
  contact SMALLINT NOT NULL,
  believe SMALLINT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at BIGINT NOT NULL,
  decided_by TEXT,
  decided_at BIGINT,
  UNIQUE (ecosystem, address)
);
CREATE TABLE endpoint (
  registry_id BIGINT NOT NULL REFERENCES registry (id),
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  PRIMARY KEY (registry_id, name)
) WITHOUT ROWID;
-- Where components came from. Row 0 is the ecosystem's authority.
CREATE TABLE origin (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind SMALLINT NOT NULL,
  ecosystem SMALLINT NOT NULL,
  address TEXT NOT NULL,
  registry_id BIGINT REFERENCES registry (id),
  UNIQUE (kind, ecosystem, address)
);
INSERT INTO origin (id, kind, ecosystem, address) VALUES (0, 0, 0, '');
