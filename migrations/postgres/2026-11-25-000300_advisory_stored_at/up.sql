-- When a record was stored as it is now, so that whoever keeps a copy is handed
-- what changed since. Zero for what was stored before there was this column.
ALTER TABLE advisory ADD COLUMN stored_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX advisory_by_stored ON advisory (stored_at, id);
