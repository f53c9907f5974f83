ALTER TABLE recount DROP COLUMN project_id;
DROP TABLE triage;
CREATE TABLE triage (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,
  problem_id BIGINT NOT NULL REFERENCES problem (id),
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
