-- What people are told, once: an alert, the projects that it concerns, and each
-- team's share of it. A share whose told revision is behind the wanted one, and
-- whose time has come, is work (found by state, never by a cursor).
CREATE TABLE alert (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,
  -- 8 random characters: the short address, which gives nothing away
  code TEXT NOT NULL UNIQUE,
  -- kind:subject:episode
  dedupe TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  package_id BIGINT REFERENCES package (id),
  problem_id BIGINT REFERENCES problem (id),
  -- JSON: versions (none: the package as such) and facts
  versions TEXT NOT NULL,
  facts TEXT NOT NULL,
  headline TEXT NOT NULL,
  todo TEXT NOT NULL,
  unknown TEXT NOT NULL,
  severity SMALLINT NOT NULL,
  urgency TEXT NOT NULL CHECK (urgency IN ('digest', 'ticket', 'urgent')),
  state TEXT NOT NULL CHECK (state IN ('open', 'acknowledged', 'ruled', 'resolved', 'retracted')),
  confirmed BOOLEAN NOT NULL,
  revision BIGINT NOT NULL,
  reason TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  closed_at BIGINT
);
CREATE INDEX alert_by_package ON alert (package_id, state);
CREATE INDEX alert_by_problem ON alert (problem_id, package_id);
CREATE INDEX alert_by_state ON alert (state, id);
CREATE TABLE alert_project (
  alert_id BIGINT NOT NULL REFERENCES alert (id),
  project_id BIGINT NOT NULL REFERENCES project (id),
  added_at BIGINT NOT NULL,
  PRIMARY KEY (alert_id, project_id)
) WITHOUT ROWID;
CREATE INDEX alert_project_by_project ON alert_project (project_id, alert_id);
CREATE TABLE share (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  alert_id BIGINT NOT NULL REFERENCES alert (id),
  -- 0: the operator, of what concerns the server itself
  team_id BIGINT NOT NULL,
  wanted BIGINT NOT NULL,
  told BIGINT NOT NULL,
  notify_at BIGINT NOT NULL,
  acknowledged_by TEXT,
  acknowledged_at BIGINT,
  escalate_at BIGINT,
  UNIQUE (alert_id, team_id)
);
CREATE INDEX share_by_work ON share (notify_at) WHERE told < wanted;
CREATE INDEX share_by_escalation ON share (escalate_at) WHERE escalate_at IS NOT NULL;
