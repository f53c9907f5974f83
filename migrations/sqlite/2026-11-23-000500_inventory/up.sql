-- Inventory is intervals. Big tables: small integers instead of words, checked in
-- the code, because a rebuild of millions of rows would stop everybody.
CREATE TABLE package (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- bom::ecosystem code; 0 for a purl type or a bare name outside the known ones
  ecosystem SMALLINT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (ecosystem, name)
);
CREATE TABLE component (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  package_id BIGINT NOT NULL REFERENCES package (id),
  version TEXT NOT NULL,
  -- the identity qualifiers of its purl, `key=value&…`, sorted
  qualifiers TEXT NOT NULL,
  origin_id BIGINT NOT NULL REFERENCES origin (id),
  UNIQUE (package_id, version, qualifiers, origin_id)
);
CREATE TABLE held (
  slot_id BIGINT NOT NULL,
  component_id BIGINT NOT NULL,
  since BIGINT NOT NULL,
  flags SMALLINT NOT NULL,
  PRIMARY KEY (slot_id, component_id)
) WITHOUT ROWID;
CREATE INDEX held_by_component ON held (component_id, since, flags);
CREATE TABLE held_before (
  component_id BIGINT NOT NULL,
  slot_id BIGINT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT NOT NULL,
  flags SMALLINT NOT NULL,
  PRIMARY KEY (component_id, slot_id, since)
) WITHOUT ROWID;
CREATE INDEX held_before_by_slot ON held_before (slot_id);
CREATE TABLE held_once (
  component_id BIGINT NOT NULL,
  slot_id BIGINT NOT NULL,
  upload_id BIGINT NOT NULL,
  flags SMALLINT NOT NULL,
  PRIMARY KEY (component_id, slot_id, upload_id)
) WITHOUT ROWID;
-- Which packages a team has ever held: filters search and package pages.
CREATE TABLE team_package (
  team_id BIGINT NOT NULL,
  package_id BIGINT NOT NULL,
  PRIMARY KEY (team_id, package_id)
) WITHOUT ROWID;
CREATE INDEX team_package_by_package ON team_package (package_id, team_id);
