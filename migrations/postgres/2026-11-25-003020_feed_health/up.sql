-- Since when a feed fails, and how new the newest record of its last good fetch was:
-- a fetch whose newest record is older is a snapshot of another day.
ALTER TABLE feed ADD COLUMN failing_since BIGINT;
ALTER TABLE feed ADD COLUMN newest_at BIGINT;
