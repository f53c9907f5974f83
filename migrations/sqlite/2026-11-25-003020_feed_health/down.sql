ALTER TABLE feed DROP COLUMN newest_at;
ALTER TABLE feed DROP COLUMN failing_since;
