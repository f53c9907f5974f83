ALTER TABLE schedule DROP COLUMN about;
