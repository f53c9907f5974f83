-- Full re-checks: how far the last ones came, for whoever watches from another
-- process. Packages are numbered; `last` is the highest number of this one.
CREATE TABLE recheck (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  started_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  reached BIGINT NOT NULL,
  last BIGINT NOT NULL,
  components BIGINT NOT NULL,
  pairs BIGINT NOT NULL,
  matches BIGINT NOT NULL,
  differing BIGINT NOT NULL,
  ended_at BIGINT,
  error TEXT
);
