-- Work is found by state. rematch: components or a package whose matches may be
-- out of date; recount: components whose holders' counts may be.
CREATE TABLE rematch (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  package_id BIGINT,
  first_component BIGINT,
  last_component BIGINT,
  created_at BIGINT NOT NULL
);
CREATE TABLE recount (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  component_id BIGINT NOT NULL
);
-- When a task of a job is due. Whoever holds its lease runs it.
CREATE TABLE schedule (
  name TEXT PRIMARY KEY,
  rhythm TEXT NOT NULL,
  next_at BIGINT NOT NULL,
  last_at BIGINT,
  took BIGINT,
  last_error TEXT,
  failures BIGINT NOT NULL
) WITHOUT ROWID;
CREATE TABLE lease (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  fence BIGINT NOT NULL,
  until_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE TABLE feed (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  location TEXT NOT NULL,
  etag TEXT,
  last_modified TEXT,
  fetched_at BIGINT,
  changed_at BIGINT,
  records BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  last_error TEXT,
  failures BIGINT NOT NULL
);
-- Records of a feed that could not be read, as of its last fetch.
CREATE TABLE feed_refusal (
  feed_id BIGINT NOT NULL REFERENCES feed (id),
  record TEXT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (feed_id, record)
) WITHOUT ROWID;
CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- what happened to what in which episode: the same event is never two rows
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  project_id BIGINT,
  package_id BIGINT,
  component_id BIGINT,
  problem_id BIGINT,
  detail TEXT NOT NULL
);
CREATE INDEX event_by_project ON event (project_id, id);
CREATE INDEX event_by_package ON event (package_id, id);
