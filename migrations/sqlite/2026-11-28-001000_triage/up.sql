-- What people decide about a problem in a package: for one project, or everywhere
-- (project_id NULL). Rows stay: one that ended says when, how and by whom. The table
-- of this name that was here before was never written.
DROP TABLE triage;
CREATE TABLE triage (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,
  problem_id BIGINT NOT NULL REFERENCES problem (id),
  package_id BIGINT NOT NULL REFERENCES package (id),
  project_id BIGINT REFERENCES project (id),
  status TEXT NOT NULL CHECK (status IN ('in_triage', 'affected', 'not_affected', 'fixed', 'false_positive', 'accepted')),
  justification TEXT CHECK (justification IS NULL OR status = 'not_affected'),
  detail TEXT NOT NULL,
  until_at BIGINT CHECK ((until_at IS NOT NULL) = (status = 'accepted')),
  -- what the problem weighed when this was decided
  severity SMALLINT NOT NULL,
  exploited BOOLEAN NOT NULL,
  -- the document it was taken from; NULL: a person's own word
  source TEXT,
  decided_by TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  ending TEXT CHECK ((ending IS NOT NULL) = (ended_at IS NOT NULL)),
  ended_by TEXT,
  ended_at BIGINT,
  replaced_by BIGINT REFERENCES triage (id)
);
-- Two decisions never stand in one place.
CREATE UNIQUE INDEX triage_standing ON triage (problem_id, package_id, COALESCE(project_id, 0)) WHERE ended_at IS NULL;
CREATE INDEX triage_by_problem ON triage (problem_id, package_id);
CREATE INDEX triage_by_project ON triage (project_id, id);
CREATE INDEX triage_by_until ON triage (until_at) WHERE ended_at IS NULL;
-- Whose counts are out of date: everybody's who holds the component, or one project's.
ALTER TABLE recount ADD COLUMN project_id BIGINT;
