DROP INDEX advisory_by_stored;
ALTER TABLE advisory DROP COLUMN stored_at;
